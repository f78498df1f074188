/*
 * Says, above a notebook or a console, that its kernel or a program of it was ended because memory was used up. It stays
 * until the person has read it, also when the page is loaded again or the notebook is opened later.
 */

const version = new URL(import.meta.url).search;
const [{ inWords, watchLosses }, { makeNoticeBar }] = await Promise.all(
  ["memory-losses.js", "notice-bar.js"].map((file) => import(new URL(file + version, import.meta.url).href)),
);

export const uses = ["@jupyterlab/console", "@jupyterlab/services", "@lumino/widgets"];

function tell(panel, sessionContext, losses, Widget) {
  const bar = makeNoticeBar(Widget, "Memory of this kernel");
  panel.contentHeader.addWidget(bar.widget);

  function show() {
    const loss = losses.of(sessionContext.session?.kernel?.id);
    if (loss) {
      bar.say(inWords(loss), [{ label: "Understood", act: () => losses.forget(loss.kernel) }]);
    } else {
      bar.clear();
    }
  }

  const stop = losses.whenChanged(show);
  panel.disposed.connect(stop);
  sessionContext.kernelChanged.connect(show);
  // The event may have been lost, with the connection.
  sessionContext.statusChanged.connect((_context, status) => {
    if (status === "autorestarting" || status === "dead") {
      void losses.refresh();
    }
  });
  show();
}

export default function makePlugin({
  "@jupyterlab/console": { IConsoleTracker },
  "@jupyterlab/services": services,
  "@lumino/widgets": { Widget },
}) {
  return {
    id: "mantidlab:memory-notice",
    description: "Says what was ended because memory was used up.",
    autoStart: true,
    optional: [IConsoleTracker],
    activate: ({ docRegistry, serviceManager }, consoles) => {
      const losses = watchLosses(serviceManager, services);
      docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel, { sessionContext }) => tell(panel, sessionContext, losses, Widget),
      });
      consoles?.widgetAdded.connect((_tracker, panel) => tell(panel, panel.sessionContext, losses, Widget));
    },
  };
}
