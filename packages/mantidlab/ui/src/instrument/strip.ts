// The strip below the picture: the spectrum of all detectors, and the range of it that is counted, to be dragged.

import { axisMargins, drawAxes, type Margins } from "../core/axes";
import type { Channel } from "../core/channel";
import { faded } from "../core/colours";
import { type Frame, part, type Rect } from "../core/frame";
import { browserClock, type Drag, GestureMachine, type Point } from "../core/gestures";
import { formatNumber } from "../core/numbers";
import { attachPointers } from "../core/pointers";
import { type Interval, makeScale, padded, type Scale, type ScaleKind } from "../core/scales";
import { doubles } from "./arrays";

const HEIGHT = 128;
const REACH = 14;

export interface StripActions {
  /** Another range, while a finger moves it … */
  change(range: Interval | null): void;
  /** … and when it has let go. */
  settle(): void;
}

interface Spectrum {
  readonly label: string;
  readonly unit: string;
  readonly value: { readonly label: string; readonly unit: string };
  readonly isEdges: boolean;
  readonly kind: ScaleKind;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** What a drag on the strip begins at: an end of the range, the range itself, or elsewhere. */
export type Grip = "low" | "high" | "range" | "new";

export function gripAt(x: number, range: Interval | null, scale: Scale, reach = REACH): Grip {
  if (range === null) return "new";
  const [low, high] = [scale.toPixel(range[0]), scale.toPixel(range[1])];
  const [fromLow, fromHigh] = [Math.abs(x - low), Math.abs(x - high)];
  if (Math.min(fromLow, fromHigh) <= reach)
    return fromLow < fromHigh || (fromLow === fromHigh && x < low) ? "low" : "high";
  return x > low && x < high ? "range" : "new";
}

/** The range after a drag from `from` to `to` pixels with this grip, kept within the axis. */
export function dragged(grip: Grip, before: Interval | null, from: number, to: number, scale: Scale): Interval | null {
  const [first, last] = scale.range;
  const within = (x: number): number => Math.max(Math.min(first, last), Math.min(Math.max(first, last), x));
  let ends: [number, number];
  if (grip === "new" || before === null) ends = [within(from), within(to)];
  else {
    const [low, high] = [scale.toPixel(before[0]), scale.toPixel(before[1])];
    if (grip === "low") ends = [within(low + to - from), high];
    else if (grip === "high") ends = [low, within(high + to - from)];
    else {
      const step = Math.max(first - low, Math.min(last - high, to - from));
      ends = [low + step, high + step];
    }
  }
  ends.sort((a, b) => a - b);
  return ends[1] - ends[0] < 1 ? before : [scale.toValue(ends[0]), scale.toValue(ends[1])];
}

export class Strip {
  readonly element = part("div", "mli-strip");
  private readonly canvas = document.createElement("canvas");
  private readonly pad = part("div", "mlp-pad mlp-pad-inside");
  private spectrum: Spectrum | null = null;
  private scale: Scale = makeScale("linear", [0, 1], [0, 1]);
  private area: Rect = { x: 0, y: 0, width: 1, height: 1 };
  private margins: Margins | undefined;
  private range: Interval | null = null;

