// Puts calls and examples into cells.

import type { Cell } from "@jupyterlab/cells";
import type { Services } from "../core";
import type { Thing, Usage } from "./things";

/** What stands where a person must say something. */
export const PLACEHOLDER = "...";

/** Insert the call of a thing, with its import unless a cell above has it, and mark what is to be typed first. */
export async function insertCall({ cells }: Services, { call }: Pick<Thing, "call">): Promise<void> {
  if (!call) return;
  const here = cells.current();
  const before = here ? [...cells.above(here.cell), here.source] : [];
  const { cell } = await cells.insert(isImported(call.imports, before) ? call.source : call.cell);
  if (cell) markFirst(cell);
}

/** Insert an example; resolves with whether it ran to its end, undefined where it was not run. */
export async function insertExample({ cells }: Services, usage: Usage, run: boolean): Promise<boolean | undefined> {
  return (await cells.insert(usage.runs, { run })).ran;
}

/** The data in the kernel whose place an example would take; there is no undo in a kernel. */
export async function lostTo(kernel: Services["kernel"], usage: Usage): Promise<string[]> {
  try {
    const { items } = await kernel.ask<{ items: readonly { name: string }[] }>("workspaces", "list");
    return replacedBy(
      usage.runs,
      items.map(({ name }) => name),
    );
  } catch {
    return []; // no kernel, or one that cannot say
  }
}

/** The names among some that code assigns to at its outermost level. */
export function replacedBy(code: string, names: readonly string[]): string[] {
  const assigned = [...code.matchAll(/^([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*=(?!=)/gm)];
  const given = new Set(assigned.flatMap(([, targets]) => (targets ?? "").split(",").map((name) => name.trim())));
  return names.filter((name) => given.has(name));
}

/** Whether cells have an import, of the name itself or of everything in its module. */
export function isImported(imports: string, sources: readonly string[]): boolean {
  if (imports === "") return true;
  const lines = new Set(sources.flatMap((source) => source.split("\n").map((line) => line.trim())));
  const module = /^from (\S+) import /.exec(imports)?.[1];
  return lines.has(imports) || (module !== undefined && lines.has(`from ${module} import *`));
}

function markFirst(cell: Cell): void {
  const { editor } = cell;
  const at = cell.model.sharedModel.getSource().indexOf(PLACEHOLDER);
  if (!editor) return;
  editor.focus();
  if (at < 0) return;
  const [start, end] = [editor.getPositionAt(at), editor.getPositionAt(at + PLACEHOLDER.length)];
  if (start && end) editor.setSelection({ start, end });
}
