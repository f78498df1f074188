// All that an environment has, as a tree: what is read of it, what is unfolded, and which rows are seen for that.

import { useCallback, useEffect, useState } from "react";
import type { Services } from "../core/services";
import { sentenceOf } from "../core/trouble";

/** What stands right below a branch. */
export interface Item {
  readonly title: string;
  /** Its page; empty for a category. */
  readonly of: string;
  /** How much is below it; 0 for a leaf. */
  readonly count: number;
}

export interface Row extends Item {
  /** Titles from the trunk, one a line. */
  readonly path: string;
  /** From 1. */
  readonly level: number;
  /** Among those of the same branch, from 1. */
  readonly place: number;
  readonly siblings: number;
  readonly isOpen: boolean;
}

export interface Branches {
  readonly rows: readonly Row[];
  readonly trouble?: string;
  /** Whether the trunk has been read. */
  readonly isThere: boolean;
  fold(path: string, open: boolean): void;
}

type Known = ReadonlyMap<string, readonly Item[]>;

const OPEN = "documentation/branches";
const TRUNK = "";

/** Read the tree as far as it is unfolded, which is remembered. */
export function useBranches({ server, kernel, memory }: Services): Branches {
  const { environment } = kernel;
  const [known, setKnown] = useState<Known>(new Map());
  const [trouble, setTrouble] = useState<string>();
  const [open, setOpen] = useState<readonly string[]>(() => memory.get<string[]>(OPEN) ?? []);
  const read = useCallback(
    (path: string, isCurrent: () => boolean) =>
      server.get<{ items: Item[] }>("docs/tree", { below: path || undefined, environment }).then(
        ({ items }) => isCurrent() && setKnown((before) => new Map([...before, [path, items]])),
        // One that was unfolded in another environment is not there in this one.
        (problem) => isCurrent() && path === TRUNK && setTrouble(sentenceOf(problem)),
      ),
    [server, environment],
  );
  useEffect(() => {
    let isCurrent = true;
    setKnown(new Map());
    setTrouble(undefined);
    for (const path of [TRUNK, ...(memory.get<string[]>(OPEN) ?? [])]) void read(path, () => isCurrent);
    return () => {
      isCurrent = false;
    };
  }, [read, memory]);
  const fold = (path: string, unfold: boolean): void => {
    const next = unfold ? [...new Set([...open, path])] : open.filter((one) => one !== path);
    setOpen(next);
    memory.set(OPEN, next as string[]);
    if (unfold && !known.has(path)) void read(path, () => true);
  };
  return { rows: rowsOf(known, new Set(open)), trouble, isThere: known.has(TRUNK), fold };
}

/** Return the rows that are seen, from the trunk on. */
export function rowsOf(known: Known, open: ReadonlySet<string>, below = TRUNK, level = 1): Row[] {
  const items = known.get(below) ?? [];
  return items.flatMap((item, index) => {
    const path = below === TRUNK ? item.title : `${below}\n${item.title}`;
    const isOpen = item.count > 0 && open.has(path);
    const row: Row = { ...item, path, level, place: index + 1, siblings: items.length, isOpen };
    return isOpen ? [row, ...rowsOf(known, open, path, level + 1)] : [row];
  });
}

/** Return the path of the branch that a row is below; empty at the trunk. */
export function above(path: string): string {
  return path.split("\n").slice(0, -1).join("\n");
}
