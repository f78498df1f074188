// Feeds a `GestureMachine` from real elements: Pointer Events and the wheel, without taking the page's own scrolling.

import {
  type GestureMachine,
  type GestureTarget,
  type Modifiers,
  type PointerInput,
  type PointerKind,
  wheelFactor,
  type Zone,
} from "./gestures";

/** The wheel belongs to the page until it has rested this long: a scroll past a plot must not zoom it. */
const WHEEL_REST = 300;

let lastWheelOutside = -Infinity;
let watchingWheel = false;

/** Connect the pads (elements that cover the zones; see `Frame.pads`) with the machine, and the wheel with the target. */
export function attachPointers(
  stage: HTMLElement,
  pads: Readonly<Partial<Record<Zone, HTMLElement>>>,
  machine: GestureMachine,
  target: GestureTarget,
  signal: AbortSignal,
): void {
  watchWheel();
  for (const zone of ["inside", "x", "y"] as const) {
    const pad = pads[zone];
    if (pad !== undefined) attachPad(stage, pad, zone, machine, target, signal);
  }
}

function attachPad(
  stage: HTMLElement,
  pad: HTMLElement,
  zone: Zone,
  machine: GestureMachine,
  target: GestureTarget,
  signal: AbortSignal,
): void {
  pad.style.touchAction = "none"; // here fingers are ours; everywhere else they scroll the page
  const input = (event: PointerEvent): PointerInput => pointerInput(event, stage, zone);
  const on = <K extends keyof HTMLElementEventMap>(name: K, call: (event: HTMLElementEventMap[K]) => void): void =>
    pad.addEventListener(name, call, { signal, passive: false });
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    pad.setPointerCapture(event.pointerId);
    machine.press(input(event));
  });
  on("pointermove", (event) => machine.move(input(event)));
  on("pointerup", (event) => machine.release(input(event)));
  on("pointercancel", (event) => machine.cancel(event.pointerId));
  on("pointerleave", () => machine.leave());
  on("contextmenu", (event) => {
    // A long press opens the browser's menu on some tablets; it reads out here. A mouse keeps its menu.
    if ((event as PointerEvent).pointerType !== "mouse") event.preventDefault();
  });
  on("wheel", (event) => wheel(event, stage, zone, target));
  wheelSettles(pad, target, signal);
}

function pointerInput(event: PointerEvent, stage: HTMLElement, zone: Zone): PointerInput {
  const box = stage.getBoundingClientRect();
  return {
    id: event.pointerId,
    time: event.timeStamp,
    kind: pointerKind(event.pointerType),
    zone,
    x: event.clientX - box.left,
    y: event.clientY - box.top,
    modifiers: modifiers(event),
  };
}

function wheel(event: WheelEvent, stage: HTMLElement, zone: Zone, target: GestureTarget): void {
  if (event.timeStamp - lastWheelOutside < WHEEL_REST) {
    lastWheelOutside = event.timeStamp; // the same scroll goes on
    return;
  }
  event.preventDefault();
  const box = stage.getBoundingClientRect();
  const at = { x: event.clientX - box.left, y: event.clientY - box.top };
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) && !event.ctrlKey;
  if (sideways) {
    const dx = zone === "y" ? 0 : -event.deltaX;
    if (dx !== 0) target.pan({ dx, dy: 0, zone, at, kind: "mouse", modifiers: modifiers(event) });
    return;
  }
  const factor = wheelFactor(event.deltaY, event.deltaMode, event.ctrlKey);
  const alongX = zone === "x" || (zone === "inside" && !event.altKey);
  const alongY = zone === "y" || (zone === "inside" && !event.shiftKey);
  target.zoom({ at, fx: alongX ? factor : 1, fy: alongY ? factor : 1, zone });
}

/** A wheel has no end of its own: the gesture begins with its first event and settles when it rests. */
function wheelSettles(pad: HTMLElement, target: GestureTarget, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  pad.addEventListener(
    "wheel",
    (event) => {
      if (!event.defaultPrevented) return;
      if (timer === null) target.begin?.();
      else clearTimeout(timer);
      timer = setTimeout(() => {
        timer = null;
        if (!signal.aborted) target.settle?.();
      }, 160);
    },
    { signal, passive: true },
  );
}

function watchWheel(): void {
  if (watchingWheel) return;
  watchingWheel = true;
  window.addEventListener(
    "wheel",
    (event) => {
      const inside = event.composedPath().some((node) => node instanceof HTMLElement && node.dataset.pad !== undefined);
      if (!inside) lastWheelOutside = event.timeStamp;
    },
    { capture: true, passive: true },
  );
}

function modifiers(event: MouseEvent): Modifiers {
  return { shift: event.shiftKey, alt: event.altKey, ctrl: event.ctrlKey || event.metaKey };
}

function pointerKind(name: string): PointerKind {
  return name === "touch" || name === "pen" ? name : "mouse";
}
