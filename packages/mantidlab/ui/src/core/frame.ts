// The frame of a plot: title and toolbar above, stage with the axes, a side for legend and panels, a line of status below.
//
// It keeps canvases sharp on any screen, knows where the axes are, and asks for at most one drawing a frame. A widget makes a
// `Frame`, adds canvases, sets `margins`, and draws in `onDraw`; `mark` tells tests and benchmarks what was drawn.

import { Announcer } from "./announce";
import type { Margins } from "./axes";
import type { Zone } from "./gestures";
import { adoptStyle } from "./style";
import { type Theme, themeOf, watchTheme } from "./theme";

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface FrameOptions {
  /** What kind of plot: "lines", "slices", "instrument". */
  readonly plot: string;
  /** The accessible name of the stage. */
  readonly label: string;
  /** Height of the stage in CSS pixels until someone pulls at the handle. */
  readonly height?: number;
  readonly signal: AbortSignal;
}

const LEAST_HEIGHT = 200;
/** Below this width legend and panels go below the axes. */
const NARROW = 680;

export class Frame {
  readonly root = part("div", "mlp");
  readonly head = part("div", "mlp-head");
  readonly title = part("div", "mlp-title");
  /** Where the toolbar goes. */
  readonly bar = part("div", "mlp-bar");
  readonly body = part("div", "mlp-body");
  /** Canvases, pads and what floats above them. */
  readonly stage = part("div", "mlp-stage");
  /** Legend and panels: at the right, or below on a narrow page. */
  readonly side = part("div", "mlp-side");
  readonly foot = part("div", "mlp-foot");
  readonly announcer = new Announcer();
  /** Transparent elements over the axes and their two strips: what takes fingers, focus and keys. */
  readonly pads: Readonly<Record<Zone, HTMLElement>> = { inside: pad("inside"), x: pad("x"), y: pad("y") };
  theme: Theme;
  /** Size of the stage in CSS pixels. */
  width = 0;
  height = 0;
  pixelRatio = 1;

  /** How far below the axes the strip of the x axis lies, where another panel is between. */
  xStripBelow = 0;

  private space: Margins = { left: 56, right: 24, top: 18, bottom: 50 };
  private readonly canvases: HTMLCanvasElement[] = [];
  private readonly drawers: (() => void)[] = [];
  private readonly sizers: (() => void)[] = [];
  private readonly dressers: (() => void)[] = [];
  private pending = false;
  private drawings = 0;
  private readonly signal: AbortSignal;

  constructor(host: HTMLElement, options: FrameOptions) {
    this.signal = options.signal;
    this.root.dataset.plot = options.plot;
    this.pads.inside.setAttribute("role", "application");
    this.pads.inside.setAttribute("aria-roledescription", "plot");
    this.pads.inside.setAttribute("aria-label", options.label);
    this.pads.inside.setAttribute("aria-describedby", this.announcer.summaryId);
    this.pads.inside.tabIndex = 0;
    this.head.append(this.title, this.bar);
    this.stage.append(this.pads.inside, this.pads.x, this.pads.y);
    this.body.append(this.stage, this.side);
    this.root.append(this.head, this.body, this.foot, this.announcer.element);
    host.append(this.root);
    adoptStyle(this.root);
    this.theme = themeOf(host);
    this.applyTheme();
    watchTheme(() => this.changeTheme(host), options.signal);
    this.root.append(this.resizeHandle(options.height ?? 420));
    this.watchSize();
  }

  /** Where the axes are on the stage, in CSS pixels. */
  get area(): Rect {
    const { left, right, top, bottom } = this.space;
    return {
      x: left,
      y: top,
      width: Math.max(10, this.width - left - right),
      height: Math.max(10, this.height - top - bottom),
    };
  }

  get margins(): Margins {
    return this.space;
  }

  /** Room around the axes, in CSS pixels. */
  set margins(margins: Margins) {
    const same = (["left", "right", "top", "bottom"] as const).every((side) => margins[side] === this.space[side]);
    if (same) return;
    this.space = margins;
    this.placePads();
  }

