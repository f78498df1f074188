// Views: what panning, zooming and the axes' dialogs make of one; pure functions from view to view.
import { type Interval, padded, type Scale, type ScaleKind, symlogConstant, usableDomain } from "../core/scales";
import { type AxisView, type Extent, FIRST_VIEW, type View } from "./schema";

/** A view as Python sent it, with what is missing filled in. */
export function complete(view: Partial<View> | null | undefined): View {
  const given = view ?? {};
  return { ...FIRST_VIEW, ...given, x: { ...FIRST_VIEW.x, ...given.x }, y: { ...FIRST_VIEW.y, ...given.y } };
}

/** The view with another range or scale on one axis. */
export function withAxis(view: View, axis: "x" | "y", change: Partial<AxisView>): View {
  return { ...view, [axis]: { ...view[axis], ...change } };
}

/** Another kind of scale; a range it cannot show becomes "all", and symlog gets its constant. */
export function withScale(view: View, axis: "x" | "y", kind: ScaleKind, shown: Interval): View {
  const { range } = view[axis];
  const usable = kind !== "log" || range === null || Math.min(...range) > 0;
  const below = kind === "symlog" ? symlogConstant(shown) : null;
  return withAxis(view, axis, { scale: kind, range: usable ? range : null, linear_below: below });
}

/** All of the data again, on both axes. */
export function reset(view: View): View {
  return withAxis(withAxis(view, "x", { range: null }), "y", { range: null });
}

/** The values at the two ends of x; with some room at both where there are points, which would be cut by the frame. */
export function domainOfX(view: View, full: Extent, points = false): Interval {
  const { scale, range } = view.x;
  if (range !== null) return usableDomain(scale, range);
  const all = usableDomain(scale, full.x, full.x_positive_min ?? undefined);
  return points ? padded(scale, all, 0.02) : all;
}

/** The values at the two ends of y, where the visible curves lie within `seen`. */
export function domainOfY(view: View, seen: Interval | null, headroom: Interval): Interval {
  const { scale, range } = view.y;
  if (range !== null) return usableDomain(scale, range);
  if (seen === null) return scale === "log" ? [1, 10] : [0, 1];
  const [low, high] = usableDomain(scale, seen);
  // Counts stand on their axis; what comes near to zero is shown with zero.
  const stands = scale === "linear" && seen[0] >= 0 && seen[0] < 0.35 * seen[1];
  const [below, above] = padded(scale, [low, high], 0.05);
  return withHeadroom(scale, [stands ? 0 : below, above], headroom);
}

/** Room for the waterfall's shift: shares of the height below and above. */
function withHeadroom(kind: ScaleKind, domain: Interval, [below, above]: Interval): Interval {
  if (below === 0 && above === 0) return domain;
  const share = Math.max(0.1, 1 - below - above);
  const usable = usableDomain(kind, domain);
  if (kind !== "linear") return padded(kind, usable, (1 / share - 1) / 2);
  const height = (usable[1] - usable[0]) / share;
  return [usable[0] - below * height, usable[1] + above * height];
}

/** What of a view is remembered for undo: the look, not what is selected or highlighted. */
export function remembered(view: View): View {
  return { ...view, highlighted: null, selection: null, legend: "auto", fits: [] };
}

/** A remembered view, with what is not remembered left as it is. */
export function recalled(past: View, present: View): View {
  const { highlighted, selection, legend, fits } = present;
  return { ...past, highlighted, selection, legend, fits };
}

/** Whether two views ask Python for the same values, so that a picture for one can be shown for the other. */
export function valuesKey(view: View): string {
  return JSON.stringify([view.x.unit ?? "", view.divide_by_width, view.normalise]);
}

/** The part of a domain where there are data; the domain itself where there are none. */
export function withData([low, high]: Interval, [first, last]: Interval): Interval {
  const [a, b] = [Math.max(Math.min(low, high), first), Math.min(Math.max(low, high), last)];
  return a < b ? [a, b] : [low, high];
}

/** Whether `inner` lies within `outer` on a scale, to within rounding. */
export function covers(outer: Interval, inner: Interval, scale: Scale): boolean {
  const [a, b] = outer.map((v) => scale.toPixel(v)) as unknown as Interval;
  const [c, d] = inner.map((v) => scale.toPixel(v)) as unknown as Interval;
  return Math.min(a, b) <= Math.min(c, d) + 0.5 && Math.max(a, b) >= Math.max(c, d) - 0.5;
}
