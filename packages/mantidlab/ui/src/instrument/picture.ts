// The picture: detectors drawn by WebGL, axes and regions painted over them, and the bar of colours beside them.

import type { Channel } from "../core/channel";
import { ColourBar, type ColourBarActions } from "../core/colourbar";
import { channels, colourMap } from "../core/colours";
import { type Frame, part } from "../core/frame";
import type { Point } from "../core/gestures";
import { type Interval, symlogConstant, transformOf, usableDomain } from "../core/scales";
import { pngOf } from "../core/snapshot";
import { floats, octets, wholes } from "./arrays";
import { type Colouring, Drawing, type Frame3 } from "./drawing";
import { beamOf } from "./extents";
import { Motion } from "./motion";
import { Near } from "./near";
import { paintFlat, paintRegions, paintSigns } from "./overlay";
import { colourLimits, type Extremes, type First, type Spec, type Triple, type View } from "./state";
import type { Showing, Viewpoint } from "./viewpoint";
import type { Shown } from "./words";

const NO_WEBGL =
  "This browser gives no WebGL2, which pictures of instruments need. Allow graphics acceleration in its settings, or " +
  "use another one; the table and the spectra are there all the same.";

/** What a picture is made with. */
export interface Surroundings {
  readonly frame: Frame;
  readonly spec: Spec;
  readonly showing: Showing;
  readonly viewpoint: Viewpoint;
  readonly channel: Channel;
  readonly bar: ColourBarActions;
  /** Paints what is being drawn by hand. */
  readonly paintHands: (context: CanvasRenderingContext2D) => void;
  readonly fail: (error: unknown) => void;
  readonly signal: AbortSignal;
}

export class Picture {
  private readonly gl: HTMLCanvasElement;
  private readonly overlay: HTMLCanvasElement;
  private readonly drawing: Drawing | null;
  private readonly near: Near | null;
  private readonly bar: ColourBar;
  private readonly motion: Motion;
  private moving = false;
  private extremes: Extremes;
  private standouts: number;

  constructor(
    private readonly around: Surroundings,
    first: First,
  ) {
    const { frame, spec, signal } = around;
    this.gl = frame.addCanvas();
    this.overlay = frame.addCanvas();
    this.motion = new Motion(spec.count);
    this.extremes = first.colours;
    const standouts = wholes(first.standouts);
    this.standouts = standouts.length;
    this.drawing = this.makeDrawing(first);
    this.drawing?.setStandouts(standouts);
    this.near = this.drawing === null ? null : this.makeNear(this.drawing, first);
    this.drawing?.setBeam(beamOf(spec, around.viewpoint.reach));
    this.bar = new ColourBar(around.bar, signal);
    frame.body.insertBefore(this.bar.element, frame.side);
  }

  private get view(): View {
    return this.around.showing.view;
  }

  // --- what is drawn ------------------------------------------------------------------------------------------------

  setCounts(values: Float32Array, standouts: Uint32Array, extremes: Extremes): void {
    this.extremes = extremes;
    this.standouts = standouts.length;
    this.drawing?.setValues(values, standouts);
  }

  setChosen(detectors: Uint32Array): void {
    this.drawing?.setChosen(detectors);
  }

  /** Use the layout of an unwrapped view that Python has told. */
  useLayout(): void {
    const layout = this.around.viewpoint.laidOut;
    if (layout !== null) this.drawing?.setFlat(layout.uv, layout.half);
    this.refine();
  }

  /** Draw detectors as what they are where one is near enough to see it. */
  refine(): void {
    if (this.around.frame.width > 0) this.near?.refine();
  }

  startMoving(): void {
    this.moving = true;
  }

  stopMoving(): void {
    this.moving = false;
    this.motion.rest();
  }

  /** The detector at a point, exactly there or nearest within some pixels. */
  find(at: Point, reach: number): number | null {
    return this.drawing === null || !this.around.viewpoint.ready ? null : this.drawing.find(this.frame3(), at, reach);
  }

  dispose(): void {
    this.drawing?.dispose();
  }

