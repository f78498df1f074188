// Tools, keys and panels of the plot of slices.

import { ChannelError } from "../core/channel";
import { openFigureDialog } from "../core/figure";
import { part } from "../core/frame";
import { browserClock, GestureMachine } from "../core/gestures";
import type { IconName } from "../core/icons";
import { insertCell } from "../core/insert";
import { Keyboard, type Shortcut } from "../core/keyboard";
import { openPanel } from "../core/panel";
import { attachPointers } from "../core/pointers";
import { openTable, type TablePage } from "../core/table";
import { type Tool, Toolbar } from "../core/toolbar";
import { openColourPanel } from "./colourpanel";
import { withoutDrawings } from "./pictures";
import { openPlanePanel } from "./planepanel";
import type { SlicesPlot } from "./plot";
import { RegionPanel } from "./regionpanel";
import { type Mode, type Profiles, transposed } from "./state";

const PAN = 40;
const ZOOM = 1.25;

const GESTURES: readonly (readonly [string, string])[] = [
  ["One finger, drag", "move the picture; in a drawing mode draw"],
  ["Two fingers, wheel", "magnify: inside both axes, on an axis that one"],
  ["Long press, hover", "read out the exact value"],
  ["Tap", "choose a region, or put the cursor there"],
  ["Double tap", "all of it; on an axis all of that one"],
  ["Drag a handle", "change a region or a line; drag inside moves it"],
  ["Colour bar", "drag or pinch its limits, tap for settings"],
];

export class Controls {
  private readonly toolbar: Toolbar;
  private readonly keyboard: Keyboard;
  private readonly region: RegionPanel;
  private profiles: Profiles;
  private selected: string | null;

  constructor(
    private readonly plot: SlicesPlot,
    signal: AbortSignal,
  ) {
    const { frame, store, hands } = plot;
    this.toolbar = new Toolbar(frame, this.tools(), signal);
    this.keyboard = new Keyboard(frame.root, this.shortcuts(), signal);
    this.region = new RegionPanel(frame, store, plot.live, {
      cell: (what) => void this.cell(what),
      remove: () => this.remove(),
    });
    const machine = new GestureMachine(hands, { pinch: "by-axis", clock: browserClock });
    attachPointers(frame.stage, frame.pads, machine, hands, signal);
    plot.onColours(() => this.colours());
    this.profiles = "none";
    this.selected = null;
    plot.watchers.push(() => this.follow());
    frame.onResize(() => this.toolbar.update());
  }

  // What else has to change when the state has.
  private follow(): void {
    const { view } = this.plot;
    if (view.profiles !== this.profiles || view.selected !== this.selected) {
      const opens = view.profiles === "region" || view.profiles === "line";
      [this.profiles, this.selected] = [view.profiles, view.selected];
      if (opens) this.region.open();
      else this.region.shut();
    }
    this.region.update();
    this.toolbar.update();
  }

  private tools(): Tool[] {
    const { plot } = this;
    const { store } = plot;
    const mode = (id: Mode, label: string, icon: IconName, shortcut: string, rank: number): Tool => ({
      id,
      label,
      icon,
      shortcut,
      rank,
      pressed: () => store.view.mode === id,
      run: () => this.mode(id),
    });
    return [
      { id: "home", label: "All of it", icon: "home", shortcut: "0", rank: 10, run: () => plot.home() },
      {
        id: "undo",
        label: "Undo",
        icon: "undo",
        shortcut: "z",
        rank: 9,
        run: () => store.undo(),
        enabled: () => store.canUndo,
      },
      {
        id: "redo",
        label: "Redo",
        icon: "redo",
        shortcut: "y",
        rank: 3,
        run: () => store.redo(),
        enabled: () => store.canRedo,
      },
      mode("rectangle", "Draw a rectangle", "rectangle", "r", 8),
      mode("ellipse", "Draw an ellipse", "ellipse", "e", 6),
      mode("polygon", "Draw a polygon", "polygon", "g", 6),
      mode("line", "Cut along a line", "line", "l", 7),
      {
        id: "profiles",
        label: "Cuts through the cursor",
        icon: "axes",
        shortcut: "p",
        rank: 7,
        pressed: () => store.view.profiles === "cursor",
        run: () => this.cursorCuts(),
      },
      { id: "colours", label: "Colours", icon: "palette", shortcut: "c", rank: 8, run: () => this.colours() },
      { id: "plane", label: "Axes and plane", icon: "grid", shortcut: "x", rank: 5, run: () => this.plane() },
      {
        id: "transpose",
        label: "Exchange x and y",
        icon: "transpose",
        shortcut: "t",
        rank: 5,
        run: () => this.transpose(),
      },
      { id: "cell", label: "Insert a cell", icon: "code", rank: 6, menu: () => this.cells() },
      { id: "figure", label: "Figure for a publication", icon: "figure", rank: 4, run: () => this.figure() },
      { id: "table", label: "Table", icon: "table", shortcut: "m", rank: 2, run: () => this.table() },
      {
        id: "full",
        label: "Full screen",
        icon: "full",
        shortcut: "f",
        rank: 3,
        run: () => plot.frame.toggleFullScreen(),
      },
      { id: "help", label: "Keys and gestures", icon: "help", shortcut: "?", rank: 1, run: () => this.help() },
    ];
  }

