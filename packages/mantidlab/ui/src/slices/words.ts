// What is said of a picture in words.

import { axisTitle } from "../core/axes";
import { formatCount, formatNumber, formatWithError } from "../core/numbers";
import type { Picture } from "./picture";
import { type Dimension, hiddenDimensions, type Pair, type Spec, type Stands, type View } from "./state";

const STANDS: Readonly<Record<Stands, string>> = { max: "largest", mean: "mean", sum: "sum" };
const OVER: Readonly<Record<Stands, string>> = { sum: "added up", mean: "averaged", max: "the largest of them" };

/** "1 px = 3 × 40 bins, largest is shown"; where a bin is as large as a pixel or larger, that every bin is drawn. */
export function truthWords(picture: Picture): string {
  const [x, y] = picture.bins;
  if (x * y === 0) return "";
  if (x * y === 1) return "every bin is drawn";
  const bins = x > 1 && y > 1 ? `${formatCount(x)} × ${formatCount(y)}` : formatCount(x * y);
  return `1 px = ${bins} bins, ${STANDS[picture.stands]}${picture.stands === "max" ? " is shown" : " shown"}`;
}

/** Where a dimension is cut: "68 200 µs", "5 000 to 6 000 µs, 12 bins added up". */
export function placeWords(dimension: Dimension, bins: Pair, positions: Pair | undefined, over: Stands): string {
  const count = bins[1] - bins[0];
  if (dimension.names.length > 0 && count === 1) return dimension.names[bins[0]] ?? "";
  const unit = dimension.unit === "" ? "" : ` ${dimension.unit}`;
  if (positions === undefined || dimension.rows) return count === 1 ? `bin ${bins[0]}` : `${count} bins ${OVER[over]}`;
  const [low, high] = positions;
  if (count === 1) return `${formatNumber((low + high) / 2, 6)}${unit}`;
  return `${formatNumber(low, 6)} to ${formatNumber(high, 6)}${unit}, ${formatCount(count)} bins ${OVER[over]}`;
}

/** The position of a bin: its name, or its middle, or its number. */
export function binWords(dimension: Dimension, edges: Pair, name: string): string {
  if (name !== "") return `${dimension.label} ${name}`;
  const unit = dimension.unit === "" ? "" : ` ${dimension.unit}`;
  return `${dimension.label} ${formatNumber((edges[0] + edges[1]) / 2, 7)}${unit}`;
}

export interface Bin {
  readonly x: Pair;
  readonly y: Pair;
  readonly names: readonly [string, string];
  readonly value: number | null;
  readonly said: string;
  readonly error: number | null;
  readonly masked: boolean;
}

/** A value with its error and unit, or why there is none. */
export function valueWords(bin: Bin, spec: Spec): string {
  const unit = spec.unit === "" ? "" : ` ${spec.unit}`;
  const value = bin.value === null ? bin.said : formatWithError(bin.value, bin.error);
  return `${value}${unit}${bin.masked ? ", masked" : ""}`;
}

/** The whole plot in sentences, for those who do not see it. */
export function summaryWords(spec: Spec, view: View, picture: Picture | null, ranges: { x: Pair; y: Pair }): string {
  const [x, y] = [spec.dims[view.x], spec.dims[view.y]];
  if (x === undefined || y === undefined) return spec.title;
  const told = [
    `Colour map of ${spec.title}: ${axisTitle(spec.label || "values", spec.unit)} over ` +
      `${x.label} from ${rangeWords(x, ranges.x)} and ${y.label} from ${rangeWords(y, ranges.y)}.`,
  ];
  for (const number of hiddenDimensions(spec, view)) {
    const [dimension, bins] = [spec.dims[number], view.at[number]];
    if (dimension === undefined || bins === undefined) continue;
    told.push(`${dimension.label}: ${placeWords(dimension, bins, picture?.at[number], view.over)}.`);
  }
  if (picture !== null) {
    const limits = picture.limits.minmax;
    if (limits !== null) told.push(`Values from ${formatNumber(limits[0])} to ${formatNumber(limits[1])}.`);
    const truth = truthWords(picture);
    if (truth !== "") told.push(`${truth.charAt(0).toUpperCase()}${truth.slice(1)}.`);
    if (picture.said !== "") told.push(`${picture.said}.`);
  }
  if (view.regions.length > 0) told.push(`Regions: ${view.regions.map((region) => region.name).join(", ")}.`);
  return told.join(" ");
}

function rangeWords(dimension: Dimension, [low, high]: Pair): string {
  const unit = dimension.unit === "" ? "" : ` ${dimension.unit}`;
  return `${formatNumber(low)} to ${formatNumber(high)}${unit}`;
}