  // --- drawing ------------------------------------------------------------------------------------------------------

  /** Draw it, and return what is seen. */
  draw(): Shown {
    if (this.moving) this.motion.tick(performance.now());
    this.paint();
    return {
      thinned: this.thinned(),
      bodies: this.showsBodies(),
      standouts: this.standouts,
      pixels: this.around.viewpoint.pixels(),
    };
  }

  /** The picture with its axes and the colour bar, as PNG. */
  async snapshot(): Promise<Blob | null> {
    const { frame } = this.around;
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

  private paint(): void {
    this.paintBar();
    if (this.drawing !== null && this.around.viewpoint.ready) {
      this.drawing.setColours(this.colouring());
      this.drawing.draw(this.frame3());
    }
    this.paintOverlay();
  }

  private paintOverlay(): void {
    const { frame, spec, viewpoint } = this.around;
    const context = frame.fresh(this.overlay);
    const layout = viewpoint.laidOut;
    const scales = viewpoint.scales();
    const matrix = viewpoint.flat ? null : viewpoint.matrix();
    if (matrix !== null) paintSigns(context, frame, spec, this.view.camera, matrix);
    else if (scales !== null && layout !== null) paintFlat(context, frame, layout, scales);
    paintRegions(context, frame, this.view.selection, { projection: this.view.view, scales, matrix });
    this.around.paintHands(context);
  }

  private paintBar(): void {
    const { frame, spec } = this.around;
    const { label, unit } = spec.value;
    const limits = this.limits();
    const told = {
      map: colourMap(this.view.colours),
      kind: this.view.scale,
      limits,
      label,
      unit: unit === label.toLowerCase() ? "" : unit,
      constant: symlogConstant(limits),
    };
    this.bar.update(told, frame.theme);
  }

  private frame3(): Frame3 {
    const { frame, viewpoint } = this.around;
    return {
      camera: viewpoint.flat ? null : viewpoint.camera(),
      flat: viewpoint.flat ? viewpoint.flatFactors() : null,
      width: frame.width,
      height: frame.height,
      ratio: frame.pixelRatio,
      thinned: this.thinned(),
      monitors: this.view.monitors,
      masked: this.view.masked,
      bodies: this.showsBodies(),
      paper: shares(frame.theme.paper),
    };
  }

  private showsBodies(): boolean {
    return this.near?.shown ?? false;
  }

  private thinned(): number {
    return this.moving && !this.showsBodies() ? this.motion.thinned : 1;
  }

  /** The limits of the colours as they are drawn. */
  limits(): Interval {
    const { view, extremes } = this;
    return usableDomain(view.scale, colourLimits(view, extremes), extremes.positive ?? undefined);
  }

  private colouring(): Colouring {
    const { theme } = this.around.frame;
    const limits = this.limits();
    const constant = symlogConstant(limits);
    const { forth } = transformOf(this.view.scale, constant);
    const [low, high] = [forth(limits[0]), forth(limits[1])];
    return {
      kind: ({ linear: 0, log: 1, symlog: 2 } as const)[this.view.scale],
      constant,
      limits: [low, 1 / (high - low)],
      table: colourMap(this.view.colours).table,
      none: theme.dark ? [0.32, 0.33, 0.36] : [0.74, 0.75, 0.77],
      halo: shares(theme.ink),
    };
  }

  private makeDrawing(first: First): Drawing | null {
    const { frame, spec } = this.around;
    const raw = { flags: octets(first.flags), values: floats(first.values) };
    try {
      return new Drawing(this.gl, floats(first.places), raw, spec.sides[1], () => frame.draw());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      frame.stage.append(part("div", "mli-message", `${NO_WEBGL} (${reason})`));
      return null;
    }
  }

  private makeNear(drawing: Drawing, first: First): Near {
    const { frame, spec, viewpoint, channel, fail } = this.around;
    return new Near(drawing, viewpoint, spec, channel, first.near, { changed: () => frame.draw(), fail });
  }
}

function shares(colour: string): Triple {
  const [r, g, b] = channels(colour);
  return [r / 255, g / 255, b / 255];
}
