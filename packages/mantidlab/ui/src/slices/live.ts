// What follows the finger and the regions: numbers and profiles that Python works out, the newest question only.

import { type Channel, ChannelError, Superseded } from "../core/channel";
import type { Interval } from "../core/scales";
import { withoutDrawings } from "./pictures";
import { type Profile, profilesOf } from "./profiles";
import { lineOnPlane, type Outline, onPlane, type Pair, type View } from "./state";
import type { Bin } from "./words";

/** What a region holds. */
export interface Held {
  readonly sum: number | null;
  readonly error: number | null;
  readonly mean: number | null;
  readonly largest: number | null;
  readonly bins: number;
  readonly leftOut: number;
  readonly unit: string;
  readonly integral: boolean;
  readonly over: "sum" | "mean" | "max";
}

export interface Sight {
  readonly view: View;
  readonly x: Interval;
  readonly y: Interval;
  readonly width: number;
  readonly height: number;
}

export class Live {
  /** Through the cursor, along the line, or of the region; by name. */
  profiles = new Map<string, Profile>();
  /** What the profiles are of. */
  of: "cursor" | "region" | "line" | null = null;
  held: Held | null = null;
  bin: { found: Bin & { largest?: Bin }; at: Pair } | null = null;
  problem = "";
  private asked = "";
  private busy = false;
  private next: Sight | null = null;
  private reading: { at: Pair; reach: Pair; view: View } | null = null;
  private readBusy = false;

  constructor(
    private readonly channel: Channel,
    private readonly changed: () => void,
  ) {}

  /** Bring profiles and numbers up to date with what is seen. */
  follow(sight: Sight): void {
    const question = questionOf(sight);
    const key = JSON.stringify(question);
    if (key === this.asked) return;
    if (question === null) {
      this.asked = key;
      this.forget();
      return;
    }
    if (this.busy) {
      this.next = sight;
      return;
    }
    this.asked = key;
    void this.ask(question);
  }

  /** Read out the bin at a position; `reach` is half a pixel. */
  read(at: Pair, reach: Pair, view: View): void {
    this.reading = { at, reach, view };
    if (!this.readBusy) void this.askBin();
  }

  private forget(): void {
    this.profiles = new Map();
    this.of = null;
    this.held = null;
    this.problem = "";
  }

  private async ask(question: Question): Promise<void> {
    this.busy = true;
    try {
      const { kind, of, ...parameters } = question;
      const { content, buffers } = await this.channel.request(kind, parameters, { latest: "live" });
      this.profiles = profilesOf(content, buffers);
      this.of = of;
      this.held = of === "region" ? (content as unknown as Held) : null;
      this.problem = "";
    } catch (error) {
      if (error instanceof ChannelError) {
        this.forget();
        this.problem = error.message;
      } else if (!(error instanceof Superseded)) throw error;
    } finally {
      this.busy = false;
    }
    this.changed();
    const next = this.next;
    this.next = null;
    if (next !== null) this.follow(next);
  }

  private async askBin(): Promise<void> {
    this.readBusy = true;
    while (this.reading !== null) {
      const { at, reach, view } = this.reading;
      this.reading = null;
      try {
        const asked = { x: at[0], y: at[1], reach, view: withoutDrawings(view) };
        const { content } = await this.channel.request("readout", asked, { latest: "readout" });
        const found = content.found as (Bin & { largest?: Bin }) | null;
        this.bin = found === null ? null : { found, at };
        this.changed();
      } catch (error) {
        if (!(error instanceof ChannelError || error instanceof Superseded)) throw error;
      }
    }
    this.readBusy = false;
  }
}

interface Question extends Record<string, unknown> {
  readonly kind: string;
  readonly of: "cursor" | "region" | "line";
}

function questionOf({ view, x, y, width, height }: Sight): Question | null {
  const window = { view: withoutDrawings(view), x, y, width, height };
  if (view.profiles === "cursor") {
    return view.cursor === null ? null : { kind: "profiles", of: "cursor", at: view.cursor, ...window };
  }
  if (view.profiles === "line") {
    const line = lineOnPlane(view);
    return line === null ? null : { kind: "line", of: "line", line, view: window.view, pixels: width };
  }
  if (view.profiles === "region") {
    const shape = chosenRegion(view);
    return shape === null ? null : { kind: "measure", of: "region", region: shape, ...window };
  }
  return null;
}

/** The region that is chosen, as it lies on the plane. */
function chosenRegion(view: View): Outline | null {
  const region = view.regions.find(({ name }) => name === view.selected);
  return region === undefined ? null : onPlane(region, view);
}
