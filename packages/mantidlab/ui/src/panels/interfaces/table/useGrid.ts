// A table that is worked on as a spreadsheet is: which cells are selected, and what keys, mouse and clipboard do to them.
import * as React from "react";
import type { FormSpec } from "../../forms/spec";
import { t } from "../../forms/texts";
import { fieldOf, type Runs, withCells } from "../runs";
import type { Onward } from "./CellEditor";
import { asWritten, isOn } from "./cells";
import { type Block, duplicated, emptied, filledDown, inserted, moved, pasted, removed, textOf } from "./editing";
import type { RowAct } from "./GridRow";
import {
  blockOf,
  nextPlace,
  onward as onwardFrom,
  type Place,
  placeAfter,
  type Selection,
  selectionAt,
} from "./selection";
import type { Tool } from "./Tools";

interface Worked {
  spec: FormSpec;
  runs: Runs;
  /** Keys of rows in the order in which they are seen. */
  keys: readonly number[];
  checked: ReadonlySet<number>;
  canUndo: boolean;
  canRedo: boolean;
  change(runs: Runs): void;
  undo(): void;
  redo(): void;
  check(keys: ReadonlySet<number>): void;
  widen(column: string, by: number): void;
  onSettings(key: number): void;
  onOpen(key: number): void;
  /** Those of rows that have a result. */
  canShow(keys: ReadonlySet<number>): boolean;
  onShow(keys: ReadonlySet<number>): void;
  /** How many of rows have a curve; of all rows where none is meant. */
  countToPlot(keys: ReadonlySet<number>): number;
  onPlot(keys: ReadonlySet<number>): void;
  onTrouble(sentence: string | null): void;
}

export interface Grid {
  root: React.RefObject<HTMLDivElement>;
  selection: Selection | null;
  block: Block;
  editing: { begun: string | null } | null;
  /** The cell that Tab reaches from outside. */
  at: Place | undefined;
  can: Readonly<Record<Tool, boolean>>;
  count: number;
  /** How many curves a plot would have. */
  toPlot: number;
  act(act: RowAct): void;
  use(tool: Tool): void;
  /** Select a cell, and give it the focus. */
  go(place: Place): void;
  /** For what is around the table and its buttons. */
  onKeyDown(event: React.KeyboardEvent): void;
  /** For the table: mouse, fingers and clipboard. */
  pointing: Pick<
    React.HTMLAttributes<HTMLElement>,
    "onMouseDown" | "onMouseOver" | "onClick" | "onDoubleClick" | "onPointerDown" | "onCopy" | "onCut" | "onPaste"
  >;
}

const STEPS: Record<Onward, readonly [rows: number, columns: number]> = {
  down: [1, 0],
  up: [-1, 0],
  right: [0, 1],
  left: [0, -1],
  stay: [0, 0],
};
const WIDER = 16; // px for a key

