// How far the rows of a batch are: as the kernel says while it runs, and as the folder of results says afterwards.
import { csvParseRows } from "d3-dsv";

export type Status = "waiting" | "running" | "done" | "failed" | "refused";

export interface RowState {
  status: Status;
  /** Why it failed. */
  message: string;
  /** The folder of its result below that of the batch; empty where there is none. */
  folder: string;
}

/** What the kernel says of a batch that it runs. */
export interface BatchNews {
  interface: string;
  folder: string;
  rows: readonly { row: number; status: Status; message?: string; folder?: string }[];
}

/** By number of the row in the table, from 1. */
export type States = ReadonlyMap<number, RowState>;

/** Return the states after some news. The first row that waits is the one that runs. */
export function statesIn({ rows }: BatchNews): States {
  const running = rows.find(({ status }) => status === "waiting")?.row;
  return new Map(
    rows.map(({ row, status, message = "", folder = "" }) => [
      row,
      { status: row === running ? "running" : status, message, folder },
    ]),
  );
}

/** Read the table that a batch keeps in its folder. */
export function statesFrom(csv: string): States {
  const [head = [], ...lines] = csvParseRows(csv);
  const cell = (line: readonly string[], name: string) => line[head.indexOf(name)] ?? "";
  return new Map(
    lines
      .filter((line) => Number(cell(line, "row")) > 0)
      .map((line) => [
        Number(cell(line, "row")),
        { status: cell(line, "status") as Status, message: cell(line, "message"), folder: cell(line, "folder") },
      ]),
  );
}

/** Return the numbers that came out of each row, as the table in the folder has them: `result.NAME` without `result.`. */
export function outcomesFrom(csv: string): { names: string[]; byRow: ReadonlyMap<number, Record<string, string>> } {
  const [head = [], ...lines] = csvParseRows(csv);
  const columns = head.map((name, index) => [name, index] as const).filter(([name]) => name.startsWith(RESULT));
  const named = columns.map(([name, index]) => [name.slice(RESULT.length), index] as const);
  return {
    names: named.map(([name]) => name),
    byRow: new Map(
      lines.map((line) => [
        Number(line[head.indexOf("row")]),
        Object.fromEntries(named.map(([name, index]) => [name, line[index] ?? ""])),
      ]),
    ),
  };
}

const RESULT = "result.";

/** Count the rows that are in each state; rows nobody said anything of wait. */
export function counts(states: readonly (RowState | undefined)[]): Record<Status, number> {
  const found: Record<Status, number> = { waiting: 0, running: 0, done: 0, failed: 0, refused: 0 };
  for (const state of states) {
    found[state?.status ?? "waiting"] += 1;
  }
  return found;
}
