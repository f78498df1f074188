// Sliders for the dimensions that are not drawn: where they are cut, and how thick.

import { axisTitle } from "../core/axes";
import type { Channel } from "../core/channel";
import { ChannelError } from "../core/channel";
import { finishOnEnter } from "../core/form";
import { type Frame, part } from "../core/frame";
import { icon } from "../core/icons";
import { parseNumber } from "../core/numbers";
import { type Dimension, hiddenDimensions, type Pair, type View, withBins } from "./state";
import type { Store } from "./store";
import { placeWords } from "./words";

const PLAY = 220;

/** One row for each hidden dimension, above the picture. */
export class Sliders {
  readonly element = part("div", "mlp-sliders");
  private rows: SliderRow[] = [];
  private shown = "";

  constructor(
    private readonly frame: Frame,
    private readonly store: Store,
    private readonly channel: Channel,
    private readonly signal: AbortSignal,
  ) {
    frame.body.before(this.element);
  }

  /** Show the view; `positions` are those of the picture that is there. */
  update(positions: readonly Pair[] | undefined): void {
    const { spec, view } = this.store;
    const hidden = hiddenDimensions(spec, view);
    if (hidden.join() !== this.shown) {
      this.shown = hidden.join();
      for (const row of this.rows) row.stop();
      this.rows = hidden.flatMap((number) => {
        const dimension = spec.dims[number];
        return dimension === undefined
          ? []
          : [new SliderRow(number, dimension, this.store, this.channel, this.frame, this.signal)];
      });
      this.element.replaceChildren(...this.rows.map((row) => row.element));
      this.element.hidden = this.rows.length === 0;
    }
    for (const row of this.rows) row.update(view, positions);
  }

  /** Go so many bins further along the first hidden dimension. */
  step(by: number): void {
    this.rows[0]?.step(by);
  }
}

class SliderRow {
  readonly element = part("div", "mlp-slider");
  private readonly input = part("input", "");
  private readonly where = part("output", "");
  private readonly position: HTMLInputElement;
  private readonly thickness: HTMLInputElement;
  private readonly playing: HTMLButtonElement;
  private timer: ReturnType<typeof setInterval> | null = null;
  /** Why what was typed is no place; until another is chosen. */
  private problem = "";

  constructor(
    private readonly number: number,
    private readonly dimension: Dimension,
    private readonly store: Store,
    private readonly channel: Channel,
    private readonly frame: Frame,
    signal: AbortSignal,
  ) {
    const { label, size } = dimension;
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", label);
    this.input.type = "range";
    Object.assign(this.input, { min: "0", max: String(Math.max(0, size - 1)), step: "1" });
    this.input.setAttribute("aria-label", `${label}: where it is cut`);
    this.input.addEventListener("input", () => this.go(this.input.valueAsNumber, false));
    this.input.addEventListener("change", () => this.go(this.input.valueAsNumber, true));
    this.position = typed(`${label}: go to`, (text) => void this.goTo(text));
    this.thickness = typed(`${label}: thickness in bins`, (text) => this.widen(text));
    const back = pressed("minus", `${label}: one back`, () => this.step(-1));
    const on = pressed("plus", `${label}: one further`, () => this.step(1));
    this.playing = pressed("play", `${label}: play`, () => this.play());
    const words = part("span", "mlp-slider-name", axisTitle(label, dimension.unit));
    const thick = part("label", "mlp-slider-thick", "bins ");
    thick.append(this.thickness);
    this.element.append(words, back, this.input, on, this.playing, this.position, thick, this.where);
    signal.addEventListener("abort", () => this.stop());
  }

