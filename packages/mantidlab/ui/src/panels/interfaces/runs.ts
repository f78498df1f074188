// A table of runs: one row for each call of an interface, with the columns that differ from row to row.
import { csvFormatRows, dsvFormat } from "d3-dsv";
import type { Field, FormSpec } from "../forms/spec";
import { t } from "../forms/texts";

/** Texts as they stand in the file, by column. */
export type Cells = Readonly<Record<string, string>>;

export interface Row {
  /** Its own as long as the page lives, also after it was taken away. */
  key: number;
  cells: Cells;
}

export interface Runs {
  /** Names of fields. */
  columns: readonly string[];
  rows: readonly Row[];
}

// What no text of one cell can say to the batch.
const NOT_IN_TABLES = ["expression", "function", "dictionary", "quantity"];
let lastKey = 0;

/** Return an empty table with the fields that are needed, or the first one that may be a column. */
export function emptyRuns(spec: FormSpec): Runs {
  const possible = possibleColumns(spec);
  const needed = possible.filter(({ required }) => required);
  return { columns: (needed.length > 0 ? needed : possible.slice(0, 1)).map(({ name }) => name), rows: [] };
}

/** Return the fields that a table may have as columns. */
export function possibleColumns(spec: FormSpec): Field[] {
  return spec.fields.filter(({ widget, direction }) => direction !== "output" && !NOT_IN_TABLES.includes(widget));
}

export function fieldOf(spec: FormSpec, column: string): Field | undefined {
  return spec.fields.find(({ name }) => name === column);
}

export function labelOf(spec: FormSpec, column: string): string {
  return fieldOf(spec, column)?.label ?? column;
}

/** Return rows with keys of their own. */
export function rowsWith(cells: readonly Cells[]): Row[] {
  return cells.map((one) => {
    lastKey += 1;
    return { key: lastKey, cells: one };
  });
}

/** Return the table with rows more, at its end or before a place. */
export function withRows(runs: Runs, cells: readonly Cells[], place = runs.rows.length): Runs {
  return { ...runs, rows: [...runs.rows.slice(0, place), ...rowsWith(cells), ...runs.rows.slice(place)] };
}

/** Return the table with other texts in some cells, by the keys of their rows. */
export function withCells(runs: Runs, changed: ReadonlyMap<number, Cells>): Runs {
  const rows = runs.rows.map((row) => {
    const cells = changed.get(row.key);
    return cells === undefined || isWithin(cells, row.cells) ? row : { ...row, cells: { ...row.cells, ...cells } };
  });
  return rows.every((row, index) => row === runs.rows[index]) ? runs : { ...runs, rows };
}

function isWithin(some: Cells, all: Cells): boolean {
  return Object.entries(some).every(([column, text]) => (all[column] ?? "") === text);
}

/** Return the table with columns more, those that it does not have yet. */
export function withColumns(runs: Runs, columns: readonly string[]): Runs {
  const added = columns.filter((column) => !runs.columns.includes(column));
  return added.length === 0 ? runs : { ...runs, columns: [...runs.columns, ...added] };
}

export function isBlank({ cells }: Row): boolean {
  return Object.values(cells).every((text) => text.trim() === "");
}

/** Return what a row says, whatever the order of columns: two rows that say the same are the same run. */
export function signatureOf(cells: Cells): string {
  const known = signatures.get(cells) ?? writtenOut(cells);
  signatures.set(cells, known);
  return known;
}

const signatures = new WeakMap<Cells, string>(); // asked for each row whenever the table is drawn

function writtenOut(cells: Cells): string {
  const given = Object.entries(cells).filter(([, text]) => text.trim() !== "");
  return JSON.stringify(given.sort(([one], [other]) => (one < other ? -1 : 1)));
}

const LONGEST = 1000;
const RANGE = /^(.*?)(\d+)\s*[-:]\s*(\d+)$/;

/** Return the runs of a text such as "74024, 74030-74035", one each. Throws a sentence where a range is none. */
export function runsOf(text: string): string[] {
  const parts = text
    .split(/[\s,;]+(?![-:])/)
    .join(",")
    .replace(/,?([-:]),?/g, "$1")
    .split(",");
  return parts.filter((part) => part !== "").flatMap(rangeOf);
}

function rangeOf(part: string): string[] {
  const [, prefix, low, high] = RANGE.exec(part) ?? [];
  if (prefix === undefined || low === undefined || high === undefined) {
    return [part];
  }
  const count = Number(high) - Number(low) + 1;
  if (count < 1 || count > LONGEST) {
    throw new Error(
      t.__("“%1” is no range of runs: write the lower number first, and at most %2 runs.", part, LONGEST),
    );
  }
  return Array.from({ length: count }, (_, index) => prefix + String(Number(low) + index).padStart(low.length, "0"));
}

/** Return the field that a title of a column means: its name, or what the form calls it. */
export function fieldCalled(spec: FormSpec, title: string): Field | undefined {
  const called = title.trim().toLowerCase();
  return spec.fields.find(({ name, label }) => name.toLowerCase() === called || label.toLowerCase() === called);
}

/** Read lines of cells; a spreadsheet separates by tabs, or by semicolons where commas are in numbers. */
export function linesOf(text: string): string[][] {
  const whole = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const [first = ""] = whole.split("\n", 1);
  const separator = whole.includes("\t") ? "\t" : first.includes(";") && !first.includes(",") ? ";" : ",";
  return dsvFormat(separator).parseRows(whole.replace(/\n+$/, ""));
}

export function cellsOf(columns: readonly string[], line: readonly string[]): Record<string, string> {
  const pairs = columns.map((column, index) => [column, (line[index] ?? "").trim()] as const);
  return Object.fromEntries(pairs.filter((_, index) => index < line.length));
}

/** Write the table as the file that the batch reads. */
export function csvOf({ columns, rows }: Runs): string {
  return `${csvFormatRows([[...columns], ...rows.map(({ cells }) => columns.map((column) => cells[column] ?? ""))])}\n`;
}

/** Read the file again; columns may have the names that the form shows. */
export function runsFrom(csv: string, spec: FormSpec): Runs {
  const [titles = [], ...lines] = linesOf(csv);
  const columns = titles.map((title) => fieldCalled(spec, title)?.name ?? title.trim());
  const cells = lines.map((line) => cellsOf(columns, line));
  return withRows({ columns, rows: [] }, cells);
}
