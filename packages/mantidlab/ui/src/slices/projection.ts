// From positions to pixels and back: two scales, and for axes that do not stand at right angles a shear.
//
// On "paper" x runs to the right and y upwards. Where the axes stand at another angle, the direction of y on paper is
// (c, s): a position (u, v) lies at (u + c·v, s·v). View ranges are those of the paper, so for axes at right angles they
// are positions.

import type { Rect } from "../core/frame";
import type { Point } from "../core/gestures";
import { type Interval, makeScale, type Scale } from "../core/scales";
import type { Pair, Spec, View } from "./state";

/** Where the unit vector of y points on paper. */
export type Skew = readonly [number, number];

export const UPRIGHT: Skew = [0, 1];

/** The direction of the y axis on paper, from the directions of all axes. */
export function skewOf(spec: Spec, view: View): Skew {
  const [x, y] = [spec.directions?.[view.x], spec.directions?.[view.y]];
  if (x === undefined || y === undefined) return UPRIGHT;
  const cosine = x.reduce((sum, part, i) => sum + part * (y[i] ?? 0), 0);
  if (Math.abs(cosine) < 1e-6 || Math.abs(cosine) > 1 - 1e-6) return UPRIGHT;
  return [cosine, Math.sqrt(1 - cosine * cosine)];
}

function onPaper([c, s]: Skew, u: number, v: number): Pair {
  return [u + c * v, s * v];
}

function offPaper([c, s]: Skew, X: number, Y: number): Pair {
  const v = Y / s;
  return [X - c * v, v];
}

/** The smallest range of paper around ranges of positions. */
export function paperAround(skew: Skew, x: Interval, y: Interval): { x: Pair; y: Pair } {
  const corners = x.flatMap((u) => y.map((v) => onPaper(skew, u, v)));
  const span = (at: 0 | 1): Pair => [Math.min(...corners.map((p) => p[at])), Math.max(...corners.map((p) => p[at]))];
  return { x: span(0), y: span(1) };
}

/** The smallest ranges of positions around a range of paper. */
export function positionsAround(skew: Skew, x: Interval, y: Interval): { x: Pair; y: Pair } {
  const corners = x.flatMap((X) => y.map((Y) => offPaper(skew, X, Y)));
  const span = (at: 0 | 1): Pair => [Math.min(...corners.map((p) => p[at])), Math.max(...corners.map((p) => p[at]))];
  return { x: span(0), y: span(1) };
}

/** The ranges that have the same number of pixels for one unit along x and y: the narrower one is widened. */
export function equalised(x: Interval, y: Interval, area: Rect): { x: Pair; y: Pair } {
  const perPixel = Math.max((x[1] - x[0]) / area.width, (y[1] - y[0]) / area.height);
  const around = ([low, high]: Interval, pixels: number): Pair => {
    const half = (perPixel * pixels) / 2;
    const middle = (low + high) / 2;
    return [middle - half, middle + half];
  };
  return { x: around(x, area.width), y: around(y, area.height) };
}

export class Projection {
  constructor(
    /** Of paper: for axes at right angles, of positions. */
    readonly x: Scale,
    readonly y: Scale,
    readonly skew: Skew,
    readonly area: Rect,
  ) {}

  get upright(): boolean {
    return this.skew[0] === 0;
  }

  toScreen(u: number, v: number): Point {
    const [X, Y] = onPaper(this.skew, u, v);
    return { x: this.x.toPixel(X), y: this.y.toPixel(Y) };
  }

  toPosition(at: Point): Pair {
    return offPaper(this.skew, this.x.toValue(at.x), this.y.toValue(at.y));
  }

  /** The ranges of positions that are in sight. */
  positions(): { x: Pair; y: Pair } {
    return positionsAround(this.skew, this.x.domain, this.y.domain);
  }

  /** The scale of x along the bottom of the area, and that of y along its left side. */
  bottom(): Scale {
    if (this.upright) return this.x;
    const shift = (this.skew[0] * this.y.domain[0]) / this.skew[1];
    return makeScale("linear", [this.x.domain[0] - shift, this.x.domain[1] - shift], this.x.range);
  }

  left(): Scale {
    if (this.upright) return this.y;
    return makeScale("linear", [this.y.domain[0] / this.skew[1], this.y.domain[1] / this.skew[1]], this.y.range);
  }
}