export function useGrid(work: Worked): Grid {
  const [selected, select] = React.useState<Selection | null>(null);
  const [editing, edit] = React.useState<{ begun: string | null } | null>(null);
  const root = React.useRef<HTMLDivElement>(null);
  const isToFocus = React.useRef(false);
  const isLeaving = React.useRef(false); // after Escape, Tab goes on to what follows the table
  const tapped = React.useRef({ isFinger: false, wasThere: false });
  const { spec, runs, keys, checked } = work;
  const cells = { keys, columns: runs.columns };
  const isThere = ({ key, column }: Place) => keys.includes(key) && runs.columns.includes(column);
  const selection = selected !== null && isThere(selected.at) && isThere(selected.from) ? selected : null;
  const at = selection?.at ?? firstOf(cells);
  const block = selection ? blockOf(selection, cells) : NOTHING;
  const meant = checked.size > 0 ? checked : new Set(block.keys);

  React.useEffect(() => {
    if (!isToFocus.current || at === undefined || editing !== null) return;
    isToFocus.current = false;
    const element = cellOf(root.current, at);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  });

  const go = (place: Place, isExtending = false) => {
    isToFocus.current = true;
    edit(null);
    select((before) => (isExtending && before ? { ...before, at: place } : selectionAt(place)));
  };
  // A row that is to be done again moves to the others, and its cell with it.
  const keepFocus = () => {
    if (root.current?.contains(document.activeElement)) isToFocus.current = true;
  };
  const change = (next: Runs) => {
    if (next === runs) return;
    keepFocus();
    work.change(next);
  };
  const put = (place: Place, text: string) => {
    const written = asWritten(fieldOf(spec, place.column), text);
    work.change(withCells(runs, new Map([[place.key, { [place.column]: written }]])));
  };
  const toggle = (place: Place): boolean => {
    const field = fieldOf(spec, place.column);
    const text = runs.rows.find(({ key }) => key === place.key)?.cells[place.column] ?? "";
    if (field?.widget !== "switch") return false;
    keepFocus();
    put(place, isOn(field, text) === true ? "False" : "True");
    return true;
  };
  const begin = (place: Place, begun: string | null = null) => {
    if (!toggle(place)) edit({ begun });
  };
  const act = (done: RowAct): void => {
    switch (done.do) {
      case "done": {
        put(done, done.text);
        const [rows, along] = STEPS[done.onward];
        const next = along === 0 ? onwardFrom(done, cells, rows, 0) : nextPlace(done, cells, along < 0 ? -1 : 1);
        go(next ?? { key: done.key, column: done.column });
        break;
      }
      case "left":
        put(done, done.text);
        edit(null);
        break;
      case "cancel":
        isToFocus.current = true;
        edit(null);
        break;
      case "toggle":
        toggle(done);
        break;
      case "check":
        work.check(checkedAfter(done, keys, checked, lastChecked));
        break;
      case "settings":
        work.onSettings(done.key);
        break;
      case "open":
        work.onOpen(done.key);
    }
  };
  const lastChecked = React.useRef<number | null>(null);

  const copy = () => textOf(runs, block);
  const paste = (text: string) => {
    const below = keys.slice(keys.indexOf(block.keys[0] ?? -1) + 1);
    const { runs: next, note } = pasted(text, spec, runs, block.keys.length > 0 ? { ...block, below } : undefined);
    change(next);
    work.onTrouble(note);
  };
  const use = (tool: Tool): void => {
    const column = at?.column ?? "";
    switch (tool) {
      case "undo":
      case "redo":
        keepFocus();
        work[tool]();
        break;
      case "insert": {
        const made = inserted(runs, selection?.at.key, "below");
        change(made.runs);
        go({ key: made.row.key, column: runs.columns[0] ?? column });
        break;
      }
      case "duplicate": {
        const made = duplicated(runs, meant);
        change(made.runs);
        work.check(new Set());
        if (made.copies[0]) go({ key: made.copies[0].key, column });
        break;
      }
      case "delete": {
        const place = keys.findIndex((key) => meant.has(key));
        const left = keys.filter((key) => !meant.has(key));
        change(removed(runs, meant));
        work.check(new Set());
        const next = left[Math.min(place, left.length - 1)];
        if (next !== undefined) go({ key: next, column });
        break;
      }
      case "up":
      case "down":
        change(moved(runs, meant, tool === "up" ? -1 : 1));
        break;
      case "fill":
        change(filledDown(runs, block));
        break;
      case "copy":
        void navigator.clipboard?.writeText(copy());
        break;
      case "paste":
        void pasteFromClipboard(paste).catch(() =>
          work.onTrouble(t.__("The browser does not let this page read the clipboard. Press Ctrl V in a cell.")),
        );
        break;
      case "show":
        work.onShow(meant);
        break;
      case "plot":
        work.onPlot(meant);
        break;
      case "settings":
        if (at) work.onSettings(at.key);
    }
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (target.closest(".mli-editor, .mli-row-form")) return;
    const tool = toolOf(event);
    const isCell = target.closest("td[data-column]") !== null;
    const isText = target.matches("input[type=text], input:not([type]), textarea, select");
    if (tool !== undefined && !isText && (isCell || tool === "undo" || tool === "redo")) {
      event.preventDefault();
      event.stopPropagation();
      if (can[tool]) use(tool);
    } else if (isCell && at !== undefined) {
      inCell(event, at);
    }
  };
  const inCell = (event: React.KeyboardEvent, place: Place): void => {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const withCtrl = ctrlKey || metaKey;
    const leaves = isLeaving.current;
    isLeaving.current = key === "Escape";
    const next = altKey ? undefined : placeAfter(key, withCtrl, place, cells);
    if (next !== undefined) {
      go(next, shiftKey);
    } else if (key === "Tab") {
      const following = leaves ? null : nextPlace(place, cells, shiftKey ? -1 : 1);
      if (following === null) return;
      go(following);
    } else if (altKey && shiftKey && (key === "ArrowLeft" || key === "ArrowRight")) {
      work.widen(place.column, key === "ArrowLeft" ? -WIDER : WIDER);
    } else if (key === "Enter" || key === "F2") {
      begin(place);
    } else if (key === "Escape") {
      go(place);
      return; // a panel may mean something else by it
    } else if (key === "Backspace" || key === "Delete") {
      change(emptied(runs, block));
    } else if (key === " " && shiftKey) {
      work.check(
        checkedAfter({ key: place.key, on: !checked.has(place.key), through: false }, keys, checked, lastChecked),
      );
    } else if (key === " ") {
      toggle(place);
    } else if (withCtrl && key.toLowerCase() === "a") {
      select({ from: firstOf(cells)!, at: { key: keys.at(-1)!, column: runs.columns.at(-1)! } });
    } else if (key.length === 1 && !withCtrl && !altKey) {
      begin(place, key);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const some = block.keys.length > 0;
  const toPlot = work.countToPlot(meant);
  const can: Grid["can"] = {
    undo: work.canUndo,
    redo: work.canRedo,
    insert: true,
    duplicate: meant.size > 0,
    delete: meant.size > 0,
    up: meant.size > 0,
    down: meant.size > 0,
    fill: block.keys.length > 1,
    copy: some,
    paste: some,
    show: work.canShow(meant),
    plot: toPlot > 0,
    settings: some,
  };
  const latest = React.useRef(act);
  latest.current = act;
  const latestUse = React.useRef(use);
  latestUse.current = use;
  return {
    root,
    selection,
    block,
    editing,
    at,
    can,
    count: meant.size,
    toPlot,
    go,
    act: React.useCallback((done) => latest.current(done), []),
    use: React.useCallback((tool) => latestUse.current(tool), []),
    onKeyDown,
    pointing: {
      onPointerDown: ({ pointerType, target }) => {
        const place = placeOf(target);
        const wasThere = place !== null && isSamePlace(place, selection?.at);
        tapped.current = { isFinger: pointerType !== "mouse", wasThere };
      },
      onMouseDown: (event) => {
        const place = placeOf(event.target);
        if (place === null || event.button !== 0) return;
        event.preventDefault(); // else the browser selects texts
        go(place, event.shiftKey);
      },
      onMouseOver: (event) => {
        const place = event.buttons === 1 && !tapped.current.isFinger ? placeOf(event.target) : null;
        if (place !== null && selection !== null && editing === null) select({ ...selection, at: place });
      },
      onClick: ({ target }) => {
        const place = placeOf(target);
        if (place === null) return;
        if ((target as HTMLElement).closest(".mli-switch")) toggle(place);
        else if (tapped.current.isFinger && tapped.current.wasThere) begin(place);
      },
      onDoubleClick: ({ target }) => {
        const place = placeOf(target);
        if (place !== null && fieldOf(spec, place.column)?.widget !== "switch") begin(place);
      },
      onCopy: (event) => {
        if (placeOf(event.target) === null) return;
        event.preventDefault();
        event.clipboardData.setData("text/plain", copy());
      },
      onCut: (event) => {
        if (placeOf(event.target) === null) return;
        event.preventDefault();
        event.clipboardData.setData("text/plain", copy());
        change(emptied(runs, block));
      },
      onPaste: (event) => {
        if (placeOf(event.target) === null) return;
        event.preventDefault();
        paste(event.clipboardData.getData("text/plain"));
      },
    },
  };
}

const NOTHING: Block = { keys: [], columns: [] };

function firstOf({ keys, columns }: { keys: readonly number[]; columns: readonly string[] }): Place | undefined {
  const [key, column] = [keys[0], columns[0]];
  return key === undefined || column === undefined ? undefined : { key, column };
}

function isSamePlace(one: Place, other: Place | undefined): boolean {
  return other !== undefined && one.key === other.key && one.column === other.column;
}

/** Return the cell that an event is of; null where somebody works in its field, or it is of none. */
function placeOf(target: EventTarget): Place | null {
  if (!(target instanceof Element) || target.closest(".mli-editor")) return null;
  const cell = target.closest<HTMLElement>("td[data-column]");
  const row = cell?.closest<HTMLElement>("tr[data-key]");
  return cell && row ? { key: Number(row.dataset.key), column: cell.dataset.column ?? "" } : null;
}

function cellOf(root: HTMLElement | null, { key, column }: Place): HTMLElement | null | undefined {
  return root?.querySelector<HTMLElement>(`tr[data-key="${key}"] > td[data-column="${CSS.escape(column)}"]`);
}

function toolOf({ key, ctrlKey, metaKey, shiftKey, altKey }: React.KeyboardEvent): Tool | undefined {
  const letter = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (letter === "z") return shiftKey ? "redo" : "undo";
    if (letter === "y") return "redo";
    if (letter === "d" && !shiftKey) return "fill";
    if (key === "Enter") return "insert";
    return key === "Delete" || key === "Backspace" ? "delete" : undefined;
  }
  if (!altKey || shiftKey) return undefined;
  return key === "ArrowUp" ? "up" : key === "ArrowDown" ? "down" : key === "Enter" ? "settings" : undefined;
}

interface Checking {
  key: number;
  on: boolean;
  through: boolean;
}

// With Shift all rows from the one that was checked before.
function checkedAfter(
  { key, on, through }: Checking,
  keys: readonly number[],
  checked: ReadonlySet<number>,
  last: React.MutableRefObject<number | null>,
): Set<number> {
  const places = [keys.indexOf(last.current ?? key), keys.indexOf(key)].sort((one, other) => one - other);
  const next = new Set(checked);
  for (const each of through && places[0]! >= 0 ? keys.slice(places[0], places[1]! + 1) : [key]) {
    if (on) next.add(each);
    else next.delete(each);
  }
  last.current = key;
  return next;
}

async function pasteFromClipboard(paste: (text: string) => void): Promise<void> {
  paste(await navigator.clipboard.readText());
}
