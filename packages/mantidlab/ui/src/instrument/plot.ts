// The instrument view: what is chosen and seen, told to Python and back; and the parts that show it.

import { type Channel, Superseded } from "../core/channel";
import { Frame } from "../core/frame";
import type { Point } from "../core/gestures";
import type { Model, PlotContext } from "../core/plot";
import type { Interval } from "../core/scales";
import { answerSnapshots } from "../core/snapshot";
import { Status } from "../core/status";
import { History } from "../core/undo";
import { floats, wholes } from "./arrays";
import { Chosen } from "./chosen";
import { FINGER, Hands } from "./hands";
import type { Layout } from "./overlay";
import { Picture } from "./picture";
import type { Choice, Extremes, First, Level, Region, Shape, Spec, View } from "./state";
import { Strip } from "./strip";
import styles from "./style.css";
import { Viewpoint } from "./viewpoint";
import { truth } from "./words";

export type Mode = "turn" | "move" | Shape;

const FLAT_MARGINS = { left: 64, right: 16, top: 22, bottom: 50 };
const NO_MARGINS = { left: 0, right: 0, top: 0, bottom: 0 };

export class InstrumentPlot {
  readonly frame: Frame;
  readonly spec: Spec;
  readonly channel: Channel;
  readonly history: History<View>;
  view: View;
  mode: Mode = "turn";
  level: Level = "detector";
  compare = false;
  /** The last view along an axis that was asked for. */
  lastLook = "";
  /** Called when what tools show may have changed. */
  changed: () => void = () => undefined;
  /** The colour settings; set by whoever makes the tools. */
  openColours: () => void = () => undefined;
  private readonly model: Model;
  private readonly viewpoint: Viewpoint;
  private readonly picture: Picture;
  private readonly hands: Hands;
  private readonly status: Status;
  private readonly strip: Strip;
  private readonly chosen: Chosen;
  /** Whether other counts have been asked for than are drawn. */
  private stale = false;
  private saveTimer: ReturnType<typeof setTimeout> | null = null;
  private saved = "";

  constructor(context: PlotContext) {
    const { model, channel, signal } = context;
    this.model = model;
    this.channel = channel;
    this.spec = model.get<Spec>("spec");
    this.view = model.get<View>("view");
    this.saved = JSON.stringify(this.view);
    this.history = new History(this.view);
    const first = model.get<First>("first");
    this.frame = framed(context, this.spec);
    this.viewpoint = new Viewpoint(this.frame, this.spec, this);
    this.picture = this.makePicture(first, signal);
    this.hands = new Hands(this, signal);
    this.status = new Status(this.frame);
    this.strip = this.makeStrip(signal);
    this.chosen = this.makeChosen();
    this.frame.announcer.describe(first.summary);
    this.status.showNote(this.spec.notes[0] ?? "");
    this.frame.onDraw(() => this.draw());
    this.frame.onResize(() => this.picture.refine());
    channel.onState((state) => this.status.showKernel(state));
    model.on("change:view", this.viewFromPython);
    signal.addEventListener("abort", () => this.close(), { once: true });
    answerSnapshots(this.frame.root, () => this.picture.snapshot(), signal);
    this.strip.show(this.view.range);
    this.frame.drawNow();
    this.follow();
  }

  private makePicture(first: First, signal: AbortSignal): Picture {
    const bar = {
      change: (limits: Interval) => this.change({ limits: [limits[0], limits[1]] }),
      settle: () => this.settled(),
      open: () => this.openColours(),
      reset: () => this.set({ limits: null }),
    };
    const { frame, spec, viewpoint, channel } = this;
    const paintHands = (context: CanvasRenderingContext2D) => this.hands.paint(context);
    const fail = (error: unknown) => this.fail(error);
    return new Picture({ frame, spec, showing: this, viewpoint, channel, bar, paintHands, fail, signal }, first);
  }

  private makeStrip(signal: AbortSignal): Strip {
    const actions = { change: (range: Interval | null) => this.change({ range }), settle: () => this.settled() };
    const strip = new Strip(this.frame, this.channel, actions, signal);
    this.frame.root.insertBefore(strip.element, this.frame.foot);
    return strip;
  }

  private makeChosen(): Chosen {
    return new Chosen(this.frame, this.channel, this.spec.value.unit, {
      remove: (which) => this.choose(this.view.selection.filter((_, i) => i !== which)),
      clear: () => this.choose([]),
      mark: (detectors) => {
        this.picture.setChosen(detectors);
        this.frame.draw();
      },
      fail: (error) => this.fail(error),
    });
  }

  // --- the state --------------------------------------------------------------------------------------------------

  get flat(): boolean {
    return this.viewpoint.flat;
  }

  /** Change what is seen, as one step that can be undone. */
  set(change: Partial<View>): void {
    this.change(change);
    this.settled();
  }

  /** Undo or redo. */
  go(to: View | null): void {
    if (to === null) return;
    const before = this.view;
    this.view = to;
    this.follow(before);
    this.save();
    this.frame.draw();
    this.changed();
  }

  /** Another projection; the whole of it is seen. */
  show(view: string): void {
    this.set({ view, box: null });
  }

  nextView(): void {
    const { views } = this.spec;
    this.show(views[(views.indexOf(this.view.view) + 1) % views.length] ?? "3d");
  }

  /** The limits of the colours as they are drawn. */
  get shownLimits(): Interval {
    return this.picture.limits();
  }

