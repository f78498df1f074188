// What can be done with workspaces, and how it is done: a line of Python in a cell that runs.

import type { Cell } from "@jupyterlab/cells";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { Services } from "../core/services";
import { Trouble } from "../core/trouble";
import type { Item } from "./item";

export type Action =
  | "plot"
  | "slice"
  | "instrument"
  | "table"
  | "logs"
  | "history"
  | "group"
  | "rename"
  | "save"
  | "delete";

/** The actions that apply, in the order of their buttons; the first shows most of what it is. */
export function actionsFor(items: readonly Item[]): Action[] {
  const [item] = items;
  if (item === undefined) return [];
  if (items.length > 1) {
    const alike = items.every(({ framework }) => framework === item.framework);
    return ["plot", ...(alike ? (["group"] as const) : []), "delete"];
  }
  const measured = ["spectra", "events", "image"].includes(item.kind);
  const plot: Action | false = item.kind !== "other" && "plot";
  const slice: Action | false = measured && item.shape.length > 1 && "slice";
  const found: (Action | false)[] = [
    ...(item.kind === "image" ? [slice, plot] : [plot, slice]), // a hundred curves tell nothing of an image
    measured && mayHaveDetectors(item) && "instrument",
    (["table", "peaks", "spectra", "events"].includes(item.kind) || item.type === "Dataset") && "table",
    item.kind !== "table" && "logs",
    "history",
    "rename",
    "save",
    "delete",
  ];
  return found.filter((action) => action !== false);
}

/** One curve of a variable that names no instrument was summed over its detectors. */
function mayHaveDetectors({ kind, instrument, shape }: Item): boolean {
  return instrument !== "" || kind === "events" || (kind === "spectra" && shape.length > 1);
}

export function labelOfAction(action: Action, items: readonly Item[], t: TranslationBundle): string {
  const inGroup = items[0]?.parent !== null && items[0]?.framework !== "mantid";
  const labels: Record<Action, string> = {
    plot: items.length > 1 ? t.__("Plot together") : t.__("Plot"),
    slice: t.__("Slice"),
    instrument: t.__("Instrument"),
    table: t.__("Table"),
    logs: t.__("Logs"),
    history: t.__("History"),
    group: t.__("Group…"),
    rename: inGroup ? t.__("Take out…") : t.__("Rename…"),
    save: t.__("Save…"),
    delete: t.__("Delete…"),
  };
  return labels[action];
}

/** A cell that a click has left, and what it said. */
export interface Left {
  readonly cell: Cell | undefined;
  readonly source: string;
}

/** Let the kernel write the line, put it into a new cell and run it. */
export async function leaveLine(
  { kernel, cells }: Pick<Services, "kernel" | "cells">,
  action: Action,
  items: readonly Pick<Item, "name">[],
  options: object = {},
): Promise<Left> {
  const names = items.map(({ name }) => name);
  const { source } = await kernel.ask<{ source: string }>("workspaces", "line", { action, names, options });
  const { cell, ran } = await cells.insert(source, { run: true });
  if (ran === false) throw new Trouble("The cell ended with an error, which stands below it.");
  return { cell, source };
}
