/*
 * What memory has ended, as the session's server keeps it: read when the page is loaded and whenever the server says
 * that there is something new, and kept there until the person has read it. So it outlives this page.
 */

const ADDRESS = "mantidlab/losses";
const EVENT = "/losses/v1"; // the end of the schema's name, see memory/page.py

/** Return what knows the losses; `of(kernel)` is `{kernel, at, sentence}` or undefined. */
export function watchLosses({ events, serverSettings }, { ServerConnection }) {
  let losses = new Map();
  const listeners = new Set();

  async function ask(address, method) {
    const url = new URL(address, new URL(serverSettings.baseUrl, document.baseURI)).href;
    const answer = await ServerConnection.makeRequest(url, { method }, serverSettings);
    return answer.status === 200 ? answer.json() : undefined;
  }

  async function refresh() {
    try {
      const told = (await ask(ADDRESS, "GET")) ?? [];
      losses = new Map(told.map((loss) => [loss.kernel, loss]));
      listeners.forEach((listener) => listener());
    } catch {
      // The server does not answer. The next event, or the next page, asks again.
    }
  }

  async function forget(kernel) {
    losses.delete(kernel);
    listeners.forEach((listener) => listener());
    await ask(`${ADDRESS}/${encodeURIComponent(kernel)}`, "DELETE");
  }

  events.stream.connect((_stream, { schema_id: schema }) => {
    if (schema.endsWith(EVENT)) {
      void refresh();
    }
  });
  void refresh();

  return {
    of: (kernel) => losses.get(kernel),
    forget,
    refresh,
    /** Call the listener at each change; returns what ends that. */
    whenChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Return the sentence with its time, and the day where it was not today. */
export function inWords({ at, sentence }) {
  const when = new Date(at);
  const time = { hour: "2-digit", minute: "2-digit" };
  const isToday = when.toDateString() === new Date().toDateString();
  const day = { day: "numeric", month: "short" };
  return `${when.toLocaleString([], isToday ? time : { ...day, ...time })}: ${sentence}`;
}
