// Gestures: what fingers, a pen or a mouse do on a plot, as panning, zooming, reading out and dragging.
//
// `GestureMachine` is the pure part: it is fed with pointers and calls a `GestureTarget`. `pointers.ts` feeds it from the
// Pointer Events of real elements. One finger or drag pans, two fingers zoom, a long press or hovering reads out, a tap and
// a double tap are told, and the target may take over a drag (`grab`) for handles, regions to draw, or boxes to zoom to.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a gesture began: inside the axes, on the strip of the x axis, or on that of the y axis. */
export type Zone = "inside" | "x" | "y";

export type PointerKind = "mouse" | "touch" | "pen";

export interface Modifiers {
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

/** One pointer as it goes down, moves, or goes up; x and y in CSS pixels of the frame's stage. */
export interface PointerInput extends Point {
  /** When the hand did it, in milliseconds: a page that is busy hears of it later. */
  readonly time: number;
  readonly id: number;
  readonly kind: PointerKind;
  readonly zone: Zone;
  readonly modifiers: Modifiers;
}

export interface PanStep {
  readonly dx: number;
  readonly dy: number;
  readonly zone: Zone;
  readonly at: Point;
  readonly kind: PointerKind;
  readonly modifiers: Modifiers;
}

export interface ZoomStep {
  /** The point that stays where it is, in CSS pixels of the stage. */
  readonly at: Point;
  /** By how much to magnify, beyond 1 is closer; 1 where this axis stays. */
  readonly fx: number;
  readonly fy: number;
  readonly zone: Zone;
}

/** A drag that the target has taken over with `grab`. */
export interface Drag {
  move(at: Point): void;
  end(at: Point): void;
  /** A second finger came, or the system took the pointer away: leave things as they were. */
  cancel(): void;
}

export interface GestureTarget {
  /** Take over the drag which starts here (a handle, a region to draw), or null to pan. */
  grab?(at: Point, input: PointerInput): Drag | null;
  pan(step: PanStep): void;
  zoom(step: ZoomStep): void;
  /** Tell what is at this point; null when the pointer has left. */
  read?(at: Point | null, how: "hover" | "press"): void;
  tap?(at: Point, zone: Zone, kind: PointerKind): void;
  doubleTap?(at: Point, zone: Zone): void;
  /** A gesture begins which changes the view … */
  begin?(): void;
  /** … and has ended: the moment for undo and for a refined picture. */
  settle?(): void;
}

export interface Clock {
  /** Call later; returns what forgets it. */
  after(milliseconds: number, call: () => void): () => void;
}

export const browserClock: Clock = {
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

export interface GestureOptions {
  /** "by-axis": fingers side by side zoom x alone, one above the other y alone; "uniform": always both alike. */
  readonly pinch: "by-axis" | "uniform";
  readonly clock: Clock;
}

export const LONG_PRESS = 450;
export const DOUBLE_TAP = 320;
const STILL = { mouse: 3, pen: 6, touch: 9 };
const DOUBLE_TAP_REACH = 32;

type State =
  | { readonly name: "idle" }
  | { readonly name: "pressed"; readonly start: PointerInput; readonly drag: Drag | null }
  | { readonly name: "panning"; readonly start: PointerInput }
  | { readonly name: "dragging"; readonly drag: Drag }
  | { readonly name: "pinching"; readonly along: { readonly x: boolean; readonly y: boolean }; readonly zone: Zone }
  | { readonly name: "reading" };

/** Turns pointers into gestures; knows no element and no clock but the one it is given. */
export class GestureMachine {
  private state: State = { name: "idle" };
  private readonly down = new Map<number, PointerInput>();
  private forgetPress: () => void = () => undefined;
  private lastTap: { at: Point; time: number; zone: Zone } | null = null;

  constructor(
    private readonly target: GestureTarget,
    private readonly options: GestureOptions = { pinch: "by-axis", clock: browserClock },
  ) {}

  /** Whether a gesture is under way; a hovering mouse is none. */
  get busy(): boolean {
    return this.state.name !== "idle";
  }

  press(input: PointerInput): void {
    this.down.set(input.id, input);
    if (this.down.size === 1) this.pressFirst(input);
    else if (this.down.size === 2) this.startPinch();
  }

  move(input: PointerInput): void {
    const before = this.down.get(input.id);
    if (before === undefined) {
      if (input.kind !== "touch" && this.down.size === 0) this.target.read?.(input, "hover");
      return;
    }
    const pair = this.state.name === "pinching" ? this.pair() : null;
    this.down.set(input.id, { ...input, zone: before.zone });
    switch (this.state.name) {
      case "pressed":
        if (distance(this.state.start, input) > STILL[input.kind]) this.startDrag(this.state, input);
        break;
      case "panning":
        this.pan(before, input);
        break;
      case "dragging":
        this.state.drag.move(input);
        break;
      case "reading":
        this.target.read?.(input, "press");
        break;
      case "pinching":
        if (pair !== null) this.pinch(pair);
        break;
      case "idle":
        break;
    }
  }

  release(input: PointerInput): void {
    if (!this.down.delete(input.id)) return;
    this.forgetPress();
    const state = this.state;
    if (state.name === "pinching") {
      this.afterPinch();
      return;
    }
    this.state = { name: "idle" };
    if (state.name === "pressed") {
      state.drag?.cancel();
      this.tap(input, state.start.zone);
    } else if (state.name === "panning") this.target.settle?.();
    else if (state.name === "dragging") state.drag.end(input);
  }

  /** The system took the pointer away (a scroll, a call): what was dragged goes back. */
  cancel(id: number): void {
    if (!this.down.delete(id)) return;
    this.forgetPress();
    const state = this.state;
    this.state = { name: "idle" };
    if (state.name === "dragging" || state.name === "pressed") state.drag?.cancel();
    else if (state.name === "panning" || state.name === "pinching") this.target.settle?.();
    if (this.down.size > 0) this.resume();
  }

  leave(): void {
    if (this.down.size === 0) this.target.read?.(null, "hover");
  }

  private pressFirst(input: PointerInput): void {
    this.state = { name: "pressed", start: input, drag: this.target.grab?.(input, input) ?? null };
    this.forgetPress = this.options.clock.after(LONG_PRESS, () => {
      // A mouse hovers to read out; holding its button still is no gesture.
      if (this.state.name !== "pressed" || input.kind === "mouse") return;
      this.state.drag?.cancel();
      this.state = { name: "reading" };
      this.target.read?.(input, "press");
    });
  }

  private startDrag(state: { start: PointerInput; drag: Drag | null }, input: PointerInput): void {
    this.forgetPress();
    this.target.read?.(null, "hover");
    if (state.drag !== null) {
      this.state = { name: "dragging", drag: state.drag };
      state.drag.move(input);
      return;
    }
    this.state = { name: "panning", start: state.start };
    this.target.begin?.();
    this.pan(state.start, input);
  }

  private pan(from: Point, to: PointerInput): void {
    const zone = this.state.name === "panning" ? this.state.start.zone : "inside";
    const step = { dx: to.x - from.x, dy: to.y - from.y, zone, at: to, kind: to.kind, modifiers: to.modifiers };
    if (step.dx !== 0 || step.dy !== 0) this.target.pan(step);
  }

  private startPinch(): void {
    this.forgetPress();
    const state = this.state;
    if (state.name === "dragging" || state.name === "pressed") state.drag?.cancel();
    if (state.name === "reading") this.target.read?.(null, "press");
    const pair = this.pair();
    if (pair === null) return;
    const [a, b] = pair;
    // Two fingers zoom an axis when both are on it; one inside and one on a strip zoom both.
    const zone = a.zone === b.zone ? a.zone : "inside";
    this.state = { name: "pinching", along: this.pinchAxes(a, b, zone), zone };
    if (state.name !== "panning") this.target.begin?.();
  }

  private pinchAxes(a: Point, b: Point, zone: Zone): { x: boolean; y: boolean } {
    if (zone !== "inside") return { x: zone === "x", y: zone === "y" };
    if (this.options.pinch === "uniform") return { x: true, y: true };
    const angle = Math.atan2(Math.abs(b.y - a.y), Math.abs(b.x - a.x));
    return { x: angle < (60 * Math.PI) / 180, y: angle > (30 * Math.PI) / 180 };
  }

  private pinch([a, b]: readonly [PointerInput, PointerInput]): void {
    const now = this.pair();
    if (now === null || this.state.name !== "pinching") return;
    const { along, zone } = this.state;
    const [c, d] = now;
    const factor = pinchFactor(spread(a, b, along), spread(c, d, along));
    const at = middle(c, d);
    const before = middle(a, b);
    const pan = { dx: along.x ? at.x - before.x : 0, dy: along.y ? at.y - before.y : 0 };
    if (pan.dx !== 0 || pan.dy !== 0) this.target.pan({ ...pan, zone, at, kind: c.kind, modifiers: c.modifiers });
    if (factor !== 1) this.target.zoom({ at, fx: along.x ? factor : 1, fy: along.y ? factor : 1, zone });
  }

  private afterPinch(): void {
    if (this.down.size >= 2) return;
    // The finger that stays goes on panning, as on a map.
    if (this.down.size === 1) {
      this.resume();
      return;
    }
    this.state = { name: "idle" };
    this.target.settle?.();
  }

  private resume(): void {
    const [rest] = this.down.values();
    if (rest !== undefined) this.state = { name: "panning", start: rest };
  }

  private tap(input: PointerInput, zone: Zone): void {
    const { time } = input;
    const last = this.lastTap;
    if (
      last !== null &&
      last.zone === zone &&
      time - last.time <= DOUBLE_TAP &&
      distance(last.at, input) <= DOUBLE_TAP_REACH
    ) {
      this.lastTap = null;
      this.target.doubleTap?.(input, zone);
      return;
    }
    this.lastTap = { at: input, time, zone };
    this.target.tap?.(input, zone, input.kind);
  }

  private pair(): readonly [PointerInput, PointerInput] | null {
    const [a, b] = this.down.values();
    return a !== undefined && b !== undefined ? [a, b] : null;
  }
}

/** By how much one notch or one movement of a wheel magnifies; trackpads send many small ones. */
export function wheelFactor(deltaY: number, deltaMode: number, pinching: boolean): number {
  const unit = deltaMode === 1 ? 16 : deltaMode === 2 ? 400 : 1;
  const step = Math.max(-160, Math.min(160, deltaY * unit));
  return Math.exp(-step * (pinching ? 0.012 : 0.0022));
}

function pinchFactor(before: number, after: number): number {
  const least = 24; // fingers that all but touch would magnify without end
  return Math.max(least, after) / Math.max(least, before);
}

function spread(a: Point, b: Point, along: { x: boolean; y: boolean }): number {
  return Math.hypot(along.x ? b.x - a.x : 0, along.y ? b.y - a.y : 0);
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
