// What was deleted or renamed by a click, and how it is taken back: with the cell that the click had left.

import * as React from "react";
import type { Services } from "../core/services";
import { type Action, type Left, leaveLine } from "./doing";
import { type Item, labelOf } from "./item";

/** Bytes of one deletion that a kernel keeps (`mantidlab.workspaces.kept`). */
const MOST_KEPT = 500_000_000;
const RENAMED_FOR = 600; // s, as what is deleted

/** What was done last and can be taken back. */
export interface Undoable {
  readonly said: string;
  /** Whether something is kept for it that takes memory. */
  readonly keeps: boolean;
  /** Seconds from when it was done. */
  readonly seconds: number;
  undo(): Promise<void>;
}

/** Say whether workspaces that are deleted can be had back. */
export function canBeKept(items: readonly Item[]): boolean {
  const memory = items.reduce((all, item) => all + (item.memory ?? 0), 0);
  return memory <= MOST_KEPT && items.every(({ framework }) => framework !== "mantid");
}

/** Do something to workspaces by a cell, and return how to take it back; undefined where that cannot be or need not. */
export async function doneTo(
  services: Services,
  action: Action,
  items: readonly Item[],
  options: { to?: string },
): Promise<Undoable | undefined> {
  if (action === "delete") return deleted(services, items, options);
  const left = await leaveLine(services, action, items, options);
  const [item] = items;
  return action === "rename" && item && options.to !== undefined
    ? renamed(services, item, options.to, left)
    : undefined;
}

async function deleted(services: Services, items: readonly Item[], options: object): Promise<Undoable | undefined> {
  const { kernel, cells, t } = services;
  const names = items.map(({ name }) => name);
  const { seconds } = await kernel.ask<{ seconds: number | null }>("workspaces", "keep", { names });
  const { cell, source } = await leaveLine(services, "delete", items, options);
  if (seconds === null) return undefined;
  return {
    said: t.__("Deleted %1", shortly(items.map(labelOf))),
    keeps: true,
    seconds,
    undo: async () => {
      await kernel.ask("workspaces", "restore", {});
      if (cell) cells.remove(cell, source);
    },
  };
}

function renamed(services: Services, item: Item, to: string, left: Left): Undoable {
  const { cells, t } = services;
  const isTakenOut = item.parent !== null && item.framework !== "mantid";
  return {
    said: isTakenOut ? t.__("Took out %1", to) : t.__("Renamed %1 to %2", labelOf(item), to),
    keeps: false,
    seconds: RENAMED_FOR,
    undo: async () => {
      const back = isTakenOut
        ? await leaveLine(services, "delete", [{ name: to }])
        : await leaveLine(services, "rename", [{ name: to }], { to: labelOf(item) });
      for (const { cell, source } of [back, left]) {
        if (cell) cells.remove(cell, source);
      }
    },
  };
}

const SHOWN = 3;

function shortly(names: readonly string[]): string {
  return names.length > SHOWN ? `${names.slice(0, SHOWN).join(", ")} … (${names.length})` : names.join(", ");
}

/** Keep in mind what can be taken back, as long as it can be and the kernel is the same. */
export function useUndoable({ kernel }: Services): [Undoable | undefined, (next: Undoable | undefined) => void] {
  const [undoable, setUndoable] = React.useState<Undoable | undefined>();
  React.useEffect(() => {
    const forget = () => setUndoable(undefined);
    kernel.changed.connect(forget);
    return () => {
      kernel.changed.disconnect(forget);
    };
  }, [kernel]);
  React.useEffect(() => {
    if (undoable === undefined) return;
    const timer = setTimeout(() => setUndoable(undefined), 1000 * undoable.seconds);
    return () => clearTimeout(timer);
  }, [undoable]);
  return [undoable, setUndoable];
}