  private shortcuts(): Shortcut[] {
    const { plot } = this;
    const { store } = plot;
    const pan = (dx: number, dy: number) => () => {
      plot.hands.pan({ dx, dy, zone: "inside", at: centre(plot), kind: "mouse", modifiers: NO_MODIFIERS });
      store.commit();
    };
    const zoom = (factor: number) => () => {
      plot.hands.zoom({ at: centre(plot), fx: factor, fy: factor, zone: "inside" });
      store.commit();
    };
    const nudge = (x: number, y: number) => () => void plot.hands.nudge({ x, y });
    return [
      { keys: ["ArrowLeft"], label: "Move left", run: pan(PAN, 0) },
      { keys: ["ArrowRight"], label: "Move right", run: pan(-PAN, 0) },
      { keys: ["ArrowUp"], label: "Move up", run: pan(0, PAN) },
      { keys: ["ArrowDown"], label: "Move down", run: pan(0, -PAN) },
      { keys: ["+", "="], label: "Magnify", run: zoom(ZOOM) },
      { keys: ["-"], label: "Shrink", run: zoom(1 / ZOOM) },
      { keys: ["0", "Home"], label: "All of it", run: () => plot.home() },
      { keys: ["z"], label: "Undo", run: () => store.undo() },
      { keys: ["y"], label: "Redo", run: () => store.redo() },
      { keys: ["[", "PageDown"], label: "One plane back", run: () => plot.sliders.step(-1) },
      { keys: ["]", "PageUp"], label: "One plane further", run: () => plot.sliders.step(1) },
      { keys: ["t"], label: "Exchange x and y", run: () => this.transpose() },
      { keys: ["p"], label: "Cuts through the cursor", run: () => this.cursorCuts() },
      { keys: ["r"], label: "Draw a rectangle; again: in the middle", run: () => this.mode("rectangle") },
      { keys: ["e"], label: "Draw an ellipse; again: in the middle", run: () => this.mode("ellipse") },
      { keys: ["g"], label: "Draw a polygon", run: () => this.mode("polygon") },
      { keys: ["l"], label: "Cut along a line", run: () => this.mode("line") },
      { keys: ["Shift+ArrowLeft"], label: "Move the region left", run: nudge(-5, 0) },
      { keys: ["Shift+ArrowRight"], label: "Move the region right", run: nudge(5, 0) },
      { keys: ["Shift+ArrowUp"], label: "Move the region up", run: nudge(0, -5) },
      { keys: ["Shift+ArrowDown"], label: "Move the region down", run: nudge(0, 5) },
      { keys: ["Delete", "Backspace"], label: "Remove the region or line", run: () => this.remove() },
      { keys: ["Escape"], label: "Leave the drawing mode", run: () => plot.hands.cancel() },
      { keys: ["c"], label: "Colours", run: () => this.colours() },
      { keys: ["x"], label: "Axes and plane", run: () => this.plane() },
      { keys: ["m"], label: "Table", run: () => this.table() },
      { keys: ["f"], label: "Full screen", run: () => plot.frame.toggleFullScreen() },
      { keys: ["?"], label: "Keys and gestures", run: () => this.help() },
    ];
  }

  private help(): void {
    this.keyboard.help(GESTURES);
  }

