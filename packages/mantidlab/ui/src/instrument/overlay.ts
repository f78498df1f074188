// What is painted over the picture of the detectors: axes and names of an unwrapped view, the signs of a solid one, regions.

import { drawAxes } from "../core/axes";
import type { Frame } from "../core/frame";
import type { Point } from "../core/gestures";
import type { Interval, Scale } from "../core/scales";
import { frameOf, seen } from "./eye";
import { INNER, outlines, strokeOutlines } from "./outlines";
import type { CameraState, Choice, Corner, Region, Spec, Triple } from "./state";

/** An unwrapped view as Python laid it out. */
export interface Layout {
  readonly projection: string;
  readonly labels: readonly [string, string];
  readonly units: readonly [string, string];
  readonly natural: number;
  readonly extent: readonly [Interval, Interval];
  readonly names: readonly { text: string; u: number; v: number }[];
  readonly uv: Float32Array;
  readonly half: Float32Array;
}

/** The pixels of an unwrapped view. */
export interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

/** The margins, the names of banks, and the axes of an unwrapped view. */
export function paintFlat(context: CanvasRenderingContext2D, frame: Frame, layout: Layout, found: Scales): void {
  const { x, y, width, height } = frame.area;
  context.fillStyle = frame.theme.paper;
  for (const [a, b, c, d] of [
    [0, 0, frame.width, y],
    [0, y + height, frame.width, frame.height],
    [0, y, x, height],
    [x + width, y, frame.width, height],
  ] as const) {
    context.fillRect(a, b, c, d);
  }
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  paintNames(context, frame, layout, found);
  context.restore();
  const axis = (scale: Scale, which: 0 | 1) => ({ scale, label: layout.labels[which], unit: layout.units[which] });
  drawAxes(context, frame.area, axis(found.x, 0), axis(found.y, 1), frame.theme);
}

function paintNames(context: CanvasRenderingContext2D, { theme }: Frame, layout: Layout, { x, y }: Scales): void {
  context.font = `11px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillStyle = theme.ink;
  let free = -Infinity;
  let line = NaN;
  for (const { text, u, v } of layout.names) {
    const [px, py] = [x.toPixel(u), y.toPixel(v)];
    const half = context.measureText(text).width / 2;
    if (py !== line) [free, line] = [-Infinity, py];
    if (px - half < free) continue;
    context.fillText(text, px, py - 2);
    free = px + half + 6;
  }
}

/** The sample, the source and the directions of the axes. */
export function paintSigns(
  context: CanvasRenderingContext2D,
  frame: Frame,
  spec: Spec,
  camera: CameraState,
  matrix: readonly number[],
): void {
  context.font = `12px ${frame.theme.font}`;
  const sign = (place: Triple, words: string): void => {
    const at = seen(place, matrix, frame);
    if (at === null) return;
    context.fillStyle = frame.theme.accent;
    context.strokeStyle = frame.theme.paper;
    context.lineWidth = 3;
    context.beginPath();
    context.arc(at.x, at.y, 4, 0, 2 * Math.PI);
    context.stroke();
    context.fill();
    context.textAlign = "left";
    context.textBaseline = "bottom";
    context.strokeText(words, at.x + 7, at.y - 4);
    context.fillStyle = frame.theme.ink;
    context.fillText(words, at.x + 7, at.y - 4);
  };
  sign([0, 0, 0], "sample");
  if (spec.source !== null) sign(spec.source, "source");
  paintAxes(context, frame, spec, camera);
}

function paintAxes(context: CanvasRenderingContext2D, { theme, height }: Frame, spec: Spec, camera: CameraState): void {
  const { right, above } = frameOf(camera);
  const [cx, cy, length] = [46, height - 46, 28];
  context.lineWidth = 2;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const [i, name] of ["x", "y", "z"].entries()) {
    const [dx, dy] = [right.getComponent(i) * length, -above.getComponent(i) * length];
    const beam = Math.abs(spec.beam[i] ?? 0) > 0.9;
    context.strokeStyle = beam ? theme.accent : theme.quiet;
    context.fillStyle = theme.ink;
    context.beginPath();
    context.moveTo(cx, cy);
    context.lineTo(cx + dx, cy + dy);
    context.stroke();
    const words = beam ? `${name} beam` : name;
    const [x, y] = [cx + dx * 1.35 + (beam ? 8 : 0), cy + dy * 1.35];
    context.strokeStyle = theme.paper; // detectors may be behind
    context.lineWidth = 3;
    context.strokeText(words, x, y);
    context.lineWidth = 2;
    context.fillText(words, x, y);
  }
}

/** How the view stands in which regions are painted. */
export interface Standing {
  readonly projection: string;
  readonly scales: Scales | null;
  readonly matrix: readonly number[] | null;
}

/** The regions that were chosen in this view. */
export function paintRegions(
  context: CanvasRenderingContext2D,
  frame: Frame,
  selection: readonly Choice[],
  standing: Standing,
): void {
  const { ink, paper } = frame.theme;
  for (const one of selection) {
    if (one.kind !== "region") continue;
    const place = placer(one, frame, standing);
    if (place !== null) strokeOutlines(context, outlines(one.shape, one.points, one.inner ?? INNER, place), ink, paper);
  }
}

/** What turns a region's points into pixels; null if it was drawn in another view. */
function placer(
  region: Region,
  { width, height }: Frame,
  standing: Standing,
): ((corner: Corner) => Point | null) | null {
  const { projection, scales, matrix } = standing;
  if (region.matrix !== undefined) {
    const same =
      matrix !== null &&
      region.matrix.every((number, i) => Math.abs(number - matrix[i]!) < 1e-6 * (1 + Math.abs(number)));
    return same ? ([x, y]) => ({ x: ((x + 1) / 2) * width, y: ((1 - y) / 2) * height }) : null;
  }
  if (scales === null || region.projection !== projection) return null;
  return ([u, v]) => ({ x: scales.x.toPixel(u), y: scales.y.toPixel(v) });
}
