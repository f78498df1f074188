// Draws a scene of lines: grid, curves, fits, axes, residuals; many curves as a bitmap that is moved.
import { type Axis, drawAxes, drawGrid } from "../core/axes";
import type { Frame } from "../core/frame";
import type { Interval } from "../core/scales";
import { drawResiduals, paintFit } from "./fitted";
import type { FittedLine } from "./fitting";
import { Layer, type Stroke } from "./layer";
import type { Looks } from "./looks";
import { cost, type Ground, paintTrace } from "./painter";
import type { Picture } from "./pictures";
import type { View } from "./schema";

/** More strokes than this take longer than a frame: the picture is moved as a bitmap, and painted between frames. */
const HEAVY = 40_000;

/** What was painted of the curves: for exactly these scales, a bitmap that was moved there, or nothing yet. */
export type Painted = "exact" | "moved" | "nothing";

/** All that a drawing shows. */
export interface Scene {
  readonly ground: Ground;
  readonly axes: { readonly x: Axis; readonly y: Axis };
  readonly view: View;
  readonly looks: Looks;
  /** Ids of the visible curves, in the order of the legend. */
  readonly ids: readonly number[];
  /** The coarse picture of all of x first, then the fine one of the window, if there is one. */
  readonly pictures: readonly Picture[];
  readonly fits: readonly FittedLine[];
  /** The fit whose residuals are shown below. */
  readonly residuals: FittedLine | null;
  /** A sentence in the middle, where there is nothing to see; empty for none. */
  readonly words: string;
  /** A gesture is under way. */
  readonly moving: boolean;
}

export class Drawing {
  private readonly layer: Layer;
  private number = 0;
  private last: readonly unknown[] = [];

  /** `done` is called when a better picture than the last one drawn can be shown. */
  constructor(
    private readonly frame: Frame,
    done: () => void,
  ) {
    this.layer = new Layer(done);
  }

  /** Draw on the screen's canvas. */
  draw(context: CanvasRenderingContext2D, scene: Scene): Painted {
    return this.drawAround(context, scene, () => this.curves(context, scene));
  }

  /** Draw on another canvas whose unit is one CSS pixel, whole and at once: for pictures that are kept. */
  drawOn(context: CanvasRenderingContext2D, scene: Scene): void {
    this.drawAround(context, scene, () => {
      for (const stroke of this.strokes(scene)) stroke(context, scene.ground);
      return "exact";
    });
  }

  private drawAround(context: CanvasRenderingContext2D, scene: Scene, curves: () => Painted): Painted {
    const { theme } = this.frame;
    const { ground, axes, residuals } = scene;
    const { area } = ground;
    if (scene.view.grid) drawGrid(context, area, axes.x, axes.y, theme);
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.width, area.height);
    context.clip();
    const painted = curves();
    for (const fit of scene.fits) {
      if (!scene.looks.visible(fit.curve)) continue;
      context.globalAlpha = scene.looks.style(fit.curve, area).opacity;
      paintFit(context, fit, ground, theme, scene.looks.shift(fit.curve, area));
    }
    context.restore();
    drawAxes(context, area, axes.x, axes.y, theme, residuals === null);
    if (residuals !== null) drawResiduals(context, residuals, area, axes.x, theme);
    if (scene.words !== "") this.say(context, scene);
    return painted;
  }

  private say(context: CanvasRenderingContext2D, { words, ground: { area } }: Scene): void {
    const { theme } = this.frame;
    context.fillStyle = theme.quiet;
    context.font = `13px ${theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(words, area.x + area.width / 2, area.y + area.height / 2, area.width - 16);
  }

  private curves(context: CanvasRenderingContext2D, scene: Scene): Painted {
    const { ground, pictures, looks } = scene;
    const heavy = pictures.reduce((sum, picture) => sum + cost(picture, ground, looks.visible), 0) > HEAVY;
    if (!heavy) {
      this.layer.clear();
      for (const stroke of this.strokes(scene)) stroke(context, ground);
      return "exact";
    }
    const key = this.keyOf(scene);
    const good = this.layer.fits(ground, key) || (scene.moving && this.layer.serves(ground, key));
    if (!good) this.layer.paint(this.strokes(scene), ground, key, this.frame.pixelRatio);
    if (!this.layer.show(context, ground)) return "nothing";
    return this.layer.fits(ground, key) ? "exact" : "moved";
  }

  /** Another key for each other thing that would be painted, whatever the scales. */
  private keyOf({ view, pictures }: Scene): string {
    const { errors, waterfall, hidden, highlighted, masked, colours } = view;
    const look = JSON.stringify([errors, waterfall, hidden, highlighted, masked, colours]);
    const now: readonly unknown[] = [...pictures, this.frame.theme, look, this.frame.pixelRatio];
    const same = now.length === this.last.length && now.every((part, i) => part === this.last[i]);
    if (!same) this.number += 1;
    this.last = now;
    return String(this.number);
  }

  /** One stroke for each curve and picture; the highlighted one last, on top of the others. */
  private strokes(scene: Scene): Stroke[] {
    const { highlighted } = scene.view;
    const ids = scene.ids.filter((id) => id !== highlighted);
    if (highlighted !== null && scene.ids.includes(highlighted)) ids.push(highlighted);
    return ids.flatMap((id) => this.strokesOf(id, scene));
  }

  /** The fine picture where there is one, and the coarse one at both sides of it. */
  private strokesOf(id: number, scene: Scene): Stroke[] {
    const [coarse, fine] = scene.pictures;
    if (coarse === undefined) return [];
    if (!fine?.traces.has(id)) return this.strokesWithin(coarse, id, ALL, scene);
    const [low, high] = fine.x;
    return [
      ...this.strokesWithin(coarse, id, [Number.NEGATIVE_INFINITY, low], scene),
      ...this.strokesWithin(coarse, id, [high, Number.POSITIVE_INFINITY], scene),
      ...this.strokesWithin(fine, id, fine.x, scene),
    ];
  }

  private strokesWithin(picture: Picture, id: number, part: Interval, { looks }: Scene): Stroke[] {
    const style = looks.style(id, this.frame.area);
    return (picture.traces.get(id) ?? []).map(
      (trace): Stroke =>
        (context, ground) =>
          clipped(context, ground, part, style.shift.x, () => paintTrace(context, trace, ground, style)),
    );
  }
}

const ALL: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Paint only between two values of x, moved by the waterfall; nothing at all where that is outside of the area. */
function clipped(
  context: CanvasRenderingContext2D,
  ground: Ground,
  [a, b]: Interval,
  shift: number,
  paint: () => void,
): void {
  const { area, x } = ground;
  const edge = (value: number, infinite: number): number => {
    if (!Number.isFinite(value)) return infinite;
    const px = x.toPixel(value) + shift;
    return Number.isNaN(px) ? infinite : Math.max(area.x, Math.min(area.x + area.width, px));
  };
  const [left, right] = x.factor >= 0 ? [area.x, area.x + area.width] : [area.x + area.width, area.x];
  const [start, end] = [edge(a, left), edge(b, right)];
  if (Math.abs(end - start) < 0.01) return;
  if (start === left && end === right) {
    paint();
    return;
  }
  context.save();
  context.beginPath();
  context.rect(Math.min(start, end), area.y, Math.abs(end - start), area.height);
  context.clip();
  paint();
  context.restore();
}
