// The read-out: a small box beside the point that is read, and the same words in the line of status.

import { type Frame, part, type Rect } from "./frame";
import type { Point } from "./gestures";

export interface Reading {
  /** What it is: the name of the curve. */
  readonly title: string;
  /** "12 340 µs", "0.35 ± 0.02 counts" */
  readonly lines: readonly string[];
  readonly colour?: string;
}

export class Readout {
  private readonly box = part("div", "mlp-readout");
  private readonly words = part("span", "mlp-foot-read");

  constructor(private readonly frame: Frame) {
    this.box.hidden = true;
    frame.stage.append(this.box);
    frame.foot.prepend(this.words);
  }

  /** Show a reading beside `at`; a finger hides what is below and beside it, so for one the box stands above. */
  show(reading: Reading, at: Point, finger: boolean): void {
    const title = part("b", "");
    if (reading.colour !== undefined) {
      const key = part("span", "mlp-key");
      key.style.background = reading.colour;
      title.append(key);
    }
    title.append(reading.title);
    this.box.replaceChildren(title, ...reading.lines.map((line) => part("div", "", line)));
    this.box.hidden = false;
    this.place(at, finger);
    this.words.textContent = [reading.title, ...reading.lines].filter((text) => text !== "").join(", ");
  }

  /** Only the words below the plot: where the cursor is. */
  say(words: string): void {
    this.box.hidden = true;
    this.words.textContent = words;
  }

  hide(): void {
    this.box.hidden = true;
    this.words.textContent = "";
  }

  private place(at: Point, finger: boolean): void {
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const spot = readoutPlace(
      at,
      { width, height },
      { x: 0, y: 0, width: this.frame.width, height: this.frame.height },
      finger,
    );
    Object.assign(this.box.style, { left: `${spot.x}px`, top: `${spot.y}px` });
  }
}

/** Where a box goes so that it neither leaves `within` nor hides what is pointed at. */
function readoutPlace(at: Point, size: { width: number; height: number }, within: Rect, finger: boolean): Point {
  const gap = finger ? 44 : 14;
  const right = at.x + gap + size.width <= within.x + within.width;
  const x = finger ? at.x - size.width / 2 : right ? at.x + gap : at.x - gap - size.width;
  const above = at.y - gap - size.height;
  const y = above >= within.y ? above : at.y + gap;
  return {
    x: Math.max(within.x, Math.min(within.x + within.width - size.width, x)),
    y: Math.max(within.y, Math.min(within.y + within.height - size.height, y)),
  };
}
