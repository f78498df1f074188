// Draws a fitted function over its curve, and what it leaves over in a panel below that shares the x axis.
import { type Axis, drawAxes } from "../core/axes";
import type { Rect } from "../core/frame";
import { makeScale, padded } from "../core/scales";
import type { Theme } from "../core/theme";
import type { FittedLine } from "./fitting";
import type { Ground } from "./painter";

/** Height of the panel of residuals, without the room above it. */
export const RESIDUAL_HEIGHT = 108;
export const RESIDUAL_GAP = 14;

/** The function's line; the context is clipped by the caller. */
export function paintFit(
  context: CanvasRenderingContext2D,
  line: FittedLine,
  ground: Ground,
  theme: Theme,
  shift: { x: number; y: number },
): void {
  const { x, y } = ground;
  context.beginPath();
  let drawing = false;
  for (let i = 0; i < line.x.length; i += 1) {
    const [px, py] = [x.toPixel(line.x[i]!) + shift.x, y.toPixel(line.y[i]!) + shift.y];
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      drawing = false;
      continue;
    }
    if (drawing) context.lineTo(px, py);
    else context.moveTo(px, py);
    drawing = true;
  }
  // A rim of paper, so that the line is seen on any curve.
  context.setLineDash([]);
  context.strokeStyle = theme.paper;
  context.lineWidth = line.preview ? 3 : 4;
  context.stroke();
  context.setLineDash(line.preview ? [6, 4] : []);
  context.strokeStyle = theme.alarm;
  context.lineWidth = line.preview ? 1.4 : 2;
  context.stroke();
  context.setLineDash([]);
}

/** The residuals below `area`, with the labels of x; what is above has ticks alone. */
export function drawResiduals(
  context: CanvasRenderingContext2D,
  line: FittedLine,
  area: Rect,
  x: Axis,
  theme: Theme,
): void {
  if (line.residual === null) return;
  const below: Rect = { x: area.x, y: area.y + area.height + RESIDUAL_GAP, width: area.width, height: RESIDUAL_HEIGHT };
  let most = 0;
  for (const value of line.residual) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  const domain = padded("linear", [-(most || 1), most || 1], 0.1);
  const scale = makeScale("linear", domain, [below.y + below.height, below.y]);
  context.save();
  context.beginPath();
  context.rect(below.x, below.y, below.width, below.height);
  context.clip();
  context.strokeStyle = theme.quiet;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(below.x, scale.toPixel(0));
  context.lineTo(below.x + below.width, scale.toPixel(0));
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = theme.alarm;
  for (let i = 0; i < line.residual.length; i += 1) {
    const [px, py] = [x.scale.toPixel(line.x[i]!), scale.toPixel(line.residual[i]!)];
    if (Number.isFinite(px) && Number.isFinite(py)) context.fillRect(px - 1.5, py - 1.5, 3, 3);
  }
  context.restore();
  drawAxes(context, below, x, { scale, label: line.residualLabel, unit: "" }, theme);
}
