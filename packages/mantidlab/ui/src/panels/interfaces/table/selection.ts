// Which cells are selected: the one that has the focus, and the block from where the selection began.
import type { Block } from "./editing";

export interface Place {
  /** Of a row. */
  key: number;
  column: string;
}

export interface Selection {
  at: Place;
  /** The opposite corner. */
  from: Place;
}

/** The cells of a table as they are seen. */
export interface Cells {
  keys: readonly number[];
  columns: readonly string[];
}

export function selectionAt(place: Place): Selection {
  return { at: place, from: place };
}

/** Return the cells of a selection, in the order in which they are seen. */
export function blockOf({ at, from }: Selection, { keys, columns }: Cells): Block {
  return {
    keys: between(keys, at.key, from.key),
    columns: between(columns, at.column, from.column),
  };
}

function between<Kept>(all: readonly Kept[], one: Kept, other: Kept): readonly Kept[] {
  const places = [all.indexOf(one), all.indexOf(other)].sort((a, b) => a - b);
  return all.slice(Math.max(0, places[0]!), places[1]! + 1);
}

/** Return the place some rows and columns further on, as far as the table goes. */
export function onward({ key, column }: Place, { keys, columns }: Cells, rows: number, along: number): Place {
  const row = clamped(keys.indexOf(key) + rows, keys.length);
  const across = clamped(columns.indexOf(column) + along, columns.length);
  return { key: keys[row] ?? key, column: columns[across] ?? column };
}

function clamped(place: number, length: number): number {
  return Math.max(0, Math.min(length - 1, place));
}

/** Return the next place as Tab goes, from row to row; null at the end of the table. */
export function nextPlace({ key, column }: Place, { keys, columns }: Cells, by: 1 | -1): Place | null {
  const count = keys.indexOf(key) * columns.length + columns.indexOf(column) + by;
  if (count < 0 || count >= keys.length * columns.length) return null;
  return { key: keys[Math.floor(count / columns.length)]!, column: columns[count % columns.length]! };
}

const PAGE = 12; // rows
const FAR = 1e9;

/** Return where a key leads; undefined for any other key. */
export function placeAfter(key: string, far: boolean, at: Place, cells: Cells): Place | undefined {
  const step = far ? FAR : 1;
  switch (key) {
    case "ArrowUp":
      return onward(at, cells, -step, 0);
    case "ArrowDown":
      return onward(at, cells, step, 0);
    case "ArrowLeft":
      return onward(at, cells, 0, -step);
    case "ArrowRight":
      return onward(at, cells, 0, step);
    case "Home":
      return onward(at, cells, far ? -FAR : 0, -FAR);
    case "End":
      return onward(at, cells, far ? FAR : 0, FAR);
    case "PageUp":
      return onward(at, cells, -PAGE, 0);
    case "PageDown":
      return onward(at, cells, PAGE, 0);
    default:
      return undefined;
  }
}
