// The instrument view: what Python told, drawn; and what a person does with it, told to Python.

import { type Channel, Superseded } from "../core/channel";
import { ColourBar } from "../core/colourbar";
import { channels, colourMap } from "../core/colours";
import { Frame, part } from "../core/frame";
import type { Point } from "../core/gestures";
import type { Model, PlotContext } from "../core/plot";
import { type Interval, makeScale, panned, symlogConstant, transformOf, usableDomain, zoomed } from "../core/scales";
import { answerSnapshots, pngOf } from "../core/snapshot";
import { Status } from "../core/status";
import { History } from "../core/undo";
import { type Bytes, floats, octets, wholes } from "./arrays";
import { Chosen } from "./chosen";
import { type Camera, Drawing, type Flat, type Frame3 } from "./drawing";
import { beamOf, fitted, reachOf } from "./extents";
import { approached, matrixOf, metresPerPixel, moved, standardEye, threeCamera, turned } from "./eye";
import { FINGER, Hands } from "./hands";
import { Motion } from "./motion";
import { INNER } from "./outlines";
import { type Layout, paintFlat, paintRegions, paintSigns, type Scales } from "./overlay";
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
import { truth } from "./words";

export type Mode = "turn" | "move" | Shape;

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
  private readonly hands: Hands;
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
    this.hands = new Hands(this, signal);
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
    this.hands.tap({ x: x + width / 2, y: y + height / 2 }, 2 * FINGER);
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

  settled(): void {
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

  private scales(): Scales | null {
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
    const scales = this.scales();
    const matrix = this.flat ? null : this.matrix();
    if (matrix !== null) paintSigns(context, this.frame, this.spec, this.view.camera, matrix);
    else if (scales !== null && this.layout !== null) paintFlat(context, this.frame, this.layout, scales);
    paintRegions(context, this.frame, this.view.selection, { projection: this.view.view, scales, matrix });
    this.hands.paint(context);
  }

  // --- what hands do ----------------------------------------------------------------------------------------------

  /** The view begins to move. */
  startMoving(): void {
    this.moving = true;
  }

  /** The region with these corners, in pixels, on the view as it stands; null while there is none. */
  regionOf(shape: Shape, points: readonly Point[]): Region | null {
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
    const move = across || this.hands.moves;
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

  /** The detector at a point, exactly there or nearest within some pixels. */
  find(at: Point, reach: number): number | null {
    if (this.drawing === null || (this.flat && this.scales() === null)) return null;
    return this.drawing.find(this.frame3(), at, reach);
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
    this.model.off("change:view", this.viewFromPython as never);
    this.drawing?.dispose();
  }
}

function shares(colour: string): Triple {
  const [r, g, b] = channels(colour);
  return [r / 255, g / 255, b / 255];
}
