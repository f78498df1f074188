// Which curve and which of its bins or points is nearest to a place on the screen.
import type { Point } from "../core/gestures";
import type { Ground } from "./painter";
import { lowerBound, onScale, type Trace } from "./pictures";

export interface Hit {
  readonly trace: Trace;
  /** Of the bin, point or column in the trace's arrays. */
  readonly index: number;
  /** Values there: the middle of a bin; for a column, whichever of its smallest and largest is nearer. */
  readonly x: number;
  readonly y: number;
  /** Where that is on the screen, and how far off. */
  readonly at: Point;
  readonly distance: number;
}

/** How much a pixel to the side counts less than one up or down: people aim along x. */
const SIDEWAYS = 0.6;

/** The nearest of all traces within `reach` pixels to the side; `shift` says how far the waterfall moves a curve. */
export function nearest(
  traces: readonly Trace[],
  ground: Ground,
  at: Point,
  reach: number,
  shift: (id: number) => Point,
): Hit | null {
  let best: Hit | null = null;
  for (const trace of traces) {
    if (trace.masked) continue;
    const found = nearestOf(trace, ground, at, reach, shift(trace.id));
    if (found !== null && (best === null || found.distance < best.distance)) best = found;
  }
  return best;
}

function nearestOf(trace: Trace, ground: Ground, at: Point, reach: number, shift: Point): Hit | null {
  const { x } = ground;
  const u = onScale(trace.x, x);
  const edges = trace.x.length > trace.n;
  const toU = (pixel: number): number => (pixel - shift.x - x.offset) / x.factor;
  const [a, b] = [toU(at.x - reach), toU(at.x + reach)];
  const start = Math.max(0, lowerBound(u, Math.min(a, b)) - (edges ? 1 : 0));
  const stop = Math.min(trace.n, lowerBound(u, Math.max(a, b)) + (edges ? 0 : 1));
  let best: Hit | null = null;
  for (let i = start; i < stop; i += 1) {
    const left = x.offset + x.factor * u[i]! + shift.x;
    const right = edges ? x.offset + x.factor * u[i + 1]! + shift.x : left;
    const px = Math.min(Math.max(at.x, Math.min(left, right)), Math.max(left, right));
    const side = Math.abs(px - at.x);
    if (side > reach) continue;
    const column = place(trace, ground, i, at.y - shift.y);
    if (column === null) continue;
    const distance = Math.hypot(side * SIDEWAYS, column.off);
    if (best !== null && distance >= best.distance) continue;
    const value = edges ? (trace.x[i]! + trace.x[i + 1]!) / 2 : trace.x[i]!;
    best = {
      trace,
      index: i,
      x: value,
      y: column.value,
      at: { x: (left + right) / 2, y: column.pixel + shift.y },
      distance,
    };
  }
  return best;
}

/** The value of one bin, or the end of a column that is nearer to this height; null for a gap or what a log axis hides. */
function place(
  trace: Trace,
  ground: Ground,
  i: number,
  py: number,
): { value: number; pixel: number; off: number } | null {
  if (trace.mask?.[i]) return null;
  const [low, high] = [trace.low[i]!, trace.high[i]!];
  const [bottom, top] = [ground.y.toPixel(low), ground.y.toPixel(high)];
  if (Number.isNaN(top)) return null;
  if (Number.isNaN(bottom)) return { value: high, pixel: top, off: Math.abs(py - top) };
  const nearerTop = Math.abs(py - top) <= Math.abs(py - bottom);
  const inside = py >= Math.min(top, bottom) && py <= Math.max(top, bottom);
  const [value, pixel] = nearerTop ? [high, top] : [low, bottom];
  return { value, pixel, off: inside ? 0 : Math.abs(py - pixel) };
}

/** One bin, point or column of a trace, as if it were pointed at. */
export function at(trace: Trace, index: number, ground: Ground, shift: Point): Hit {
  const edges = trace.x.length > trace.n;
  const x = edges ? (trace.x[index]! + trace.x[index + 1]!) / 2 : trace.x[index]!;
  const y = trace.high[index]!;
  const place = { x: ground.x.toPixel(x) + shift.x, y: ground.y.toPixel(y) + shift.y };
  return { trace, index, x, y, at: place, distance: 0 };
}
