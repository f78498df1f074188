// What one can do with a view of lines: each a command of the toolbar, a key, the legend, or an axis.
import { insertCell } from "../core/insert";
import { closePanel, panelIsOpen } from "../core/panel";
import type { ScaleKind } from "../core/scales";
import { openAxisDialog } from "./axisdialog";
import { openDisplayPanel } from "./display";
import type { LinesPlot } from "./plot";
import type { AxisView, View } from "./schema";
import { reset, withAxis, withScale } from "./views";

const NEXT_ERRORS = { none: "bars", bars: "band", band: "none" } as const;
const NEXT_SCALE: Readonly<Record<ScaleKind, ScaleKind>> = { linear: "log", log: "symlog", symlog: "linear" };
/** By how much of the axes an arrow key moves the picture. */
const STEP = 0.1;
/** By how much + and − magnify. */
const CLOSER = 1.4;

export class Commands {
  constructor(readonly plot: LinesPlot) {}

  /** Change the view, and remember it. */
  change(part: Partial<View>): void {
    this.plot.show({ ...this.plot.view, ...part }, true);
  }

  showEverything(): void {
    this.plot.show(reset(this.plot.view), true);
  }

  /** Magnify about the middle: 1 closer, −1 farther, 0 not at all. */
  zoom(x: -1 | 0 | 1, y: -1 | 0 | 1): void {
    const { area } = this.plot.frame;
    const middle = { x: area.x + area.width / 2, y: area.y + area.height / 2 };
    this.plot.zoom(middle, CLOSER ** x, CLOSER ** y);
    this.plot.settle();
  }

  /** Move the picture by a step: to the right and down for 1. */
  move(x: -1 | 0 | 1, y: -1 | 0 | 1): void {
    const { area } = this.plot.frame;
    this.plot.pan(x * STEP * area.width, y * STEP * area.height);
    this.plot.settle();
  }

  nextErrors(): void {
    this.change({ errors: NEXT_ERRORS[this.plot.view.errors] });
  }

  nextScale(axis: "x" | "y"): void {
    const { view, scales, frame } = this.plot;
    this.plot.show(withScale(view, axis, NEXT_SCALE[view[axis].scale], scales[axis].domain), true);
    frame.announcer.say(`${axis} axis ${this.plot.view[axis].scale}`);
  }

  get legendIsShown(): boolean {
    const { view, spec } = this.plot;
    return view.legend === "shown" || (view.legend === "auto" && spec.curves.length > 1);
  }

  toggleLegend(): void {
    this.change({ legend: this.legendIsShown ? "hidden" : "shown" });
  }

  toggleDisplay(): void {
    const { frame, spec, view } = this.plot;
    if (panelIsOpen(frame, "display")) closePanel(frame, "display");
    else openDisplayPanel(frame, spec, view, (part) => this.change(part));
  }

  highlight(id: number | null): void {
    if (id !== this.plot.view.highlighted) this.change({ highlighted: id });
  }

  /** Show one curve alone; all, if it is alone already. */
  isolate(id: number): void {
    const { spec, visibleIds } = this.plot;
    const alone = visibleIds.length === 1 && visibleIds[0] === id;
    const others = spec.curves.map((curve) => curve.id).filter((other) => other !== id);
    this.change({ hidden: alone ? [] : others, highlighted: null });
  }

  toggleCurve(id: number): void {
    const { hidden } = this.plot.view;
    const next = hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id];
    this.change({ hidden: next, highlighted: null });
  }

  showAllCurves(): void {
    this.change({ hidden: [], highlighted: null });
  }

  /** Take a curve away for good. */
  async remove(id: number): Promise<void> {
    await this.orSayWhy(() => this.plot.channel.request("remove", { curve: id }));
  }

  /** Write the call that gives this view again. */
  async insertPython(): Promise<void> {
    const { plot } = this;
    await this.orSayWhy(async () => {
      const { content } = await plot.channel.request("python", { view: plot.view });
      insertCell(plot.frame.root, String((content as { code?: unknown }).code ?? ""), "This view as Python");
    });
  }

  openAxis(axis: "x" | "y"): void {
    const { plot } = this;
    const settings = {
      axis,
      title: `${axis === "x" ? "Horizontal" : "Vertical"} axis`,
      view: plot.view,
      shown: plot.scales[axis].domain,
      units: axis === "x" ? plot.spec.x.units : [],
    };
    openAxisDialog(plot.frame.root, settings, {
      scale: (kind) => plot.show(withScale(plot.view, axis, kind, plot.scales[axis].domain), true),
      range: (range) => this.changeAxis(axis, { range }),
      unit: (unit) => this.changeUnit(unit),
      linearBelow: (value) => this.changeAxis(axis, { linear_below: value }),
      grid: (grid) => this.change({ grid }),
    });
  }

  private changeAxis(axis: "x" | "y", part: Partial<AxisView>): void {
    this.plot.show(withAxis(this.plot.view, axis, part), true);
  }

  private changeUnit(unit: string): void {
    // Ranges of another unit mean nothing in this one.
    const view = withAxis(this.plot.view, "x", { unit, range: null });
    this.plot.showFit(null);
    this.plot.show({ ...view, selection: null }, true);
  }

  private async orSayWhy(what: () => Promise<unknown>): Promise<void> {
    try {
      await what();
      this.plot.status.showProblem("");
    } catch (error) {
      this.plot.status.showProblem(error instanceof Error ? error.message : String(error));
    }
  }
}
