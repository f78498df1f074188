/*
 * Shows what cells printed while no page was there, and goes on with those that still run.
 *
 * The server listens to kernels as a page does. It hands over the runs that no page follows: when a notebook is opened
 * or loaded again, when the page that ran it has gone while this one shows the same notebook, and when this page was cut
 * off. What is sent to it until the server notices that is lost, a minute of it when a laptop is closed.
 */

const { writeRecord } = await import(
  new URL(`execution-record.js${new URL(import.meta.url).search}`, import.meta.url).href
);

const WIDGET = "application/vnd.jupyter.widget-view+json";
const ASK_AGAIN_AFTER = 2_000; // ms, while a kernel sends what no run here has asked for

export const uses = ["@jupyterlab/coreutils", "@jupyterlab/services"];

/** What JupyterLab's output area expects of a run, for one that another page has asked for. */
class Followed {
  constructor(request) {
    this.msg = { header: { msg_id: request } };
    this.isDisposed = false;
    this.done = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  dispose() {
    this.isDisposed = true; // the cell is run anew, or gone
    this.end();
  }

  onIOPub() {} // the output area puts its own in these places
  onReply() {}
  onStdin() {}
  registerMessageHook() {}
  removeMessageHook() {}
  sendInputReply() {}
}

/** Return the cell that ran, if it still has the same text; files without ids give cells new ones when they are read. */
function cellOf({ widgets }, { cell, code }) {
  const same = widgets.filter(
    ({ model }) => model.type === "code" && model.sharedModel.getSource() === code,
  );
  return same.find(({ model }) => model.id === cell) ?? (same.length === 1 ? same[0] : undefined);
}

function asMessage({ output_type: msg_type, ...content }) {
  return { header: { msg_type }, content };
}

/** Return what a kernel has sent of an output: the picture of a widget is the page's own doing, see last-view.js. */
function essence({ output_type, name, text = "", data, ename, evalue }) {
  const sent = data && WIDGET in data ? { ...data, "image/png": undefined } : data;
  return JSON.stringify([output_type, name, [text].flat().join(""), sent, ename, evalue]);
}

function isShown({ model }, { count, ended, outputs }) {
  const shown = model.outputs.toJSON();
  const isSame = (output, index) => essence(output) === essence(shown[index]);
  return ended && model.executionCount === count && shown.length === outputs.length && outputs.every(isSame);
}

/** Show a run in its cell, and return what takes its further messages; *onBegin* is called if the kernel takes it up. */
function follow(cell, run, onBegin) {
  const seen = new Set(run.seen);
  const future = new Followed(run.request);
  let { count } = run;

  function finish() {
    cell.model.executionState = "idle";
    if (count !== null) {
      cell.model.executionCount = count;
    }
    future.end();
  }

  cell.model.trusted = true; // as JupyterLab does for what it runs; the server has compared kernel and cell
  cell.model.executionCount = null;
  cell.model.executionState = "running";
  cell.outputArea.future = future;
  run.outputs.forEach((output) => future.onIOPub(asMessage(output)));
  if (count !== null) {
    onBegin();
  }
  if (run.ended) {
    finish();
  }

  return (message) => {
    const { msg_id: id, msg_type: kind } = message.header;
    if (future.isDisposed || seen.has(id)) {
      return;
    }
    if (kind === "execute_input") {
      count = message.content.execution_count;
      onBegin();
    } else if (kind === "status" && message.content.execution_state === "idle") {
      finish();
    } else {
      future.onIOPub(message);
    }
  };
}

function keepUp({ content }, { model, sessionContext }, kernelspecs, askFor) {
  const followed = new Map(); // by request
  let early; // messages that came while the server was asked
  let again = 0;

  async function ask(kernel) {
    early ??= [];
    let runs = [];
    try {
      runs = await askFor(kernel);
    } catch {
      // Asked again with the next message, and the server keeps them.
    }
    const waiting = early ?? [];
    early = undefined;
    for (const run of runs) {
      const cell = cellOf(content, run);
      if (cell && !isShown(cell, run)) {
        const onBegin = () => writeRecord(model, kernelspecs.specs, kernel.name);
        followed.set(run.request, follow(cell, run, onBegin));
      }
    }
    waiting.forEach((message) => followed.get(message.parent_header.msg_id)?.(message));
  }

  function onMessage(kernel, message) {
    const { msg_id: request, session } = message.parent_header;
    if (!request) {
      return;
    }
    early?.push(message);
    if (followed.has(request)) {
      early || followed.get(request)(message);
    } else if (!again && session !== kernel.clientId) {
      again = setTimeout(() => {
        again = 0;
        void ask(kernel);
      }, ASK_AGAIN_AFTER);
    }
  }

  function onConnection(kernel, status) {
    if (status === "connected") {
      void ask(kernel);
    }
  }

  function onKernel(_context, { newValue: kernel }) {
    followed.clear();
    if (kernel) {
      kernel.iopubMessage.connect(onMessage); // once, however often it is asked for
      kernel.connectionStatusChanged.connect(onConnection);
      onConnection(kernel, kernel.connectionStatus);
    }
  }

  sessionContext.kernelChanged.connect(onKernel);
  onKernel(sessionContext, { newValue: sessionContext.session?.kernel });
}

export default function makePlugin({
  "@jupyterlab/coreutils": { URLExt },
  "@jupyterlab/services": { ServerConnection },
}) {
  return {
    id: "mantidlab:kept-outputs",
    description: "Shows what cells printed while no page was open.",
    autoStart: true,
    activate: ({ docRegistry, serviceManager: { kernelspecs, serverSettings } }) => {
      async function askFor({ id, clientId }) {
        const address = URLExt.join(serverSettings.baseUrl, "mantidlab", "outputs", id);
        const query = `?session=${encodeURIComponent(clientId)}`;
        const answer = await ServerConnection.makeRequest(address + query, { method: "POST" }, serverSettings);
        return answer.ok ? (await answer.json()).runs : [];
      }

      docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel, context) => void context.ready.then(() => keepUp(panel, context, kernelspecs, askFor)),
      });
    },
  };
}
