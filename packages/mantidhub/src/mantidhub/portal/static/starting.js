// Follows the start of a server: shows each step, opens the server when it is ready, says why when it is not.
"use strict";

(() => {
  const page = document.getElementById("starting");
  const bar = document.getElementById("progress-bar");
  const message = document.getElementById("progress-message");
  const log = document.getElementById("progress-log");

  const say = (event) => {
    if (event.html_message !== undefined) {
      message.innerHTML = event.html_message;
    } else if (event.message !== undefined) {
      message.textContent = event.message.replace(/^Spawn failed: /, "");
    } else {
      return;
    }
    const line = document.createElement("div");
    line.className = "progress-log-event";
    line.innerHTML = message.innerHTML;
    log.append(line);
  };

  const showProgress = (percent) => {
    bar.style.width = `${percent}%`;
    bar.setAttribute("aria-valuenow", percent);
  };

  const showFailure = () => {
    bar.classList.add("is-bad");
    document.getElementById("starting-heading").textContent = "Your server could not start";
    document.getElementById("starting-hint").hidden = true;
    document.getElementById("progress-details").open = true;
    document.getElementById("stop-server").hidden = true;
    document.getElementById("start-again").hidden = false;
    page.classList.add("is-bad");
  };

  const source = new EventSource(page.dataset.progressUrl);
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.progress !== undefined) {
      showProgress(event.progress);
    }
    if (event.ready) {
      source.close();
      window.location.reload(); // which leads to the running server
      return;
    }
    say(event);
    if (event.failed) {
      source.close();
      showFailure();
    }
  };
  source.onerror = () => {
    // A browser tries again by itself when the connection breaks, and gives up when the hub answers anything else:
    // then the start is over, or the hub was restarted. Loading the page anew tells which.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => window.location.reload(), 3000);
    }
  };

  require(["jhapi"], (JHAPI) => {
    const button = document.getElementById("stop-server");
    button.addEventListener("click", () => {
      button.disabled = true;
      button.textContent = "Cancelling…";
      const api = new JHAPI(window.jhdata.base_url);
      const answers = {
        success: () => window.location.assign(`${window.jhdata.base_url}home`),
        error: (request) => {
          button.disabled = false;
          button.textContent = "Cancel";
          const reason = request.responseJSON && request.responseJSON.message;
          say({ message: `It could not be cancelled: ${reason || "the hub did not answer"}.` });
        },
      };
      if (page.dataset.serverName) {
        api.stop_named_server(window.jhdata.user, page.dataset.serverName, answers);
      } else {
        api.stop_server(window.jhdata.user, answers);
      }
    });
    window._jupyterhub_page_loaded = true;
  });
})();
