// Keeps the home page true: it looks again when a server was stopped or deleted, and while one starts or stops.
"use strict";

require(["jquery", "utils"], ($, utils) => {
  const LOOK_AGAIN_AFTER = 2000; // ms
  const page = document.getElementById("home");
  const buttons = document.getElementById("my-server-buttons");
  const state = document.getElementById("my-server-state");
  const name = document.getElementById("new-server-name"); // not there when no more servers can be added
  const add = document.querySelector(".new-server-btn");

  const isTyping = () => name !== null && name.value !== "";

  const lookAgain = () => {
    if (isTyping()) {
      setTimeout(lookAgain, LOOK_AGAIN_AFTER);
    } else {
      window.location.reload();
    }
  };

  if (page.dataset.changing !== undefined) {
    setTimeout(lookAgain, LOOK_AGAIN_AFTER);
  }

  const stop = document.getElementById("stop");
  if (stop !== null) {
    stop.addEventListener("click", () => {
      buttons.hidden = true;
      state.textContent = "Your server is stopping.";
    });
  }

  // JupyterHub's home.js sends the requests. Stopping and deleting are its only ones of this type.
  const isOfServer = (options) => options.type === "DELETE";
  $(document).ajaxSuccess((_event, _request, options) => {
    if (isOfServer(options)) {
      window.location.reload();
    }
  });
  $(document).ajaxError((_event, _request, options) => {
    if (isOfServer(options)) {
      // home.js shows the reason in a dialog
      document.getElementById("error-dialog").addEventListener("hidden.bs.modal", () => window.location.reload());
    }
  });

  if (name !== null) {
    const allowAdding = () => {
      add.disabled = utils.sanitise_display_name(name.value) === "";
    };
    name.addEventListener("input", allowAdding);
    document.addEventListener(
      "keypress",
      (event) => {
        if (event.target === name && event.key === "Enter" && add.disabled) {
          event.stopPropagation(); // home.js would send a request without a name
        }
      },
      true,
    );
    allowAdding();
  }
});
