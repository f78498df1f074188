// A painted layer of all curves, kept so that panning and zooming many of them moves a bitmap instead of painting anew.
//
// Few curves are painted at each frame. Many are painted into a canvas of their own, larger than the axes, a few
// milliseconds at a time between frames; until that is complete the one before is shown, moved and stretched to where it
// belongs. On every kind of scale that is an affine map, so what is shown is in its right place all the time.
import type { Rect } from "../core/frame";
import type { Interval, Scale } from "../core/scales";
import { makeScale } from "../core/scales";
import type { Ground } from "./painter";

/** One thing to paint: a curve. */
export type Stroke = (context: CanvasRenderingContext2D, ground: Ground) => void;

/** How much of the area's size is painted beyond each of its sides. */
const BEYOND = 0.2;
/** Milliseconds of painting in one go … */
const SLICE = 6;
/** … and when there is nothing to show meanwhile. */
const URGENT_SLICE = 60;
/** Stretched by no more than this a bitmap is good enough while a finger moves. */
const STRETCH = 1.8;

interface Painted {
  readonly canvas: HTMLCanvasElement;
  readonly ground: Ground;
  readonly key: string;
}

export class Layer {
  private shown: Painted | null = null;
  private slicing = false;
  private job: { readonly key: string; readonly placeKey: string; cancelled: boolean } | null = null;
  private spare: HTMLCanvasElement | null = null;

  constructor(private readonly done: () => void) {}

  /** Whether there is something to show for this content. */
  has(key: string): boolean {
    return this.shown?.key === key;
  }

  /** Whether what is shown was painted for exactly these scales. */
  fits(ground: Ground, key: string): boolean {
    return this.shown !== null && this.shown.key === key && placeKey(this.shown.ground) === placeKey(widened(ground));
  }

  /** Whether what is shown is good enough while a gesture goes on: it fills the area, and is not stretched by much. */
  serves(ground: Ground, key: string): boolean {
    if (this.shown === null || this.shown.key !== key) return false;
    const from = this.shown.ground;
    if (!sameSpace(from.x, ground.x) || !sameSpace(from.y, ground.y)) return false;
    const to = movedTo(from, ground);
    const { area } = ground;
    const fills =
      to.x <= area.x &&
      to.y <= area.y &&
      to.x + to.width >= area.x + area.width &&
      to.y + to.height >= area.y + area.height;
    const stretches = [to.width / from.area.width, to.height / from.area.height];
    return fills && stretches.every((stretch) => stretch < STRETCH && stretch > 1 / STRETCH);
  }

  /** Put what there is where it belongs; false if there is nothing that can be moved there. */
  show(context: CanvasRenderingContext2D, ground: Ground): boolean {
    if (this.shown === null) return false;
    const from = this.shown.ground;
    if (!sameSpace(from.x, ground.x) || !sameSpace(from.y, ground.y)) return false;
    const to = movedTo(from, ground);
    if (Math.abs(to.width) > 60_000 || Math.abs(to.height) > 60_000) return false;
    context.imageSmoothingEnabled = to.width !== from.area.width || to.height !== from.area.height;
    context.drawImage(this.shown.canvas, to.x, to.y, to.width, to.height);
    return true;
  }

  /** Begin to paint for these scales, unless that is under way or done; `done` is called when it can be shown. */
  paint(strokes: readonly Stroke[], ground: Ground, key: string, pixelRatio: number): void {
    const wide = widened(ground);
    const place = placeKey(wide);
    if (this.job?.key === key && this.job.placeKey === place) return;
    // The same picture a little moved: let the one under way be finished, or none ever is while a finger moves.
    if (this.job?.key === key) return;
    if (this.job !== null) this.job.cancelled = true;
    const job = { key, placeKey: place, cancelled: false };
    this.job = job;
    const canvas = this.spare ?? document.createElement("canvas");
    this.spare = null;
    canvas.width = Math.round(wide.area.width * pixelRatio);
    canvas.height = Math.round(wide.area.height * pixelRatio);
    const context = canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(pixelRatio, 0, 0, pixelRatio, -wide.area.x * pixelRatio, -wide.area.y * pixelRatio);
    this.slicing = true;
    this.slice(job, context, strokes, 0, { canvas, ground: wide, key });
    this.slicing = false;
  }

  /** Forget everything: the data are others. */
  clear(): void {
    if (this.job !== null) this.job.cancelled = true;
    this.job = null;
    this.shown = null;
  }

  private slice(
    job: { cancelled: boolean },
    context: CanvasRenderingContext2D,
    strokes: readonly Stroke[],
    from: number,
    made: Painted,
  ): void {
    const begin = performance.now();
    let at = from;
    const long = this.shown === null ? URGENT_SLICE : SLICE;
    while (at < strokes.length && performance.now() - begin < long) {
      strokes[at]?.(context, made.ground);
      at += 1;
    }
    if (at < strokes.length) {
      setTimeout(() => {
        if (!job.cancelled) this.slice(job, context, strokes, at, made);
      }, 0);
      return;
    }
    this.spare = this.shown?.canvas ?? null;
    this.shown = made;
    this.job = null;
    if (!this.slicing) this.done(); // else whoever asked for it shows it at once
  }
}

/** The same scales over an area larger by `BEYOND` at each side. */
export function widened(ground: Ground): Ground {
  const { area, x, y } = ground;
  const [dx, dy] = [Math.round(area.width * BEYOND), Math.round(area.height * BEYOND)];
  const wide: Rect = { x: area.x - dx, y: area.y - dy, width: area.width + 2 * dx, height: area.height + 2 * dy };
  return { area: wide, x: extended(x, [wide.x, wide.x + wide.width]), y: extended(y, [wide.y + wide.height, wide.y]) };
}

function extended(scale: Scale, range: Interval): Scale {
  const low = scale.toValue(range[0]);
  const high = scale.toValue(range[1]);
  if (!Number.isFinite(low) || !Number.isFinite(high) || (scale.kind === "log" && !(low > 0 && high > 0))) return scale;
  return makeScale(scale.kind, [low, high], range, scale.constant);
}

/** Where a picture painted for `from` lies when the scales are `to`. */
export function movedTo(from: Ground, to: Ground): Rect {
  const x = (pixel: number): number => to.x.offset + to.x.factor * ((pixel - from.x.offset) / from.x.factor);
  const y = (pixel: number): number => to.y.offset + to.y.factor * ((pixel - from.y.offset) / from.y.factor);
  const [left, right] = [x(from.area.x), x(from.area.x + from.area.width)];
  const [top, bottom] = [y(from.area.y), y(from.area.y + from.area.height)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function sameSpace(a: Scale, b: Scale): boolean {
  return a.kind === b.kind && a.constant === b.constant && Math.sign(a.factor) === Math.sign(b.factor);
}

function placeKey({ x, y, area }: Ground): string {
  return [x.kind, x.offset, x.factor, y.kind, y.offset, y.factor, area.width, area.height, x.constant, y.constant].join(
    " ",
  );
}
