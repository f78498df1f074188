// The toolbar, the keys and the dialogs of the instrument view.

import { COLOUR_MAPS } from "../core/colours";
import { openDialog } from "../core/dialog";
import { openFigureDialog } from "../core/figure";
import { checkField, choiceField, numberField, selectField } from "../core/form";
import { part } from "../core/frame";
import { insertCell } from "../core/insert";
import { Keyboard, type Shortcut } from "../core/keyboard";
import type { MenuItem } from "../core/menu";
import type { Interval, ScaleKind } from "../core/scales";
import { openTable, type TablePage } from "../core/table";
import { type Tool, Toolbar } from "../core/toolbar";
import type { InstrumentPlot, Mode } from "./plot";
import type { Level, Shape } from "./state";

const SHAPES: readonly { id: Shape; label: string; icon: "rectangle" | "ellipse" | "polygon" }[] = [
  { id: "rectangle", label: "Rectangle", icon: "rectangle" },
  { id: "ellipse", label: "Ellipse", icon: "ellipse" },
  { id: "ring", label: "Ring", icon: "ellipse" },
  { id: "polygon", label: "Drawn freely", icon: "polygon" },
];

const GESTURES: readonly (readonly [string, string])[] = [
  ["One finger, drag", "turns (3-D) or moves (unwrapped); with Shift it moves"],
  ["Two fingers, wheel", "come nearer; two fingers move as well"],
  ["Tap, click", "chooses the detector, tube or bank; with Shift adds it"],
  ["Long press, hover", "tells what is there"],
  ["Double tap", "shows all again"],
];

export function addTools(plot: InstrumentPlot, signal: AbortSignal): void {
  const keyboard = new Keyboard(
    plot.frame.root,
    shortcuts(plot, () => keyboard.help(GESTURES)),
    signal,
  );
  const toolbar = new Toolbar(
    plot.frame,
    tools(plot, () => keyboard.help(GESTURES)),
    signal,
  );
  plot.openColours = () => colours(plot);
  plot.changed = () => toolbar.update();
}

function tools(plot: InstrumentPlot, help: () => void): Tool[] {
  const mode = (id: Mode) => () => {
    plot.mode = plot.mode === id ? "turn" : id;
  };
  return [
    { id: "view", label: "View", icon: "eye", rank: 9, menu: () => views(plot) },
    { id: "home", label: "Show all", icon: "home", shortcut: "Home", rank: 8, run: () => plot.reset() },
    {
      id: "move",
      label: "Move instead of turn",
      icon: "pan",
      rank: 3,
      run: mode("move"),
      pressed: () => plot.mode === "move",
      enabled: () => !plot.flat,
    },
    { id: "pick", label: "Choose by tapping", icon: "pick", rank: 7, menu: () => levels(plot) },
    {
      id: "region",
      label: "Draw a region",
      icon: "polygon",
      rank: 7,
      menu: () => regions(plot),
      pressed: () => SHAPES.some(({ id }) => id === plot.mode),
    },
    { id: "range", label: "Range and unit", icon: "range", shortcut: "r", rank: 6, run: () => range(plot) },
    { id: "colours", label: "Colours", icon: "palette", shortcut: "c", rank: 5, run: () => colours(plot) },
    {
      id: "undo",
      label: "Undo",
      icon: "undo",
      shortcut: "z",
      rank: 4,
      run: () => plot.go(plot.history.undo()),
      enabled: () => plot.history.canUndo,
    },
    {
      id: "redo",
      label: "Redo",
      icon: "redo",
      shortcut: "y",
      rank: 3,
      run: () => plot.go(plot.history.redo()),
      enabled: () => plot.history.canRedo,
    },
    { id: "table", label: "Table", icon: "table", rank: 2, run: () => table(plot) },
    {
      id: "figure",
      label: "Figure: a cell of matplotlib",
      icon: "figure",
      rank: 4,
      run: () => openFigureDialog(plot.frame.root, plot.channel, () => ({ view: plot.view })),
    },
    {
      id: "code",
      label: "Python that draws this view",
      icon: "code",
      rank: 1,
      run: () => cell(plot, "python", "This view"),
    },
    {
      id: "full",
      label: "Full screen",
      icon: "full",
      shortcut: "f",
      rank: 2,
      run: () => plot.frame.toggleFullScreen(),
    },
    { id: "help", label: "Help", icon: "help", shortcut: "?", rank: 0, run: help },
  ];
}

