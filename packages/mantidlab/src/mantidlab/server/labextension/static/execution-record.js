/*
 * Writes into a notebook in which environment its cells last ran, as `metadata.mantidhub`.
 *
 * It is written at the moment when the kernel says that it runs a cell which this page sent: not when a notebook is
 * opened or saved, not when a cell waits for its turn, and not for code that a console or a widget sends. So outputs
 * and record always reach the file together, also when the page goes away in the middle of a long cell.
 */

const { KEY, environmentOf, runsNothing } = await import(
  new URL(`session-environments.js${new URL(import.meta.url).search}`, import.meta.url).href
);

/** Write the environment of the kernel *name*; for a kernel of the user's own, which nobody knows, take it away. */
export function writeRecord(model, specs, name) {
  const record = environmentOf(specs, name);
  const before = model.getMetadata(KEY);
  if (record && JSON.stringify(before) !== JSON.stringify(record)) {
    model.setMetadata(KEY, record);
  } else if (!record && before !== undefined && !runsNothing(specs, name)) {
    model.deleteMetadata(KEY);
  }
}

function keepRecord({ model, sessionContext }, kernelspecs) {
  const sent = new Set(); // the requests of this page to run a cell which no kernel has taken up so far

  function onMessage(kernel, { direction, msg }) {
    const kind = msg.header.msg_type;
    if (direction === "send" && kind === "execute_request" && msg.metadata.cellId) {
      sent.add(msg.header.msg_id);
    } else if (direction === "recv" && kind === "execute_input" && sent.delete(msg.parent_header.msg_id)) {
      writeRecord(model, kernelspecs.specs, kernel.name);
    }
  }

  function onKernel(_context, { newValue }) {
    sent.clear();
    newValue?.anyMessage.connect(onMessage); // once, however often it is asked for
  }

  sessionContext.kernelChanged.connect(onKernel);
  onKernel(sessionContext, { newValue: sessionContext.session?.kernel });
}

export default function makePlugin() {
  return {
    id: "mantidlab:execution-record",
    description: "Writes into a notebook in which environment its cells last ran.",
    autoStart: true,
    activate: ({ docRegistry, serviceManager: { kernelspecs } }) => {
      docRegistry.addWidgetExtension("Notebook", {
        createNew: (_panel, context) => keepRecord(context, kernelspecs),
      });
    },
  };
}
