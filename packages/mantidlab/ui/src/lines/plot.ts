// The plot of lines: joins view, pictures, painting and gestures.
import { type Axis, axisMargins, axisTitle, type Margins } from "../core/axes";
import type { Channel } from "../core/channel";
import { Frame } from "../core/frame";
import type { Point } from "../core/gestures";
import type { Model } from "../core/plot";
import { Readout } from "../core/readout";
import { type Interval, makeScale, panned, type Scale, zoomed } from "../core/scales";
import { Status } from "../core/status";
import { adoptStyle } from "../core/style";
import { History } from "../core/undo";
import { Drawing, type Painted, type Scene } from "./drawing";
import { RESIDUAL_GAP, RESIDUAL_HEIGHT } from "./fitted";
import type { FittedLine } from "./fitting";
import { KeptFits } from "./keptfits";
import { Looks } from "./looks";
import type { Ground } from "./painter";
import { extentOfY, type Picture, type Trace } from "./pictures";
import { Refiner, type Wanted } from "./refiner";
import type { Extent, Spec, View, WindowContent } from "./schema";
import CSS from "./style.css";
import { complete, domainOfX, domainOfY, recalled, remembered, withAxis } from "./views";
import { binsPerPixel, summary, truthWords } from "./words";

/** State, and when to draw; `controls.ts` gives it its tools. */
export class LinesPlot {
  readonly frame: Frame;
  readonly readout: Readout;
  readonly refiner: Refiner;
  readonly status: Status;
  private readonly fits: KeptFits;
  spec: Spec;
  view: View;
  looks: Looks;
  history: History<View>;
  /** What the panel of fits shows: where a fit would begin, or the newest one with its residuals. */
  fitLine: FittedLine | null = null;
  /** Called when view or spec have changed … */
  readonly watchers: (() => void)[] = [];
  /** … and after each drawing. */
  readonly drawn: (() => void)[] = [];

  private readonly canvas: HTMLCanvasElement;
  private readonly drawing: Drawing;
  private readonly signal: AbortSignal;
  private ground: Ground | null = null;
  /** A gesture is under way. */
  private moving = false;
  private holdY: Interval | null = null;
  private lastTold = "";

  constructor(
    host: HTMLElement,
    private readonly model: Model,
    readonly channel: Channel,
    signal: AbortSignal,
  ) {
    this.signal = signal;
    this.spec = model.get<Spec>("spec");
    this.view = complete(model.get<Partial<View>>("view"));
    this.frame = new Frame(host, { plot: "lines", label: this.spec.title || "Plot", signal });
    adoptStyle(this.frame.root, CSS);
    this.canvas = this.frame.addCanvas();
    this.drawing = new Drawing(this.frame, () => this.frame.draw());
    this.readout = new Readout(this.frame);
    this.status = new Status(this.frame);
    this.looks = new Looks(this.spec, this.view, this.frame.theme);
    this.history = new History(remembered(this.view));
    this.refiner = new Refiner(channel, () => this.answered());
    this.fits = new KeptFits(channel, () => this.frame.draw());
    this.takeFirst();
    this.frame.onDraw(() => this.paint());
    this.frame.onTheme(() => this.changed());
    this.follow();
  }

  /** The scales of what is on the screen. */
  get scales(): Ground {
    return this.ground ?? this.layout();
  }

  /** Where all the data are. */
  get full(): Extent {
    const content = this.refiner.pictures(this.view).find((p) => p.content.full !== undefined)?.content;
    return content?.full ?? this.spec.full ?? EMPTY;
  }

  get visibleIds(): number[] {
    return this.spec.curves.filter((curve) => this.looks.visible(curve.id)).map((curve) => curve.id);
  }

  /** Show another view; `settled` ones are remembered for undo and told to Python. */
  show(view: View, settled: boolean): void {
    this.view = view;
    this.looks = new Looks(this.spec, view, this.frame.theme);
    this.frame.draw();
    if (!settled) return;
    this.history.push(remembered(view));
    this.tell();
    for (const call of this.watchers) call();
  }

  undo(): void {
    const past = this.history.undo();
    if (past !== null) this.recall(past);
  }

  redo(): void {
    const next = this.history.redo();
    if (next !== null) this.recall(next);
  }

  /** A gesture begins: y stays as it is, also where it fits itself to what is visible. */
  begin(): void {
    this.moving = true;
    this.holdY = this.scales.y.domain;
  }

  settle(): void {
    this.moving = false;
    this.holdY = null;
    this.show(this.view, true);
  }

