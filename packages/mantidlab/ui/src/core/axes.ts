// Axes on a canvas: frame, ticks on the inside as journals have them, labels with units, and the grid if wanted.

import type { Rect } from "./frame";
import type { Interval, Scale } from "./scales";
import type { Theme } from "./theme";
import { type AxisValues, makeTicks, type Ticks } from "./ticks";

export interface Axis {
  readonly scale: Scale;
  readonly label: string;
  /** As it is to be shown: "µs", "Å⁻¹"; empty for none. */
  readonly unit: string;
  readonly values?: AxisValues;
  readonly texts?: readonly string[];
}

export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const TICK_FONT = 12;
export const LABEL_FONT = 13;
const LEAST_FONT = 10;
const X_SPACING = 88;
const Y_SPACING = 46;
/** In a low panel, or it would have one number alone. */
const Y_SPACING_LOW = 26;
const LOW_PANEL = 160;

export function xTicks(axis: Axis): Ticks {
  return makeTicks(axis.scale, X_SPACING, axis.values, axis.texts);
}

export function yTicks(axis: Axis): Ticks {
  const height = Math.abs(axis.scale.range[1] - axis.scale.range[0]);
  return makeTicks(axis.scale, height < LOW_PANEL ? Y_SPACING_LOW : Y_SPACING, axis.values, axis.texts);
}

/** "Time of flight (µs)" */
export function axisTitle(label: string, unit: string): string {
  if (unit === "" || unit === "dimensionless" || unit === "1") return label;
  return label === "" ? unit : `${label} (${unit})`;
}

/**
 * The margins that these axes need. The left one grows in steps, and never shrinks below `before`, so that the picture does
 * not jump sideways while a finger moves it.
 */
export function axisMargins(
  context: CanvasRenderingContext2D,
  theme: Theme,
  y: Axis,
  width: number,
  before?: Margins,
): Margins {
  context.font = `${TICK_FONT}px ${theme.font}`;
  const widest = Math.max(...yTicks(y).ticks.map((tick) => context.measureText(tick.label).width), 20);
  const left = Math.ceil((widest + 10 + LABEL_FONT + 14) / 8) * 8;
  return { left: Math.max(left, before?.left ?? 0, width < 420 ? 44 : 52), right: 24, top: 18, bottom: 50 };
}

/**
 * Draw the frame, ticks and labels around `area`; the curves are drawn before, clipped to the area. Without `xWords` the x axis
 * has ticks alone: another panel below has its words.
 */
export function drawAxes(
  context: CanvasRenderingContext2D,
  area: Rect,
  x: Axis,
  y: Axis,
  theme: Theme,
  xWords = true,
): void {
  context.save();
  context.lineWidth = 1;
  context.strokeStyle = theme.ink;
  context.fillStyle = theme.ink;
  context.strokeRect(area.x + 0.5, area.y + 0.5, area.width - 1, area.height - 1);
  drawX(context, area, x, theme, xWords);
  drawY(context, area, y, theme);
  context.restore();
}

function drawX(context: CanvasRenderingContext2D, area: Rect, axis: Axis, theme: Theme, words: boolean): void {
  const found = xTicks(axis);
  const bottom = area.y + area.height;
  context.font = `${TICK_FONT}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.beginPath();
  let free = -Infinity;
  for (const tick of inOrder(found, axis.scale)) {
    const exact = axis.scale.toPixel(tick.value);
    if (!within(exact, [area.x, area.x + area.width])) continue;
    const px = onPixel(exact, area.x + area.width);
    const length = tick.major ? 6 : 3;
    context.moveTo(px, bottom - 1);
    context.lineTo(px, bottom - 1 - length);
    context.moveTo(px, area.y + 1);
    context.lineTo(px, area.y + 1 + length);
    const half = context.measureText(tick.label).width / 2;
    if (words && tick.label !== "" && px - half > free) {
      context.fillText(tick.label, px, bottom + 6);
      free = px + half + 8;
    }
  }
  context.stroke();
  if (!words) return;
  if (found.multiplier !== "") {
    context.textAlign = "right";
    context.fillText(found.multiplier, area.x + area.width, bottom + 24);
  }
  context.font = `${LABEL_FONT}px ${theme.font}`;
  context.textAlign = "center";
  context.fillText(
    fitted(context, axisTitle(axis.label, axis.unit), area.width - 60),
    area.x + area.width / 2,
    bottom + 25,
  );
}

function drawY(context: CanvasRenderingContext2D, area: Rect, axis: Axis, theme: Theme): void {
  const found = yTicks(axis);
  const right = area.x + area.width;
  context.font = `${TICK_FONT}px ${theme.font}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.beginPath();
  let widest = 0;
  for (const tick of found.ticks) {
    const exact = axis.scale.toPixel(tick.value);
    if (!within(exact, [area.y, area.y + area.height])) continue;
    const py = onPixel(exact, area.y + area.height);
    const length = tick.major ? 6 : 3;
    context.moveTo(area.x + 1, py);
    context.lineTo(area.x + 1 + length, py);
    context.moveTo(right - 1, py);
    context.lineTo(right - 1 - length, py);
    if (tick.label === "") continue;
    context.fillText(tick.label, area.x - 6, py);
    widest = Math.max(widest, context.measureText(tick.label).width);
  }
  context.stroke();
  if (found.multiplier !== "") {
    context.textAlign = "left";
    context.textBaseline = "bottom";
    context.fillText(found.multiplier, area.x, area.y - 3);
  }
  const title = axisTitle(axis.label, axis.unit);
  context.font = `${LABEL_FONT}px ${theme.font}`;
  // Smaller before it is cut, in a low panel.
  const size =
    LABEL_FONT * Math.min(1, Math.max(LEAST_FONT / LABEL_FONT, area.height / context.measureText(title).width));
  context.font = `${size}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  // Beside the numbers, not at the edge: the eye need not travel.
  context.translate(Math.max(2, area.x - 6 - widest - 8 - LABEL_FONT), area.y + area.height / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(fitted(context, title, area.height), 0, 0);
}

/** Lines at the major ticks, below the curves. */
export function drawGrid(context: CanvasRenderingContext2D, area: Rect, x: Axis, y: Axis, theme: Theme): void {
  context.save();
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.beginPath();
  for (const tick of xTicks(x).ticks) {
    if (!tick.major) continue;
    const px = Math.round(x.scale.toPixel(tick.value)) + 0.5;
    context.moveTo(px, area.y);
    context.lineTo(px, area.y + area.height);
  }
  for (const tick of yTicks(y).ticks) {
    if (!tick.major) continue;
    const py = Math.round(y.scale.toPixel(tick.value)) + 0.5;
    context.moveTo(area.x, py);
    context.lineTo(area.x + area.width, py);
  }
  context.stroke();
  context.restore();
}

function inOrder(found: Ticks, scale: Scale): Ticks["ticks"] {
  const direction = Math.sign(scale.factor) || 1;
  // Labels of major ticks come first, so that a minor one never takes their place.
  const labelled = [...found.ticks].sort((a, b) => direction * (a.value - b.value));
  return labelled;
}

/** The middle of a pixel, so that a line of one is sharp; not beyond the frame. */
function onPixel(at: number, end: number): number {
  return Math.min(Math.round(at), end - 1) + 0.5;
}

function within(pixel: number, [low, high]: Interval): boolean {
  return pixel >= low - 0.5 && pixel <= high + 0.5;
}

/** The text, shortened with an ellipsis where it does not fit. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let kept = text;
  while (kept.length > 1 && context.measureText(`${kept}…`).width > width) kept = kept.slice(0, -1);
  return `${kept}…`;
}
