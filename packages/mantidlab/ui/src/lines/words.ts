// What the plot says in words: what a pixel stands for, and a summary for those who do not see it.
import { type Axis, axisTitle } from "../core/axes";
import { formatCount, formatNumber, formatTime, formatToStep } from "../core/numbers";
import type { Scale } from "../core/scales";
import { type Picture, within } from "./pictures";
import { density } from "./refiner";
import type { Spec, View } from "./schema";

/** How many bins or points of the densest visible curve fall on one CSS pixel, as it is drawn now; 0 with no picture. */
export function binsPerPixel(pictures: readonly Picture[], x: Scale, visible: (id: number) => boolean): number {
  const picture = pictures[pictures.length - 1];
  if (picture === undefined) return 0;
  let most = 0;
  for (const trace of [...picture.traces.values()].flat()) {
    if (!visible(trace.id)) continue;
    if (trace.exact) {
      const [start, stop] = within(trace, x.domain);
      most = Math.max(most, (stop - start) / Math.max(1, Math.abs(x.range[1] - x.range[0])));
    } else most = Math.max(most, trace.binsPerPixel * density(picture, x));
  }
  return most;
}

/** "1 px = 37 bins" */
export function truthWords(perPixel: number, spec: Spec, refining: boolean): string {
  if (perPixel === 0) return "";
  const things = spec.curves.some((curve) => curve.mark === "steps") ? "bins" : "points";
  const later = refining ? " · refining" : "";
  if (perPixel <= 1) return `every ${things === "bins" ? "bin" : "point"} is drawn${later}`;
  const count = perPixel < 10 ? perPixel.toFixed(1).replace(/\.0$/, "") : formatCount(perPixel);
  return `1 px = ${count} ${things}, from least to most${later}`;
}

const SCALES = { linear: "linear", log: "logarithmic", symlog: "symmetric logarithmic" } as const;

/** The plot in sentences. */
export function summary(spec: Spec, view: View, axes: { x: Axis; y: Axis }, visible: number): string {
  const names = spec.curves
    .filter((c) => !view.hidden.includes(c.id))
    .slice(0, 5)
    .map((c) => c.name);
  const others = visible > names.length ? ` and ${visible - names.length} more` : "";
  const curves = `${formatCount(visible)} ${visible === 1 ? "curve" : "curves"}: ${names.join(", ")}${others}.`;
  return [spec.title === "" ? "" : `${spec.title}.`, curves, axisWords("x", axes.x), axisWords("y", axes.y)]
    .filter(Boolean)
    .join(" ");
}

function axisWords(name: string, axis: Axis): string {
  const { scale } = axis;
  // Enough digits to tell the ends apart, and a thousandth of what is between them.
  const step = Math.abs(scale.domain[1] - scale.domain[0]) / 1000;
  const digits = (v: number): string => (scale.kind === "linear" ? formatToStep(v, step) : formatNumber(v));
  const [low, high] = scale.domain.map((v) => (axis.values === "time" ? formatTime(v) : digits(v)));
  const title = axisTitle(axis.label, axis.unit) || "values";
  return `The ${name} axis shows ${title}, ${SCALES[scale.kind]}, from ${low} to ${high}.`;
}