  constructor(
    private readonly frame: Frame,
    private readonly channel: Channel,
    private readonly actions: StripActions,
    signal: AbortSignal,
  ) {
    this.element.style.height = `${HEIGHT}px`;
    this.canvas.className = "mlp-canvas";
    this.canvas.setAttribute("aria-hidden", "true");
    this.pad.dataset.pad = "inside";
    this.pad.dataset.strip = "range";
    this.pad.style.inset = "0";
    this.pad.tabIndex = 0;
    this.pad.setAttribute("role", "slider");
    this.element.append(this.canvas, this.pad);
    this.attach(signal);
    const observer = new ResizeObserver(() => this.draw());
    observer.observe(this.element);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** Ask for the spectrum in the unit of a view. */
  async load(view: unknown): Promise<void> {
    const { content, buffers } = await this.channel.request("strip", { view }, { latest: "strip" });
    const told = content as {
      label: string;
      unit: string;
      value: { label: string; unit: string };
      edges: boolean;
      log: boolean;
    };
    const x = doubles(buffers[0]);
    const kind: ScaleKind = told.log && (x[0] ?? 0) > 0 ? "log" : "linear";
    this.spectrum = {
      label: told.label,
      unit: told.unit,
      value: told.value,
      isEdges: told.edges,
      kind,
      x,
      y: doubles(buffers[1]),
    };
    this.draw();
  }

  show(range: Interval | null): void {
    this.range = range;
    this.draw();
  }

  /** The ends of the axis, if it is known. */
  get whole(): Interval | null {
    return this.spectrum === null ? null : this.scale.domain;
  }

  private attach(signal: AbortSignal): void {
    const target = {
      grab: (at: Point) => this.grab(at.x),
      pan: () => undefined,
      zoom: ({ at, fx }: { at: Point; fx: number }) => this.widen(at.x, fx),
      doubleTap: () => {
        this.set(null);
        this.actions.settle();
      },
      settle: () => this.actions.settle(),
    };
    attachPointers(
      this.element,
      { inside: this.pad },
      new GestureMachine(target, { pinch: "uniform", clock: browserClock }),
      target,
      signal,
    );
    this.pad.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  private grab(x: number): Drag | null {
    if (this.spectrum === null) return null;
    const before = this.range;
    const grip = gripAt(x, before, this.scale);
    return {
      move: (at) => this.set(dragged(grip, before, x, at.x, this.scale)),
      end: () => this.actions.settle(),
      cancel: () => this.set(before),
    };
  }

  private widen(x: number, factor: number): void {
    const [low, high] = this.range ?? this.scale.domain;
    const ends = [low, high].map((end) => this.scale.toValue(x + (this.scale.toPixel(end) - x) / factor));
    this.set(this.kept([ends[0]!, ends[1]!]));
  }

  private kept([low, high]: Interval): Interval | null {
    const [first, last] = this.scale.domain;
    const ends: Interval = [Math.max(first, low), Math.min(last, high)];
    return ends[0] <= first && ends[1] >= last ? null : ends[1] > ends[0] ? ends : this.range;
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    if (event.key === "Home") this.set(null);
    else if (step !== 0) {
      const pixels = step * this.area.width * 0.02;
      const [low, high] = this.range ?? this.scale.domain;
      const move = (end: number): number => this.scale.toValue(this.scale.toPixel(end) + pixels);
      this.set(this.kept(event.shiftKey ? [low, move(high)] : [move(low), move(high)]));
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.actions.settle();
  }

  private set(range: Interval | null): void {
    if (range === this.range) return;
    this.range = range;
    this.actions.change(range);
    this.draw();
  }

  private draw(): void {
    const { spectrum, frame } = this;
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    if (spectrum === null || width === 0) return;
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { x, y } = spectrum;
    const top = y.reduce((most, value) => Math.max(value, most), 0);
    const low = y.reduce((least, value) => Math.min(value, least), 0);
    const draft = {
      scale: makeScale("linear", padded("linear", [low, top || 1], 0.06), [height - 46, 16]),
      label: "",
      unit: "",
    };
    const { left } = axisMargins(context, frame.theme, draft, width, this.margins);
    this.margins = { left, right: 16, top: 16, bottom: 46 };
    this.area = { x: left, y: 16, width: Math.max(10, width - left - 16), height: height - 62 };
    this.scale = makeScale(spectrum.kind, [x[0] ?? 0, x[x.length - 1] ?? 1], [left, left + this.area.width]);
    this.paint(context, draft.scale);
    drawAxes(context, this.area, { scale: this.scale, label: spectrum.label, unit: spectrum.unit }, draft, frame.theme);
    this.tell();
  }

  private paint(context: CanvasRenderingContext2D, up: Scale): void {
    const { area, frame, scale } = this;
    const [low, high] = (this.range ?? scale.domain).map((end) => scale.toPixel(end)) as [number, number];
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.width, area.height);
    context.clip();
    context.fillStyle = faded(frame.theme.accent, 0.16);
    if (this.range !== null) context.fillRect(low, area.y, high - low, area.height);
    context.strokeStyle = frame.theme.ink;
    context.lineWidth = 1;
    context.beginPath();
    this.trace(context, up);
    context.stroke();
    if (this.range !== null) {
      context.fillStyle = frame.theme.accent;
      for (const end of [low, high]) {
        context.fillRect(end - 1, area.y, 2, area.height);
        context.fillRect(end - 4, area.y + area.height / 2 - 10, 8, 20);
      }
    }
    context.restore();
  }

  private trace(context: CanvasRenderingContext2D, up: Scale): void {
    const { x, y, isEdges } = this.spectrum!;
    // More bins than pixels: of each column the lowest and the highest are drawn, so that no peak is lost.
    const last = new Map<number, [number, number]>();
    const dense = y.length > 2 * this.area.width;
    for (let i = 0; i < y.length; i += 1) {
      const from = this.scale.toPixel(x[i]!);
      const py = up.toPixel(y[i]!);
      if (dense) {
        const column = Math.round(from);
        const [a, b] = last.get(column) ?? [py, py];
        last.set(column, [Math.min(a, py), Math.max(b, py)]);
      } else {
        context.lineTo(from, py);
        if (isEdges) context.lineTo(this.scale.toPixel(x[i + 1]!), py);
      }
    }
    for (const [column, [a, b]] of last) {
      context.lineTo(column + 0.5, b);
      context.lineTo(column + 0.5, a);
    }
  }

  private tell(): void {
    const [low, high] = this.range ?? this.scale.domain;
    const unit = this.spectrum?.unit ?? "";
    const words = this.range === null ? "all" : `${formatNumber(low)} to ${formatNumber(high)} ${unit}`;
    this.pad.setAttribute("aria-label", `Range of ${this.spectrum?.label ?? ""} that is counted`);
    this.pad.setAttribute("aria-valuetext", words);
    this.pad.setAttribute("aria-valuemin", String(this.scale.domain[0]));
    this.pad.setAttribute("aria-valuemax", String(this.scale.domain[1]));
    this.pad.setAttribute("aria-valuenow", String((low + high) / 2));
  }
}
