/*
 * Says that this session will be stopped because nobody uses it, counts down, and lets the person keep it.
 *
 * A person who moves or types in the page uses it, which is said to the server at most once a minute.
 */

const version = new URL(import.meta.url).search;
const LOOKS = new URL(`idle-notice.css${version}`, import.meta.url).href;
const ASK_EVERY = 15_000; // ms
const SAY_EVERY = 60_000;
const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

export const uses = ["@jupyterlab/apputils", "@jupyterlab/coreutils", "@jupyterlab/services"];

/** Return what is left in words: `9 min 5 s`. */
export function inWords(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function makeNotice(keep) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: LOOKS }));
  const node = document.createElement("section");
  node.className = "mantidlab-Idle";
  node.setAttribute("role", "alertdialog");
  node.setAttribute("aria-labelledby", "mantidlab-idle-title");
  node.setAttribute("aria-describedby", "mantidlab-idle-text");
  node.hidden = true;
  node.innerHTML = `
    <h2 id="mantidlab-idle-title">Are you still there?</h2>
    <p id="mantidlab-idle-text">Nothing has run here for a long time, so this server will be stopped.
      Notebooks are saved; what kernels hold in memory is not kept.</p>
    <p class="mantidlab-Idle-left" aria-hidden="true"></p>
    <button type="button">Keep it</button>`;
  const button = node.querySelector("button");
  button.addEventListener("click", keep);
  document.body.append(node);
  return { node, button, left: node.querySelector(".mantidlab-Idle-left") };
}

export default function makePlugin({
  "@jupyterlab/apputils": { Dialog },
  "@jupyterlab/coreutils": { URLExt },
  "@jupyterlab/services": { ServerConnection },
}) {
  return {
    id: "mantidlab:idle-notice",
    description: "Says that the session is about to be stopped because nobody uses it.",
    autoStart: true,
    activate: ({ commands, serviceManager: { serverSettings } }) => {
      const address = URLExt.join(serverSettings.baseUrl, "mantidlab", "idle");
      let ends; // in this browser's time
      let said = Date.now();
      let isOver = false;

      const ask = (method) => ServerConnection.makeRequest(address, { method }, serverSettings);

      async function keep() {
        said = Date.now();
        ends = undefined;
        show();
        try {
          await ask("POST");
        } catch {
          said = 0; // said again with the next sign of life
        }
      }

      const notice = makeNotice(() => void keep());

      function show() {
        const wasHidden = notice.node.hidden;
        notice.node.hidden = ends === undefined;
        if (notice.node.hidden) {
          return;
        }
        notice.left.textContent = isOver ? "" : `It ends in ${inWords(ends - Date.now())}.`;
        if (wasHidden) {
          notice.button.focus();
          // Whoever comes back later finds what they had typed.
          void commands.execute("docmanager:save-all").catch(() => undefined);
        }
      }

      function sayThatItIsOver() {
        isOver = true;
        // A modal dialog would lie over this and take its taps, and without a server none can do what it says.
        Dialog.tracker.forEach((dialog) => dialog.reject());
        notice.node.querySelector("h2").textContent = "This server was stopped";
        notice.node.querySelector("#mantidlab-idle-text").textContent =
          "Nothing had run here for a long time. Your files are kept.";
        const again = document.createElement("a");
        Object.assign(again, { href: location.href, textContent: "Start it again" });
        notice.button.replaceWith(again);
        show();
        again.focus();
      }

      async function look() {
        if (isOver) {
          return;
        }
        try {
          const answer = await ask("GET");
          if (answer.ok) {
            const { ends: at, now } = await answer.json();
            ends = at ? Date.now() + (Date.parse(at) - Date.parse(now)) : undefined;
          } else if (ends !== undefined && Date.now() > ends) {
            sayThatItIsOver();
          }
        } catch {
          if (ends !== undefined && Date.now() > ends) {
            sayThatItIsOver();
          }
        }
        show();
      }

      // JupyterLab's "Server unavailable or unreachable" is the first to notice the end, and does not know the reason.
      Dialog.tracker.widgetAdded.connect((_, dialog) => {
        if (isOver) {
          setTimeout(() => dialog.reject()); // once it is there: what is added has yet to be shown
        } else if (ends !== undefined) {
          void look();
        }
      });
      for (const sign of SIGNS_OF_LIFE) {
        // While the notice is there, only its button keeps the session: a mouse that is knocked over does not.
        document.addEventListener(
          sign,
          () => ends === undefined && Date.now() - said > SAY_EVERY && void keep(),
          { passive: true, capture: true },
        );
      }
      setInterval(() => void look(), ASK_EVERY);
      setInterval(show, 1000);
      void look();
    },
  };
}
