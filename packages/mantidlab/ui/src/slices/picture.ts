// A window of the plane as Python answers it: a value and a flag for each group of bins, and where the groups lie.

import type { Limits, Pair, Stands } from "./state";

/** Flags of a group, as Python's `picture.py` has them. */
export const MASKED = 1;
export const PARTLY_MASKED = 2;
export const NOTHING = 4;
export const INFINITE = 8;
export const MINUS_INFINITE = 16;

export interface Automatic {
  readonly minmax: Pair | null;
  readonly sigma: Pair | null;
  readonly percentile: Pair | null;
  readonly positive: number | null;
}

export interface Picture {
  /** Edges of the groups in the units of the axes, rising; one more than there are groups. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly columns: number;
  readonly rows: number;
  /** Row by row, the lowest first; times `factor`. */
  readonly values: Float32Array;
  readonly flags: Uint8Array;
  readonly factor: number;
  /** How many bins a group stands for, along x and y. */
  readonly bins: Pair;
  readonly extent: readonly [Pair, Pair];
  readonly limits: Automatic;
  readonly stands: Stands;
  /** For each dimension from where to where it is taken. */
  readonly at: readonly Pair[];
  /** What is odd, in words. */
  readonly said: string;
  /** Which plane it is of, as `planeOf` says. */
  readonly plane: string;
}

interface Content {
  readonly parts: readonly string[];
  readonly columns: number;
  readonly rows: number;
  readonly bins: Pair;
  readonly factor: number;
  readonly extent: readonly [Pair, Pair];
  readonly limits: Automatic;
  readonly stands: Stands;
  readonly at: readonly Pair[];
  readonly said: string;
  readonly cut: readonly unknown[];
}

/** The picture that an answer holds; null for one that holds none. */
export function pictureOf(content: Record<string, unknown>, buffers: readonly DataView[]): Picture | null {
  const told = content as unknown as Content;
  if (!Array.isArray(told.parts)) return null;
  const named = new Map(told.parts.map((name, i) => [name, buffers[i]]));
  const [x, y, values, flags] = ["x", "y", "values", "flags"].map((name) => named.get(name));
  if (x === undefined || y === undefined || values === undefined || flags === undefined) return null;
  return {
    ...told,
    plane: JSON.stringify(told.cut),
    x: doubles(x),
    y: doubles(y),
    values: new Float32Array(copied(values)),
    flags: new Uint8Array(copied(flags)),
  };
}

/** The first picture, which travels with the widget itself. */
export function firstPicture(first: Record<string, unknown> | undefined): Picture | null {
  const buffers = first?.buffers as Record<string, DataView> | undefined;
  if (first === undefined || buffers === undefined) return null;
  const parts = first.parts as readonly string[] | undefined;
  return parts === undefined
    ? null
    : pictureOf(
        first,
        parts.flatMap((name) => buffers[name] ?? []),
      );
}

export function doubles(view: DataView): Float64Array {
  return new Float64Array(copied(view));
}

// A copy begins at a multiple of its numbers' size, which a part of a message need not.
function copied(view: DataView): ArrayBuffer {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer;
}

/** The limits of the colours; always with the lower one first and apart, and above zero for a logarithmic scale. */
export function limitsOf(wanted: Limits, automatic: Automatic, logarithmic: boolean): Pair {
  let [low, high] = typeof wanted === "string" ? (automatic[wanted] ?? [0, 1]) : wanted;
  if (!(low < high)) [low, high] = [low - 0.5, low + 0.5];
  if (!logarithmic) return [low, high];
  if (high <= 0) return [0.1, 1];
  if (low <= 0) low = automatic.positive !== null && automatic.positive < high ? automatic.positive : high / 1e4;
  return [low, high];
}

/** The group that holds a position, −1 for none; edges rise. */
export function groupAt(edges: Float64Array, position: number): number {
  const last = edges.length - 1;
  if (last < 1 || !(position >= (edges[0] ?? 0)) || !(position <= (edges[last] ?? 0))) return -1;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= position) low = middle;
    else high = middle;
  }
  return low;
}

/** What the picture shows at a position: a value, a flag, or null beside it. */
export function shownAt(picture: Picture, x: number, y: number): { value: number; flags: number } | null {
  const [column, row] = [groupAt(picture.x, x), groupAt(picture.y, y)];
  if (column < 0 || row < 0) return null;
  const place = row * picture.columns + column;
  return { value: (picture.values[place] ?? Number.NaN) * picture.factor, flags: picture.flags[place] ?? NOTHING };
}