  pan(dx: number, dy: number): void {
    const { x, y } = this.scales;
    let view = this.view;
    if (dx !== 0) view = withAxis(view, "x", { range: panned(x, dx) });
    if (dy !== 0) view = withAxis(view, "y", { range: panned(y, dy) });
    this.apply(view);
  }

  zoom(at: Point, fx: number, fy: number): void {
    const { x, y } = this.scales;
    let view = this.view;
    if (fx !== 1) view = withAxis(view, "x", { range: zoomed(x, at.x, fx) });
    if (fy !== 1) view = withAxis(view, "y", { range: zoomed(y, at.y, fy) });
    this.apply(view);
  }

  showFit(line: FittedLine | null): void {
    this.fitLine = line;
    this.frame.xStripBelow = line?.residual ? RESIDUAL_GAP + RESIDUAL_HEIGHT : 0;
    this.frame.draw();
  }

  /** Traces of what is on the screen, the finest there are. */
  traces(): readonly Trace[] {
    const pictures = this.refiner.pictures(this.view);
    const finest = pictures[pictures.length - 1];
    return this.visibleIds.flatMap((id) => finest?.traces.get(id) ?? []);
  }

  axes(ground: Ground = this.scales): { x: Axis; y: Axis } {
    const content = this.refiner.pictures(this.view)[0]?.content;
    const { x, y } = this.spec;
    const texts = x.texts === undefined ? {} : { texts: x.texts };
    return {
      x: {
        scale: ground.x,
        label: content?.x_label ?? x.label,
        unit: x.kind === "time" ? "UTC" : (content?.unit ?? x.unit),
        values: x.kind,
        ...texts,
      },
      y: { scale: ground.y, label: content?.y_label ?? y.label, unit: content?.y_unit ?? y.unit },
    };
  }

  /** What the plot shows, in sentences. */
  summary(): string {
    return summary(this.spec, this.view, this.axes(), this.visibleIds.length);
  }

  private apply(view: View): void {
    // Two steps of one gesture may come before a frame: the second begins where the first ended.
    this.ground = null;
    this.show(view, false);
    this.ground = this.layout();
  }

  private recall(past: View): void {
    this.view = recalled(past, this.view);
    this.ground = null;
    this.tell();
    this.changed();
  }

  /** View, spec or theme are others. */
  private changed(): void {
    this.looks = new Looks(this.spec, this.view, this.frame.theme);
    this.frame.draw();
    for (const call of this.watchers) call();
  }

  private takeFirst(): void {
    const first = this.model.get<{ content?: WindowContent; buffers?: DataView[] } | null>("first");
    if (first?.content !== undefined) this.refiner.begin(first.content, first.buffers ?? [], this.view);
  }

  /** Follow what Python changes. */
  private follow(): void {
    const on = (event: string, call: () => void): void => {
      this.model.on(event, call);
      this.signal.addEventListener("abort", () => this.model.off(event, call));
    };
    on("change:view", () => {
      const view = complete(this.model.get<Partial<View>>("view"));
      const told = JSON.stringify(view);
      if (told === this.lastTold || told === JSON.stringify(this.view)) return;
      this.lastTold = told;
      this.ground = null;
      this.view = view;
      this.history.push(remembered(view));
      this.changed();
    });
    on("change:spec", () => {
      this.spec = this.model.get<Spec>("spec");
      this.refiner.forget();
      this.takeFirst();
      this.changed();
    });
    on("change:first", () => {
      this.refiner.forget();
      this.takeFirst();
      this.frame.draw();
    });
    const off = this.channel.onState((state) => this.status.showKernel(state));
    this.signal.addEventListener("abort", off);
  }

  private tell(): void {
    const told = JSON.stringify(this.view);
    if (told === this.lastTold) return;
    this.lastTold = told;
    this.model.set("view", this.view);
    this.model.save_changes();
  }

  private answered(): void {
    this.status.showProblem(this.refiner.problem);
    this.frame.draw();
  }

  private layout(): Ground {
    const { area } = this.frame;
    const { view, full } = this;
    const below = view.x.linear_below ?? undefined;
    const x = makeScale(view.x.scale, domainOfX(view, full, this.hasPoints), [area.x, area.x + area.width], below);
    const y = makeScale(
      view.y.scale,
      this.domainY(x),
      [area.y + area.height, area.y],
      view.y.linear_below ?? undefined,
    );
    return { x, y, area };
  }

  private get hasPoints(): boolean {
    return this.spec.curves.some((curve) => curve.mark === "points");
  }

  private domainY(x: Scale): Interval {
    const { view } = this;
    if (view.y.range === null && this.holdY !== null) return this.holdY;
    const seen = view.y.range === null ? this.seen(x.domain) : null;
    const up = view.waterfall.y * Math.max(0, this.visibleIds.length - 1);
    return domainOfY(view, seen, [0, Math.min(0.85, up)]);
  }