  update(view: View, positions: readonly Pair[] | undefined): void {
    const bins = view.at[this.number] ?? [0, 1];
    const wide = bins[1] - bins[0];
    this.input.max = String(Math.max(0, this.dimension.size - wide));
    this.input.value = String(bins[0]);
    const words = placeWords(this.dimension, bins, positions?.[this.number], view.over);
    // Of one bin the field beside it says where it is.
    this.where.textContent = this.problem !== "" ? this.problem : wide > 1 ? words : "";
    this.where.hidden = this.where.textContent === "";
    this.input.setAttribute("aria-valuetext", words);
    const place = positions?.[this.number];
    if (document.activeElement !== this.position) {
      const middle = place === undefined ? Number.NaN : (place[0] + place[1]) / 2;
      this.position.value =
        this.dimension.names[bins[0]] ?? (Number.isFinite(middle) ? String(Number(middle.toPrecision(7))) : "");
    }
    if (document.activeElement !== this.thickness) this.thickness.value = String(wide);
  }

  step(by: number): void {
    const [first] = this.store.view.at[this.number] ?? [0, 1];
    this.go(first + by, true);
  }

  stop(): void {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    this.playing.replaceChildren(icon("play"));
    this.playing.setAttribute("aria-pressed", "false");
  }

  private go(first: number, finished: boolean): void {
    this.problem = "";
    const { spec, view } = this.store;
    const [before, after] = view.at[this.number] ?? [0, 1];
    const { at } = withBins(spec, view, this.number, [first, first + after - before]);
    if (finished) this.store.commit({ at });
    else this.store.change({ at });
  }

  private widen(text: string): void {
    const wide = parseNumber(text);
    if (wide === null || wide < 1) return;
    const { spec, view } = this.store;
    const [first, last] = view.at[this.number] ?? [0, 1];
    const from = Math.round((first + last - wide) / 2);
    this.store.commit({ at: withBins(spec, view, this.number, [from, from + wide]).at });
  }

  // Python knows all positions; a number, or two with "to" between them.
  private async goTo(text: string): Promise<void> {
    const parts = text.split(/\s+(?:to|bis|–|\.\.)\s+|\s*\.\.\s*/).map((one) => parseNumber(one));
    const numbers = parts.filter((one) => one !== null);
    const wanted = this.dimension.names.length > 0 ? text : numbers.length === 2 ? numbers : numbers[0];
    if (wanted === undefined) return;
    try {
      const { content } = await this.channel.request("place", { dim: this.number, position: wanted });
      const bins = content.bins as Pair;
      const { spec, view } = this.store;
      const [first, last] = view.at[this.number] ?? [0, 1];
      const wide = numbers.length === 2 ? bins[1] - bins[0] : last - first;
      const from = numbers.length === 2 ? bins[0] : bins[0] - Math.floor((wide - 1) / 2);
      this.position.removeAttribute("aria-invalid");
      this.problem = "";
      this.store.commit({ at: withBins(spec, view, this.number, [from, from + wide]).at });
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.position.setAttribute("aria-invalid", "true");
      this.frame.announcer.say(error.message);
      this.problem = error.message;
      this.frame.draw();
    }
  }

  private play(): void {
    if (this.timer !== null) {
      this.stop();
      return;
    }
    this.playing.replaceChildren(icon("pause"));
    this.playing.setAttribute("aria-pressed", "true");
    this.timer = setInterval(() => {
      const [first, last] = this.store.view.at[this.number] ?? [0, 1];
      this.go(last >= this.dimension.size ? 0 : first + 1, false);
    }, PLAY);
  }
}

function typed(label: string, finished: (text: string) => void): HTMLInputElement {
  const input = part("input", "mlp-slider-number");
  input.type = "text";
  input.autocomplete = "off";
  input.setAttribute("aria-label", label);
  input.title = label;
  input.addEventListener("change", () => finished(input.value.trim()));
  finishOnEnter(input);
  return input;
}

function pressed(name: "minus" | "plus" | "play", label: string, run: () => void): HTMLButtonElement {
  const button = part("button", "mlp-tool");
  button.type = "button";
  button.setAttribute("aria-label", label);
  button.title = label;
  button.append(icon(name));
  button.addEventListener("click", run);
  return button;
}
