// What `plot`'s Python side and its drawing tell each other.
import type { Interval, ScaleKind } from "../core/scales";
import type { AxisValues } from "../core/ticks";

export interface Unit {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
}

export interface Curve {
  readonly id: number;
  readonly name: string;
  readonly source: string;
  readonly mark: "steps" | "points" | "line";
  /** Its place in the palette. */
  readonly colour: number;
  readonly has_errors: boolean;
  /** How many of its bins are masked. */
  readonly masked: number;
  readonly size: number;
}

export interface Parameter {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly value?: number;
  readonly error?: number | null;
}

export interface FitModel {
  readonly id: string;
  readonly label: string;
  readonly backgrounds: readonly { readonly id: string; readonly label: string }[];
  readonly parameters: readonly Parameter[];
}

/** Where the data are, on both axes. */
export interface Extent {
  readonly x: Interval;
  readonly x_positive_min: number | null;
  readonly y: Interval;
  readonly y_positive_min: number | null;
}

/** What there is to plot. */
export interface Spec {
  readonly title: string;
  readonly note: string;
  readonly x: {
    readonly label: string;
    readonly unit: string;
    readonly units: readonly Unit[];
    readonly kind: AxisValues;
    readonly texts?: readonly string[];
  };
  readonly y: { readonly label: string; readonly unit: string };
  readonly curves: readonly Curve[];
  readonly full?: Extent;
  readonly fit_models?: readonly FitModel[];
  readonly normalisations?: readonly { readonly id: string; readonly label: string }[];
  readonly can: Readonly<Record<string, boolean>>;
}

export interface AxisView {
  readonly scale: ScaleKind;
  /** null: all of x; for y, whatever of the curves is visible. */
  readonly range: Interval | null;
  readonly unit?: string;
  /** Within ± this a symlog axis is linear. */
  readonly linear_below?: number | null;
}

export interface Fit {
  readonly curve: number;
  readonly model: string;
  readonly background: string;
  readonly range: Interval;
  readonly parameters: readonly Parameter[];
  readonly derived?: readonly Parameter[];
  readonly reduced_chi2?: number | null;
  /** Of which values it is a fit, see `valuesKey`. */
  readonly key?: string;
}

/** How it is looked at: all that is needed to draw the same picture again. */
export interface View {
  readonly x: AxisView;
  readonly y: AxisView;
  readonly errors: "none" | "bars" | "band";
  readonly divide_by_width: boolean;
  readonly normalise: string;
  readonly waterfall: { readonly x: number; readonly y: number };
  readonly hidden: readonly number[];
  readonly highlighted: number | null;
  readonly legend: "auto" | "hidden" | "shown";
  readonly selection: Interval | null;
  readonly grid: boolean;
  readonly masked: "shown" | "hidden";
  readonly colours: "auto" | "palette" | "gradient";
  readonly fits: readonly Fit[];
}

export const FIRST_VIEW: View = {
  x: { scale: "linear", range: null },
  y: { scale: "linear", range: null },
  errors: "none",
  divide_by_width: false,
  normalise: "none",
  waterfall: { x: 0, y: 0 },
  hidden: [],
  highlighted: null,
  legend: "auto",
  selection: null,
  grid: false,
  masked: "shown",
  colours: "auto",
  fits: [],
};

/** One curve of an answer, whose arrays are in the buffers, in the order of `parts`. */
export interface CurveContent {
  readonly id: number;
  readonly mode: "exact" | "envelope";
  readonly n: number;
  readonly bins_per_pixel: number;
  readonly base: number;
  /** These are the masked values of an envelope. */
  readonly masked?: boolean;
  readonly parts: readonly { readonly name: string; readonly dtype: string }[];
}

/** The answer to `window`. */
export interface WindowContent {
  readonly x: Interval;
  readonly pixels: number;
  readonly scale: { readonly kind: ScaleKind; readonly linear_below: number | null };
  readonly unit?: string;
  readonly x_label?: string;
  readonly y_label?: string;
  readonly y_unit?: string;
  readonly full?: Extent;
  /** Of which values it is, see `valuesKey`. */
  readonly key?: string;
  readonly curves: readonly CurveContent[];
}
