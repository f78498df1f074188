/*
 * Makes the menus of JupyterLab usable with fingers.
 *
 * The menus of JupyterLab 4.6 run, when a finger or button is lifted, the item that a movement of the pointer made
 * active before. A finger that taps does not move, so nothing is active and nothing runs. Here, before the touch
 * reaches the menu, the menu is told that the pointer moved to where the finger is.
 *
 * The menu closes as the finger is lifted. The click that browsers send after a touch would then fall on what lay
 * below the menu (a button of the dialog that the item opened, say), so it is held back.
 *
 * A lifted finger is nowhere, so browsers say that it left the menu, and a menu that is left for anything but its
 * submenu shuts the submenu. The menu is not told that a finger left.
 */
const CLICK_FOLLOWS_WITHIN = 500; // milliseconds
let lifted = -Infinity;

function itemUnder(event) {
  const { target } = event;
  return target instanceof Element ? target.closest(".lm-Menu-item") : null;
}

function beforeTouch(event) {
  lifted = -Infinity;
  if (event.pointerType !== "touch" || !itemUnder(event)) {
    return;
  }
  const { clientX, clientY, pointerId, pointerType, isPrimary } = event;
  const place = { clientX, clientY, pointerId, pointerType, isPrimary };
  event.target.dispatchEvent(new PointerEvent("pointermove", { ...place, bubbles: true, cancelable: true }));
}

function beforeLift(event) {
  if (event.pointerType === "touch" && itemUnder(event)) {
    lifted = event.timeStamp;
  }
}

function beforeLeave(event) {
  const { target } = event;
  if (event.pointerType === "touch" && target instanceof Element && target.matches(".lm-Menu")) {
    event.stopPropagation();
  }
}

function beforeClick(event) {
  const follows = event.isTrusted && event.timeStamp - lifted < CLICK_FOLLOWS_WITHIN;
  lifted = -Infinity;
  if (follows && !itemUnder(event)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

export default function makePlugin() {
  return {
    id: "mantidlab:touch-menus",
    description: "Makes the menus usable with fingers.",
    autoStart: true,
    activate: () => {
      // On the window, since the menus listen on the document, in the same phase.
      window.addEventListener("pointerdown", beforeTouch, true);
      window.addEventListener("pointerup", beforeLift, true);
      window.addEventListener("pointerleave", beforeLeave, true);
      window.addEventListener("click", beforeClick, true);
    },
  };
}
