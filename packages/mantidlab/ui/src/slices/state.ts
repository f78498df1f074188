// What Python and the page share of a plot of slices: what there is (`Spec`) and how it is looked at (`View`).

import type { Interval, ScaleKind } from "../core/scales";

export interface Dimension {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  /** Bins. */
  readonly size: number;
  readonly extent: Interval;
  /** Of named positions; empty else. */
  readonly names: readonly string[];
  /** Whether each row has positions of its own. */
  readonly rows: boolean;
  /** Whether bin 0 is the one at the highest position. */
  readonly backward: boolean;
  /** The lowest edge above zero. */
  readonly positive: number | null;
}

export interface Spec {
  readonly version: number;
  readonly title: string;
  readonly note: string;
  readonly dims: readonly Dimension[];
  readonly label: string;
  readonly unit: string;
  readonly errors: boolean;
  readonly masked: boolean;
  readonly framework: string;
  /** Row i is the unit vector of dimension i in an orthogonal frame; null where all stand at right angles. */
  readonly directions: readonly (readonly number[])[] | null;
}

export type Pair = readonly [number, number];

export type Outline =
  | { readonly kind: "rectangle"; readonly x: Pair; readonly y: Pair }
  | { readonly kind: "ellipse"; readonly centre: Pair; readonly radii: Pair }
  | { readonly kind: "polygon"; readonly points: readonly Pair[] };

export type Region = Outline & {
  readonly name: string;
  /** The numbers of the dimensions that its x and y are positions of. */
  readonly dims: Pair;
};

export interface Line {
  readonly start: Pair;
  readonly end: Pair;
  readonly width: number;
  readonly dims: Pair;
}

export type Limits = "minmax" | "sigma" | "percentile" | Pair;
export type Stands = "max" | "mean" | "sum";
export type Mode = "pan" | "rectangle" | "ellipse" | "polygon" | "line";
export type Profiles = "none" | "cursor" | "region" | "line";

/** JSON: everything that is needed to draw the picture again. */
export interface View {
  readonly x: number;
  readonly y: number;
  /** For each dimension the bins [first, last) that are taken. */
  readonly at: readonly Pair[];
  readonly over: Stands;
  readonly stands: Stands;
  readonly range: { readonly x: Pair | null; readonly y: Pair | null };
  readonly scale: { readonly x: ScaleKind; readonly y: ScaleKind };
  readonly colour: { readonly scale: ScaleKind; readonly limits: Limits; readonly map: string };
  readonly aspect: "free" | "equal";
  readonly mode: Mode;
  readonly profiles: Profiles;
  /** A position that is held, in the units of the axes. */
  readonly cursor: Pair | null;
  readonly line: Line | null;
  readonly regions: readonly Region[];
  readonly selected: string | null;
}

/** The dimensions that are not drawn. */
export function hiddenDimensions(spec: Spec, view: View): number[] {
  return spec.dims.map((_, number) => number).filter((number) => number !== view.x && number !== view.y);
}

/** The view with x and y exchanged. */
export function transposed(view: View): View {
  return {
    ...view,
    x: view.y,
    y: view.x,
    range: { x: view.range.y, y: view.range.x },
    scale: { x: view.scale.y, y: view.scale.x },
    cursor: view.cursor === null ? null : [view.cursor[1], view.cursor[0]],
  };
}

/** The view with dimension `number` on one axis; what was there goes where that dimension was. */
export function withDimension(spec: Spec, view: View, axis: "x" | "y", number: number): View {
  const other = axis === "x" ? view.y : view.x;
  if (number === view[axis]) return view;
  if (number === other) return transposed(view);
  const left = view[axis];
  const at = view.at.map((bins, place): Pair => {
    const size = spec.dims[place]?.size ?? 1;
    if (place === number) return [0, size];
    return place === left ? [Math.floor(size / 2), Math.floor(size / 2) + 1] : bins;
  });
  return {
    ...view,
    [axis]: number,
    at,
    range: { ...view.range, [axis]: null },
    scale: { ...view.scale, [axis]: "linear" },
    cursor: null,
  };
}

/** Which plane: as Python tells it of a picture. */
export function planeOf(view: View): string {
  return JSON.stringify([view.x, view.y, view.at, view.over]);
}

/** Which plane and what of it: pictures that differ in it have nothing in common. */
export function planeKey(view: View): string {
  return JSON.stringify([view.x, view.y, view.at, view.over, view.stands, view.scale]);
}

/** Move or widen the bins taken of a hidden dimension, within it. */
export function withBins(spec: Spec, view: View, number: number, bins: Pair): View {
  const size = spec.dims[number]?.size ?? 1;
  const wide = Math.max(1, Math.min(size, Math.round(bins[1] - bins[0])));
  const first = Math.max(0, Math.min(size - wide, Math.round(bins[0])));
  return { ...view, at: view.at.map((before, place): Pair => (place === number ? [first, first + wide] : before)) };
}

/** The region with x and y exchanged where the axes are. */
export function onPlane(region: Region, view: View): Outline | null {
  const [x, y] = region.dims;
  if (x === view.x && y === view.y) return region;
  if (x !== view.y || y !== view.x) return null;
  switch (region.kind) {
    case "rectangle":
      return { kind: "rectangle", x: region.y, y: region.x };
    case "ellipse":
      return { kind: "ellipse", centre: turned(region.centre), radii: turned(region.radii) };
    case "polygon":
      return { kind: "polygon", points: region.points.map(turned) };
  }
}

/** The line as it lies on the plane that is drawn; null where it lies on another. */
export function lineOnPlane(view: View): Line | null {
  const { line } = view;
  if (line === null) return null;
  const [x, y] = line.dims;
  if (x === view.x && y === view.y) return line;
  return x === view.y && y === view.x
    ? { ...line, start: turned(line.start), end: turned(line.end), dims: [view.x, view.y] }
    : null;
}

export function turned([a, b]: Pair): Pair {
  return [b, a];
}

/** A name that no region has yet, as Python gives them. */
export function freeName(regions: readonly Region[]): string {
  for (let number = 1; ; number += 1) {
    const name = `region ${number}`;
    if (!regions.some((region) => region.name === name)) return name;
  }
}