  private seen(domain: Interval): Interval | null {
    const pictures = this.shownPictures();
    const fine = this.refiner.window;
    const inside =
      fine !== null && pictures.includes(fine) && fine.x[0] <= Math.min(...domain) && fine.x[1] >= Math.max(...domain);
    return extentOfY(
      inside && fine !== null ? [fine] : pictures.slice(0, 1),
      domain,
      this.looks.visible,
      this.view.y.scale,
      this.view.errors !== "none",
    );
  }

  /** Draw the present view on another canvas whose unit is one CSS pixel: for pictures that are kept. */
  drawOn(context: CanvasRenderingContext2D): void {
    this.drawing.drawOn(context, this.scene(this.scales));
  }

  private paint(): void {
    const { frame } = this;
    const context = frame.fresh(this.canvas);
    this.setMargins(context);
    const ground = this.layout();
    this.ground = ground;
    this.after(ground, this.drawing.draw(context, this.scene(ground)));
  }

  private scene(ground: Ground): Scene {
    const { view, looks, moving, fitLine } = this;
    return {
      ground,
      axes: this.axes(ground),
      view,
      looks,
      ids: this.visibleIds,
      pictures: this.shownPictures(),
      fits: this.fits.lines(fitLine),
      residuals: fitLine?.residual ? fitLine : null,
      words: moving ? "" : this.wordsForNothing(ground),
      moving,
    };
  }

  /** Where there is no curve to see, why; else nothing. */
  private wordsForNothing({ x, y }: Ground): string {
    if (this.refiner.stale().length === 0) return "";
    if (this.visibleIds.length === 0) return "All curves are hidden.";
    const seen = this.seen(x.domain);
    const [low, high] = [Math.min(...y.domain), Math.max(...y.domain)];
    const moved = this.view.waterfall.y !== 0 || this.view.waterfall.x !== 0;
    if (seen !== null && (moved || (seen[1] >= low && seen[0] <= high))) return "";
    return "No curve passes here. Double tap, or press 0, to show everything.";
  }

  /** Pictures of what the view asks for; those of before while there are none. */
  private shownPictures(): readonly Picture[] {
    const pictures = this.refiner.pictures(this.view);
    return pictures.length > 0 ? pictures : this.refiner.stale();
  }

  private setMargins(context: CanvasRenderingContext2D): void {
    const { frame } = this;
    const before = this.holdY === null ? undefined : frame.margins;
    const needed = axisMargins(context, frame.theme, this.axes(this.layout()).y, frame.width, before);
    const extra = this.fitLine?.residual ? RESIDUAL_GAP + RESIDUAL_HEIGHT : 0;
    const margins: Margins = { ...needed, bottom: needed.bottom + extra };
    frame.margins = margins;
  }

  private after(ground: Ground, painted: Painted): void {
    this.fits.want(this.view);
    const wanted = this.wanted(ground);
    const satisfied = this.refiner.satisfied(wanted);
    this.refiner.want(wanted);
    const shown = this.refiner.pictures(this.view);
    const perPixel = binsPerPixel(shown, ground.x, this.looks.visible);
    this.status.showTruth(truthWords(perPixel, this.spec, this.refiner.problem === "" && !satisfied));
    if (!this.moving) {
      this.frame.announcer.describe(this.summary());
      this.labelPads();
    }
    if (this.refiner.stale().length > 0 && painted !== "nothing") this.frame.mark(satisfied && painted === "exact");
    for (const call of this.drawn) call();
  }

  private wanted(ground: Ground): Wanted {
    const ids = this.visibleIds;
    const all = this.view.x.range === null;
    const everyone = ids.length === this.spec.curves.length;
    return {
      view: this.view,
      x: ground.x,
      full: this.full.x,
      all,
      width: ground.area.width,
      pixelRatio: this.frame.pixelRatio,
      ids,
      everyone,
    };
  }

  private labelPads(): void {
    const { x, y } = this.axes();
    const label = (name: string, axis: Axis): string =>
      `${name} axis: ${axisTitle(axis.label, axis.unit)}, ${axis.scale.kind}; press to change`;
    for (const [pad, text] of [
      [this.frame.pads.x, label("x", x)],
      [this.frame.pads.y, label("y", y)],
    ] as const) {
      if (pad.getAttribute("aria-label") !== text) pad.setAttribute("aria-label", text);
    }
  }
}

const EMPTY: Extent = { x: [0, 1], x_positive_min: null, y: [0, 1], y_positive_min: null };
