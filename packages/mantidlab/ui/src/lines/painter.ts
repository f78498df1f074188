// Paints curves: steps, lines, points, error bars and bands, masked bins, and columns that stand for many bins.
import { faded } from "../core/colours";
import type { Rect } from "../core/frame";
import type { Scale } from "../core/scales";
import { lowerBound, onScale, type Picture, type Trace, within } from "./pictures";

export interface Style {
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
  readonly opacity: number;
  readonly mark: "steps" | "points" | "line";
  readonly errors: "none" | "bars" | "band";
  readonly showMasked: boolean;
  /** For what is masked. */
  readonly quiet: string;
  readonly paper: string;
  /** How far the waterfall moves this curve, in pixels. */
  readonly shift: { readonly x: number; readonly y: number };
}

/** Scales and their area: what turns values into pixels. */
export interface Ground {
  readonly x: Scale;
  readonly y: Scale;
  readonly area: Rect;
}

const FAR = 1e5; // beyond, canvases lose precision; nobody sees what is there

/** What a stroke costs however short it is. */
const STROKE_ITSELF = 60;

/** A rough number of strokes of what is visible: more than some ten thousand take longer than a frame. */
export function cost(picture: Picture, ground: Ground, visible: (id: number) => boolean): number {
  let sum = 0;
  for (const trace of [...picture.traces.values()].flat()) {
    if (!visible(trace.id)) continue;
    const [start, stop] = within(trace, ground.x.domain);
    sum += STROKE_ITSELF + Math.max(0, stop - start) * (trace.exact ? 2 : 3);
  }
  return sum;
}

