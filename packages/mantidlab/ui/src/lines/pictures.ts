// Pictures: what Python answered for one window, as arrays of values ready to be drawn on any scale.
import { type Interval, type Scale, type ScaleKind, transformOf } from "../core/scales";
import type { CurveContent, WindowContent } from "./schema";

/** One curve in one window; all arrays in units of the data. */
export interface Trace {
  readonly id: number;
  readonly exact: boolean;
  /** Every value of an envelope is masked. */
  readonly masked: boolean;
  /** Exact: n points or n + 1 edges. Envelope: the middle of each column that holds something. */
  readonly x: Float64Array;
  readonly n: number;
  readonly binsPerPixel: number;
  /** Exact: the values; envelope: the first of each column. */
  readonly y: Float64Array;
  readonly last: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Ends of error bars, where there are errors. */
  readonly errorLow: Float64Array | null;
  readonly errorHigh: Float64Array | null;
  readonly mask: Uint8Array | null;
}

export interface Picture {
  readonly x: Interval;
  readonly pixels: number;
  /** By the curve's id: one, or two where an envelope has masked values apart. */
  readonly traces: ReadonlyMap<number, readonly Trace[]>;
  readonly content: WindowContent;
  /** What the values are, beyond the window: unit, normalisation … Pictures of different keys show different things. */
  readonly key: string;
  /** Whether every value in the window is there, so that closer looks need no other picture. */
  readonly exact: boolean;
  /** Whether errors came with it. */
  readonly errors: boolean;
}

/** The picture in an answer to `window`. */
export function decode(content: WindowContent, buffers: readonly DataView[], key: string, errors: boolean): Picture {
  let at = 0;
  const traces = new Map<number, Trace[]>();
  for (const curve of content.curves) {
    const parts = buffers.slice(at, at + curve.parts.length);
    at += curve.parts.length;
    const others = traces.get(curve.id) ?? [];
    traces.set(curve.id, [...others, trace(curve, parts, content)]);
  }
  const exact = content.curves.every((curve) => curve.mode === "exact");
  return { x: content.x, pixels: content.pixels, traces, content, key, exact, errors };
}

function trace(curve: CurveContent, buffers: readonly DataView[], content: WindowContent): Trace {
  const raw = new Map<string, Numbers>();
  curve.parts.forEach((part, i) => {
    const buffer = buffers[i];
    if (buffer !== undefined) raw.set(part.name, numbers(buffer, part.dtype));
  });
  const above = (name: string): Float64Array | null => {
    const found = raw.get(name);
    return found === undefined ? null : shifted(found, curve.base);
  };
  const exact = curve.mode === "exact";
  const y = above(exact ? "y" : "first") ?? new Float64Array(0);
  const mask = raw.get("mask");
  return {
    id: curve.id,
    exact,
    masked: curve.masked === true,
    x: exact ? shifted(raw.get("x") ?? [], 0) : columnMiddles(raw.get("column") ?? [], content),
    n: y.length,
    binsPerPixel: curve.bins_per_pixel,
    y,
    last: exact ? y : (above("last") ?? y),
    low: exact ? y : (above("low") ?? y),
    high: exact ? y : (above("high") ?? y),
    errorLow: above(exact ? "low" : "error_low"),
    errorHigh: above(exact ? "high" : "error_high"),
    mask: mask instanceof Uint8Array && mask.some((m) => m !== 0) ? mask : null,
  };
}

type Numbers = Float64Array | Float32Array | Uint16Array | Uint8Array | readonly number[];

function numbers(view: DataView, dtype: string): Numbers {
  // Buffers of a message may begin anywhere; arrays of floats may not.
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  if (dtype === "float64") return new Float64Array(bytes);
  if (dtype === "float32") return new Float32Array(bytes);
  if (dtype === "uint16") return new Uint16Array(bytes);
  if (dtype === "uint8") return new Uint8Array(bytes);
  throw new Error(`Python sent numbers of type ${dtype}, which plots do not know.`);
}

function shifted(values: Numbers, base: number): Float64Array {
  const found = Float64Array.from(values as ArrayLike<number>);
  if (base !== 0) for (let i = 0; i < found.length; i += 1) found[i]! += base;
  return found;
}

function columnMiddles(columns: Numbers, content: WindowContent): Float64Array {
  const { forth, back } = transformOf(content.scale.kind, content.scale.linear_below ?? 1);
  const [low, high] = [forth(content.x[0]), forth(content.x[1])];
  const width = (high - low) / content.pixels;
  return Float64Array.from(columns as ArrayLike<number>, (column) => back(low + (column + 0.5) * width));
}

const transformed = new WeakMap<Float64Array, { readonly key: string; readonly values: Float64Array }>();

/**
 * f(value) of a scale for all values, kept until another scale asks. On log, what is at or below zero is −∞: it lies below
 * the picture, however far down one looks; a gap stays a gap.
 */
export function onScale(values: Float64Array, scale: Scale): Float64Array {
  if (scale.kind === "linear") return values;
  const key = `${scale.kind} ${scale.constant}`;
  const known = transformed.get(values);
  if (known?.key === key) return known.values;
  const made = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    made[i] = scale.kind === "log" && value <= 0 ? Number.NEGATIVE_INFINITY : scale.transform(value);
  }
  transformed.set(values, { key, values: made });
  return made;
}

/** Between which values the visible curves lie for x within `domain`; with error bars if they are shown. */
export function extentOfY(
  pictures: readonly Picture[],
  domain: Interval,
  visible: (id: number) => boolean,
  kind: ScaleKind,
  withErrors: boolean,
): Interval | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const picture of pictures) {
    for (const found of [...picture.traces.values()].flat()) {
      if (!visible(found.id) || found.masked) continue;
      const [start, stop] = within(found, domain);
      const lows = (withErrors ? found.errorLow : null) ?? found.low;
      const highs = (withErrors ? found.errorHigh : null) ?? found.high;
      for (let i = start; i < stop; i += 1) {
        if (found.mask?.[i]) continue;
        let [low, high] = [lows[i]!, highs[i]!];
        if (kind === "log") {
          // An error bar may reach to zero, or below; its value tells how far down to look.
          const value = found.low[i]!;
          if (!(low > 0)) low = value > 0 ? value : high;
          else if (value > 0) low = Math.max(low, value / 10);
          if (!(high > 0)) continue;
        }
        if (low < least && Number.isFinite(low)) least = low;
        if (high > most && Number.isFinite(high)) most = high;
      }
    }
  }
  return least <= most ? [least, most] : null;
}

/** Which values of a trace lie within the domain: from start to stop − 1. */
export function within(found: Trace, [a, b]: Interval): readonly [number, number] {
  const edges = found.x.length > found.n;
  const start = lowerBound(found.x, Math.min(a, b));
  const stop = lowerBound(found.x, Math.max(a, b));
  return edges ? [Math.max(0, start - 1), Math.min(found.n, stop)] : [start, Math.min(found.n, stop + 1)];
}

/** The first index whose value is not below; x rises. */
export function lowerBound(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
