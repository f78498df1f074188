// A picture as pixels, without a graphics card: what is drawn where WebGL 2 is not to be had, and what the shader must equal.

import { type Colouring, shareOf } from "./colouring";
import type { Lookup } from "./lookup";
import { INFINITE, MASKED, MINUS_INFINITE, NOTHING, PARTLY_MASKED, type Picture } from "./picture";

/** Everything that a layer of pixels is made from. */
export interface Layer {
  readonly picture: Picture;
  readonly columns: Lookup;
  /** From the lowest row of pixels up. */
  readonly rows: Lookup;
  /** Pixels by which the lookup of columns is moved, in each row of pixels further than in the one below, and at the lowest. */
  readonly shear: number;
  readonly shift: number;
}

export interface Look {
  readonly colouring: Colouring;
  /** 256 colours: red, green and blue in turn. */
  readonly table: Uint8Array;
  /** Of what is masked, and of what has no value; red, green, blue. */
  readonly masked: readonly [number, number, number];
  readonly nothing: readonly [number, number, number];
  readonly width: number;
  readonly height: number;
}

/** Width of the stripes over what is masked, in pixels. */
export const STRIPE = 4;

/** Draw a layer over what is there, row by row from the top. */
export function paint(pixels: Uint8ClampedArray, layer: Layer, look: Look): void {
  for (let up = 0; up < look.height; up += 1) {
    const offset = 4 * (look.height - 1 - up) * look.width;
    for (let px = 0; px < look.width; px += 1) {
      const colour = colourAt(layer, look, px, up);
      if (colour === null) continue;
      pixels.set(colour, offset + 4 * px);
      pixels[offset + 4 * px + 3] = 255;
    }
  }
}

/** The colour of one pixel; null beside the data. */
export function colourAt(layer: Layer, look: Look, px: number, up: number): readonly [number, number, number] | null {
  const column = Math.floor(px + 0.5 + layer.shear * (up + 0.5) + layer.shift);
  const [left, right] = [layer.columns[2 * column] ?? -1, layer.columns[2 * column + 1] ?? -1];
  const [low, high] = [layer.rows[2 * up] ?? -1, layer.rows[2 * up + 1] ?? -1];
  if (left < 0 || low < 0) return null;
  const found = joined(layer.picture, left, right, low, high);
  const stripe = (Math.floor((px + up) / STRIPE) & 1) === 1;
  if (found.value === null) {
    const masked = (found.flags & MASKED) !== 0;
    if (!masked) return look.nothing;
    return stripe ? look.masked : look.nothing;
  }
  if ((found.flags & PARTLY_MASKED) !== 0 && Math.floor((px + up) / STRIPE) % 3 === 0) return look.masked;
  const i = 3 * Math.round(255 * shareOf(found.value, look.colouring));
  return [look.table[i] ?? 0, look.table[i + 1] ?? 0, look.table[i + 2] ?? 0];
}

/** What several groups show together: their largest value, or their mean where means are shown. */
function joined(
  picture: Picture,
  left: number,
  right: number,
  low: number,
  high: number,
): { value: number | null; flags: number } {
  let [best, count, flags] = [0, 0, 0];
  for (let row = low; row <= high; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const place = row * picture.columns + column;
      const flag = picture.flags[place] ?? NOTHING;
      flags |= flag;
      if ((flag & (MASKED | NOTHING)) !== 0) continue;
      const value = numberAt(picture, place, flag);
      best = count === 0 ? value : picture.stands === "mean" ? best + value : Math.max(best, value);
      count += 1;
    }
  }
  if (count === 0) return { value: null, flags };
  return { value: picture.stands === "mean" ? best / count : best, flags };
}

function numberAt(picture: Picture, place: number, flag: number): number {
  if ((flag & INFINITE) !== 0) return Number.POSITIVE_INFINITY;
  if ((flag & MINUS_INFINITE) !== 0) return Number.NEGATIVE_INFINITY;
  return (picture.values[place] ?? 0) * picture.factor;
}
