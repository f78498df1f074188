// Which groups of bins a line of pixels shows. Every group is shown by one pixel at least, however small it has become.

/** For each pixel the first and last group, in turn; −1 for a pixel beside the data. */
export type Lookup = Int16Array;

/**
 * The lookup for `pixels` pixels.
 *
 * `place` says where an edge lies, in pixels from the first one, rising with the edges. A pixel shows the groups that hold
 * its middle; a group so narrow that it holds no pixel's middle is shown besides by the pixel that its own middle is in. So
 * a hot bin stays in sight while a picture is shrunk, until one with other groups comes.
 */
export function lookup(edges: Float64Array, pixels: number, place: (edge: number) => number): Lookup {
  const found = new Int16Array(2 * pixels).fill(-1);
  const include = (pixel: number, group: number): void => {
    if (pixel < 0 || pixel >= pixels) return;
    if ((found[2 * pixel] ?? -1) < 0) found[2 * pixel] = group;
    found[2 * pixel + 1] = group;
  };
  let from = place(edges[0] ?? 0);
  for (let group = 0; group + 1 < edges.length; group += 1) {
    const to = place(edges[group + 1] ?? 0);
    const [first, last] = [Math.max(0, Math.ceil(from - 0.5)), Math.min(pixels, Math.ceil(to - 0.5))];
    for (let pixel = first; pixel < last; pixel += 1) include(pixel, group);
    if (Math.ceil(to - 0.5) <= Math.ceil(from - 0.5)) include(Math.floor((from + to) / 2), group);
    from = Number.isFinite(to) ? to : from;
  }
  return found;
}
