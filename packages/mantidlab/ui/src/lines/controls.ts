// Everything one can do with a plot of lines: gestures, keys, toolbar, and what they open.

import { browserClock, GestureMachine } from "../core/gestures";
import { insertCell } from "../core/insert";
import { Keyboard, type Shortcut } from "../core/keyboard";
import { closePanel, panelIsOpen } from "../core/panel";
import { attachPointers } from "../core/pointers";
import type { Interval } from "../core/scales";
import { type Tool, Toolbar } from "../core/toolbar";
import { openAxisDialog } from "./axisdialog";
import { openAdd, openCurveTable, openFigure } from "./dialogs";
import { openDisplayPanel } from "./display";
import { FittingPanel } from "./fitting";
import { LineGestures } from "./gestures";
import { Legend } from "./legend";
import type { LinesPlot } from "./plot";
import { RangeHandles } from "./range";
import { RangePanel } from "./rangepanel";
import type { AxisView, Curve, View } from "./schema";
import { reset, withAxis, withScale } from "./views";

const GESTURES: readonly (readonly [string, string])[] = [
  ["One finger, or drag", "moves the picture; on an axis, only that axis"],
  [
    "Two fingers, or wheel",
    "zoom where they are: inside both axes (side by side x alone, one above the other y alone), on an axis that axis",
  ],
  ["Shift with the wheel", "zooms x alone; Alt y alone"],
  ["Shift with drag", "zooms to a box"],
  ["Long press, or hover", "reads out the nearest point"],
  ["Tap", "highlights a curve; on an axis opens its settings"],
  ["Double tap", "shows everything again; on an axis, that axis"],
  ["Legend: tap, double tap, long press", "highlights, shows alone, opens a menu"],
];

export class Controls {
  private readonly toolbar: Toolbar;
  private readonly legend: Legend;
  private readonly keyboard: Keyboard;
  private readonly handles: RangeHandles;
  private readonly rangePanel: RangePanel;
  private readonly fitting: FittingPanel;
  private readonly gestures: LineGestures;

  constructor(
    private readonly plot: LinesPlot,
    signal: AbortSignal,
  ) {
    const { frame, channel } = plot;
    this.legend = new Legend(frame, this.legendActions());
    this.toolbar = new Toolbar(frame, this.tools(), signal);
    this.keyboard = new Keyboard(frame.root, this.shortcuts(), signal);
    this.handles = new RangeHandles(frame, {
      change: (range) => this.select(range, false),
      settle: () => this.select(this.plot.view.selection, true),
    });
    this.rangePanel = new RangePanel(frame, channel, (range) => this.select(range, true));
    this.fitting = new FittingPanel(frame, channel, {
      view: () => plot.view,
      spec: () => plot.spec,
      range: () => plot.view.selection,
      show: (line) => plot.showFit(line),
      keep: (fit) => this.change({ fits: [...plot.view.fits.filter((f) => f.curve !== fit.curve), fit] }),
      insert: (code) => insertCell(frame.root, code, "This fit as Python"),
    });
    this.gestures = new LineGestures(plot, {
      axis: (axis) => this.openAxis(axis),
      boxMode: () => this.boxing,
      boxDone: () => this.toggleBox(false),
      highlight: (id) => this.change({ highlighted: plot.view.highlighted === id ? null : id }),
    });
    const machine = new GestureMachine(this.gestures, { pinch: "by-axis", clock: browserClock });
    attachPointers(frame.stage, frame.pads, machine, this.gestures, signal);
    this.axisPads(signal);
    plot.watchers.push(() => this.update());
    plot.drawn.push(() => this.handles.update(plot.view.selection, plot.scales.x));
    this.update();
  }

  private boxing = false;

  private update(): void {
    const { plot } = this;
    plot.frame.title.textContent = plot.spec.title;
    plot.frame.title.title = plot.spec.title;
    this.legend.update(plot.spec, plot.view, plot.looks);
    this.toolbar.update();
  }

  /** Change the view, and remember it. */
  private change(part: Partial<View>): void {
    this.plot.show({ ...this.plot.view, ...part }, true);
  }

