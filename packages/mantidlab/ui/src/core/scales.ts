// Scales: between values of data and pixels; linear, logarithmic, and symmetric logarithmic about zero.
//
// Each is an affine map of a transformed value, px = offset + factor·f(value). That keeps loops over many points short, and
// means that panning and zooming is an affine map of the picture whatever the kind of scale.

export type ScaleKind = "linear" | "log" | "symlog";
export type Interval = readonly [number, number];

export interface Scale {
  readonly kind: ScaleKind;
  /** Values at the two ends of the axis. */
  readonly domain: Interval;
  /** Pixels at the two ends of the axis. */
  readonly range: Interval;
  /** Symlog's constant; 1 for the others. */
  readonly constant: number;
  /** The transformed value f(v); NaN where the scale has none (0 and below on log). */
  transform(value: number): number;
  untransform(transformed: number): number;
  /** px = offset + factor·transform(value) */
  readonly offset: number;
  readonly factor: number;
  toPixel(value: number): number;
  toValue(pixel: number): number;
}

/** The constant of symlog: linear within ± this, logarithmic beyond. A thousandth of the largest value, as a power of ten. */
export function symlogConstant(domain: Interval): number {
  const largest = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  return largest > 0 && Number.isFinite(largest) ? 10 ** (Math.floor(Math.log10(largest)) - 3) : 1;
}

interface Transform {
  forth(value: number): number;
  back(transformed: number): number;
}

const LINEAR: Transform = { forth: (v) => v, back: (t) => t };
const LOG: Transform = { forth: (v) => (v > 0 ? Math.log10(v) : NaN), back: (t) => 10 ** t };

function symlog(constant: number): Transform {
  return {
    forth: (v) => Math.sign(v) * Math.log1p(Math.abs(v) / constant),
    back: (t) => Math.sign(t) * Math.expm1(Math.abs(t)) * constant,
  };
}

export function transformOf(kind: ScaleKind, constant = 1): Transform {
  return kind === "linear" ? LINEAR : kind === "log" ? LOG : symlog(constant);
}

/**
 * A scale over `domain` (values) and `range` (pixels). `constant` is symlog's; give the same one while panning and zooming,
 * or the picture creeps. A domain that the kind cannot show (zero on log) is mended with `usableDomain`.
 */
export function makeScale(kind: ScaleKind, domain: Interval, range: Interval, constant?: number): Scale {
  const usable = usableDomain(kind, domain);
  const within = kind === "symlog" ? (constant ?? symlogConstant(usable)) : 1;
  const { forth, back } = transformOf(kind, within);
  const [low, high] = [forth(usable[0]), forth(usable[1])];
  const factor = (range[1] - range[0]) / (high - low);
  const offset = range[0] - factor * low;
  return {
    kind,
    domain: usable,
    range,
    constant: within,
    transform: forth,
    untransform: back,
    offset,
    factor,
    toPixel: (value) => offset + factor * forth(value),
    toValue: (pixel) => back((pixel - offset) / factor),
  };
}

/** A domain which can be shown: finite, not empty, and above zero for log; `positiveLeast` is the least positive value, if known. */
export function usableDomain(kind: ScaleKind, domain: Interval, positiveLeast?: number): Interval {
  let [low, high] = domain;
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = kind === "log" ? [1, 10] : [0, 1];
  if (kind === "log") {
    const swapped = low > high;
    if (swapped) [low, high] = [high, low];
    if (high <= 0) [low, high] = [0.1, 1];
    if (low <= 0)
      low = positiveLeast !== undefined && positiveLeast > 0 && positiveLeast < high ? positiveLeast : high / 1e4;
    if (low === high) [low, high] = [low / 2, high * 2];
    return swapped ? [high, low] : [low, high];
  }
  if (low === high) {
    const room = low === 0 ? 1 : Math.abs(low) * 0.1;
    [low, high] = [low - room, high + room];
  }
  return [low, high];
}

/** The domain after dragging the picture by `pixels`. */
export function panned(scale: Scale, pixels: number): Interval {
  return limited(scale, [scale.toValue(scale.range[0] - pixels), scale.toValue(scale.range[1] - pixels)]);
}

/** The domain after magnifying by `factor` about the pixel `at`. */
export function zoomed(scale: Scale, at: number, factor: number): Interval {
  const end = (pixel: number): number => scale.toValue(at + (pixel - at) / factor);
  return limited(scale, [end(scale.range[0]), end(scale.range[1])]);
}

/** Stop where numbers do: no closer than double precision tells apart, no farther than it holds. */
function limited(scale: Scale, domain: Interval): Interval {
  const [low, high] = domain;
  const size = Math.max(Math.abs(low), Math.abs(high));
  const width = Math.abs(scale.transform(high) - scale.transform(low));
  const relative = scale.kind === "linear" ? width / (size || 1) : width;
  const sound = Number.isFinite(low) && Number.isFinite(high) && size < 1e300 && relative > 1e-12 && width > 0;
  return sound ? domain : scale.domain;
}

/** Widen by a share of its length at both ends, in the transformed space, so that nothing lies on the frame. */
export function padded(kind: ScaleKind, domain: Interval, share: number): Interval {
  const usable = usableDomain(kind, domain);
  const { forth, back } = transformOf(kind, symlogConstant(usable));
  const [low, high] = [forth(usable[0]), forth(usable[1])];
  const room = (high - low) * share;
  return [back(low - room), back(high + room)];
}
