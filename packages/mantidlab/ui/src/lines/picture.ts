// The plot as one PNG, legend included: what a notebook shows that has no kernel.
import { fitted } from "../core/axes";
import { pngOf } from "../core/snapshot";
import type { LinesPlot } from "./plot";

const SHARPNESS = 2;
const ROW = 18;
/** More curves than this do not fit beside a picture. */
const MOST_ROWS = 40;

/** The picture at twice its size on the screen; null before the first drawing. */
export function snapshot(plot: LinesPlot): Promise<Blob | null> {
  const { frame, spec, looks } = plot;
  if (frame.width === 0) return Promise.resolve(null);
  const names = spec.curves.filter((curve) => looks.visible(curve.id));
  const legend = names.length > 1 ? 190 : 0;
  const title = spec.title === "" ? 0 : 28;
  const canvas = document.createElement("canvas");
  canvas.width = (frame.width + legend) * SHARPNESS;
  canvas.height = (frame.height + title) * SHARPNESS;
  const context = canvas.getContext("2d");
  if (context === null) return Promise.resolve(null);
  context.scale(SHARPNESS, SHARPNESS);
  const { theme } = frame;
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, frame.width + legend, frame.height + title);
  context.fillStyle = theme.ink;
  context.textBaseline = "middle";
  context.font = `600 14px ${theme.font}`;
  context.fillText(fitted(context, spec.title, frame.width + legend - 24), 12, 15);
  context.save();
  context.translate(0, title);
  plot.drawOn(context);
  context.restore();
  context.font = `12px ${theme.font}`;
  names.slice(0, MOST_ROWS).forEach((curve, i) => {
    const y = title + frame.area.y + 8 + i * ROW;
    const x = frame.width + 4;
    context.strokeStyle = looks.colour(curve.id);
    context.lineWidth = 2;
    context.setLineDash([...looks.dash(curve.id)]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 22, y);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = theme.ink;
    const last = i === MOST_ROWS - 1 && names.length > MOST_ROWS;
    const words = last ? `and ${names.length - i} more` : curve.name;
    context.fillText(fitted(context, words, legend - 36), x + 28, y);
  });
  return pngOf(canvas);
}
