// What is done to a table as to a spreadsheet: blocks of cells, and rows. Each returns another table.
import { tsvFormatRows, tsvParseRows } from "d3-dsv";
import type { FormSpec } from "../../forms/spec";
import { t } from "../../forms/texts";
import {
  type Cells,
  cellsOf,
  fieldCalled,
  fieldOf,
  linesOf,
  type Row,
  type Runs,
  rowsWith,
  withCells,
  withColumns,
  withRows,
} from "../runs";
import { asWritten } from "./cells";

/** Cells in the order in which they are seen. */
export interface Block {
  /** Of rows. */
  keys: readonly number[];
  columns: readonly string[];
}

/** Return a block as spreadsheets take it. */
export function textOf(runs: Runs, { keys, columns }: Block): string {
  const rows = new Map(runs.rows.map(({ key, cells }) => [key, cells]));
  return tsvFormatRows(keys.map((key) => columns.map((column) => rows.get(key)?.[column] ?? "")));
}

/** Return the table with the cells of a block empty. */
export function emptied(runs: Runs, { keys, columns }: Block): Runs {
  const nothing = Object.fromEntries(columns.map((column) => [column, ""]));
  return withCells(runs, new Map(keys.map((key) => [key, nothing])));
}

/** Return the table with the first row of a block in all others of it. */
export function filledDown(runs: Runs, { keys, columns }: Block): Runs {
  const [first, ...others] = keys;
  const top = runs.rows.find(({ key }) => key === first)?.cells ?? {};
  const cells = Object.fromEntries(columns.map((column) => [column, top[column] ?? ""]));
  return withCells(runs, new Map(others.map((key) => [key, cells])));
}

/** A table after something was pasted, and what of that is not in it. */
export interface Pasted {
  runs: Runs;
  note: string | null;
}

/**
 * Return the table with what was copied from a spreadsheet, or is a file with commas. A first line that names columns says
 * which those are, and the others become rows of their own; else it is written from a block on, and one cell into all of it.
 */
export function pasted(text: string, spec: FormSpec, runs: Runs, into?: Block & { below: readonly number[] }): Pasted {
  const lines = linesOf(text).filter((line) => line.some((cell) => cell.trim() !== ""));
  const [head = [], ...rest] = lines;
  const named = head.map((title) => fieldCalled(spec, title)?.name);
  if (isHead(head, named)) return pastedUnder(head, named, rest, spec, runs);
  // Spreadsheets separate by tabs; a comma is one of the cell's own.
  const cells = into === undefined ? lines : tsvParseRows(text.replace(/\r\n?/g, "\n").replace(/\n$/, ""));
  const room =
    into === undefined ? runs.columns.length : runs.columns.length - runs.columns.indexOf(into.columns[0] ?? "");
  const widest = Math.max(0, ...cells.map(({ length }) => length));
  if (widest > room) return { runs, note: tooWide(widest, room) };
  if (into !== undefined) return { runs: pastedInto(cells, spec, runs, into), note: null };
  const rows = lines.map((line) => read(spec, runs.columns, line));
  return { runs: withRows(runs, rows), note: null };
}

// A line of names may have some that are no fields: a run's number is never called as a field is.
function isHead(head: readonly string[], named: readonly (string | undefined)[]): boolean {
  const titles = head.filter((title) => title.trim() !== "").length;
  const known = named.filter((name) => name !== undefined).length;
  return known > 0 && 2 * known >= titles;
}

function pastedUnder(
  head: readonly string[],
  named: readonly (string | undefined)[],
  rest: readonly string[][],
  spec: FormSpec,
  runs: Runs,
): Pasted {
  const fields = named.filter((name) => name !== undefined);
  const places = named.map((name, place) => (name === undefined ? -1 : place)).filter((place) => place >= 0);
  const rows = rest.map((line) =>
    read(
      spec,
      fields,
      places.map((place) => line[place] ?? ""),
    ),
  );
  const unknown = head.filter((title, place) => named[place] === undefined && title.trim() !== "");
  const note =
    unknown.length > 0 ? t.__("Left out, since they are no fields of this interface: %1.", unknown.join(", ")) : null;
  return { runs: withRows(withColumns(runs, fields), rows), note };
}

function tooWide(widest: number, room: number): string {
  return t.__(
    "Nothing was pasted: it has %1 columns, and there is room for %2. Copy the line with the names of columns too, or add columns first.",
    widest,
    room,
  );
}

function pastedInto(
  lines: readonly string[][],
  spec: FormSpec,
  runs: Runs,
  { keys, columns, below }: Block & { below: readonly number[] },
): Runs {
  const [[only = ""] = []] = lines;
  if (lines.length === 1 && lines[0]?.length === 1) {
    const cells = Object.fromEntries(columns.map((column) => [column, asWritten(fieldOf(spec, column), only)]));
    return withCells(runs, new Map(keys.map((key) => [key, cells])));
  }
  const onward = runs.columns.slice(Math.max(0, runs.columns.indexOf(columns[0] ?? "")));
  const places = [...keys.slice(0, 1), ...below];
  const over = lines.slice(0, places.length).map((line, index) => [places[index]!, read(spec, onward, line)] as const);
  const more = lines.slice(places.length).map((line) => read(spec, onward, line));
  return withRows(withCells(runs, new Map(over)), more);
}

function read(spec: FormSpec, columns: readonly string[], line: readonly string[]): Cells {
  const cells = cellsOf(columns, line);
  return Object.fromEntries(
    Object.entries(cells).map(([column, text]) => [column, asWritten(fieldOf(spec, column), text)]),
  );
}

/** Return the table with an empty row above or below another one; at its end where there is none. */
export function inserted(runs: Runs, beside: number | undefined, where: "above" | "below"): { runs: Runs; row: Row } {
  const at = runs.rows.findIndex(({ key }) => key === beside);
  const place = at < 0 ? runs.rows.length : at + (where === "below" ? 1 : 0);
  const longer = withRows(runs, [{}], place);
  return { runs: longer, row: longer.rows[place]! };
}

export function removed(runs: Runs, keys: ReadonlySet<number>): Runs {
  return { ...runs, rows: runs.rows.filter(({ key }) => !keys.has(key)) };
}

/** Return the table with copies of rows below the last of them. */
export function duplicated(runs: Runs, keys: ReadonlySet<number>): { runs: Runs; copies: readonly Row[] } {
  const chosen = runs.rows.filter(({ key }) => keys.has(key));
  const copies = rowsWith(chosen.map(({ cells }) => cells));
  const place = runs.rows.findLastIndex(({ key }) => keys.has(key)) + 1;
  return { runs: { ...runs, rows: [...runs.rows.slice(0, place), ...copies, ...runs.rows.slice(place)] }, copies };
}

/** Return the table with rows one place up or down; those at its end stay. */
export function moved(runs: Runs, keys: ReadonlySet<number>, by: -1 | 1): Runs {
  const rows = [...runs.rows];
  const places = rows.map((_, index) => index);
  for (const index of by < 0 ? places : places.reverse()) {
    const [row, other] = [rows[index], rows[index + by]];
    if (row && other && keys.has(row.key) && !keys.has(other.key)) {
      rows[index] = other;
      rows[index + by] = row;
    }
  }
  return { ...runs, rows };
}
