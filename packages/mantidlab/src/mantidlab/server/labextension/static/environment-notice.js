/*
 * Says, above a notebook, that it last ran in another environment than its kernel has now, and offers the right one.
 *
 * Nothing is said where the two consist of the same packages, or where one of them is not known. What to say and offer
 * is decided here; notice-bar.js shows it.
 */

const version = new URL(import.meta.url).search;
const [{ KEY, asRecord, environmentOf, kernelFor }, { makeNoticeBar }, { hasStayed, rememberToStay }] = await Promise.all(
  ["session-environments.js", "notice-bar.js", "stays.js"].map(
    (file) => import(new URL(file + version, import.meta.url).href),
  ),
);

export const uses = ["@jupyterlab/coreutils", "@lumino/widgets"];

/** Return `{ran, here, kernel, id}` if the notebook last ran elsewhere: `kernel` is what would do here, if any. */
export function mismatch(ran, specs, kernelName) {
  const here = environmentOf(specs, kernelName);
  if (!ran?.lock || !ran.environment || !here?.lock || ran.lock === here.lock) {
    return undefined;
  }
  const id = `${ran.environment}-${ran.hash.slice(0, 12)}`;
  return { ran, here, kernel: kernelFor(specs, ran), isOwn: kernelName === specs.default, id };
}

/** Return what two environments are called; where that is the same, with the beginning of their hashes. */
export function names({ ran, here }) {
  const [ranTitle, hereTitle] = [ran, here].map(({ title, environment }) => title || environment);
  return ranTitle === hereTitle
    ? [`${ranTitle} (${ran.hash.slice(0, 8)})`, `${hereTitle} (${here.hash.slice(0, 8)})`]
    : [ranTitle, hereTitle];
}

function watch(panel, context, kernelspecs, { bar, spawnUrl, baseUrl, owner }) {
  const { model, sessionContext } = context;

  /** Return the address of the page that starts a server with what the notebook ran in, and then opens it again. */
  function addressToStart({ ran, id }) {
    const notebook = context.localPath.split("/").map(encodeURIComponent).join("/");
    const query = { environment: id, lock: ran.lock, next: `${baseUrl}lab/tree/${notebook}` };
    return `${spawnUrl}?${new URLSearchParams(query)}`;
  }

  function show() {
    const ran = asRecord(model.getMetadata(KEY));
    const found = mismatch(ran, kernelspecs.specs, sessionContext.session?.kernel?.name);
    if (!found || hasStayed(owner, context.path, found)) {
      bar.clear();
      return;
    }
    const [ranName, hereName] = names(found);
    const now = found.isOwn ? "this session has" : "its kernel is now";
    const stay = () => {
      rememberToStay(owner, context.path, found);
      show();
      panel.activate();
    };
    bar.say(`This notebook last ran in ${ranName}; ${now} ${hereName}.`, [
      found.kernel && { label: `Use ${ranName}`, act: () => sessionContext.changeKernel({ name: found.kernel }) },
      !found.kernel &&
        spawnUrl && {
          label: `Start a server with ${ranName}`,
          address: addressToStart(found),
        },
      { label: `Stay with ${hereName}`, act: stay },
    ]);
  }

  const { kernelChanged } = sessionContext;
  for (const signal of [model.metadataChanged, context.pathChanged, kernelChanged, kernelspecs.specsChanged]) {
    signal.connect(show);
  }
  panel.disposed.connect(() => kernelspecs.specsChanged.disconnect(show));
  void context.ready.then(show);
}

export default function makePlugin({
  "@jupyterlab/coreutils": { PageConfig },
  "@lumino/widgets": { Widget },
}) {
  return {
    id: "mantidlab:environment-notice",
    description: "Says that a notebook last ran in another environment, and offers the right one.",
    autoStart: true,
    activate: ({ docRegistry, serviceManager: { kernelspecs } }) => {
      const spawnUrl = PageConfig.getOption("mantidhubSpawnUrl");
      const baseUrl = PageConfig.getOption("baseUrl");
      const owner = PageConfig.getOption("hubServerUser");
      docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel, context) => {
          const bar = makeNoticeBar(Widget, "Environment of this notebook");
          panel.contentHeader.addWidget(bar.widget);
          watch(panel, context, kernelspecs, { bar, spawnUrl, baseUrl, owner });
        },
      });
    },
  };
}
