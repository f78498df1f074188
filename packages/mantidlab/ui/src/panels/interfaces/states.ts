// How far the rows of a batch are: as the kernel says while it runs, and as the folder of results says afterwards.
import { csvParseRows } from "d3-dsv";
import { type Cells, signatureOf } from "./runs";

export type Status = "waiting" | "running" | "done" | "failed" | "refused";

export interface RowState {
  status: Status;
  /** Why it failed. */
  message: string;
  /** The folder of its result below that of the batch; empty where there is none. */
  folder: string;
  /** Its number in the table that ran last, from 1: it may have been moved since. */
  number: number;
}

/** What the kernel says of a batch that it runs. */
export interface BatchNews {
  interface: string;
  folder: string;
  /** `given` is what the row said when the batch began: it may have been moved or changed since. */
  rows: readonly { row: number; status: Status; given: Cells; message?: string; folder?: string }[];
}

/** By what the rows say: `signatureOf`. So they stay with their rows while rows are moved, added and taken away. */
export type States = ReadonlyMap<string, RowState>;

/** Return the states after some news. The first row that waits is the one that runs. */
export function statesIn({ rows }: BatchNews): Map<string, RowState> {
  const running = rows.find(({ status }) => status === "waiting")?.row;
  return new Map(
    rows.map(({ row, status, given, message = "", folder = "" }) => {
      const state: RowState = { status: row === running ? "running" : status, message, folder, number: row };
      return [signatureOf(given), state];
    }),
  );
}

const OURS = ["row", "status", "message", "seconds", "folder"];
const RESULT = "result.";

/** What came out of rows: numbers and texts, as the table in the folder names them, without `result.`. */
export interface Outcomes {
  names: readonly string[];
  of: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** Read the table that a batch keeps in its folder: how far each row is, and what came out of it. */
export function outcomeFrom(csv: string): { states: States; results: Outcomes } {
  const [head = [], ...lines] = csvParseRows(csv);
  const cell = (line: readonly string[], name: string) => line[head.indexOf(name)] ?? "";
  const part = (line: readonly string[], isPart: (name: string) => boolean) =>
    Object.fromEntries(head.map((name, index) => [name, line[index] ?? ""] as const).filter(([name]) => isPart(name)));
  const names = head.filter((name) => name.startsWith(RESULT)).map((name) => name.slice(RESULT.length));
  const states = new Map<string, RowState>();
  const results = new Map<string, Record<string, string>>();
  for (const line of lines.filter((one) => Number(cell(one, "row")) > 0)) {
    const row = signatureOf(part(line, (name) => !OURS.includes(name) && !name.startsWith(RESULT)));
    const status = cell(line, "status") as Status;
    const number = Number(cell(line, "row"));
    states.set(row, { status, message: cell(line, "message"), folder: cell(line, "folder"), number });
    results.set(row, Object.fromEntries(names.map((name) => [name, cell(line, RESULT + name)])));
  }
  return { states, results: { names, of: results } };
}

/** Count the rows that are in each state; rows nobody said anything of wait. */
export function counts(states: readonly (RowState | undefined)[]): Record<Status, number> {
  const found: Record<Status, number> = { waiting: 0, running: 0, done: 0, failed: 0, refused: 0 };
  for (const state of states) {
    found[state?.status ?? "waiting"] += 1;
  }
  return found;
}
