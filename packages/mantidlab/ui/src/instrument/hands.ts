// What fingers, mouse and pen do on the picture: turn, move, zoom, read, pick, and draw regions.

import { Superseded } from "../core/channel";
import { browserClock, type Drag, GestureMachine, type Point, type PointerInput } from "../core/gestures";
import { attachPointers } from "../core/pointers";
import { Readout } from "../core/readout";
import { drawnRegion, INNER, outlines, strokeOutlines } from "./outlines";
import type { InstrumentPlot } from "./plot";
import type { Choice, Corner, Shape } from "./state";
import { type Facts, reading } from "./words";

/** Pixels within which a detector is meant. */
export const FINGER = 12;
const MOUSE = 3;

export class Hands {
  private readonly readout: Readout;
  private path: Point[] | null = null;
  private shift = false;
  private fingers = 0;
  private asked = 0;
  private readTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly plot: InstrumentPlot,
    signal: AbortSignal,
  ) {
    this.readout = new Readout(plot.frame);
    this.attach(signal);
    signal.addEventListener("abort", () => this.stopReading(), { once: true });
  }

  /** Whether a drag moves the instrument instead of turning it. */
  get moves(): boolean {
    return this.plot.mode === "move" || this.fingers >= 2;
  }

  private attach(signal: AbortSignal): void {
    const target = {
      grab: (_at: Point, input: PointerInput) => this.grab(input),
      pan: (step: { dx: number; dy: number; zone: string; modifiers: { shift: boolean } }) =>
        this.plot.pan(step.dx, step.dy, step.zone, step.modifiers.shift),
      zoom: ({ at, fx, fy }: { at: Point; fx: number; fy: number }) => this.plot.zoom(at, fx, fy),
      read: (at: Point | null, how: "hover" | "press") => this.read(at, how),
      tap: (at: Point, zone: string, kind: string) => {
        if (zone === "inside") this.tap(at, kind === "mouse" ? MOUSE : FINGER);
      },
      doubleTap: () => this.plot.reset(),
      begin: () => this.begin(),
      settle: () => this.plot.settled(),
    };
    const { pads, stage } = this.plot.frame;
    // Listened for before the gestures are, so that the number of fingers is known when they tell of a drag.
    const count = (by: number) => (event: PointerEvent) => {
      this.fingers = Math.max(0, this.fingers + by);
      this.shift = event.shiftKey;
    };
    stage.addEventListener("pointerdown", count(1), { capture: true, signal });
    for (const end of ["pointerup", "pointercancel"] as const)
      stage.addEventListener(end, count(-1), { capture: true, signal });
    attachPointers(stage, pads, new GestureMachine(target, { pinch: "uniform", clock: browserClock }), target, signal);
  }

  private begin(): void {
    this.plot.startMoving();
    this.asked += 1; // what is still asked of a place that moves away is not shown
    this.readout.hide();
    this.stopReading();
  }

  private grab(input: PointerInput): Drag | null {
    const { mode } = this.plot;
    if (mode === "turn" || mode === "move" || input.zone !== "inside") return null;
    this.path = [{ x: input.x, y: input.y }];
    const forget = (): void => {
      this.path = null;
      this.plot.frame.draw();
    };
    return {
      move: (at) => {
        this.path?.push({ x: at.x, y: at.y });
        this.plot.frame.draw();
      },
      end: () => {
        const points = drawnRegion(mode, this.path ?? []);
        forget();
        if (points !== null) this.addRegion(mode, points);
      },
      cancel: forget,
    };
  }

  private addRegion(shape: Shape, points: readonly Point[]): void {
    const region = this.plot.regionOf(shape, points);
    if (region === null) return;
    this.plot.mode = "turn";
    this.plot.choose([...this.plot.view.selection, region]);
  }

  private read(at: Point | null, how: "hover" | "press"): void {
    this.stopReading();
    if (at === null) {
      this.asked += 1;
      this.readout.hide();
      return;
    }
    // In software, looking for one of a million takes as long as drawing them: so it waits until the mouse rests.
    const wait = how === "press" || this.plot.spec.count < 100_000 ? 16 : 120;
    this.readTimer = setTimeout(() => void this.readNow(at, how === "press"), wait);
  }

  private async readNow(at: Point, finger: boolean): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const index = this.plot.find(at, finger ? FINGER : MOUSE);
    if (index === null) {
      this.readout.hide();
      return;
    }
    try {
      const { content } = await this.plot.channel.request("read", { index, view: this.plot.view }, { latest: "read" });
      if (mine === this.asked) this.readout.show(reading(content as unknown as Facts, this.plot.spec), at, finger);
    } catch (error) {
      if (!(error instanceof Superseded)) this.plot.fail(error);
    }
  }

  private stopReading(): void {
    if (this.readTimer !== null) clearTimeout(this.readTimer);
    this.readTimer = null;
  }

  /** Pick the detector at a point, or no longer. */
  tap(at: Point, reach: number): void {
    const index = this.plot.find(at, reach);
    if (index === null) return;
    const pick = { kind: "pick", level: this.plot.level, index } as const;
    const { selection } = this.plot.view;
    const same = (one: Choice): boolean => one.kind === "pick" && one.index === index && one.level === this.plot.level;
    if (selection.some(same)) this.plot.choose(selection.filter((one) => !same(one)));
    else if (this.plot.compare || this.shift) this.plot.choose([...selection, pick]);
    else this.plot.choose([...selection.filter((one) => one.kind !== "pick"), pick]);
  }

  /** Paint the region that is being drawn. */
  paint(context: CanvasRenderingContext2D): void {
    const { mode, frame } = this.plot;
    if (this.path === null || mode === "turn" || mode === "move") return;
    const points = mode === "polygon" ? this.path : drawnRegion(mode, this.path);
    if (points === null) return;
    const rounds = outlines(
      mode,
      points.map(({ x, y }): Corner => [x, y]),
      INNER,
      ([x, y]) => ({ x, y }),
    );
    strokeOutlines(context, rounds, frame.theme.accent, frame.theme.paper);
  }
}