  /** For who has no pointer. */
  chooseMiddle(): void {
    const { x, y, width, height } = this.frame.area;
    this.hands.tap({ x: x + width / 2, y: y + height / 2 }, 2 * FINGER);
  }

  /** The view from along an axis, or the first one. */
  look(which: string): void {
    this.lastLook = which;
    this.set({ view: "3d", camera: this.viewpoint.standard(which) });
  }

  reset(): void {
    if (this.flat) this.set({ box: null });
    else this.look("");
  }

  choose(selection: readonly Choice[]): void {
    this.set({ selection });
  }

  private change(change: Partial<View>): void {
    const before = this.view;
    this.view = { ...this.view, ...change };
    this.follow(before);
    this.frame.draw();
  }

  /** Ask Python for what a changed view needs. */
  private follow(before: View | null = null): void {
    const other = (name: keyof View): boolean =>
      before === null || JSON.stringify(before[name]) !== JSON.stringify(this.view[name]);
    if (other("view")) void this.layOut();
    if (other("unit")) this.strip.load(this.view).catch((error) => this.fail(error));
    if (before !== null && (other("range") || (other("unit") && this.view.range !== null))) void this.count();
    if (other("range")) this.strip.show(this.view.range);
    if (other("selection") || other("unit") || other("range") || other("monitors")) {
      if (before !== null || this.view.selection.length > 0) void this.chosen.update(this.view);
    }
  }

  settled(): void {
    this.picture.stopMoving();
    this.history.push(this.view);
    this.save();
    this.picture.refine();
    this.frame.draw();
    this.changed();
  }

  private save(): void {
    if (this.saveTimer !== null) clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => {
      const aspect = Math.round((1000 * this.frame.width) / Math.max(1, this.frame.height)) / 1000;
      const told = { ...this.view, aspect };
      this.saved = JSON.stringify(told);
      this.model.set("view", told);
      this.model.save_changes();
    }, 150);
  }

  private readonly viewFromPython = (): void => {
    const told = this.model.get<View>("view");
    const text = JSON.stringify(told);
    if (text === this.saved) return;
    this.saved = text;
    const before = this.view;
    this.view = told;
    this.history.push(told);
    this.follow(before);
    this.picture.refine();
    this.frame.draw();
    this.changed();
  };

  // --- what Python answers ------------------------------------------------------------------------------------------

  private async count(): Promise<void> {
    this.stale = true;
    const wanted = JSON.stringify(this.view.range);
    try {
      const { content, buffers } = await this.channel.request("counts", { view: this.view }, { latest: "counts" });
      this.picture.setCounts(floats(buffers[0]), wholes(buffers[1]), content.colours as Extremes);
      this.frame.announcer.describe(String(content.summary));
      if (wanted === JSON.stringify(this.view.range)) this.stale = false;
      this.frame.draw();
    } catch (error) {
      if (!(error instanceof Superseded)) {
        this.stale = false;
        this.fail(error);
      }
    }
  }

  private async layOut(): Promise<void> {
    this.frame.margins = this.flat ? FLAT_MARGINS : NO_MARGINS;
    if (!this.viewpoint.ready) {
      const projection = this.view.view;
      try {
        const { content, buffers } = await this.channel.request("unwrapped", { projection }, { latest: "unwrapped" });
        const told = content as unknown as Omit<Layout, "uv" | "half">;
        this.viewpoint.layout = { ...told, uv: floats(buffers[0]), half: floats(buffers[1]) };
      } catch (error) {
        this.fail(error);
        return;
      }
    }
    this.picture.useLayout();
    this.frame.draw();
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  private draw(): void {
    const seen = this.picture.draw();
    this.status.showTruth(truth(seen));
    this.frame.mark(!this.stale && seen.thinned === 1 && this.viewpoint.ready);
  }

  // --- what hands do ----------------------------------------------------------------------------------------------

  /** The view begins to move. */
  startMoving(): void {
    this.picture.startMoving();
  }

  /** The region with these corners, in pixels, on the view as it stands; null while there is none. */
  regionOf(shape: Shape, points: readonly Point[]): Region | null {
    return this.viewpoint.regionOf(shape, points);
  }

  pan(dx: number, dy: number, zone: string, across: boolean): void {
    this.change(this.viewpoint.pan(dx, dy, zone, across || this.hands.moves));
  }

  zoom(at: Point, fx: number, fy: number): void {
    this.change(this.viewpoint.zoom(at, fx, fy));
  }

  /** The detector at a point, exactly there or nearest within some pixels. */
  find(at: Point, reach: number): number | null {
    return this.picture.find(at, reach);
  }

  // --- the rest ---------------------------------------------------------------------------------------------------

  fail(error: unknown): void {
    if (error instanceof Superseded) return;
    const words = error instanceof Error ? error.message : String(error);
    this.status.showNote(words);
    this.frame.announcer.say(words);
  }

  private close(): void {
    this.model.off("change:view", this.viewFromPython as never);
    this.picture.dispose();
  }
}

/** The frame of an instrument, with its title and the look of its parts. */
function framed({ el, signal }: PlotContext, { name, title, instrument }: Spec): Frame {
  const named = instrument === "" ? "" : ` ${instrument}`;
  const frame = new Frame(el, { plot: "instrument", label: `Instrument${named}: ${name}`, height: 460, signal });
  frame.title.textContent = title || name;
  frame.title.title = name;
  const style = document.createElement("style");
  style.textContent = styles;
  frame.root.append(style);
  return frame;
}
