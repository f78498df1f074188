// A table of runs: one row for each call of an interface, with the columns that differ from row to row.
import { csvFormatRows, csvParseRows, tsvParseRows } from "d3-dsv";
import { type Entry, readEntry } from "../forms/entries";
import type { Field, FormSpec } from "../forms/spec";
import { t } from "../forms/texts";

export interface Row {
  /** Stays while rows are added and taken away. */
  key: number;
  /** As typed, by column. */
  cells: Readonly<Record<string, string>>;
  selected: boolean;
}

export interface Runs {
  /** Names of fields. */
  columns: readonly string[];
  rows: readonly Row[];
}

const NOT_IN_TABLES = ["expression", "function", "dictionary"];

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

/** Return the table with rows more, which get the keys that follow. */
export function withRows(runs: Runs, cells: readonly Readonly<Record<string, string>>[]): Runs {
  const first = Math.max(0, ...runs.rows.map(({ key }) => key)) + 1;
  const added = cells.map((one, index) => ({ key: first + index, cells: one, selected: false }));
  return { ...runs, rows: [...runs.rows, ...added] };
}

/** Return the table with another text in one cell. */
export function withCell(runs: Runs, key: number, column: string, text: string): Runs {
  const rows = runs.rows.map((row) => (row.key === key ? { ...row, cells: { ...row.cells, [column]: text } } : row));
  return { ...runs, rows };
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

/** Read what was copied from a spreadsheet, or a file with commas: a row each, the first may name the columns. */
export function pasted(text: string, spec: FormSpec, runs: Runs, at?: { key: number; column: string }): Runs {
  const read = text.includes("\t") ? tsvParseRows : csvParseRows;
  const lines = read(text.replaceAll("\r\n", "\n").replace(/\n+$/, "")).filter((line) =>
    line.some((cell) => cell.trim() !== ""),
  );
  const [head = [], ...rest] = lines;
  const named = head.map((title) => fieldCalled(spec, title)?.name);
  if (named.every((name) => name !== undefined) && named.length > 0) {
    const columns = [...runs.columns, ...named.filter((name) => !runs.columns.includes(name))];
    return withRows(
      { ...runs, columns },
      rest.map((line) => cellsOf(named, line)),
    );
  }
  return at === undefined
    ? withRows(
        runs,
        lines.map((line) => cellsOf(runs.columns, line)),
      )
    : pastedAt(lines, runs, at);
}

// Over what stands there, from the cell that has the focus on; below the last row new ones are made.
function pastedAt(lines: readonly string[][], runs: Runs, at: { key: number; column: string }): Runs {
  const columns = runs.columns.slice(Math.max(0, runs.columns.indexOf(at.column)));
  const first = Math.max(
    0,
    runs.rows.findIndex(({ key }) => key === at.key),
  );
  const rows = runs.rows.map((row, index) => {
    const line = lines[index - first];
    return line === undefined ? row : { ...row, cells: { ...row.cells, ...cellsOf(columns, line) } };
  });
  const left = lines.slice(Math.max(0, runs.rows.length - first));
  return withRows(
    { ...runs, rows },
    left.map((line) => cellsOf(columns, line)),
  );
}

function cellsOf(columns: readonly string[], line: readonly string[]): Record<string, string> {
  const pairs = columns.map((column, index) => [column, (line[index] ?? "").trim()] as const);
  return Object.fromEntries(pairs.filter((_, index) => index < line.length));
}

function fieldCalled(spec: FormSpec, title: string): Field | undefined {
  const called = title.trim().toLowerCase();
  return spec.fields.find(({ name, label }) => name.toLowerCase() === called || label.toLowerCase() === called);
}

/** Return what is wrong with the cells of a row, by column. */
export function problemsOfRow(spec: FormSpec, { columns }: Runs, { cells }: Row): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const column of columns) {
    const field = spec.fields.find(({ name }) => name === column);
    const problem = field && problemOfCell(field, cells[column] ?? "");
    if (problem) {
      problems[column] = problem;
    }
  }
  return problems;
}

function problemOfCell(field: Field, text: string): string | undefined {
  if (text.trim() === "") {
    return field.required ? t.__("This is needed.") : undefined;
  }
  if (field.widget === "choice" && !field.open && !field.choices.some(({ value }) => String(value) === text.trim())) {
    return t.__("Possible are %1.", field.choices.map(({ value }) => String(value)).join(", "));
  }
  if (field.widget === "switch" && !/^(true|false|yes|no|1|0)$/i.test(text.trim())) {
    return t.__("Write True or False.");
  }
  const entry: Entry = readEntry(field, "interface", text);
  return "problem" in entry ? entry.problem : undefined;
}

/** Write the table as the file that the batch reads. */
export function csvOf({ columns, rows }: Runs): string {
  return `${csvFormatRows([[...columns], ...rows.map(({ cells }) => columns.map((column) => cells[column] ?? ""))])}\n`;
}

/** Read the file again. */
export function runsFrom(csv: string): Runs {
  const [columns = [], ...lines] = csvParseRows(csv.replace(/\n+$/, ""));
  return withRows(
    { columns, rows: [] },
    lines.map((line) => cellsOf(columns, line)),
  );
}
