// The picture with everything that belongs to it, for those who have no kernel.

import { pngOf } from "../core/snapshot";
import { drawOver, drawPicture } from "./canvas";
import type { SlicesPlot } from "./plot";

const SHARPNESS = 2;
const TITLE = 30;
const BAR = 92;

/** A PNG of the current view at twice the size; null while there is no picture. */
export function snapshot(plot: SlicesPlot): Promise<Blob | null> {
  const { frame } = plot;
  const scene = plot.scene();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (scene.layers.length === 0 || context === null) return Promise.resolve(null);
  const picture = document.createElement("canvas");
  for (const one of [canvas, picture]) {
    one.width = Math.round(frame.width * SHARPNESS);
    one.height = Math.round(frame.height * SHARPNESS);
  }
  canvas.height += TITLE * SHARPNESS;
  context.scale(SHARPNESS, SHARPNESS);
  context.fillStyle = frame.theme.paper;
  context.fillRect(0, 0, frame.width, frame.height + TITLE);
  context.fillStyle = frame.theme.ink;
  context.font = `600 14px ${frame.theme.font}`;
  context.textBaseline = "middle";
  context.fillText(plot.spec.title, 12, TITLE / 2, frame.width - 24);
  const inside = picture.getContext("2d");
  if (inside !== null) drawPicture(inside, scene, SHARPNESS);
  context.translate(0, TITLE);
  context.drawImage(picture, 0, 0, frame.width, frame.height);
  drawOver(context, scene, frame);
  const top = Number.parseFloat(plot.bar.element.style.top) || 0;
  context.translate(frame.width - BAR, top);
  plot.bar.paint(context, frame.height - top);
  return pngOf(canvas);
}
