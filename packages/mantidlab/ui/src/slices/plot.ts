// The plot of slices: state, picture and drawing; `controls.ts` gives it its tools.

import { axisMargins } from "../core/axes";
import type { Channel } from "../core/channel";
import { ColourBar, type ColourBarState } from "../core/colourbar";
import { colourMap } from "../core/colours";
import { Frame, part } from "../core/frame";
import type { Point } from "../core/gestures";
import type { Model } from "../core/plot";
import { Readout } from "../core/readout";
import { makeScale, symlogConstant, usableDomain } from "../core/scales";
import { Status } from "../core/status";
import { adoptStyle } from "../core/style";
import { drawOver, drawPicture, PROFILE, type Scene, sideRoom, yAxisOf } from "./canvas";
import { Hands } from "./hands";
import { Live } from "./live";
import { firstPicture, limitsOf, type Picture, shownAt } from "./picture";
import { Pictures, type Wanted } from "./pictures";
import { equalised, Projection, paperAround, skewOf } from "./projection";
import { Sliders } from "./sliders";
import type { Pair, Spec, View } from "./state";
import { Store } from "./store";
import CSS from "./style.css";
import { binWords, summaryWords, truthWords, valueWords } from "./words";

const BAR = 92;

export class SlicesPlot {
  readonly frame: Frame;
  readonly store: Store;
  readonly pictures: Pictures;
  readonly live: Live;
  readonly hands: Hands;
  readonly sliders: Sliders;
  readonly readout: Readout;
  readonly bar: ColourBar;
  readonly status: Status;
  /** Called after each drawing. */
  readonly watchers: (() => void)[] = [];
  private readonly below: HTMLCanvasElement;
  private readonly above: HTMLCanvasElement;
  private readonly word = part("div", "mlp-word");
  private hovered: Point | null = null;
  private finger = false;
  private barShown = "";
  private openColours: () => void = () => undefined;

  constructor(
    host: HTMLElement,
    model: Model,
    readonly channel: Channel,
    signal: AbortSignal,
  ) {
    const spec = model.get<Spec>("spec");
    this.store = new Store(model, spec, signal);
    this.frame = new Frame(host, { plot: "slices", label: spec.title || "Slices", height: 460, signal });
    adoptStyle(this.frame.root, CSS);
    this.frame.title.textContent = spec.title;
    this.below = this.frame.addCanvas();
    this.above = this.frame.addCanvas();
    this.bar = this.makeBar(signal);
    this.frame.stage.append(this.bar.element, this.word);
    this.readout = new Readout(this.frame);
    this.status = new Status(this.frame);
    this.status.showNote(spec.note);
    this.sliders = new Sliders(this.frame, this.store, channel, signal);
    const redraw = (): void => this.frame.draw();
    const first = firstPicture(model.get<Record<string, unknown> | undefined>("first"));
    this.pictures = new Pictures(channel, first, this.store.view, redraw);
    this.live = new Live(channel, () => this.answered());
    this.hands = new Hands(this.store, this.sight(), redraw);
    this.store.onChange(redraw);
    this.frame.onDraw(() => this.draw());
    signal.addEventListener("abort", () => this.pictures.release());
    signal.addEventListener(
      "abort",
      channel.onState((state) => this.status.showKernel(state)),
    );
  }

  get spec(): Spec {
    return this.store.spec;
  }

  get view(): View {
    return this.store.view;
  }

  /** The picture in front. */
  get picture(): Picture | null {
    const layers = this.pictures.layers(this.view);
    return layers[layers.length - 1] ?? null;
  }

  /** The limits of the colours that are drawn. */
  get limits(): Pair {
    const { colour } = this.view;
    const automatic = this.picture?.limits ?? { minmax: null, sigma: null, percentile: null, positive: null };
    return limitsOf(colour.limits, automatic, colour.scale === "log");
  }

