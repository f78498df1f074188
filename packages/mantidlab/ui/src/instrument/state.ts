// What Python tells of an instrument, and the state of its view: the same words as `settings.py`.

import type { Interval, ScaleKind } from "../core/scales";
import type { Bytes } from "./arrays";

export type Triple = readonly [number, number, number];

export interface Unit {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
}

export interface Spec {
  readonly name: string;
  readonly title: string;
  readonly instrument: string;
  readonly count: number;
  readonly counted: number;
  readonly axis: {
    readonly label: string;
    readonly unit: string;
    readonly units: readonly Unit[];
    readonly native: string;
  };
  readonly value: { readonly label: string; readonly unit: string };
  readonly source: Triple | null;
  readonly beam: Triple;
  readonly up: Triple;
  /** From the middle of the instrument to the eye of the first view. */
  readonly towards: Triple;
  readonly bounds: readonly [Triple, Triple];
  /** Of the median detector, in metres, the shorter one first. */
  readonly sides: readonly [number, number];
  readonly banks: number;
  readonly tubes: boolean;
  readonly monitors: number;
  readonly masked: number;
  /** Up to so many detectors are drawn as what they are. */
  readonly near: number;
  readonly views: readonly string[];
  readonly notes: readonly string[];
}

export interface CameraState {
  readonly position: Triple;
  readonly target: Triple;
  readonly up: Triple;
  readonly perspective: boolean;
}

export type Level = "detector" | "tube" | "bank";
export type Shape = "rectangle" | "ellipse" | "ring" | "polygon";
export type Corner = readonly [number, number];

export interface Pick {
  readonly kind: "pick";
  readonly level: Level;
  readonly index: number;
}

export interface Region {
  readonly kind: "region";
  readonly shape: Shape;
  readonly points: readonly Corner[];
  readonly inner?: number;
  /** The unwrapped view on which it was drawn, or … */
  readonly projection?: string;
  /** … the camera through which it was seen. */
  readonly matrix?: readonly number[];
}

export interface Numbers {
  readonly kind: "ids";
  readonly ids: readonly number[];
}

export type Choice = Pick | Region | Numbers;

export interface View {
  readonly view: string;
  readonly range: Interval | null;
  readonly unit: string;
  readonly scale: ScaleKind;
  readonly limits: Interval | null;
  readonly colours: string;
  readonly monitors: boolean;
  readonly masked: boolean;
  readonly selection: readonly Choice[];
  readonly camera: CameraState;
  readonly box: readonly [Interval, Interval] | null;
  readonly aspect: number;
}

/** Sizes in metres, turns as (x, y, z, w), and kinds of the bodies of detectors. */
export interface BodyBytes {
  readonly sizes: Bytes;
  readonly rotations: Bytes;
  readonly kinds: Bytes;
}

/** What Python tells at first, so that a picture is there before it is asked again. */
export interface First {
  readonly places: Bytes;
  readonly flags: Bytes;
  readonly values: Bytes;
  readonly standouts: Bytes;
  readonly colours: Extremes;
  readonly summary: string;
  /** Of an instrument that is small enough, all bodies. */
  readonly near?: BodyBytes;
}

/** The extremes of what is shown; `positive` is the smallest above zero. */
export interface Extremes {
  readonly low: number;
  readonly high: number;
  readonly positive: number | null;
  readonly total: number;
}

/** Limits of the colours: those that were set, else those of the data, from zero up for counts. */
export function colourLimits(view: Pick2<View, "limits" | "scale">, extremes: Extremes): Interval {
  if (view.limits !== null) return view.limits;
  const { low, high, positive } = extremes;
  if (view.scale === "log")
    return positive === null ? [0.1, 1] : high > positive ? [positive, high] : [positive / 2, positive * 2];
  const from = Math.min(low, 0);
  return high > from ? [from, high] : [from, from + 1];
}

type Pick2<T, K extends keyof T> = { readonly [P in K]: T[P] };
