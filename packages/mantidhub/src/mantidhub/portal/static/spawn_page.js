// Follows what is being prepared, without losing what the person has chosen meanwhile.
"use strict";

(() => {
  const LOOK_AGAIN_AFTER = 3000; // ms
  const PARTS = ["environments", "earlier", "kernels"];
  const page = document.getElementById("spawn");
  const form = document.getElementById("spawn_form");
  const start = document.getElementById("start");
  const served = {}; // what the hub sent last of each part, before anything was chosen in it
  for (const id of PARTS) {
    served[id] = document.getElementById(id).innerHTML;
  }

  // the software of the session itself is no further kernel
  const leaveOutChosen = () => {
    const chosen = form.elements.namedItem("environment");
    for (const box of form.querySelectorAll("input[name=kernels]")) {
      const isChosen = chosen !== null && box.value === chosen.value;
      box.disabled = isChosen;
      box.closest("label").hidden = isChosen;
    }
  };

  // the rest cannot be ticked once there are as many as a server can have
  const leaveOutTooMany = () => {
    const group = form.querySelector("fieldset[data-most]");
    if (group !== null) {
      const boxes = [...group.querySelectorAll("input[name=kernels]")].filter((box) => !box.closest("label").hidden);
      const isFull = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
      for (const box of boxes) {
        box.disabled = isFull && !box.checked;
      }
    }
  };

  const keepPossible = () => {
    start.disabled = form.querySelector("input[name=environment]:checked") === null;
    leaveOutChosen();
    leaveOutTooMany();
  };

  const chosenNow = () => {
    const inputs = [...form.querySelectorAll("input[type=radio], input[type=checkbox]")];
    return new Map(inputs.map((input) => [input.name + input.value, input.checked]));
  };

  const replace = (id, html) => {
    const part = document.getElementById(id);
    const chosen = chosenNow();
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const open = new Set([...part.querySelectorAll("details[open]")].map((details) => details.id));
    part.innerHTML = html;
    // in the whole form: what is inserted as chosen has taken the choice from its group
    for (const input of form.querySelectorAll("input[type=radio], input[type=checkbox]")) {
      const before = chosen.get(input.name + input.value);
      const groupHasChoice = [...chosen].some(([key, checked]) => checked && key.startsWith(input.name));
      input.checked = before ?? (input.checked && !groupHasChoice);
      if (focused !== null && input.name === focused.name && input.value === focused.value) {
        input.focus();
      }
    }
    for (const details of part.querySelectorAll("details")) {
      details.open = details.open || open.has(details.id);
    }
  };

  const waitsFor = (root) => [...root.querySelectorAll("[data-waits-for]")].map((card) => card.dataset.waitsFor);

  const lookAgain = async () => {
    let next;
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      next = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      next = null; // the hub is being restarted, or the server runs meanwhile: what stands here is still right
    }
    const main = next === null ? null : next.getElementById("spawn");
    if (main !== null) {
      const waited = waitsFor(page);
      for (const id of PARTS) {
        const html = next.getElementById(id).innerHTML;
        if (html !== served[id]) {
          served[id] = html;
          replace(id, html);
        }
      }
      const here = waitsFor(page);
      const ready = waited.filter((title) => !here.includes(title));
      if (ready.length > 0) {
        document.getElementById("notices").hidden = true; // they may say that it is not ready
        document.getElementById("news").textContent = `Ready now: ${ready.join(", ")}`;
      }
      keepPossible();
      if (main.dataset.preparing === undefined) {
        return;
      }
    }
    setTimeout(lookAgain, LOOK_AGAIN_AFTER);
  };

  form.addEventListener("change", keepPossible);
  form.addEventListener("submit", () => {
    start.disabled = true;
    start.textContent = "Starting…";
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      window.location.reload(); // come back to with the browser's button: the server may run by now
    }
  });
  keepPossible();
  if (page.dataset.preparing !== undefined) {
    setTimeout(lookAgain, LOOK_AGAIN_AFTER);
  }
})();