  private changeAxis(axis: "x" | "y", part: Partial<AxisView>): void {
    this.plot.show(withAxis(this.plot.view, axis, part), true);
  }

  private axisPads(signal: AbortSignal): void {
    for (const axis of ["x", "y"] as const) {
      const pad = this.plot.frame.pads[axis];
      pad.tabIndex = 0;
      pad.setAttribute("role", "button");
      pad.addEventListener(
        "keydown",
        (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          this.openAxis(axis);
          event.preventDefault();
          event.stopPropagation();
        },
        { signal },
      );
    }
  }

  private openAxis(axis: "x" | "y"): void {
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

  private changeUnit(unit: string): void {
    // Ranges of another unit mean nothing in this one.
    const view = withAxis(this.plot.view, "x", { unit, range: null });
    this.plot.showFit(null);
    this.plot.show({ ...view, selection: null, fits: [] }, true);
  }

  private legendActions(): ConstructorParameters<typeof Legend>[1] {
    const { plot } = this;
    const all = (): number[] => plot.spec.curves.map((curve) => curve.id);
    return {
      highlight: (id) => this.change({ highlighted: id }),
      isolate: (id) => {
        const others = all().filter((other) => other !== id);
        const alone = plot.visibleIds.length === 1 && plot.visibleIds[0] === id;
        this.change({ hidden: alone ? [] : others, highlighted: null });
      },
      toggle: (id) => {
        const { hidden } = plot.view;
        this.change({
          hidden: hidden.includes(id) ? hidden.filter((h) => h !== id) : [...hidden, id],
          highlighted: null,
        });
      },
      showAll: () => this.change({ hidden: [], highlighted: null }),
      commands: (curve) => this.curveCommands(curve),
    };
  }

  private curveCommands(curve: Curve): ReturnType<ConstructorParameters<typeof Legend>[1]["commands"]> {
    const { plot } = this;
    const fits = (plot.spec.fit_models?.length ?? 0) > 0;
    const items = [
      { label: "Table of its values", icon: "table" as const, apart: true, run: () => openCurveTable(plot, curve.id) },
      ...(fits ? [{ label: "Fit", icon: "fit" as const, run: () => this.openFit(curve.id) }] : []),
    ];
    if (plot.spec.can.remove !== true) return items;
    return [...items, { label: "Remove from the plot", icon: "close" as const, run: () => void this.remove(curve.id) }];
  }

  private async remove(id: number): Promise<void> {
    try {
      await this.plot.channel.request("remove", { curve: id });
    } catch (error) {
      this.plot.status.showNote(error instanceof Error ? error.message : String(error));
    }
  }

  private toggleBox(on = !this.boxing): void {
    this.boxing = on;
    this.plot.frame.pads.inside.style.cursor = on ? "crosshair" : "";
    this.toolbar.update();
  }

  private select(selection: Interval | null, settled: boolean): void {
    this.plot.show({ ...this.plot.view, selection }, settled);
    this.rangePanel.ends(selection);
    if (!settled || selection === null) return;
    if (panelIsOpen(this.plot.frame, "range")) void this.rangePanel.numbers(this.plot.view, this.plot.visibleIds);
    if (panelIsOpen(this.plot.frame, "fit")) this.fitting.rangeChanged();
  }

  /** The range that is there, or the middle of what is seen. */
  private someRange(): Interval {
    const { x } = this.plot.scales;
    if (this.plot.view.selection !== null) return this.plot.view.selection;
    const at = (share: number): number => x.toValue(x.range[0] + share * (x.range[1] - x.range[0]));
    return [at(0.3), at(0.7)];
  }

  private toggleRange(): void {
    const { frame } = this.plot;
    if (panelIsOpen(frame, "range")) {
      closePanel(frame, "range");
      return;
    }
    closePanel(frame, "fit");
    this.rangePanel.open(() => this.rangeClosed());
    this.select(this.someRange(), true);
  }

  private openFit(curve: number): void {
    closePanel(this.plot.frame, "range");
    this.select(this.someRange(), true);
    this.fitting.open(curve, () => this.rangeClosed());
    this.toolbar.update();
  }

  private toggleFit(): void {
    const { frame, view, visibleIds } = this.plot;
    if (panelIsOpen(frame, "fit")) closePanel(frame, "fit");
    else this.openFit(view.highlighted ?? visibleIds[0] ?? 0);
  }

  private rangeClosed(): void {
    if (!panelIsOpen(this.plot.frame, "range") && !panelIsOpen(this.plot.frame, "fit")) this.select(null, true);
    this.toolbar.update();
  }

  private toggleDisplay(): void {
    const { frame, spec, view } = this.plot;
    if (panelIsOpen(frame, "display")) closePanel(frame, "display");
    else openDisplayPanel(frame, spec, view, (part) => this.change(part));
  }

  private cycleErrors(): void {
    const next = { none: "bars", bars: "band", band: "none" } as const;
    this.change({ errors: next[this.plot.view.errors] });
  }

  private cycleScale(axis: "x" | "y"): void {
    const next = { linear: "log", log: "symlog", symlog: "linear" } as const;
    const { view, scales } = this.plot;
    this.plot.show(withScale(view, axis, next[view[axis].scale], scales[axis].domain), true);
    this.plot.frame.announcer.say(`${axis} axis ${this.plot.view[axis].scale}`);
  }

  private async insertPython(): Promise<void> {
    const { plot } = this;
    try {
      const { content } = await plot.channel.request("python", { view: plot.view });
      insertCell(plot.frame.root, String((content as { code?: unknown }).code ?? ""), "This view as Python");
    } catch (error) {
      plot.status.showNote(error instanceof Error ? error.message : String(error));
    }
  }

  private zoomMiddle(fx: number, fy: number): void {
    const { area } = this.plot.frame;
    this.plot.zoom({ x: area.x + area.width / 2, y: area.y + area.height / 2 }, fx, fy);
    this.plot.settle();
  }

  private step(dx: number, dy: number): void {
    const { area } = this.plot.frame;
    this.plot.pan(dx * area.width * 0.1, dy * area.height * 0.1);
    this.plot.settle();
  }

  private reset(): void {
    this.plot.show(reset(this.plot.view), true);
  }

  private tools(): Tool[] {
    const { plot } = this;
    const { frame } = plot;
    const spec = (): typeof plot.spec => plot.spec;
    const isLegend = (): boolean =>
      plot.view.legend === "shown" || (plot.view.legend === "auto" && spec().curves.length > 1);
    return [
      { id: "reset", label: "Show everything", icon: "home", shortcut: "0", rank: 100, run: () => this.reset() },
      {
        id: "undo",
        label: "View before",
        icon: "undo",
        shortcut: "z",
        rank: 90,
        run: () => plot.undo(),
        enabled: () => plot.history.canUndo,
      },
      {
        id: "redo",
        label: "View after",
        icon: "redo",
        shortcut: "y",
        rank: 60,
        run: () => plot.redo(),
        enabled: () => plot.history.canRedo,
      },
      {
        id: "box",
        label: "Zoom to a box",
        icon: "box",
        shortcut: "b",
        rank: 80,
        run: () => this.toggleBox(),
        pressed: () => this.boxing,
      },
      {
        id: "range",
        label: "Range and its numbers",
        icon: "range",
        shortcut: "r",
        rank: 75,
        run: () => this.toggleRange(),
        pressed: () => panelIsOpen(frame, "range"),
      },
      {
        id: "fit",
        label: "Fit",
        icon: "fit",
        shortcut: "f",
        rank: 74,
        run: () => this.toggleFit(),
        pressed: () => panelIsOpen(frame, "fit"),
        enabled: () => (spec().fit_models?.length ?? 0) > 0,
      },
      {
        id: "errors",
        label: "Errors: none, bars, band",
        icon: "errors",
        shortcut: "e",
        rank: 70,
        run: () => this.cycleErrors(),
        pressed: () => plot.view.errors !== "none",
        enabled: () => spec().curves.some((c) => c.has_errors),
      },
      {
        id: "display",
        label: "Display: normalise, waterfall …",
        icon: "sliders",
        shortcut: "d",
        rank: 72,
        run: () => this.toggleDisplay(),
        pressed: () => panelIsOpen(frame, "display"),
      },
      {
        id: "legend",
        label: "Legend",
        icon: "legend",
        shortcut: "l",
        rank: 50,
        run: () => this.change({ legend: isLegend() ? "hidden" : "shown" }),
        pressed: isLegend,
      },
      {
        id: "add",
        label: "Add a curve",
        icon: "plus",
        rank: 20,
        run: () => openAdd(plot),
        enabled: () => spec().can.add !== false,
      },
      {
        id: "table",
        label: "Table of the values",
        icon: "table",
        shortcut: "t",
        rank: 40,
        run: () => openCurveTable(plot, plot.view.highlighted ?? plot.visibleIds[0] ?? 0),
      },
      { id: "figure", label: "Figure for a publication", icon: "figure", rank: 55, run: () => openFigure(plot) },
      { id: "python", label: "This view as Python", icon: "code", rank: 30, run: () => void this.insertPython() },
      { id: "full", label: "Full screen", icon: "full", shortcut: "F", rank: 45, run: () => frame.toggleFullScreen() },
      { id: "help", label: "Help", icon: "help", shortcut: "?", rank: 65, run: () => this.keyboard.help(GESTURES) },
    ];
  }

  private shortcuts(): Shortcut[] {
    const { plot } = this;
    return [
      { keys: ["ArrowLeft"], label: "move to the left", run: () => this.step(1, 0) },
      { keys: ["ArrowRight"], label: "move to the right", run: () => this.step(-1, 0) },
      { keys: ["ArrowUp"], label: "move up", run: () => this.step(0, 1) },
      { keys: ["ArrowDown"], label: "move down", run: () => this.step(0, -1) },
      { keys: ["+", "="], label: "closer", run: () => this.zoomMiddle(1.4, 1.4) },
      { keys: ["-"], label: "farther", run: () => this.zoomMiddle(1 / 1.4, 1 / 1.4) },
      { keys: ["Shift+ArrowRight"], label: "closer along x", run: () => this.zoomMiddle(1.4, 1) },
      { keys: ["Shift+ArrowLeft"], label: "farther along x", run: () => this.zoomMiddle(1 / 1.4, 1) },
      { keys: ["Shift+ArrowUp"], label: "closer along y", run: () => this.zoomMiddle(1, 1.4) },
      { keys: ["Shift+ArrowDown"], label: "farther along y", run: () => this.zoomMiddle(1, 1 / 1.4) },
      { keys: ["0", "Home"], label: "show everything", run: () => this.reset() },
      { keys: ["z"], label: "view before", run: () => plot.undo() },
      { keys: ["y"], label: "view after", run: () => plot.redo() },
      { keys: [","], label: "read out the point before", run: () => this.gestures.step(-1) },
      { keys: ["."], label: "read out the point after", run: () => this.gestures.step(1) },
      { keys: ["X"], label: "x axis linear, log, symlog", run: () => this.cycleScale("x") },
      { keys: ["Y"], label: "y axis linear, log, symlog", run: () => this.cycleScale("y") },
      { keys: ["b"], label: "zoom to a box", run: () => this.toggleBox() },
      { keys: ["r"], label: "range and its numbers", run: () => this.toggleRange() },
      { keys: ["f"], label: "fit", run: () => this.toggleFit() },
      { keys: ["e"], label: "errors: none, bars, band", run: () => this.cycleErrors() },
      { keys: ["d"], label: "display", run: () => this.toggleDisplay() },
      { keys: ["g"], label: "grid", run: () => this.change({ grid: !plot.view.grid }) },
      {
        keys: ["l"],
        label: "legend",
        run: () => this.change({ legend: plot.view.legend === "hidden" ? "shown" : "hidden" }),
      },
      { keys: ["t"], label: "table of the values", run: () => openCurveTable(plot, plot.visibleIds[0] ?? 0) },
      { keys: ["F"], label: "full screen", run: () => plot.frame.toggleFullScreen() },
      { keys: ["Escape"], label: "nothing highlighted, no box", run: () => this.letGo() },
      { keys: ["?"], label: "this help", run: () => this.keyboard.help(GESTURES) },
    ];
  }

  private letGo(): void {
    this.toggleBox(false);
    this.gestures.forget();
    if (this.plot.view.highlighted !== null) this.change({ highlighted: null });
  }
}
