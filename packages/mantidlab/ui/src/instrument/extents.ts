// How large an instrument is, and how much of it a view shows at first.

import type { Rect } from "../core/frame";
import type { Interval } from "../core/scales";
import type { Spec, Triple } from "./state";

/** How far from the middle of the instrument anything lies, in metres. */
export function reachOf({ bounds, source }: Spec): number {
  const [low, high] = bounds;
  const size = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 2;
  const away = Math.hypot(...([0, 1, 2] as const).map((i) => (low[i] + high[i]) / 2));
  return Math.max(0.05, size + away + (source === null ? 0 : Math.min(Math.hypot(...source), 3 * (size + away))));
}

/** The beam: from the source (or before the sample) to the sample, and some way on; and a cross at the sample. */
export function beamOf({ source, beam, bounds }: Spec, reach: number): Triple[] {
  const from = source ?? (beam.map((part) => -part * reach * 0.5) as unknown as Triple);
  const size = Math.max(...([0, 1, 2] as const).map((i) => bounds[1][i] - bounds[0][i]));
  const on = beam.map((part) => part * size * 0.6) as unknown as Triple;
  return [from, [0, 0, 0], [0, 0, 0], on];
}

/** The box around an extent with some room, widened so that it looks as the instrument does. */
export function fitted(extent: readonly [Interval, Interval], natural: number, area: Rect): [Interval, Interval] {
  const grown = extent.map(([low, high]) => {
    const room = 0.04 * (high - low || 1);
    return [low - room, high + room] as const;
  });
  const [u, v] = [grown[0]!, grown[1]!];
  const [wide, high] = [u[1] - u[0], (v[1] - v[0]) * natural];
  const wanted = area.width / area.height;
  const stretch = (interval: Interval, factor: number): Interval => {
    const middle = (interval[0] + interval[1]) / 2;
    const half = ((interval[1] - interval[0]) / 2) * factor;
    return [middle - half, middle + half];
  };
  const ratio = wide / high / wanted;
  // An instrument that is a hundred times as wide as high would be a line: then it is stretched.
  if (ratio > 6 || ratio < 1 / 6) return [u, v];
  return ratio > 1 ? [u, stretch(v, ratio)] : [stretch(u, 1 / ratio), v];
}