  /** A canvas below the pads that covers the stage and stays sharp; later ones lie above earlier ones. */
  addCanvas(): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    canvas.className = "mlp-canvas";
    canvas.setAttribute("aria-hidden", "true");
    this.stage.insertBefore(canvas, this.pads.inside);
    this.canvases.push(canvas);
    this.sizeCanvas(canvas);
    return canvas;
  }

  /** The canvas's 2-D context, scaled so that one unit is one CSS pixel, and cleared. */
  fresh(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("The browser gives no 2-D canvas.");
    context.setTransform(this.pixelRatio, 0, 0, this.pixelRatio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    return context;
  }

  /** Call at each drawing, before the screen's next frame; see `draw`. */
  onDraw(call: () => void): void {
    this.drawers.push(call);
  }

  /** Call when the stage has another size. */
  onResize(call: () => void): void {
    this.sizers.push(call);
  }

  /** Call when light and dark have changed, before the drawing. */
  onTheme(call: () => void): void {
    this.dressers.push(call);
  }

  /** Ask for a drawing; as many as come before the next frame are one. */
  draw(): void {
    if (this.pending || this.signal.aborted) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.drawNow();
    });
  }

  /** Draw in this very task: the first picture. */
  drawNow(): void {
    if (this.signal.aborted || this.width === 0) return;
    for (const call of this.drawers) call();
  }

  /** Tell that a drawing is complete, and whether it is made from data for exactly this view. */
  mark(refined: boolean): void {
    this.drawings += 1;
    this.root.dataset.refined = String(refined);
    this.root.dataset.drawn = String(this.drawings);
  }

  /** Fill the screen, or go back. */
  toggleFullScreen(): void {
    if (document.fullscreenElement === this.root) void document.exitFullscreen();
    else void this.root.requestFullscreen?.();
  }

  private watchSize(): void {
    const observer = new ResizeObserver(() => this.measure());
    observer.observe(this.stage);
    this.signal.addEventListener("abort", () => observer.disconnect());
    window.addEventListener("resize", () => this.measure(), { signal: this.signal }); // another screen, another sharpness
    this.measure();
  }

  private measure(): void {
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    if (width === this.width && height === this.height && ratio === this.pixelRatio) return;
    if (width === 0 || height === 0) return; // hidden: keep what was
    [this.width, this.height, this.pixelRatio] = [width, height, ratio];
    this.root.classList.toggle("mlp-narrow", this.root.clientWidth < NARROW);
    for (const canvas of this.canvases) this.sizeCanvas(canvas);
    this.placePads();
    for (const call of this.sizers) call();
    this.drawNow(); // a canvas that was resized is empty: no frame may show that
  }

  private sizeCanvas(canvas: HTMLCanvasElement): void {
    canvas.width = Math.max(1, Math.round(this.width * this.pixelRatio));
    canvas.height = Math.max(1, Math.round(this.height * this.pixelRatio));
  }

  private placePads(): void {
    const { x, y, width, height } = this.area;
    place(this.pads.inside, { x, y, width, height });
    const strip = y + height + this.xStripBelow;
    place(this.pads.x, { x, y: strip, width, height: Math.min(48, this.height - strip) });
    place(this.pads.y, { x: Math.max(0, x - 56), y, width: Math.min(56, x), height });
  }

  private changeTheme(host: HTMLElement): void {
    const theme = themeOf(host);
    if (theme === this.theme) return;
    this.theme = theme;
    this.applyTheme();
    for (const call of this.dressers) call();
    this.draw();
  }

  private applyTheme(): void {
    const { dark, ...words } = this.theme;
    for (const [name, value] of Object.entries(words)) this.root.style.setProperty(`--mlp-${name}`, value);
    this.root.classList.toggle("mlp-dark", dark);
  }

  private resizeHandle(height: number): HTMLElement {
    const handle = part("div", "mlp-resize");
    const attributes = {
      role: "separator",
      "aria-orientation": "horizontal",
      "aria-label": "Height of the plot",
      tabindex: "0",
    };
    for (const [key, value] of Object.entries(attributes)) handle.setAttribute(key, value);
    const set = (height: number): void => {
      const next = Math.round(Math.max(LEAST_HEIGHT, Math.min(2000, height)));
      this.root.style.setProperty("--mlp-height", `${next}px`);
      handle.setAttribute("aria-valuenow", String(next));
    };
    handle.setAttribute("aria-valuemin", String(LEAST_HEIGHT));
    handle.setAttribute("aria-valuemax", "2000");
    set(height);
    let from: { y: number; height: number } | null = null;
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      from = { y: event.clientY, height: this.stage.clientHeight };
    });
    handle.addEventListener("pointermove", (event) => from !== null && set(from.height + event.clientY - from.y));
    for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => (from = null));
    handle.addEventListener("keydown", (event) => {
      const step = event.key === "ArrowDown" ? 20 : event.key === "ArrowUp" ? -20 : 0;
      if (step === 0) return;
      set(this.stage.clientHeight + step);
      event.preventDefault();
      event.stopPropagation();
    });
    return handle;
  }
}

/** An element with a class. */
export function part<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text?: string,
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function pad(zone: Zone): HTMLElement {
  const element = part("div", `mlp-pad mlp-pad-${zone}`);
  element.dataset.pad = zone;
  return element;
}

function place(element: HTMLElement, { x, y, width, height }: Rect): void {
  Object.assign(element.style, {
    left: `${x}px`,
    top: `${y}px`,
    width: `${width}px`,
    height: `${Math.max(0, height)}px`,
  });
}
