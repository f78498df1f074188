// Gets pictures from Python: one request at a time, always for the newest view; and the whole plane behind a magnified part.

import type { Channel } from "../core/channel";
import { ChannelError, Superseded } from "../core/channel";
import type { Interval } from "../core/scales";
import { releasePicture } from "./graphics";
import { type Picture, pictureOf } from "./picture";
import { planeKey, planeOf, type View } from "./state";

/** What is wanted: ranges of positions, drawn into so many pixels. */
export interface Wanted {
  readonly view: View;
  readonly x: Interval;
  readonly y: Interval;
  readonly width: number;
  readonly height: number;
}

/** How far beyond the window a picture reaches, in widths of the window: as far can be panned without asking. */
const MARGIN = 0.15;
const WHOLE = 512;

export class Pictures {
  /** The newest picture of a window … */
  detail: Picture | null = null;
  /** … and behind it all of the plane, coarser. */
  whole: Picture | null = null;
  problem: string | null = null;
  private plane = "";
  private axes = "";
  private exact = "";
  private asking: string | null = null;
  private next: Wanted | null = null;
  private readonly channel: Channel;

  constructor(
    channel: Channel,
    first: Picture | null,
    view: View,
    private readonly changed: () => void,
  ) {
    this.channel = channel;
    // A notebook may be opened again with a view of another plane than the first one.
    if (first !== null && first.plane === planeOf(view)) {
      this.detail = this.whole = first;
      this.plane = planeKey(view);
      this.axes = axesOf(view);
    }
  }

  /** Layers from the back to the front; those of an older plane too, as long as it has the same axes. */
  layers(view: View): Picture[] {
    if (this.axes !== axesOf(view)) return [];
    const found = this.whole === this.detail ? [this.detail] : [this.whole, this.detail];
    return found.filter((picture) => picture !== null);
  }

  /** Whether what is there was answered for exactly this. */
  isExact(wanted: Wanted): boolean {
    return this.exact === keyOf(wanted);
  }

  /** Ask for it, unless it is there or being asked for; of several while one is asked for, the last. */
  want(wanted: Wanted): void {
    const key = keyOf(wanted);
    if (key === this.exact || key === this.asking) {
      this.next = null;
      return;
    }
    if (this.asking !== null) {
      this.next = wanted;
      return;
    }
    void this.ask(wanted, key);
  }

  private async ask(wanted: Wanted, key: string): Promise<void> {
    this.asking = key;
    try {
      const { content, buffers } = await this.channel.request("window", parameters(wanted), { latest: "window" });
      this.take(wanted, key, pictureOf(content, buffers));
    } catch (error) {
      if (error instanceof ChannelError) this.problem = error.message;
      else if (!(error instanceof Superseded)) throw error;
    } finally {
      this.asking = null;
      const next = this.next;
      this.next = null;
      if (next !== null) this.want(next);
    }
    this.changed();
  }

  private take(wanted: Wanted, key: string, picture: Picture | null): void {
    if (picture === null) return;
    const plane = planeKey(wanted.view);
    if (plane !== this.plane) {
      if (this.whole !== this.detail) releasePicture(this.whole);
      this.whole = null;
    }
    if (this.detail !== this.whole) releasePicture(this.detail);
    this.detail = picture;
    this.plane = plane;
    this.axes = axesOf(wanted.view);
    this.exact = key;
    this.problem = null;
    if (coversAll(picture)) {
      releasePicture(this.whole);
      this.whole = picture;
    } else if (this.whole === null && this.next === null) void this.askWhole(wanted.view, plane);
  }

  private async askWhole(view: View, plane: string): Promise<void> {
    try {
      const asked = { view, width: WHOLE, height: WHOLE };
      const { content, buffers } = await this.channel.request("window", asked, { latest: "whole" });
      if (this.plane === plane && this.whole === null) this.whole = pictureOf(content, buffers);
      this.changed();
    } catch (error) {
      if (!(error instanceof ChannelError || error instanceof Superseded)) throw error;
    }
  }

  /** Free what the graphics card keeps. */
  release(): void {
    releasePicture(this.detail);
    releasePicture(this.whole);
  }
}

function coversAll(picture: Picture): boolean {
  const covers = (edges: Float64Array, [low, high]: readonly [number, number]): boolean =>
    edges.length > 1 && (edges[0] ?? 0) <= low && (edges[edges.length - 1] ?? 0) >= high;
  return covers(picture.x, picture.extent[0]) && covers(picture.y, picture.extent[1]);
}

function axesOf({ x, y }: View): string {
  return `${x} ${y}`;
}

function keyOf({ view, x, y, width, height }: Wanted): string {
  return JSON.stringify([planeKey(view), x, y, width, height]);
}

function parameters({ view, x, y, width, height }: Wanted): Record<string, unknown> {
  // On logarithmic axes a margin may leave them: there the window is asked for as it is.
  const around = ([low, high]: Interval, linear: boolean): Interval =>
    linear ? [low - MARGIN * (high - low), high + MARGIN * (high - low)] : [low, high];
  const along = { x: view.scale.x === "linear", y: view.scale.y === "linear" };
  return {
    view: withoutDrawings(view),
    x: around(x, along.x),
    y: around(y, along.y),
    width: Math.ceil(width * (along.x ? 1 + 2 * MARGIN : 1)),
    height: Math.ceil(height * (along.y ? 1 + 2 * MARGIN : 1)),
  };
}

/** What Python needs of the view for a picture: not the regions, which may be long. */
export function withoutDrawings(view: View): Partial<View> {
  const { x, y, at, over, stands, scale } = view;
  return { x, y, at, over, stands, scale };
}