  /** From the smallest to the largest value in sight; null where there is none. */
  seen(): Pair | null {
    const { picture } = this;
    if (picture === null) return null;
    const { x, y } = this.projection().positions();
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < picture.rows; row += 1) {
      if ((picture.y[row + 1] ?? 0) <= y[0] || (picture.y[row] ?? 0) >= y[1]) continue;
      for (let column = 0; column < picture.columns; column += 1) {
        if ((picture.x[column + 1] ?? 0) <= x[0] || (picture.x[column] ?? 0) >= x[1]) continue;
        const value = (picture.values[row * picture.columns + column] ?? Number.NaN) * picture.factor;
        if (!Number.isFinite(value)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return low < high ? [low, high] : null;
  }

  /** What of the plane is in sight, as positions. */
  ranges(): { x: Pair; y: Pair } {
    return this.projection().positions();
  }

  projection(): Projection {
    const { area } = this.frame;
    const { spec, view } = this.store;
    const skew = skewOf(spec, view);
    const [x, y] = [this.extent("x"), this.extent("y")];
    const full = skew[0] === 0 ? { x, y } : paperAround(skew, x, y);
    let ranges = { x: view.range.x ?? full.x, y: view.range.y ?? full.y };
    if (this.equal) ranges = equalised(ranges.x, ranges.y, area);
    const kinds = skew[0] === 0 ? view.scale : { x: "linear" as const, y: "linear" as const };
    return new Projection(
      makeScale(kinds.x, ranges.x, [area.x, area.x + area.width]),
      makeScale(kinds.y, ranges.y, [area.y + area.height, area.y]),
      skew,
      area,
    );
  }

  /** Whether a unit along x is drawn as long as one along y. */
  get equal(): boolean {
    const { view } = this;
    const skewed = skewOf(this.spec, view)[0] !== 0;
    return (view.aspect === "equal" || skewed) && view.scale.x === "linear" && view.scale.y === "linear";
  }

  home(): void {
    this.store.commit({ range: { x: null, y: null } });
    this.frame.announcer.say("All of it.");
  }

  /** Read out at a point of the stage; null when the pointer has left. */
  read(at: Point | null, how: "hover" | "press"): void {
    this.hovered = at;
    this.finger = how === "press";
    if (at === null) {
      this.readout.hide();
      return;
    }
    const projection = this.projection();
    const position = projection.toPosition(at);
    const half: Pair = [Math.abs(0.5 / projection.x.factor), Math.abs(0.5 / projection.y.factor)];
    const linear = this.view.scale.x === "linear" && this.view.scale.y === "linear";
    this.live.read(position, linear ? half : [0, 0], this.view);
    const { picture } = this;
    if (picture === null || shownAt(picture, ...position) === null) this.readout.hide();
    if (this.view.profiles === "cursor") this.store.change({ cursor: position });
  }

  onColours(open: () => void): void {
    this.openColours = open;
  }

  scene(): Scene {
    const { spec, view } = this.store;
    return {
      spec,
      view,
      projection: this.projection(),
      layers: this.pictures.layers(view),
      limits: this.limits,
      theme: this.frame.theme,
      profiles: this.live.profiles,
      caption: this.caption(),
      sketch: this.hands.sketch,
      sketchLine: this.hands.sketchLine,
      corners: this.hands.corners,
      coarse: window.matchMedia("(pointer: coarse)").matches,
    };
  }

  summary(): string {
    return summaryWords(this.spec, this.view, this.picture, this.ranges());
  }

  private caption(): string {
    const { live, view } = this;
    if (live.of !== "region" || live.held === null) return "";
    return `${view.selected ?? ""}, ${live.held.over}`;
  }

  private draw(): void {
    this.setMargins();
    const scene = this.scene();
    drawPicture(this.frame.fresh(this.below), scene, this.frame.pixelRatio);
    drawOver(this.frame.fresh(this.above), scene, this.frame);
    const wanted = this.wanted(scene.projection);
    this.pictures.want(wanted);
    this.live.follow({ ...wanted, width: Math.ceil(this.frame.area.width), height: Math.ceil(this.frame.area.height) });
    this.tell();
    if (scene.layers.length > 0) this.frame.mark(this.pictures.isExact(wanted));
    for (const call of this.watchers) call();
  }

  private setMargins(): void {
    const { frame } = this;
    const context = this.above.getContext("2d");
    if (context === null) return;
    const axes = axisMargins(context, frame.theme, yAxisOf(this.scene()), frame.width, frame.margins);
    const beside = this.live.profiles.has("y") ? sideRoom(frame.width) + PROFILE.gap : 0;
    const above = this.live.profiles.has("x") ? PROFILE.height + PROFILE.gap : 0;
    frame.margins = { ...axes, right: BAR + beside + 4, top: axes.top + above };
    this.bar.element.style.top = `${above}px`;
  }

  private wanted({ area, ...projection }: Projection): Wanted {
    const ratio = Math.min(2, this.frame.pixelRatio);
    const { x, y } = this.projection().positions();
    const paper = projection.x.domain[1] - projection.x.domain[0];
    const wider = projection.skew[0] === 0 ? 1 : (x[1] - x[0]) / paper;
    return {
      view: this.view,
      x,
      y,
      width: Math.ceil(area.width * ratio * wider),
      height: Math.ceil(area.height * ratio),
    };
  }

  // Words, sliders, the colour bar: what shows the state besides the picture.
  private tell(): void {
    const { picture, spec, view } = this;
    const map = colourMap(view.colour.map);
    const limits = this.limits;
    const { scale } = view.colour;
    const state = { map, kind: scale, limits, label: spec.label || "values", unit: spec.unit };
    this.updateBar({ ...state, constant: symlogConstant(limits) });
    this.sliders.update(picture?.at);
    const said = picture?.said ?? "";
    const sentence = said.endsWith(".");
    this.status.showTruth(
      [picture === null ? "" : truthWords(picture), sentence ? "" : said].filter(Boolean).join("; "),
    );
    this.status.showNote(this.pictures.problem ?? spec.note);
    this.word.textContent = sentence ? said : "";
    const { area } = this.frame;
    Object.assign(this.word.style, {
      left: `${area.x}px`,
      top: `${area.y}px`,
      width: `${area.width}px`,
      height: `${area.height}px`,
    });
    this.frame.root.classList.toggle("mlp-drawing", view.mode !== "pan");
    this.frame.announcer.describe(this.summary());
  }

  // Only when it has changed: it is drawn by some hundred strokes, and the picture moves at every frame.
  private updateBar(state: ColourBarState): void {
    const key = JSON.stringify([
      state.map.id,
      state.kind,
      state.limits,
      state.label,
      state.unit,
      this.frame.theme.dark,
    ]);
    if (key === this.barShown) return;
    this.barShown = key;
    this.bar.update(state, this.frame.theme);
  }

  private extent(axis: "x" | "y"): Pair {
    const { spec, view } = this.store;
    const dimension = spec.dims[view[axis]];
    const extent = this.picture?.extent[axis === "x" ? 0 : 1] ?? dimension?.extent ?? [0, 1];
    const [low, high] = usableDomain(view.scale[axis], extent, dimension?.positive ?? undefined);
    return [low, high];
  }

  private answered(): void {
    this.frame.draw();
    const { bin } = this.live;
    if (this.hovered === null) return;
    if (bin === null) {
      this.readout.hide();
      return;
    }
    const { spec, view } = this;
    const [x, y] = [spec.dims[view.x], spec.dims[view.y]];
    if (x === undefined || y === undefined) return;
    const { found } = bin;
    const lines = [binWords(x, found.x, found.names[0]), binWords(y, found.y, found.names[1])];
    const { largest } = found;
    if (largest !== undefined && largest.value !== found.value) {
      const where = `${binWords(x, largest.x, largest.names[0])}, ${binWords(y, largest.y, largest.names[1])}`;
      lines.push(`largest in this pixel: ${valueWords(largest, spec)}`, `at ${where}`);
    }
    this.readout.show({ title: valueWords(found, spec), lines }, this.hovered, this.finger);
  }

  private sight(): ConstructorParameters<typeof Hands>[1] {
    const projection = (): Projection => this.projection();
    const equal = (): boolean => this.equal;
    return {
      projection,
      get equal() {
        return equal();
      },
      home: () => this.home(),
      read: (at, how) => this.read(at, how),
      settle: () => this.store.commit(),
    };
  }

  private makeBar(signal: AbortSignal): ColourBar {
    return new ColourBar(
      {
        change: (limits) => this.store.change({ colour: { ...this.view.colour, limits: [limits[0], limits[1]] } }),
        settle: () => this.store.commit(),
        open: () => this.openColours(),
        reset: () => this.store.commit({ colour: { ...this.view.colour, limits: "minmax" } }),
      },
      signal,
    );
  }
}
