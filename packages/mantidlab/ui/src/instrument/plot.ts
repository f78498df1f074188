// The instrument view: what Python told, drawn; and what a person does with it, told to Python.

import { drawAxes } from "../core/axes";
import { type Channel, Superseded } from "../core/channel";
import { ColourBar } from "../core/colourbar";
import { channels, colourMap } from "../core/colours";
import { Frame, part, type Rect } from "../core/frame";
import { browserClock, type Drag, GestureMachine, type Point, type PointerInput } from "../core/gestures";
import type { Model, PlotContext } from "../core/plot";
import { attachPointers } from "../core/pointers";
import { Readout } from "../core/readout";
import {
  type Interval,
  makeScale,
  panned,
  type Scale,
  symlogConstant,
  transformOf,
  usableDomain,
  zoomed,
} from "../core/scales";
import { answerSnapshots, pngOf } from "../core/snapshot";
import { Status } from "../core/status";
import { History } from "../core/undo";
import { type Bytes, floats, octets, wholes } from "./arrays";
import { Chosen } from "./chosen";
import { type Camera, Drawing, type Flat, type Frame3 } from "./drawing";
import { approached, frameOf, matrixOf, metresPerPixel, moved, seen, standardEye, threeCamera, turned } from "./eye";
import { Motion } from "./motion";
import { drawnRegion, INNER, outlines, strokeOutlines } from "./outlines";
import {
  type Choice,
  type Corner,
  colourLimits,
  type Extremes,
  type Level,
  type Region,
  type Shape,
  type Spec,
  type Triple,
  type View,
} from "./state";
import { Strip } from "./strip";
import styles from "./style.css";
import { type Facts, reading, truth } from "./words";

export type Mode = "turn" | "move" | Shape;

/** An unwrapped view as Python laid it out. */
interface Layout {
  readonly projection: string;
  readonly labels: readonly [string, string];
  readonly units: readonly [string, string];
  readonly natural: number;
  readonly extent: readonly [Interval, Interval];
  readonly names: readonly { text: string; u: number; v: number }[];
  readonly uv: Float32Array;
  readonly half: Float32Array;
}

interface First {
  readonly places: Bytes;
  readonly flags: Bytes;
  readonly values: Bytes;
  readonly standouts: Bytes;
  readonly colours: Extremes;
  readonly summary: string;
  readonly near?: { readonly sizes: Bytes; readonly rotations: Bytes; readonly kinds: Bytes };
}

const NEAR_ENOUGH = 2;
const FLAT_MARGINS = { left: 64, right: 16, top: 22, bottom: 50 };
const NO_MARGINS = { left: 0, right: 0, top: 0, bottom: 0 };
const FINGER = 12;
const MOUSE = 3;

export class InstrumentPlot {
  readonly frame: Frame;
  readonly spec: Spec;
  view: View;
  mode: Mode = "turn";
  level: Level = "detector";
  compare = false;
  readonly history: History<View>;
  private readonly model: Model;
  readonly channel: Channel;
  private readonly drawing: Drawing | null;
  private readonly overlay: HTMLCanvasElement;
  private readonly gl: HTMLCanvasElement;
  private readonly bar: ColourBar;
  private readonly strip: Strip;
  private readonly chosen: Chosen;
  private readonly readout: Readout;
  private readonly status: Status;
  private readonly motion: Motion;
  private readonly reach: number;
  private extremes: Extremes;
  private standouts: number;
  private layout: Layout | null = null;
  private moving = false;
  private stale = false;
  private nearFor: string | null = null;
  private readonly allNear: boolean;
  private path: Point[] | null = null;
  private shift = false;
  private fingers = 0;
  private asked = 0;
  private readTimer: ReturnType<typeof setTimeout> | null = null;
  private saveTimer: ReturnType<typeof setTimeout> | null = null;
  private saved = "";
  /** Called when what tools show may have changed. */
  changed: () => void = () => undefined;

