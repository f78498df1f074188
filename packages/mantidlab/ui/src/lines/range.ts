// The range: two handles on the plot, and what lies between them in numbers.
import { type Frame, part } from "../core/frame";
import { formatNumber } from "../core/numbers";
import type { Interval, Scale } from "../core/scales";

export interface RangeActions {
  /** Other ends, while a finger moves them … */
  change(range: Interval): void;
  /** … and when it has let go. */
  settle(): void;
}

/** Handles of 44 px to drag, or to move with the arrow keys; and one between them that moves both. */
export class RangeHandles {
  private readonly low: HTMLElement;
  private readonly high: HTMLElement;
  private readonly both: HTMLElement;
  private readonly shade = part("div", "mlp-range-shade");
  private scale: Scale | null = null;
  private range: Interval | null = null;

  constructor(
    private readonly frame: Frame,
    private readonly actions: RangeActions,
  ) {
    this.low = this.handle("Start of the range", (v, [, high]) => [Math.min(v, high), Math.max(v, high)]);
    this.high = this.handle("End of the range", (v, [low]) => [Math.min(low, v), Math.max(low, v)]);
    this.both = this.mover();
    frame.stage.append(this.shade, this.low, this.high, this.both);
    this.update(null, null);
  }

  /** Place them; a range of null takes them away. */
  update(range: Interval | null, scale: Scale | null): void {
    this.range = range;
    this.scale = scale;
    for (const element of [this.shade, this.low, this.high, this.both]) element.hidden = range === null;
    if (range === null || scale === null) return;
    const { area } = this.frame;
    const [a, b] = [scale.toPixel(range[0]), scale.toPixel(range[1])];
    const within = (px: number): number => Math.max(area.x, Math.min(area.x + area.width, px));
    const [left, right] = [within(Math.min(a, b)), within(Math.max(a, b))];
    put(this.shade, left, area.y, right - left, area.height);
    for (const [element, px, value] of [
      [this.low, a, range[0]],
      [this.high, b, range[1]],
    ] as const) {
      element.hidden = !(px >= area.x - 1 && px <= area.x + area.width + 1);
      put(element, px - 22, area.y, 44, area.height);
      element.setAttribute("aria-valuenow", String(value));
      element.setAttribute("aria-valuetext", formatNumber(value));
    }
    this.both.hidden = right - left < 96;
    put(this.both, (left + right) / 2 - 22, area.y, 44, 44);
  }

  private handle(label: string, moved: (value: number, range: Interval) => Interval): HTMLElement {
    const element = part("div", "mlp-handle");
    for (const [k, v] of Object.entries({
      role: "slider",
      tabindex: "0",
      "aria-label": label,
      "aria-orientation": "horizontal",
    }))
      element.setAttribute(k, v);
    element.append(part("span", "mlp-handle-grip"));
    let offset = 0;
    drag(element, {
      start: (x) => {
        const end = label.startsWith("Start") ? 0 : 1;
        offset = x - (this.scale?.toPixel(this.range?.[end] ?? 0) ?? x);
      },
      move: (x) => this.apply((scale, range) => moved(scale.toValue(this.clamp(x - offset)), range)),
      end: () => this.actions.settle(),
    });
    element.addEventListener("keydown", (event) => {
      const step = arrow(event);
      if (step === 0) return;
      const end = label.startsWith("Start") ? 0 : 1;
      this.apply((scale, range) => moved(scale.toValue(this.clamp(scale.toPixel(range[end]) + step)), range));
      this.actions.settle();
    });
    return element;
  }

  private mover(): HTMLElement {
    const element = part("div", "mlp-mover");
    for (const [k, v] of Object.entries({
      role: "slider",
      tabindex: "0",
      "aria-label": "Move the range",
      "aria-valuenow": "0",
    }))
      element.setAttribute(k, v);
    let last = 0;
    const shift = (by: number): void =>
      this.apply((scale, range) => [
        scale.toValue(scale.toPixel(range[0]) + by),
        scale.toValue(scale.toPixel(range[1]) + by),
      ]);
    drag(element, {
      start: (x) => (last = x),
      move: (x) => {
        shift(x - last);
        last = x;
      },
      end: () => this.actions.settle(),
    });
    element.addEventListener("keydown", (event) => {
      const step = arrow(event);
      if (step === 0) return;
      shift(step);
      this.actions.settle();
    });
    return element;
  }

  private apply(make: (scale: Scale, range: Interval) => Interval): void {
    if (this.scale === null || this.range === null) return;
    const next = make(this.scale, this.range);
    if (next.every(Number.isFinite)) this.actions.change(next);
  }

  private clamp(px: number): number {
    const { area } = this.frame;
    return Math.max(area.x, Math.min(area.x + area.width, px));
  }
}

function put(element: HTMLElement, left: number, top: number, width: number, height: number): void {
  Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}

function arrow(event: KeyboardEvent): number {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step !== 0) {
    event.preventDefault();
    event.stopPropagation();
  }
  return step * (event.shiftKey ? 10 : 1);
}

interface DragCalls {
  start(x: number): void;
  move(x: number): void;
  end(): void;
}

function drag(element: HTMLElement, calls: DragCalls): void {
  let id: number | null = null;
  const x = (event: PointerEvent): number => event.clientX - (element.offsetParent?.getBoundingClientRect().left ?? 0);
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || id !== null) return;
    id = event.pointerId;
    element.setPointerCapture(id);
    calls.start(x(event));
  });
  element.addEventListener("pointermove", (event) => event.pointerId === id && calls.move(x(event)));
  for (const name of ["pointerup", "pointercancel"] as const) {
    element.addEventListener(name, (event) => {
      if (event.pointerId !== id) return;
      id = null;
      calls.end();
    });
  }
}