  private mode(mode: Mode): void {
    const { store, hands } = this.plot;
    const again = store.view.mode === mode;
    hands.cancel();
    // From the keyboard a shape cannot be dragged: asked for twice, it lies in the middle, and numbers or keys move it.
    if (again && (mode === "rectangle" || mode === "ellipse") && this.byKeyboard()) hands.place(mode);
    else if (!again) store.change({ mode });
  }

  private byKeyboard(): boolean {
    return this.plot.frame.pads.inside.matches(":focus-visible");
  }

  private cursorCuts(): void {
    const { store } = this.plot;
    if (store.view.profiles === "cursor") {
      store.commit({ profiles: "none", cursor: null });
      return;
    }
    const { x, y } = this.plot.ranges();
    const cursor = store.view.cursor ?? ([(x[0] + x[1]) / 2, (y[0] + y[1]) / 2] as const);
    store.commit({ profiles: "cursor", cursor });
  }

  private transpose(): void {
    const { store, frame } = this.plot;
    store.commit(transposed(store.view));
    frame.announcer.say("x and y exchanged.");
  }

  private remove(): void {
    const { store } = this.plot;
    const { view } = store;
    if (view.profiles === "line") store.commit({ line: null, profiles: "none" });
    else if (view.selected !== null) {
      const regions = view.regions.filter(({ name }) => name !== view.selected);
      store.commit({ regions, selected: null, profiles: view.profiles === "region" ? "none" : view.profiles });
    }
  }

  private colours(): void {
    const { plot } = this;
    openColourPanel(plot.frame, plot.store, { limits: () => plot.limits, seen: () => plot.seen() });
  }

  private plane(): void {
    const { plot } = this;
    openPlanePanel(plot.frame, plot.store, { ranges: () => plot.ranges(), upright: () => plot.projection().upright });
  }

  private cells(): { label: string; disabled?: boolean; run: () => void }[] {
    const { view, spec } = this.plot;
    const cell = (label: string, what: string, enabled = true) => ({
      label,
      disabled: !enabled,
      run: () => void this.cell(what),
    });
    const region = view.selected !== null;
    const [x, y] = [spec.dims[view.x]?.label ?? "x", spec.dims[view.y]?.label ?? "y"];
    return [
      cell("This view", "view"),
      cell("Sum of the region", "sum", region),
      cell(`Profile of the region along ${x}`, "profile x", region),
      cell(`Profile of the region along ${y}`, "profile y", region),
      cell("Cut along the line", "cut", view.line !== null),
      cell(`Cut along ${x} through the cursor`, "row", view.cursor !== null),
      cell(`Cut along ${y} through the cursor`, "column", view.cursor !== null),
    ];
  }

  private async cell(what: string): Promise<void> {
    await this.code("cell", { what, view: this.plot.view }, "Cell");
  }

  private figure(): void {
    const { plot } = this;
    openFigureDialog(plot.frame.root, plot.channel, () => {
      const { x, y, area } = plot.projection();
      const paper = { x: x.domain, y: y.domain };
      const proportion = area.height / area.width;
      return { view: plot.view, seen: { paper, ranges: plot.ranges(), limits: plot.limits, proportion } };
    });
  }

  private async code(kind: string, parameters: Record<string, unknown>, title: string): Promise<void> {
    const { frame, channel } = this.plot;
    try {
      const { content } = await channel.request(kind, parameters);
      insertCell(frame.root, String(content.code), title);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.problem(error.message);
    }
  }

  private problem(text: string): void {
    const { frame } = this.plot;
    openPanel(frame, "problem", "That could not be done", part("p", "mlp-problem", text));
    frame.announcer.say(text);
  }

  private table(): void {
    const { frame, channel, view } = this.plot;
    const { x, y } = this.plot.ranges();
    openTable(frame.root, `${this.plot.spec.title}: values in sight`, async (start, count) => {
      const asked = { view: withoutDrawings(view), x, y, start, count };
      const { content } = await channel.request("table", asked, { latest: "table" });
      return content as unknown as TablePage;
    });
  }
}

const NO_MODIFIERS = { shift: false, alt: false, ctrl: false };

function centre(plot: SlicesPlot): { x: number; y: number } {
  const { x, y, width, height } = plot.frame.area;
  return { x: x + width / 2, y: y + height / 2 };
}
