// Asks Python for pictures: one question at a time, always for what is wanted now, with some room at both sides.
import { type Channel, Superseded } from "../core/channel";
import type { Interval, Scale } from "../core/scales";
import { decode, type Picture } from "./pictures";
import type { View, WindowContent } from "./schema";
import { covers, valuesKey, withData } from "./views";

/** What is to be seen now. */
export interface Wanted {
  readonly view: View;
  readonly x: Scale;
  /** Where there are data at all. */
  readonly full: Interval;
  /** All of x, not a part of it. */
  readonly all: boolean;
  readonly width: number;
  readonly pixelRatio: number;
  readonly ids: readonly number[];
  /** Every curve there is, none is hidden. */
  readonly everyone: boolean;
}

/** Many curves are asked for with less room and at one column for each CSS pixel. */
const MANY = 12;

export class Refiner {
  /** All of x, for what lies beyond the window; and the window itself. */
  overview: Picture | null = null;
  window: Picture | null = null;
  /** Why Python could not answer, in words. */
  problem = "";
  private asking = false;
  private wanted: Wanted | null = null;
  /** What could not be answered: it is not asked again, or a kernel that is gone would be asked at every frame. */
  private unanswered = "";

  constructor(
    private readonly channel: Channel,
    private readonly answered: () => void,
  ) {}

  /** Take the first picture, which came with the widget. */
  begin(content: WindowContent, buffers: readonly DataView[], view: View): void {
    const errors = content.curves.some((c) => c.parts.some((p) => p.name === "error_low" || p.name === "low"));
    this.overview = decode(content, buffers, content.key ?? valuesKey(view), errors);
  }

  /** Pictures to paint from, the coarse one first; only those of the values that the view asks for. */
  pictures(view: View): readonly Picture[] {
    const key = valuesKey(view);
    return [this.overview, this.window].filter((p): p is Picture => p !== null && p.key === key);
  }

  /** What there is to show until an answer comes, though it may be of another unit or normalisation. */
  stale(): readonly Picture[] {
    return [this.overview, this.window].filter((p): p is Picture => p !== null);
  }

  /** Whether some picture shows this fully: all of it, all curves, and as fine as the screen. */
  satisfied(wanted: Wanted): boolean {
    return [this.window, this.overview].some((picture) => picture !== null && serves(picture, wanted));
  }

  /** Ask for what is wanted, unless it is there or asked for already. */
  want(wanted: Wanted): void {
    this.wanted = wanted;
    if (!this.asking && !this.satisfied(wanted) && placeOf(wanted) !== this.unanswered) void this.ask(wanted);
  }

  /** The data have changed. */
  forget(): void {
    this.overview = null;
    this.window = null;
  }

  private async ask(wanted: Wanted): Promise<void> {
    this.asking = true;
    const overview = wanted.all || this.overview?.key !== valuesKey(wanted.view);
    const errors = wanted.view.errors !== "none";
    const question = {
      x: overview ? null : roomy(wanted),
      pixels: columns(wanted, overview),
      curves: wanted.everyone || overview ? null : wanted.ids,
      view: wanted.view,
      errors,
    };
    try {
      const { content, buffers } = await this.channel.request("window", question, { latest: "window" });
      const picture = decode(content as unknown as WindowContent, buffers, valuesKey(wanted.view), errors);
      if (overview) {
        this.overview = picture;
        this.window = null;
      } else this.window = picture;
      this.problem = "";
      this.unanswered = "";
    } catch (error) {
      if (!(error instanceof Superseded)) {
        this.problem = error instanceof Error ? error.message : String(error);
        this.unanswered = placeOf(wanted);
        this.asking = false;
        this.answered();
        return;
      }
    }
    this.asking = false;
    this.answered();
    const now = this.wanted;
    if (now !== null && !this.asking && !this.satisfied(now)) void this.ask(now);
  }
}

/** What a question is about. */
function placeOf({ view, x, ids }: Wanted): string {
  return JSON.stringify([valuesKey(view), view.errors !== "none", x.kind, x.constant, x.domain, x.range, ids.length]);
}

function serves(picture: Picture, wanted: Wanted): boolean {
  const { view, x } = wanted;
  if (picture.key !== valuesKey(view)) return false;
  if (view.errors !== "none" && !picture.errors && wanted.ids.length > 0) return false;
  if (!wanted.ids.every((id) => picture.traces.has(id))) return false;
  if (!covers(picture.x, withData(x.domain, wanted.full), x)) return false;
  if (picture.exact) return true;
  const { kind, linear_below } = picture.content.scale;
  const sameScale = kind === x.kind && (kind !== "symlog" || linear_below === x.constant);
  return sameScale && density(picture, x) >= 0.95 * fineness(wanted);
}

/** Columns of the picture for each CSS pixel of the screen. */
export function density(picture: Picture, x: Scale): number {
  const pixels = Math.abs(x.toPixel(picture.x[1]) - x.toPixel(picture.x[0]));
  return pixels > 0 ? picture.pixels / pixels : 0;
}

function fineness(wanted: Wanted): number {
  return wanted.ids.length > MANY ? 1 : Math.min(2, wanted.pixelRatio);
}

function room(wanted: Wanted): number {
  return wanted.ids.length > MANY ? 0.15 : 0.5;
}

function columns(wanted: Wanted, overview: boolean): number {
  return Math.ceil(wanted.width * fineness(wanted) * (overview ? 1 : 1 + 2 * room(wanted)));
}

/** The window with room at both sides, so that a drag shows what comes in; in the scale's own space. */
function roomy(wanted: Wanted): Interval {
  const { x } = wanted;
  const extra = room(wanted) * (x.range[1] - x.range[0]);
  const [low, high] = [x.toValue(x.range[0] - extra), x.toValue(x.range[1] + extra)];
  const ordered: Interval = low <= high ? [low, high] : [high, low];
  const sound = ordered.every(Number.isFinite) && (x.kind !== "log" || ordered[0] > 0);
  return sound ? ordered : x.domain;
}
