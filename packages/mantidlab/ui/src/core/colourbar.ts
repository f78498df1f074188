// The colour bar: which colour means what, and the place to change it: drag, pinch or wheel its limits, tap for all settings.

import { axisTitle, LABEL_FONT, TICK_FONT } from "./axes";
import type { ColourMap } from "./colours";
import { part } from "./frame";
import { browserClock, GestureMachine } from "./gestures";
import { formatNumber } from "./numbers";
import { attachPointers } from "./pointers";
import { type Interval, makeScale, panned, type Scale, type ScaleKind, zoomed } from "./scales";
import type { Theme } from "./theme";
import { makeTicks } from "./ticks";

export interface ColourBarState {
  readonly map: ColourMap;
  readonly kind: ScaleKind;
  readonly limits: Interval;
  readonly label: string;
  readonly unit: string;
  readonly constant?: number;
}

export interface ColourBarActions {
  /** Other limits, while a finger moves them … */
  change(limits: Interval): void;
  /** … and when it has let go. */
  settle(): void;
  /** A tap, Enter or Space: open the settings. */
  open(): void;
  /** A double tap: the limits of the data. */
  reset(): void;
}

const BAR = { left: 10, width: 16, top: 18, bottom: 50 };

/** A bar as high as its host; give it a place of some 92 px width beside the stage, and call `update`. */
export class ColourBar {
  readonly element = part("div", "mlp-colourbar");
  private readonly canvas = document.createElement("canvas");
  private readonly pad = part("div", "mlp-pad mlp-pad-y");
  private scale: Scale = makeScale("linear", [0, 1], [1, 0]);
  private state: ColourBarState | null = null;
  private theme: Theme | null = null;

  constructor(actions: ColourBarActions, signal: AbortSignal) {
    this.canvas.className = "mlp-canvas";
    this.canvas.setAttribute("aria-hidden", "true");
    this.pad.dataset.pad = "y";
    this.pad.style.inset = "0";
    this.pad.tabIndex = 0;
    this.pad.setAttribute("role", "button");
    this.element.append(this.canvas, this.pad);
    const target = {
      pan: (step: { dy: number }) => actions.change(panned(this.scale, step.dy)),
      zoom: (step: { at: { y: number }; fy: number }) => actions.change(zoomed(this.scale, step.at.y, step.fy)),
      tap: () => actions.open(),
      doubleTap: () => actions.reset(),
      settle: () => actions.settle(),
    };
    const machine = new GestureMachine(target, { pinch: "by-axis", clock: browserClock });
    attachPointers(this.element, { y: this.pad }, machine, target, signal);
    this.pad.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      actions.open();
      event.preventDefault();
      event.stopPropagation();
    });
    const observer = new ResizeObserver(() => this.draw());
    observer.observe(this.element);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  update(state: ColourBarState, theme: Theme): void {
    this.state = state;
    this.theme = theme;
    const name = axisTitle(state.label, state.unit);
    const [low, high] = state.limits;
    this.pad.setAttribute(
      "aria-label",
      `Colours: ${name}, ${state.kind}, from ${formatNumber(low)} to ${formatNumber(high)}; press to change`,
    );
    this.draw();
  }

  /** Draw the bar at a place of another canvas: for snapshots. */
  paint(context: CanvasRenderingContext2D, height: number): void {
    if (this.state === null || this.theme === null) return;
    paintBar(context, height, this.state, this.scale, this.theme);
  }

  private draw(): void {
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    if (this.state === null || width === 0 || height === 0) return;
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.scale = makeScale(this.state.kind, this.state.limits, [height - BAR.bottom, BAR.top], this.state.constant);
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.paint(context, height);
  }
}

function paintBar(
  context: CanvasRenderingContext2D,
  height: number,
  state: ColourBarState,
  scale: Scale,
  theme: Theme,
): void {
  const length = height - BAR.top - BAR.bottom;
  if (length < 10) return;
  const { table } = state.map;
  for (let py = 0; py < length; py += 0.5) {
    const i = 3 * Math.min(255, Math.max(0, Math.round((1 - py / length) * 255)));
    context.fillStyle = `rgb(${table[i]}, ${table[i + 1]}, ${table[i + 2]})`;
    context.fillRect(BAR.left, BAR.top + py, BAR.width, 1);
  }
  context.strokeStyle = theme.ink;
  context.fillStyle = theme.ink;
  context.lineWidth = 1;
  context.strokeRect(BAR.left + 0.5, BAR.top + 0.5, BAR.width - 1, length - 1);
  const widest = paintBarTicks(context, scale, theme);
  context.font = `${LABEL_FONT}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.save();
  context.translate(BAR.left + BAR.width + 8 + widest + 5, BAR.top + length / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(axisTitle(state.label, state.unit), 0, 0, length);
  context.restore();
}

function paintBarTicks(context: CanvasRenderingContext2D, scale: Scale, theme: Theme): number {
  const right = BAR.left + BAR.width;
  const found = makeTicks(scale, 46);
  context.font = `${TICK_FONT}px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  let widest = 0;
  context.beginPath();
  for (const tick of found.ticks) {
    const py = Math.round(scale.toPixel(tick.value)) + 0.5;
    context.moveTo(right, py);
    context.lineTo(right + (tick.major ? 5 : 3), py);
    if (tick.label === "") continue;
    context.fillText(tick.label, right + 8, py);
    widest = Math.max(widest, context.measureText(tick.label).width);
  }
  context.stroke();
  if (found.multiplier !== "") {
    context.textBaseline = "bottom";
    context.fillText(found.multiplier, BAR.left, BAR.top - 3);
  }
  return widest;
}