function views(plot: InstrumentPlot): MenuItem[] {
  const projections = plot.spec.views.map((id, i) => ({
    label: id === "3d" ? "3-D" : id[0]!.toUpperCase() + id.slice(1),
    checked: plot.view.view === id,
    apart: i === 1,
    run: () => plot.show(id),
  }));
  const along = ["x+", "x-", "y+", "y-", "z+", "z-"].map((id, i) => ({
    label: `3-D from ${id.replace("-", "−")}`,
    apart: i === 0,
    run: () => plot.look(id),
  }));
  const { camera, monitors, masked } = plot.view;
  return [
    ...projections,
    ...along,
    {
      label: "Perspective",
      checked: camera.perspective,
      apart: true,
      disabled: plot.flat,
      run: () => plot.set({ camera: { ...camera, perspective: !camera.perspective } }),
    },
    {
      label: "Monitors (3-D)",
      checked: monitors,
      disabled: plot.spec.monitors === 0,
      run: () => plot.set({ monitors: !monitors }),
    },
    {
      label: "Masked detectors",
      checked: masked,
      disabled: plot.spec.masked === 0,
      run: () => plot.set({ masked: !masked }),
    },
  ];
}

function levels(plot: InstrumentPlot): MenuItem[] {
  const item = (level: Level, label: string, enabled: boolean): MenuItem => ({
    label,
    checked: plot.level === level,
    disabled: !enabled,
    run: () => {
      plot.level = level;
    },
  });
  return [
    item("detector", "Detector", true),
    item("tube", "Tube (row of a bank)", plot.spec.tubes),
    item("bank", "Bank", plot.spec.banks > 0),
    {
      label: "Compare: add to what is chosen",
      checked: plot.compare,
      apart: true,
      run: () => {
        plot.compare = !plot.compare;
      },
    },
    { label: "Choose nothing", disabled: plot.view.selection.length === 0, run: () => plot.choose([]) },
  ];
}

function regions(plot: InstrumentPlot): MenuItem[] {
  return SHAPES.map(({ id, label, icon }) => ({
    label,
    icon,
    checked: plot.mode === id,
    run: () => {
      plot.mode = plot.mode === id ? "turn" : id;
      plot.changed();
    },
  }));
}

function range(plot: InstrumentPlot): void {
  const body = part("div", "");
  const { view, spec } = plot;
  const low = numberField("From", view.range?.[0] ?? null, () => undefined, "all");
  const high = numberField("To", view.range?.[1] ?? null, () => undefined, "all");
  let unit = view.unit;
  if (spec.axis.units.length > 1) {
    const choices = spec.axis.units.map((one) => ({
      value: one.id === spec.axis.native ? "" : one.id,
      label: `${one.label} (${one.unit})`,
    }));
    body.append(
      selectField("Unit", choices, unit, (value) => {
        unit = value;
        low.write(null);
        high.write(null);
      }),
    );
  }
  body.append(
    low.element,
    high.element,
    part("p", "mlp-note", "A bin counts where its middle is; empty fields count all."),
  );
  const apply = (): void => {
    const [from, to] = [low.read(), high.read()];
    const ends: Interval | null = from === null && to === null ? null : [from ?? -1e300, to ?? 1e300];
    plot.set({ unit, range: ends !== null && ends[0] < ends[1] ? ends : null });
  };
  openDialog(plot.frame.root, {
    title: "Range that is counted",
    body,
    actions: [{ label: "Count", primary: true, run: apply }],
  });
}

