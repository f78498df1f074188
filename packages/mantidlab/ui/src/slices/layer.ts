// A picture as it is seen through a projection: which groups each line of pixels shows.

import { lookup } from "./lookup";
import type { Layer } from "./painting";
import type { Picture } from "./picture";
import type { Projection } from "./projection";

/** Which groups each line of pixels shows, for a picture seen through a projection. */
export function layerOf(
  picture: Picture,
  projection: Projection,
  size: { width: number; height: number },
  ratio: number,
): Layer {
  const { area, x, y, skew } = projection;
  const [c, s] = skew;
  const across = (u: number): number => (x.toPixel(u) - area.x) * ratio;
  const up = (v: number): number => (area.y + area.height - y.toPixel(s * v)) * ratio;
  const rows = lookup(picture.y, size.height, up);
  if (projection.upright) {
    return { picture, columns: lookup(picture.x, size.width, across), rows, shear: 0, shift: 0 };
  }
  // The lookup is that of v = 0; a row at another v lies c·v further to the right.
  const [perX, perY] = [Math.abs(x.factor) * ratio, Math.abs(y.factor) * ratio];
  const shear = (-c * perX) / (s * perY);
  const atBottom = (-c * perX * y.domain[0]) / s;
  const ends = [
    atBottom,
    atBottom + size.width,
    atBottom + shear * size.height,
    atBottom + shear * size.height + size.width,
  ];
  const base = Math.floor(Math.min(...ends)) - 1;
  const length = Math.min(16384, Math.ceil(Math.max(...ends)) - base + 2);
  return { picture, columns: lookup(picture.x, length, (u) => across(u) - base), rows, shear, shift: atBottom - base };
}