/** Paint one curve of a picture. The context is clipped by the caller. */
export function paintTrace(context: CanvasRenderingContext2D, trace: Trace, ground: Ground, style: Style): void {
  if (trace.n === 0) return;
  const masked = trace.masked || trace.mask !== null;
  if (masked && style.showMasked) paintMasked(context, trace, ground, style);
  if (trace.masked) return;
  const shape = new Shape(trace, ground, style);
  context.globalAlpha = style.opacity;
  if (style.errors !== "none") paintErrors(context, trace, shape, style);
  context.strokeStyle = style.colour;
  context.fillStyle = style.colour;
  context.lineWidth = style.width;
  context.lineJoin = "bevel";
  context.setLineDash(trace.exact ? [...style.dash] : []);
  context.beginPath();
  const shown = trace.mask === null ? () => true : (i: number) => trace.mask?.[i] === 0;
  if (!trace.exact) shape.columns(context);
  else if (style.mark === "points") shape.points(context, shown);
  else if (shape.steps) shape.stairs(context, shown);
  else shape.line(context, shown);
  if (trace.exact && style.mark === "points") context.fill();
  else context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function paintMasked(context: CanvasRenderingContext2D, trace: Trace, ground: Ground, style: Style): void {
  const shape = new Shape(trace, ground, style);
  context.globalAlpha = style.opacity * 0.6;
  context.strokeStyle = style.quiet;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.beginPath();
  if (!trace.exact) shape.columns(context);
  else if (style.mark === "points" || !shape.steps) shape.rings(context, (i) => trace.mask?.[i] !== 0);
  else shape.stairs(context, (i) => trace.mask?.[i] !== 0);
  context.stroke();
  context.globalAlpha = 1;
}

function paintErrors(context: CanvasRenderingContext2D, trace: Trace, shape: Shape, style: Style): void {
  if (trace.errorLow === null || trace.errorHigh === null) return;
  const asBand = style.errors === "band" || !trace.exact;
  context.beginPath();
  if (asBand) {
    context.fillStyle = faded(style.colour, 0.22);
    shape.band(context, trace.errorLow, trace.errorHigh);
    context.fill();
    return;
  }
  context.strokeStyle = faded(style.colour, 0.75);
  context.lineWidth = 1;
  context.setLineDash([]);
  shape.bars(context, trace.errorLow, trace.errorHigh);
  context.stroke();
}

/** A trace in pixels, without a copy of it. */
class Shape {
  readonly steps: boolean;
  private readonly u: Float64Array;
  private readonly ax: number;
  private readonly bx: number;
  private readonly ay: number;
  private readonly by: number;
  private readonly bottom: number;
  private readonly radius: number;
  private readonly from: number;
  private readonly to: number;

  constructor(
    private readonly trace: Trace,
    private readonly ground: Ground,
    style: Style,
  ) {
    const { x, y, area } = ground;
    this.steps = trace.x.length > trace.n;
    this.u = onScale(trace.x, x);
    [this.ax, this.bx] = [x.offset + style.shift.x, x.factor];
    [this.ay, this.by] = [y.offset + style.shift.y, y.factor];
    this.bottom = Math.max(...y.range) + Math.abs(style.shift.y) + 20;
    this.radius = style.width > 1.6 ? 3.2 : 2.4;
    // Only what is visible, and one more at each side so that lines leave the picture where they should.
    const low = Math.min(area.x, area.x + area.width) - Math.abs(style.shift.x);
    const ends = [(low - this.ax) / this.bx, (area.x + area.width + Math.abs(style.shift.x) - this.ax) / this.bx];
    this.from = Math.max(0, lowerBound(this.u, Math.min(...ends)) - 2);
    this.to = Math.min(trace.n, lowerBound(this.u, Math.max(...ends)) + 2);
  }

  private px(i: number): number {
    const at = this.ax + this.bx * this.u[i]!;
    return at > FAR ? FAR : Math.max(at, -FAR);
  }

  private middle(i: number): number {
    return this.steps ? (this.px(i) + this.px(i + 1)) / 2 : this.px(i);
  }

  /** The pixel of a transformed value; below everything for what a log axis cannot show; NaN for a gap. */
  private py(v: number): number {
    if (v === Number.NEGATIVE_INFINITY) return this.bottom;
    const at = this.ay + this.by * v;
    return at > FAR ? FAR : Math.max(at, -FAR);
  }

  private values(of: Float64Array): Float64Array {
    return onScale(of, this.ground.y);
  }

  stairs(context: CanvasRenderingContext2D, shown: (i: number) => boolean): void {
    const v = this.values(this.trace.y);
    let drawing = false;
    for (let i = this.from; i < this.to; i += 1) {
      const y = this.py(v[i]!);
      if (Number.isNaN(y) || !shown(i)) {
        drawing = false;
        continue;
      }
      const left = this.px(i);
      if (drawing) context.lineTo(left, y);
      else context.moveTo(left, y);
      context.lineTo(this.px(i + 1), y);
      drawing = true;
    }
  }

  line(context: CanvasRenderingContext2D, shown: (i: number) => boolean): void {
    const v = this.values(this.trace.y);
    let drawing = false;
    let single: number | null = null;
    for (let i = this.from; i < this.to; i += 1) {
      const y = this.py(v[i]!);
      if (Number.isNaN(y) || !shown(i)) {
        if (single !== null) this.dot(context, single, v);
        drawing = false;
        single = null;
        continue;
      }
      const x = this.middle(i);
      if (drawing) context.lineTo(x, y);
      else context.moveTo(x, y);
      single = drawing ? null : i;
      drawing = true;
    }
    if (single !== null) this.dot(context, single, v); // one value between gaps would be no line at all
  }

  private dot(context: CanvasRenderingContext2D, i: number, v: Float64Array): void {
    context.moveTo(this.middle(i) - 1, this.py(v[i]!));
    context.lineTo(this.middle(i) + 1, this.py(v[i]!));
  }

  points(context: CanvasRenderingContext2D, shown: (i: number) => boolean): void {
    const v = this.values(this.trace.y);
    const r = this.radius;
    const many = this.to - this.from > 600;
    for (let i = this.from; i < this.to; i += 1) {
      const y = this.py(v[i]!);
      if (!shown(i) || Number.isNaN(y) || v[i] === Number.NEGATIVE_INFINITY) continue;
      const x = this.middle(i);
      if (many) context.rect(x - 1.5, y - 1.5, 3, 3);
      else {
        context.moveTo(x + r, y);
        context.arc(x, y, r, 0, 2 * Math.PI);
      }
    }
  }

  /** Hollow points. */
  rings(context: CanvasRenderingContext2D, shown: (i: number) => boolean): void {
    this.points(context, shown);
  }

  bars(context: CanvasRenderingContext2D, low: Float64Array, high: Float64Array): void {
    const [l, h] = [this.values(low), this.values(high)];
    for (let i = this.from; i < this.to; i += 1) {
      const [bottom, top] = [this.py(l[i]!), this.py(h[i]!)];
      if (Number.isNaN(bottom) || Number.isNaN(top) || this.trace.mask?.[i]) continue;
      const x = this.middle(i);
      context.moveTo(x, bottom);
      context.lineTo(x, top);
    }
  }

  /** The area between two curves, piece by piece between gaps. */
  band(context: CanvasRenderingContext2D, low: Float64Array, high: Float64Array): void {
    const [l, h] = [this.values(low), this.values(high)];
    const good = (i: number): boolean => !Number.isNaN(l[i]!) && !Number.isNaN(h[i]!) && !this.trace.mask?.[i];
    for (let i = this.from; i < this.to; ) {
      if (!good(i)) {
        i += 1;
        continue;
      }
      const start = i;
      while (i < this.to && good(i)) i += 1;
      for (let k = start; k < i; k += 1) this.bandEnd(context, k, h, k === start);
      for (let k = i - 1; k >= start; k -= 1) this.bandEnd(context, k, l, false, true);
      context.closePath();
    }
  }

  private bandEnd(
    context: CanvasRenderingContext2D,
    k: number,
    v: Float64Array,
    first: boolean,
    backwards = false,
  ): void {
    const y = this.py(v[k]!);
    const xs = this.steps
      ? [this.px(k), this.px(k + 1)]
      : this.trace.exact
        ? [this.px(k)]
        : [this.px(k) - 0.5, this.px(k) + 0.5];
    if (backwards) xs.reverse();
    xs.forEach((x, i) => {
      if (first && i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
  }

  /**
   * Columns that hold many values: in from the first, over all between the smallest and the largest, out at the last. That
   * covers the pixels that a line through all values would.
   */
  columns(context: CanvasRenderingContext2D): void {
    const first = this.values(this.trace.y);
    const last = this.values(this.trace.last);
    const low = this.values(this.trace.low);
    const high = this.values(this.trace.high);
    let drawing = false;
    for (let i = this.from; i < this.to; i += 1) {
      const x = this.px(i);
      const [bottom, top] = [this.py(low[i]!), this.py(high[i]!)];
      if (Number.isNaN(bottom)) {
        drawing = false;
        continue;
      }
      const begin = this.py(first[i]!);
      const end = this.py(last[i]!);
      if (drawing && !Number.isNaN(begin)) context.lineTo(x, begin);
      else context.moveTo(x, Number.isNaN(begin) ? bottom : begin);
      if (bottom - top < 0.5) context.lineTo(x + 0.5, top);
      else {
        context.lineTo(x, bottom);
        context.lineTo(x, top);
      }
      drawing = !Number.isNaN(end);
      if (drawing) context.lineTo(x, end);
    }
  }
}
