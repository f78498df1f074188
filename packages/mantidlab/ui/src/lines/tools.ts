// The tables of a plot of lines: its tools, its keys, its gestures.
import { openFigureDialog } from "../core/figure";
import type { Shortcut } from "../core/keyboard";
import { panelIsOpen } from "../core/panel";
import type { Tool } from "../core/toolbar";
import type { Commands } from "./commands";
import { openAdd, openCurveTable } from "./dialogs";
import type { Selecting } from "./selecting";

/** What the tools and keys need beside the commands. */
export interface Modes {
  readonly boxing: boolean;
  toggleBox(): void;
  /** Read out the point before or after the one that was read. */
  readStep(by: 1 | -1): void;
  letGo(): void;
  help(): void;
}

export const GESTURES: readonly (readonly [string, string])[] = [
  ["One finger, or drag", "moves the picture; on an axis, that axis alone"],
  ["Two fingers", "zoom: side by side x alone, one above the other y alone, on a slant both; on an axis, that axis"],
  ["Wheel", "zooms both axes, with Shift x alone, with Alt y alone; on an axis, that axis"],
  ["Shift and drag", "zooms to a box"],
  ["Long press, or hover", "reads out the nearest point"],
  ["Tap", "highlights a curve; on an axis, opens its settings"],
  ["Double tap", "shows everything again; on an axis, that axis"],
  ["Legend: tap, double tap, long press", "highlights, shows alone, opens a menu; keys Enter, o, m, and h to hide"],
];

/** The toolbar. */
export function tools(commands: Commands, selecting: Selecting, modes: Modes): Tool[] {
  return [...viewTools(commands, modes), ...dataTools(commands, selecting), ...outputTools(commands, modes)];
}

function viewTools(commands: Commands, modes: Modes): Tool[] {
  const { plot } = commands;
  return [
    {
      id: "reset",
      label: "Show everything",
      icon: "home",
      shortcut: "0",
      rank: 100,
      run: () => commands.showEverything(),
    },
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
      run: () => modes.toggleBox(),
      pressed: () => modes.boxing,
    },
  ];
}

function dataTools(commands: Commands, selecting: Selecting): Tool[] {
  const { plot } = commands;
  const hasErrors = (): boolean => plot.spec.curves.some((curve) => curve.has_errors);
  const hasModels = (): boolean => (plot.spec.fit_models?.length ?? 0) > 0;
  return [
    {
      id: "range",
      label: "Range and its numbers",
      icon: "range",
      shortcut: "r",
      rank: 75,
      run: () => selecting.toggleRange(),
      pressed: () => selecting.rangeIsOpen,
    },
    {
      id: "fit",
      label: "Fit",
      icon: "fit",
      shortcut: "f",
      rank: 74,
      run: () => selecting.toggleFit(),
      pressed: () => selecting.fitIsOpen,
      enabled: hasModels,
    },
    {
      id: "errors",
      label: "Errors: none, bars, band",
      icon: "errors",
      shortcut: "e",
      rank: 70,
      run: () => commands.nextErrors(),
      pressed: () => hasErrors() && plot.view.errors !== "none",
      enabled: hasErrors,
    },
    {
      id: "display",
      label: "Display: normalise, waterfall …",
      icon: "sliders",
      shortcut: "d",
      rank: 72,
      run: () => commands.toggleDisplay(),
      pressed: () => panelIsOpen(plot.frame, "display"),
    },
    {
      id: "legend",
      label: "Legend",
      icon: "legend",
      shortcut: "l",
      rank: 50,
      run: () => commands.toggleLegend(),
      pressed: () => commands.legendIsShown,
    },
    {
      id: "add",
      label: "Add a curve",
      icon: "plus",
      rank: 20,
      run: () => openAdd(plot),
      enabled: () => plot.spec.can.add !== false,
    },
  ];
}

function outputTools(commands: Commands, modes: Modes): Tool[] {
  const { plot } = commands;
  return [
    {
      id: "table",
      label: "Table of the values",
      icon: "table",
      shortcut: "t",
      rank: 40,
      run: () => openTable(commands),
    },
    {
      id: "figure",
      label: "Figure for a publication",
      icon: "figure",
      rank: 55,
      run: () => openFigureDialog(plot.frame.root, plot.channel, () => ({ view: plot.view })),
    },
    { id: "python", label: "This view as Python", icon: "code", rank: 30, run: () => void commands.insertPython() },
    {
      id: "full",
      label: "Full screen",
      icon: "full",
      shortcut: "F",
      rank: 45,
      run: () => plot.frame.toggleFullScreen(),
    },
    { id: "help", label: "Help", icon: "help", shortcut: "?", rank: 65, run: () => modes.help() },
  ];
}

function openTable({ plot }: Commands): void {
  openCurveTable(plot, plot.view.highlighted ?? plot.visibleIds[0] ?? 0);
}

/** The keys. */
export function shortcuts(commands: Commands, selecting: Selecting, modes: Modes): Shortcut[] {
  const { plot } = commands;
  return [
    { keys: ["ArrowLeft"], label: "move to the left", run: () => commands.move(1, 0) },
    { keys: ["ArrowRight"], label: "move to the right", run: () => commands.move(-1, 0) },
    { keys: ["ArrowUp"], label: "move up", run: () => commands.move(0, 1) },
    { keys: ["ArrowDown"], label: "move down", run: () => commands.move(0, -1) },
    { keys: ["+", "="], label: "closer", run: () => commands.zoom(1, 1) },
    { keys: ["-"], label: "farther", run: () => commands.zoom(-1, -1) },
    { keys: ["Shift+ArrowRight"], label: "closer along x", run: () => commands.zoom(1, 0) },
    { keys: ["Shift+ArrowLeft"], label: "farther along x", run: () => commands.zoom(-1, 0) },
    { keys: ["Shift+ArrowUp"], label: "closer along y", run: () => commands.zoom(0, 1) },
    { keys: ["Shift+ArrowDown"], label: "farther along y", run: () => commands.zoom(0, -1) },
    { keys: ["0", "Home"], label: "show everything", run: () => commands.showEverything() },
    { keys: ["z"], label: "view before", run: () => plot.undo() },
    { keys: ["y"], label: "view after", run: () => plot.redo() },
    { keys: [","], label: "read out the point before", run: () => modes.readStep(-1) },
    { keys: ["."], label: "read out the point after", run: () => modes.readStep(1) },
    { keys: ["X"], label: "x axis linear, log, symlog", run: () => commands.nextScale("x") },
    { keys: ["Y"], label: "y axis linear, log, symlog", run: () => commands.nextScale("y") },
    { keys: ["b"], label: "zoom to a box", run: () => modes.toggleBox() },
    { keys: ["r"], label: "range and its numbers", run: () => selecting.toggleRange() },
    { keys: ["f"], label: "fit", run: () => selecting.toggleFit() },
    { keys: ["e"], label: "errors: none, bars, band", run: () => commands.nextErrors() },
    { keys: ["d"], label: "display", run: () => commands.toggleDisplay() },
    { keys: ["g"], label: "grid", run: () => commands.change({ grid: !plot.view.grid }) },
    { keys: ["l"], label: "legend", run: () => commands.toggleLegend() },
    { keys: ["t"], label: "table of the values", run: () => openTable(commands) },
    { keys: ["F"], label: "full screen", run: () => plot.frame.toggleFullScreen() },
    { keys: ["Escape"], label: "nothing highlighted, no box", run: () => modes.letGo() },
    { keys: ["?"], label: "this help", run: () => modes.help() },
  ];
}