  constructor(context: PlotContext) {
    const { model, el, channel, signal } = context;
    this.model = model;
    this.channel = channel;
    this.spec = model.get<Spec>("spec");
    this.view = model.get<View>("view");
    this.saved = JSON.stringify(this.view);
    this.history = new History(this.view);
    const first = model.get<First>("first");
    const places = floats(first.places);
    this.extremes = first.colours;
    this.reach = reachOf(this.spec);
    this.motion = new Motion(this.spec.count);
    const named = this.spec.instrument === "" ? "" : ` ${this.spec.instrument}`;
    this.frame = new Frame(el, {
      plot: "instrument",
      label: `Instrument${named}: ${this.spec.name}`,
      height: 460,
      signal,
    });
    this.frame.title.textContent = this.spec.title || this.spec.name;
    this.frame.title.title = this.spec.name;
    const style = document.createElement("style");
    style.textContent = styles;
    this.frame.root.append(style);
    this.gl = this.frame.addCanvas();
    this.overlay = this.frame.addCanvas();
    this.drawing = this.makeDrawing(places, first);
    const standouts = wholes(first.standouts);
    this.standouts = standouts.length;
    this.allNear = first.near !== undefined;
    if (this.drawing !== null) {
      this.drawing.setStandouts(standouts);
      if (first.near !== undefined)
        this.drawing.setBodies(null, floats(first.near.sizes), floats(first.near.rotations), octets(first.near.kinds));
      this.drawing.setBeam(beamOf(this.spec, this.reach));
    }
    this.readout = new Readout(this.frame);
    this.status = new Status(this.frame);
    this.bar = new ColourBar(
      {
        change: (limits) => this.change({ limits: [limits[0], limits[1]] }),
        settle: () => this.settled(),
        open: () => this.openColours(),
        reset: () => this.set({ limits: null }),
      },
      signal,
    );
    this.frame.body.insertBefore(this.bar.element, this.frame.side);
    this.strip = new Strip(
      this.frame,
      channel,
      { change: (range) => this.changeRange(range), settle: () => this.settled() },
      signal,
    );
    this.frame.root.insertBefore(this.strip.element, this.frame.foot);
    this.chosen = new Chosen(this.frame, channel, this.spec.value.unit, {
      remove: (which) => this.choose(this.view.selection.filter((_, i) => i !== which)),
      clear: () => this.choose([]),
      mark: (detectors) => {
        this.drawing?.setChosen(detectors);
        this.frame.draw();
      },
      fail: (error) => this.fail(error),
    });
    this.attach(signal);
    this.frame.announcer.describe(first.summary);
    this.status.showNote(this.spec.notes[0] ?? "");
    this.frame.onDraw(() => this.draw());
    this.frame.onResize(() => this.resized());
    channel.onState((state) => this.status.showKernel(state));
    model.on("change:view", this.viewFromPython);
    signal.addEventListener("abort", () => this.close(), { once: true });
    answerSnapshots(this.frame.root, () => this.snapshot(), signal);
    this.strip.show(this.view.range);
    this.frame.drawNow();
    this.follow();
  }

  /** The colour settings; set by whoever makes the tools. */
  openColours: () => void = () => undefined;

  // --- the state --------------------------------------------------------------------------------------------------

