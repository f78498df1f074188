// What gestures do on a plot of lines, and the read-out of the nearest point.
import type { Channel } from "../core/channel";
import { Superseded } from "../core/channel";
import type { Frame } from "../core/frame";
import { part } from "../core/frame";
import type { Drag, GestureTarget, PanStep, Point, PointerInput, PointerKind, Zone, ZoomStep } from "../core/gestures";
import { DOUBLE_TAP } from "../core/gestures";
import { formatNumber, formatTime, formatToStep, formatWithError } from "../core/numbers";
import { at, type Hit, nearest } from "./hit";
import { lowerBound, within } from "./pictures";
import type { LinesPlot } from "./plot";
import { withAxis } from "./views";

export interface LineGestureActions {
  axis(axis: "x" | "y"): void;
  boxMode(): boolean;
  boxDone(): void;
  highlight(id: number): void;
}

/** A finger is wider than a cursor. */
const REACH = { hover: 24, press: 40, mouse: 12, touch: 28, pen: 16 };

export class LineGestures implements GestureTarget {
  private readonly box = part("div", "mlp-box");
  private readonly cross = part("div", "mlp-cross");
  /** A drag that begins along one axis stays on it: a finger never moves quite straight. */
  private rail: Zone | null = null;
  private opening: ReturnType<typeof setTimeout> | undefined;
  private last: { readonly id: number; readonly x: number } | null = null;

  constructor(
    private readonly plot: LinesPlot,
    private readonly actions: LineGestureActions,
  ) {
    this.box.hidden = true;
    this.cross.hidden = true;
    plot.frame.stage.append(this.cross, this.box);
  }

