// Joins a plot of lines with everything that one uses it by: gestures, keys, toolbar, legend, the strips of the axes.
import { browserClock, GestureMachine } from "../core/gestures";
import { Keyboard } from "../core/keyboard";
import type { MenuItem } from "../core/menu";
import { attachPointers } from "../core/pointers";
import { Toolbar } from "../core/toolbar";
import { Commands } from "./commands";
import { openCurveTable } from "./dialogs";
import { LineGestures } from "./gestures";
import { Legend } from "./legend";
import type { LinesPlot } from "./plot";
import type { Curve } from "./schema";
import { Selecting } from "./selecting";
import { GESTURES, type Modes, shortcuts, tools } from "./tools";

export class Controls implements Modes {
  boxing = false;
  private readonly commands: Commands;
  private readonly selecting: Selecting;
  private readonly toolbar: Toolbar;
  private readonly legend: Legend;
  private readonly keyboard: Keyboard;
  private readonly gestures: LineGestures;

  constructor(
    private readonly plot: LinesPlot,
    signal: AbortSignal,
  ) {
    const { frame } = plot;
    const commands = new Commands(plot);
    this.commands = commands;
    this.selecting = new Selecting(plot, () => this.update());
    this.legend = new Legend(frame, {
      highlight: (id) => commands.highlight(id),
      isolate: (id) => commands.isolate(id),
      toggle: (id) => commands.toggleCurve(id),
      showAll: () => commands.showAllCurves(),
      commands: (curve) => this.menuOf(curve),
    });
    this.toolbar = new Toolbar(frame, tools(commands, this.selecting, this), signal);
    this.keyboard = new Keyboard(frame.root, shortcuts(commands, this.selecting, this), signal);
    this.gestures = new LineGestures(plot, {
      axis: (axis) => commands.openAxis(axis),
      boxMode: () => this.boxing,
      boxDone: () => this.toggleBox(false),
      highlight: (id) => commands.highlight(plot.view.highlighted === id ? null : id),
    });
    const machine = new GestureMachine(this.gestures, { pinch: "by-axis", clock: browserClock });
    attachPointers(frame.stage, frame.pads, machine, this.gestures, signal);
    this.axisPads(signal);
    plot.watchers.push(() => this.update());
    this.update();
  }

  toggleBox(on = !this.boxing): void {
    this.boxing = on;
    this.plot.frame.pads.inside.style.cursor = on ? "crosshair" : "";
    this.toolbar.update();
  }

  readStep(by: 1 | -1): void {
    this.gestures.step(by);
  }

  letGo(): void {
    this.toggleBox(false);
    this.gestures.forget();
    this.commands.highlight(null);
  }

  help(): void {
    this.keyboard.help(GESTURES);
  }

  private update(): void {
    const { plot } = this;
    plot.frame.title.textContent = plot.spec.title;
    plot.frame.title.title = plot.spec.title;
    plot.status.showNote(plot.spec.note);
    this.legend.update(plot.spec, plot.view, plot.looks);
    this.toolbar.update();
  }

  private axisPads(signal: AbortSignal): void {
    for (const axis of ["x", "y"] as const) {
      const pad = this.plot.frame.pads[axis];
      pad.tabIndex = 0;
      pad.setAttribute("role", "button");
      const open = (event: KeyboardEvent): void => {
        if (event.key !== "Enter" && event.key !== " ") return;
        this.commands.openAxis(axis);
        event.preventDefault();
        event.stopPropagation();
      };
      pad.addEventListener("keydown", open, { signal });
    }
  }

  private menuOf(curve: Curve): readonly MenuItem[] {
    const { plot, commands, selecting } = this;
    const items: MenuItem[] = [
      { label: "Table of its values", icon: "table", apart: true, run: () => openCurveTable(plot, curve.id) },
    ];
    if ((plot.spec.fit_models?.length ?? 0) > 0) {
      items.push({ label: "Fit", icon: "fit", run: () => selecting.openFit(curve.id) });
    }
    if (plot.spec.can.remove === true) {
      items.push({ label: "Remove from the plot", icon: "close", run: () => void commands.remove(curve.id) });
    }
    return items;
  }
}