  get flat(): boolean {
    return this.view.view !== "3d";
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

  /** The last view along an axis that was asked for. */
  lastLook = "";

  nextView(): void {
    const { views } = this.spec;
    this.show(views[(views.indexOf(this.view.view) + 1) % views.length] ?? "3d");
  }

  /** The limits of the colours as they are drawn. */
  get shownLimits(): Interval {
    return this.limits();
  }

  /** For who has no pointer. */
  chooseMiddle(): void {
    const { x, y, width, height } = this.frame.area;
    this.tap({ x: x + width / 2, y: y + height / 2 }, 2 * FINGER);
  }

  /** The view from along an axis, or the first one. */
  look(which: string): void {
    this.lastLook = which;
    const camera = standardEye(
      which,
      this.spec.towards,
      this.spec.bounds,
      this.spec.beam,
      this.spec.up,
      this.view.camera.perspective,
      this.frame.width / Math.max(1, this.frame.height),
    );
    this.set({ view: "3d", camera });
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

  private settled(): void {
    this.moving = false;
    this.motion.rest();
    this.history.push(this.view);
    this.save();
    this.refine();
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
    this.refine();
    this.frame.draw();
    this.changed();
  };

  // --- what Python answers ------------------------------------------------------------------------------------------

  private changeRange(range: Interval | null): void {
    this.change({ range });
  }

  private async count(): Promise<void> {
    this.stale = true;
    const wanted = JSON.stringify(this.view.range);
    try {
      const { content, buffers } = await this.channel.request("counts", { view: this.view }, { latest: "counts" });
      this.extremes = content.colours as Extremes;
      const standouts = wholes(buffers[1]);
      this.standouts = standouts.length;
      this.drawing?.setValues(floats(buffers[0]), standouts);
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
    this.nearFor = null;
    if (!this.flat || this.layout?.projection === this.view.view) {
      this.useLayout();
      return;
    }
    const projection = this.view.view;
    try {
      const { content, buffers } = await this.channel.request("unwrapped", { projection }, { latest: "unwrapped" });
      this.layout = { ...(content as unknown as Layout), uv: floats(buffers[0]), half: floats(buffers[1]) };
      this.useLayout();
    } catch (error) {
      this.fail(error);
    }
  }

  private useLayout(): void {
    if (this.flat && this.layout !== null && this.layout.projection === this.view.view) {
      this.drawing?.setFlat(this.layout.uv, this.layout.half);
    }
    this.refine();
    this.frame.draw();
  }

  /** Draw detectors as what they are where one is near enough to see it. */
  private refine(): void {
    if (this.drawing === null || this.frame.width === 0) return;
    if (this.flat) this.refineFlat();
    else void this.refineSolid();
  }

  private async refineSolid(): Promise<void> {
    const key = this.eyeKey();
    if (this.nearFor === key || this.pixels() < NEAR_ENOUGH) return;
    if (this.allNear) {
      this.restoreBodies();
      this.nearFor = "all";
      return;
    }
    try {
      const { content, buffers } = await this.channel.request("near", { matrix: this.matrix() }, { latest: "near" });
      if (this.eyeKey() !== key || (content.names as string[]).length === 0) return;
      this.drawing?.setBodies(wholes(buffers[0]), floats(buffers[1]), floats(buffers[2]), octets(buffers[3]));
      this.nearFor = key;
      this.frame.draw();
    } catch (error) {
      if (!(error instanceof Superseded)) this.fail(error);
    }
  }

  private bodiesAreSolid = true;

  private restoreBodies(): void {
    if (this.bodiesAreSolid) return;
    const near = this.model.get<First>("first").near;
    if (near !== undefined)
      this.drawing?.setBodies(null, floats(near.sizes), floats(near.rotations), octets(near.kinds));
    this.bodiesAreSolid = true;
  }

  private refineFlat(): void {
    const box = this.box();
    const { layout } = this;
    if (box === null || layout === null || layout.projection !== this.view.view || this.drawing === null) return;
    const key = `${layout.projection} ${JSON.stringify(box)}`;
    if (this.nearFor === key) return;
    const [[u0, u1], [v0, v1]] = box;
    const inside: number[] = [];
    for (let i = 0; i < this.spec.count && inside.length <= this.spec.near; i += 1) {
      const [u, v] = [layout.uv[2 * i]!, layout.uv[2 * i + 1]!];
      const [hu, hv] = [layout.half[2 * i]!, layout.half[2 * i + 1]!];
      if (u + hu >= u0 && u - hu <= u1 && v + hv >= v0 && v - hv <= v1) inside.push(i);
    }
    if (inside.length > this.spec.near) return;
    this.drawing.setRectangles(inside, layout.uv, layout.half);
    this.bodiesAreSolid = false;
    this.nearFor = key;
  }

  private eyeKey(): string {
    return JSON.stringify([this.view.camera, this.frame.width, this.frame.height]);
  }

  private showsBodies(): boolean {
    if (!this.flat && this.pixels() < NEAR_ENOUGH) return false;
    if (this.flat) return this.nearFor === `${this.layout?.projection} ${JSON.stringify(this.box())}`;
    return this.allNear ? this.bodiesAreSolid : this.nearFor === this.eyeKey();
  }

  /** CSS pixels that the median detector is wide. */
  private pixels(): number {
    if (!this.flat)
      return Math.sqrt(this.spec.sides[0] * this.spec.sides[1]) / metresPerPixel(this.view.camera, this.frame);
    const box = this.box();
    const half = this.layout?.half;
    if (box === null || half === undefined || half.length === 0) return 1;
    const at = 2 * Math.floor(this.spec.count / 2);
    const { area } = this.frame;
    const wide = (2 * half[at]! * area.width) / (box[0][1] - box[0][0]);
    const high = (2 * half[at + 1]! * area.height) / (box[1][1] - box[1][0]);
    return Math.sqrt(Math.abs(wide * high)) || 1;
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  private makeDrawing(places: Float32Array, first: First): Drawing | null {
    try {
      return new Drawing(
        this.gl,
        places,
        { flags: octets(first.flags), values: floats(first.values) },
        this.spec.sides[1],
        () => this.frame.draw(),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const words =
        "This browser gives no WebGL2, which pictures of instruments need. Allow graphics acceleration in its settings, or use another one; the table and the spectra are there all the same.";
      this.frame.stage.append(part("div", "mli-message", `${words} (${reason})`));
      return null;
    }
  }

  private draw(): void {
    const { frame } = this;
    if (this.moving) this.motion.tick(performance.now());
    this.paint();
    const flatReady = this.layout?.projection === this.view.view;
    const bodies = this.showsBodies();
    const thinned = this.thinned();
    this.status.showTruth(truth({ thinned, bodies, standouts: this.standouts, pixels: this.pixels() }));
    frame.mark(!this.stale && thinned === 1 && (!this.flat || flatReady));
  }

  /** Draw, without telling that a drawing was made. */
  private paint(): void {
    this.paintBar();
    if (this.drawing !== null && (!this.flat || this.layout?.projection === this.view.view)) {
      this.drawing.setColours(this.colouring());
      this.drawing.draw(this.frame3());
    }
    this.paintOverlay();
  }

  private thinned(): number {
    return this.moving && !this.showsBodies() ? this.motion.thinned : 1;
  }

  private frame3(): Frame3 {
    const { frame, view } = this;
    return {
      camera: this.flat ? null : this.camera(),
      flat: this.flat ? this.flatFactors() : null,
      width: frame.width,
      height: frame.height,
      ratio: frame.pixelRatio,
      thinned: this.thinned(),
      monitors: view.monitors,
      masked: view.masked,
      bodies: this.showsBodies(),
      paper: shares(frame.theme.paper),
    };
  }

  private camera(): Camera {
    return threeCamera(this.view.camera, this.frame, this.reach);
  }

  private matrix(): number[] {
    return matrixOf(this.camera());
  }

  private limits(): Interval {
    return usableDomain(this.view.scale, colourLimits(this.view, this.extremes), this.extremes.positive ?? undefined);
  }

  private colouring() {
    const limits = this.limits();
    const constant = symlogConstant(limits);
    const { forth } = transformOf(this.view.scale, constant);
    const [low, high] = [forth(limits[0]), forth(limits[1])];
    return {
      kind: ({ linear: 0, log: 1, symlog: 2 } as const)[this.view.scale],
      constant,
      limits: [low, 1 / (high - low)] as const,
      table: colourMap(this.view.colours).table,
      none: this.frame.theme.dark ? ([0.32, 0.33, 0.36] as const) : ([0.74, 0.75, 0.77] as const),
      halo: shares(this.frame.theme.ink),
    };
  }

  private paintBar(): void {
    const limits = this.limits();
    this.bar.update(
      {
        map: colourMap(this.view.colours),
        kind: this.view.scale,
        limits,
        label: this.spec.value.label,
        unit: this.spec.value.unit === this.spec.value.label.toLowerCase() ? "" : this.spec.value.unit,
        constant: symlogConstant(limits),
      },
      this.frame.theme,
    );
  }

  /** The part of the unwrapped view that is seen; all of it with the instrument's proportions at first. */
  box(): readonly [Interval, Interval] | null {
    if (!this.flat || this.layout === null || this.layout.projection !== this.view.view) return null;
    return this.view.box ?? fitted(this.layout.extent, this.layout.natural, this.frame.area);
  }

  private scales(): { x: Scale; y: Scale } | null {
    const box = this.box();
    if (box === null) return null;
    const { x, y, width, height } = this.frame.area;
    return { x: makeScale("linear", box[0], [x, x + width]), y: makeScale("linear", box[1], [y + height, y]) };
  }

  private flatFactors(): Flat | null {
    const found = this.scales();
    if (found === null) return null;
    const { width, height } = this.frame;
    return {
      u: found.x.toValue(width / 2),
      v: found.y.toValue(height / 2),
      fu: (2 * found.x.factor) / width,
      fv: (-2 * found.y.factor) / height,
    };
  }

  private paintOverlay(): void {
    const context = this.frame.fresh(this.overlay);
    if (this.flat) this.paintFlat(context);
    else this.paintSigns(context);
    this.paintRegions(context);
  }

  private paintFlat(context: CanvasRenderingContext2D): void {
    const { frame, layout } = this;
    const found = this.scales();
    if (found === null || layout === null) return;
    const { x, y, width, height } = frame.area;
    context.fillStyle = frame.theme.paper;
    for (const [a, b, c, d] of [
      [0, 0, frame.width, y],
      [0, y + height, frame.width, frame.height],
      [0, y, x, height],
      [x + width, y, frame.width, height],
    ] as const) {
      context.fillRect(a, b, c, d);
    }
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    this.paintNames(context, layout, found);
    context.restore();
    const axis = (scale: Scale, which: 0 | 1) => ({ scale, label: layout.labels[which], unit: layout.units[which] });
    drawAxes(context, frame.area, axis(found.x, 0), axis(found.y, 1), frame.theme);
  }

  private paintNames(context: CanvasRenderingContext2D, layout: Layout, { x, y }: { x: Scale; y: Scale }): void {
    const { theme } = this.frame;
    context.font = `11px ${theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.fillStyle = theme.ink;
    let free = -Infinity;
    let line = NaN;
    for (const { text, u, v } of layout.names) {
      const [px, py] = [x.toPixel(u), y.toPixel(v)];
      const half = context.measureText(text).width / 2;
      if (py !== line) [free, line] = [-Infinity, py];
      if (px - half < free) continue;
      context.fillText(text, px, py - 2);
      free = px + half + 6;
    }
  }

  /** The sample, the source and the directions of the axes. */
  private paintSigns(context: CanvasRenderingContext2D): void {
    const { frame } = this;
    const matrix = this.matrix();
    context.font = `12px ${frame.theme.font}`;
    const sign = (place: Triple, words: string): void => {
      const at = seen(place, matrix, frame);
      if (at === null) return;
      context.fillStyle = frame.theme.accent;
      context.strokeStyle = frame.theme.paper;
      context.lineWidth = 3;
      context.beginPath();
      context.arc(at.x, at.y, 4, 0, 2 * Math.PI);
      context.stroke();
      context.fill();
      context.textAlign = "left";
      context.textBaseline = "bottom";
      context.strokeText(words, at.x + 7, at.y - 4);
      context.fillStyle = frame.theme.ink;
      context.fillText(words, at.x + 7, at.y - 4);
    };
    sign([0, 0, 0], "sample");
    if (this.spec.source !== null) sign(this.spec.source, "source");
    this.paintAxes(context);
  }

  private paintAxes(context: CanvasRenderingContext2D): void {
    const { theme, height } = this.frame;
    const { right, above } = frameOf(this.view.camera);
    const [cx, cy, length] = [46, height - 46, 28];
    context.lineWidth = 2;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [i, name] of ["x", "y", "z"].entries()) {
      const [dx, dy] = [right.getComponent(i) * length, -above.getComponent(i) * length];
      const beam = Math.abs(this.spec.beam[i] ?? 0) > 0.9;
      context.strokeStyle = beam ? theme.accent : theme.quiet;
      context.fillStyle = theme.ink;
      context.beginPath();
      context.moveTo(cx, cy);
      context.lineTo(cx + dx, cy + dy);
      context.stroke();
      const words = beam ? `${name} beam` : name;
      const [x, y] = [cx + dx * 1.35 + (beam ? 8 : 0), cy + dy * 1.35];
      context.strokeStyle = theme.paper; // detectors may be behind
      context.lineWidth = 3;
      context.strokeText(words, x, y);
      context.lineWidth = 2;
      context.fillText(words, x, y);
    }
  }

  private paintRegions(context: CanvasRenderingContext2D): void {
    const { theme } = this.frame;
    const found = this.scales();
    const eye = this.flat ? null : this.matrix();
    for (const one of this.view.selection) {
      if (one.kind !== "region") continue;
      const place = this.placer(one, found, eye);
      if (place !== null)
        strokeOutlines(context, outlines(one.shape, one.points, one.inner ?? INNER, place), theme.ink, theme.paper);
    }
    if (this.path !== null && this.mode !== "turn" && this.mode !== "move") {
      const points = this.mode === "polygon" ? this.path : drawnRegion(this.mode, this.path);
      if (points === null) return;
      const rounds = outlines(
        this.mode,
        points.map(({ x, y }): Corner => [x, y]),
        INNER,
        ([x, y]) => ({ x, y }),
      );
      strokeOutlines(context, rounds, theme.accent, theme.paper);
    }
  }

  /** What turns a region's points into pixels; null if it was drawn in another view. */
  private placer(
    region: Region,
    found: { x: Scale; y: Scale } | null,
    eye: readonly number[] | null,
  ): ((corner: Corner) => Point | null) | null {
    if (region.matrix !== undefined) {
      const same =
        eye !== null && region.matrix.every((number, i) => Math.abs(number - eye[i]!) < 1e-6 * (1 + Math.abs(number)));
      const { width, height } = this.frame;
      return same ? ([x, y]) => ({ x: ((x + 1) / 2) * width, y: ((1 - y) / 2) * height }) : null;
    }
    if (found === null || region.projection !== this.view.view) return null;
    return ([u, v]) => ({ x: found.x.toPixel(u), y: found.y.toPixel(v) });
  }

  // --- gestures ---------------------------------------------------------------------------------------------------

  private attach(signal: AbortSignal): void {
    const target = {
      grab: (_at: Point, input: PointerInput) => this.grab(input),
      pan: (step: { dx: number; dy: number; zone: string; modifiers: { shift: boolean } }) =>
        this.pan(step.dx, step.dy, step.zone, step.modifiers.shift),
      zoom: ({ at, fx, fy }: { at: Point; fx: number; fy: number }) => this.zoom(at, fx, fy),
      read: (at: Point | null, how: "hover" | "press") => this.read(at, how),
      tap: (at: Point, zone: string, kind: string) => {
        if (zone === "inside") this.tap(at, kind === "mouse" ? MOUSE : FINGER);
      },
      doubleTap: () => this.reset(),
      begin: () => this.begin(),
      settle: () => this.settled(),
    };
    const { pads, stage } = this.frame;
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
    this.moving = true;
    this.asked += 1; // what is still asked of a place that moves away is not shown
    this.readout.hide();
    if (this.readTimer !== null) clearTimeout(this.readTimer);
  }

  private grab(input: PointerInput): Drag | null {
    const { mode } = this;
    if (mode === "turn" || mode === "move" || input.zone !== "inside") return null;
    this.path = [{ x: input.x, y: input.y }];
    const forget = (): void => {
      this.path = null;
      this.frame.draw();
    };
    return {
      move: (at) => {
        this.path?.push({ x: at.x, y: at.y });
        this.frame.draw();
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
    const region = this.regionOf(shape, points);
    if (region === null) return;
    this.mode = "turn";
    this.choose([...this.view.selection, region]);
  }

  private regionOf(shape: Shape, points: readonly Point[]): Region | null {
    const inner = shape === "ring" ? { inner: INNER } : {};
    if (this.flat) {
      const found = this.scales();
      if (found === null) return null;
      const corners = points.map(({ x, y }): Corner => [found.x.toValue(x), found.y.toValue(y)]);
      return { kind: "region", shape, points: corners, projection: this.view.view, ...inner };
    }
    const { width, height } = this.frame;
    const corners = points.map(({ x, y }): Corner => [(2 * x) / width - 1, 1 - (2 * y) / height]);
    return { kind: "region", shape, points: corners, matrix: this.matrix(), ...inner };
  }

  pan(dx: number, dy: number, zone: string, across: boolean): void {
    if (this.flat) {
      const found = this.scales();
      if (found === null) return;
      const box: [Interval, Interval] = [
        zone === "y" ? found.x.domain : panned(found.x, dx),
        zone === "x" ? found.y.domain : panned(found.y, dy),
      ];
      this.change({ box });
      return;
    }
    const move = across || this.mode === "move" || this.fingers >= 2;
    const camera = move ? moved(this.view.camera, dx, dy, this.frame) : turned(this.view.camera, dx, dy, this.frame);
    this.change({ camera });
  }

  zoom(at: Point, fx: number, fy: number): void {
    if (this.flat) {
      const found = this.scales();
      if (found !== null) this.change({ box: [zoomed(found.x, at.x, fx), zoomed(found.y, at.y, fy)] });
      return;
    }
    const limits = { near: Math.max(1e-4, this.spec.sides[0]), far: 20 * this.reach };
    this.change({
      camera: approached(
        this.view.camera,
        Math.max(fx, fy) > 1 ? Math.max(fx, fy) : Math.min(fx, fy),
        at,
        this.frame,
        limits,
      ),
    });
  }

  private read(at: Point | null, how: "hover" | "press"): void {
    if (this.readTimer !== null) clearTimeout(this.readTimer);
    this.readTimer = null;
    if (at === null) {
      this.asked += 1;
      this.readout.hide();
      return;
    }
    // In software, looking for one of a million takes as long as drawing them: so it waits until the mouse rests.
    const wait = how === "press" || this.spec.count < 100_000 ? 16 : 120;
    this.readTimer = setTimeout(() => void this.readNow(at, how === "press"), wait);
  }

  private async readNow(at: Point, finger: boolean): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const index = this.find(at, finger ? FINGER : MOUSE);
    if (index === null) {
      this.readout.hide();
      return;
    }
    try {
      const { content } = await this.channel.request("read", { index, view: this.view }, { latest: "read" });
      if (mine === this.asked) this.readout.show(reading(content as unknown as Facts, this.spec), at, finger);
    } catch (error) {
      if (!(error instanceof Superseded)) this.fail(error);
    }
  }

  /** The detector at a point, exactly there or nearest within some pixels. */
  find(at: Point, reach: number): number | null {
    if (this.drawing === null || (this.flat && this.scales() === null)) return null;
    return this.drawing.find(this.frame3(), at, reach);
  }

  private tap(at: Point, reach: number): void {
    const index = this.find(at, reach);
    if (index === null) return;
    const pick = { kind: "pick", level: this.level, index } as const;
    const { selection } = this.view;
    const same = (one: Choice): boolean => one.kind === "pick" && one.index === index && one.level === this.level;
    if (selection.some(same)) this.choose(selection.filter((one) => !same(one)));
    else if (this.compare || this.shift) this.choose([...selection, pick]);
    else this.choose([...selection.filter((one) => one.kind !== "pick"), pick]);
  }

  // --- the rest ---------------------------------------------------------------------------------------------------

  fail(error: unknown): void {
    if (error instanceof Superseded) return;
    const words = error instanceof Error ? error.message : String(error);
    this.status.showNote(words);
    this.frame.announcer.say(words);
  }

  private resized(): void {
    this.nearFor = this.nearFor === "all" ? "all" : null;
    this.refine();
  }

  /** The picture with its axes and the colour bar, as PNG. */
  private async snapshot(): Promise<Blob | null> {
    const { frame } = this;
    this.paint();
    const whole = document.createElement("canvas");
    whole.width = this.gl.width + Math.round(100 * frame.pixelRatio);
    whole.height = this.gl.height;
    const context = whole.getContext("2d");
    if (context === null) return null;
    context.fillStyle = frame.theme.paper;
    context.fillRect(0, 0, whole.width, whole.height);
    context.drawImage(this.gl, 0, 0);
    context.drawImage(this.overlay, 0, 0);
    context.setTransform(frame.pixelRatio, 0, 0, frame.pixelRatio, this.gl.width, 0);
    this.bar.paint(context, frame.height);
    return pngOf(whole);
  }

  private close(): void {
    if (this.readTimer !== null) clearTimeout(this.readTimer);
    this.model.off("change:view", this.viewFromPython as never);
    this.drawing?.dispose();
  }
}

/** How far from the middle of the instrument anything lies, in metres. */
function reachOf({ bounds, source }: Spec): number {
  const [low, high] = bounds;
  const size = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 2;
  const away = Math.hypot(...([0, 1, 2] as const).map((i) => (low[i] + high[i]) / 2));
  return Math.max(0.05, size + away + (source === null ? 0 : Math.min(Math.hypot(...source), 3 * (size + away))));
}

/** The beam: from the source (or before the sample) to the sample, and some way on; and a cross at the sample. */
function beamOf({ source, beam, bounds }: Spec, reach: number): Triple[] {
  const from = source ?? (beam.map((part) => -part * reach * 0.5) as unknown as Triple);
  const size = Math.max(...([0, 1, 2] as const).map((i) => bounds[1][i] - bounds[0][i]));
  const on = beam.map((part) => part * size * 0.6) as unknown as Triple;
  return [from, [0, 0, 0], [0, 0, 0], on];
}

/** The box around an extent with some room, widened so that it looks as the instrument does. */
export function fitted(extent: readonly [Interval, Interval], natural: number, area: Rect): [Interval, Interval] {
  const grown = extent.map(([low, high]) => {
    const room = 0.04 * (high - low || 1);
    return [low - room, high + room] as const;
  });
  const [u, v] = [grown[0]!, grown[1]!];
  const [wide, high] = [u[1] - u[0], (v[1] - v[0]) * natural];
  const wanted = area.width / area.height;
  const stretch = (interval: Interval, factor: number): Interval => {
    const middle = (interval[0] + interval[1]) / 2;
    const half = ((interval[1] - interval[0]) / 2) * factor;
    return [middle - half, middle + half];
  };
  const ratio = wide / high / wanted;
  // An instrument that is a hundred times as wide as high would be a line: then it is stretched.
  if (ratio > 6 || ratio < 1 / 6) return [u, v];
  return ratio > 1 ? [u, stretch(v, ratio)] : [stretch(u, 1 / ratio), v];
}

function shares(colour: string): Triple {
  const [r, g, b] = channels(colour);
  return [r / 255, g / 255, b / 255];
}