function colours(plot: InstrumentPlot): void {
  const body = part("div", "");
  const { view } = plot;
  const kinds: readonly { value: ScaleKind; label: string }[] = [
    { value: "linear", label: "Linear" },
    { value: "log", label: "Log" },
    { value: "symlog", label: "Symlog" },
  ];
  const limit = (which: 0 | 1) => (value: number | null) => {
    const [low, high] = [
      which === 0 ? value : (plot.view.limits?.[0] ?? null),
      which === 1 ? value : (plot.view.limits?.[1] ?? null),
    ];
    if (low === null && high === null) plot.set({ limits: null });
    else {
      const present = plot.shownLimits;
      const next: Interval = [low ?? present[0], high ?? present[1]];
      if (next[0] < next[1]) plot.set({ limits: next });
    }
  };
  body.append(
    choiceField("Scale", kinds, view.scale, (scale) => plot.set({ scale })),
    selectField(
      "Colours",
      COLOUR_MAPS.map(({ id, label }) => ({ value: id, label })),
      view.colours,
      (id) => plot.set({ colours: id }),
    ),
    numberField("Lowest", view.limits?.[0] ?? null, limit(0), "that of the data").element,
    numberField("Highest", view.limits?.[1] ?? null, limit(1), "that of the data").element,
    checkField("Masked detectors in grey", view.masked, (masked) => plot.set({ masked })),
  );
  openDialog(plot.frame.root, { title: "Colours", body });
}

function table(plot: InstrumentPlot): void {
  let chosen = false;
  const ask = async (start: number, count: number): Promise<TablePage> => {
    const { content } = await plot.channel.request("table", { start, count, chosen, view: plot.view });
    return content as unknown as TablePage;
  };
  const some = plot.view.selection.length > 0;
  openTable(plot.frame.root, "Detectors", ask, (again) =>
    checkField("Only those that are chosen", chosen && some, (value) => {
      chosen = value;
      again();
    }),
  );
}

function cell(plot: InstrumentPlot, what: string, title: string): void {
  plot.channel
    .request("cell", { what, view: plot.view })
    .then(({ content }) => insertCell(plot.frame.root, String(content.text), title))
    .catch((error) => plot.fail(error));
}

function shortcuts(plot: InstrumentPlot, help: () => void): Shortcut[] {
  const step = 24;
  const pan =
    (dx: number, dy: number, across = false) =>
    () => {
      plot.pan(dx, dy, "inside", across);
      plot.set({});
    };
  const zoom = (factor: number) => () => {
    plot.zoom({ x: plot.frame.width / 2, y: plot.frame.height / 2 }, factor, factor);
    plot.set({});
  };
  const look = (axis: string) => () => plot.look(plot.lastLook === `${axis}-` ? `${axis}+` : `${axis}-`);
  return [
    { keys: ["ArrowLeft"], label: "turn or move left", run: pan(-step, 0) },
    { keys: ["ArrowRight"], label: "turn or move right", run: pan(step, 0) },
    { keys: ["ArrowUp"], label: "turn or move up", run: pan(0, -step) },
    { keys: ["ArrowDown"], label: "turn or move down", run: pan(0, step) },
    { keys: ["Shift+ArrowLeft"], label: "move left", run: pan(-step, 0, true) },
    { keys: ["Shift+ArrowRight"], label: "move right", run: pan(step, 0, true) },
    { keys: ["Shift+ArrowUp"], label: "move up", run: pan(0, -step, true) },
    { keys: ["Shift+ArrowDown"], label: "move down", run: pan(0, step, true) },
    { keys: ["+", "="], label: "nearer", run: zoom(1.25) },
    { keys: ["-"], label: "farther", run: zoom(0.8) },
    { keys: ["Home", "0"], label: "show all", run: () => plot.reset() },
    { keys: ["z"], label: "undo", run: () => plot.go(plot.history.undo()) },
    { keys: ["y"], label: "redo", run: () => plot.go(plot.history.redo()) },
    { keys: ["1"], label: "3-D along x, again from the other side", run: look("x") },
    { keys: ["2"], label: "3-D along y", run: look("y") },
    { keys: ["3"], label: "3-D along z", run: look("z") },
    { keys: ["u"], label: "next view: 3-D, cylinders, spheres, side by side", run: () => plot.nextView() },
    {
      keys: ["l"],
      label: "linear or log colours",
      run: () => plot.set({ scale: plot.view.scale === "log" ? "linear" : "log" }),
    },
    { keys: ["Enter"], label: "choose what is in the middle", run: () => plot.chooseMiddle() },
    { keys: ["r"], label: "range and unit", run: () => range(plot) },
    { keys: ["c"], label: "colours", run: () => colours(plot) },
    { keys: ["t"], label: "table", run: () => table(plot) },
    { keys: ["f"], label: "full screen", run: () => plot.frame.toggleFullScreen() },
    { keys: ["?"], label: "this help", run: help },
  ];
}