  grab(at: Point, input: PointerInput): Drag | null {
    if (input.zone !== "inside" || !(this.actions.boxMode() || input.modifiers.shift)) return null;
    const draw = (to: Point): void => {
      this.box.hidden = false;
      const { x, y, width, height } = boxBetween(at, to, this.plot.frame);
      Object.assign(this.box.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    };
    return {
      move: draw,
      end: (to) => {
        this.box.hidden = true;
        this.zoomTo(boxBetween(at, to, this.plot.frame));
        this.actions.boxDone();
      },
      cancel: () => {
        this.box.hidden = true;
      },
    };
  }

  pan({ dx, dy, zone }: PanStep): void {
    this.rail ??= zone === "inside" ? railOf(dx, dy) : zone;
    this.plot.pan(this.rail === "y" ? 0 : dx, this.rail === "x" ? 0 : dy);
  }

  zoom({ at, fx, fy }: ZoomStep): void {
    this.plot.zoom(at, fx, fy);
  }

  begin(): void {
    this.rail = null;
    this.forget();
    this.plot.begin();
  }

  settle(): void {
    this.rail = null;
    this.plot.settle();
  }

  tap(at: Point, zone: Zone, kind: PointerKind): void {
    if (zone !== "inside") {
      // It may become a double tap, which is no wish for a dialog.
      this.opening = setTimeout(() => this.actions.axis(zone), DOUBLE_TAP);
      return;
    }
    if (kind !== "mouse") this.read(at, "press");
    if (this.plot.spec.curves.length < 2) return;
    const hit = this.hit(at, REACH[kind]);
    if (hit !== null && hit.distance < REACH[kind]) this.actions.highlight(hit.trace.id);
  }

  doubleTap(_: Point, zone: Zone): void {
    clearTimeout(this.opening);
    const { view } = this.plot;
    const x = zone === "y" ? view : withAxis(view, "x", { range: null });
    this.plot.show({ ...(zone === "x" ? x : withAxis(x, "y", { range: null })), highlighted: null }, true);
  }

  read(at: Point | null, how: "hover" | "press"): void {
    if (at === null) {
      if (how === "hover") this.forget();
      return;
    }
    const hit = this.hit(at, REACH[how]);
    if (hit === null) {
      this.cross.hidden = true;
      this.plot.readout.say(this.whereWords(at));
      return;
    }
    this.show(hit, how === "press");
    void this.exactly(hit, how === "press");
  }

  /** Read out the bin or point before or after the one that was read, of the highlighted curve or of the same one. */
  step(by: 1 | -1): void {
    const { plot } = this;
    const ground = plot.scales;
    const traces = plot.traces().filter((t) => !t.masked && t.n > 0);
    const wanted = plot.view.highlighted ?? this.last?.id;
    const trace = traces.find((t) => t.id === wanted) ?? traces[0];
    if (trace === undefined) return;
    const [start, stop] = within(trace, ground.x.domain);
    const known = this.last?.id === trace.id ? lowerBound(trace.x, this.last.x) : null;
    const index = Math.max(start, Math.min(stop - 1, known === null ? start : known + by));
    const found = at(trace, index, ground, plot.looks.shift(trace.id, ground.area));
    this.show(found, false);
    const curve = plot.spec.curves.find((c) => c.id === trace.id);
    plot.frame.announcer.say(`${curve?.name ?? ""}: ${this.xWords(found.x)}, ${this.yWords(found.y, errorAt(found))}`);
    void this.exactly(found, false);
  }

  /** No read-out any more. */
  forget(): void {
    this.cross.hidden = true;
    this.plot.readout.hide();
  }

  private hit(at: Point, reach: number): Hit | null {
    const { plot } = this;
    const ground = plot.scales;
    const traces = plot.traces();
    const { highlighted } = plot.view;
    // The highlighted curve is the one that is meant.
    const meant = highlighted === null ? traces : traces.filter((t) => t.id === highlighted);
    return nearest(meant, ground, at, reach, (id) => plot.looks.shift(id, ground.area));
  }

  private show(hit: Hit, finger: boolean): void {
    const { plot } = this;
    this.last = { id: hit.trace.id, x: hit.trace.x[hit.index]! };
    const curve = plot.spec.curves.find((c) => c.id === hit.trace.id);
    const lines = [`${this.xWords(hit.x)}`, this.yWords(hit.y, errorAt(hit))];
    this.point(hit.at);
    plot.readout.show({ title: curve?.name ?? "", lines, colour: plot.looks.colour(hit.trace.id) }, hit.at, finger);
  }

  /** Ask Python for the very bin: of a column of many the picture knows only its ends. */
  private async exactly(hit: Hit, finger: boolean): Promise<void> {
    const found = await askReadout(this.plot.channel, hit, this.plot.view);
    if (found === null || this.cross.hidden) return;
    const { plot } = this;
    const curve = plot.spec.curves.find((c) => c.id === hit.trace.id);
    const bin =
      found.x_low !== null && found.x_low !== undefined && found.x_high !== null && found.x_high !== undefined;
    const where = bin
      ? `${formatNumber(found.x_low ?? 0, 6)} to ${this.xWords(found.x_high ?? 0)}`
      : this.xWords(found.x);
    const value = this.yWords(found.y ?? Number.NaN, found.error) + (found.masked ? ", masked" : "");
    const more = (found.more ?? []).map(([label, text]) => `${label}: ${text}`);
    plot.readout.show(
      { title: curve?.name ?? "", lines: [where, value, ...more], colour: plot.looks.colour(hit.trace.id) },
      hit.at,
      finger,
    );
  }

  private xWords(x: number): string {
    const { unit } = this.plot.axes().x;
    const { domain, range } = this.plot.scales.x;
    if (this.plot.spec.x.kind === "text") return this.plot.spec.x.texts?.[Math.round(x)] ?? "";
    if (this.plot.spec.x.kind === "time") return formatTime(x);
    const step = Math.abs(domain[1] - domain[0]) / Math.max(1, Math.abs(range[1] - range[0]));
    return `${formatToStep(x, step / 10)} ${unit}`.trim();
  }

  private yWords(y: number, error: number | null | undefined): string {
    return `${formatWithError(y, error)} ${this.plot.axes().y.unit}`.trim();
  }

  private whereWords(at: Point): string {
    const { x, y } = this.plot.scales;
    return `x = ${this.xWords(x.toValue(at.x))}, y = ${this.yWords(y.toValue(at.y), null)}`;
  }

  private point(at: Point): void {
    this.cross.hidden = false;
    Object.assign(this.cross.style, { left: `${at.x}px`, top: `${at.y}px` });
  }

  private zoomTo(box: { x: number; y: number; width: number; height: number }): void {
    if (box.width < 6 && box.height < 6) return;
    const { x, y } = this.plot.scales;
    let { view } = this.plot;
    if (box.width >= 6) view = withAxis(view, "x", { range: [x.toValue(box.x), x.toValue(box.x + box.width)] });
    if (box.height >= 6) view = withAxis(view, "y", { range: [y.toValue(box.y + box.height), y.toValue(box.y)] });
    this.plot.show(view, true);
  }
}

function railOf(dx: number, dy: number): Zone {
  if (Math.abs(dx) > 3 * Math.abs(dy)) return "x";
  return Math.abs(dy) > 3 * Math.abs(dx) ? "y" : "inside";
}

interface Exactly {
  readonly x: number;
  readonly x_low?: number | null;
  readonly x_high?: number | null;
  readonly y: number | null;
  readonly error?: number | null;
  readonly masked?: boolean;
  readonly more?: readonly (readonly [string, string])[];
}

async function askReadout(channel: Channel, hit: Hit, view: unknown): Promise<Exactly | null> {
  try {
    const question = { curve: hit.trace.id, x: hit.x, y: hit.y, view };
    const { content } = await channel.request("readout", question, { latest: "readout" });
    return content as unknown as Exactly;
  } catch (error) {
    if (error instanceof Superseded || error instanceof Error) return null; // the picture's own values stay
    throw error;
  }
}

function errorAt({ trace, index, y }: Hit): number | null {
  if (!trace.exact || trace.errorHigh === null) return null;
  const error = (trace.errorHigh[index] ?? Number.NaN) - y;
  return Number.isFinite(error) ? error : null;
}

function boxBetween(a: Point, b: Point, frame: Frame): { x: number; y: number; width: number; height: number } {
  const { area } = frame;
  const x = (v: number): number => Math.max(area.x, Math.min(area.x + area.width, v));
  const y = (v: number): number => Math.max(area.y, Math.min(area.y + area.height, v));
  const [left, right] = [Math.min(x(a.x), x(b.x)), Math.max(x(a.x), x(b.x))];
  const [top, bottom] = [Math.min(y(a.y), y(b.y)), Math.max(y(a.y), y(b.y))];
  return { x: left, y: top, width: right - left, height: bottom - top };
}
