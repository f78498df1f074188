// The files and the cell of a batch: the table that goes in, the call, and the table of what came out.
import { PathExt } from "@jupyterlab/coreutils";
import type { Services } from "../core";
import { folderOfCells, relative } from "../forms/folder";
import { endOf } from "../forms/running";
import type { Checked, Outcome } from "../forms/services";
import type { FormSpec } from "../forms/spec";
import { t } from "../forms/texts";
import { csvOf, type Runs, runsFrom } from "./runs";
import { outcomeFrom } from "./states";
import type { CheckRows } from "./table/checking";
import { type Merged, merged } from "./table/merging";

/** What is run of a table: what is not done, that and what has failed, or some rows by their numbers from 1. */
export type Which = "rest" | "failed" | readonly number[];

/** A table with what was done to its file elsewhere, and what is to be said of that. */
export interface Saved {
  readonly runs: Runs;
  readonly note: string | null;
}

export interface Batching {
  /** The table as it was saved last; null where there is none. */
  load(): Promise<Runs | null>;
  outcome(): Promise<ReturnType<typeof outcomeFrom>>;
  /** Save the table; what somebody else has written into the file since is not lost. */
  save(runs: Runs): Promise<Saved>;
  /** Return the table with what was done elsewhere since it was read or saved; null where nothing was. */
  follow(runs: Runs): Promise<Saved | null>;
  checkRows: CheckRows;
  /** Where the table is, of which its files' names count. */
  readonly table: string;
  /** Run in the notebook where the table was begun, which is shown for that. */
  run(which: Which): Promise<Outcome>;
  /** Show results of rows, by their folders below the results'. */
  show(folders: readonly string[]): Promise<Outcome>;
  /** Draw the curves of rows over each other, by their numbers in the table that ran last; of all where null. */
  plot(rows: readonly number[] | null): Promise<Outcome>;
  /** The folder of results, below the session's. */
  readonly results: string;
}

/** Return what a table of runs of one interface reads and writes, in the folder where it was begun. */
export function batching(services: Services, spec: FormSpec, name: string): Batching {
  const { contents } = services.documents.services;
  const folder = folderOfTable(services, name);
  // Where its files' names count from, and its cells belong: not a notebook that repeats one of its rows.
  let home = services.cells.path !== undefined && folderOfCells(services) === folder ? services.cells.path : undefined;
  const insert = async (source: () => string): Promise<Outcome> => {
    if (home !== undefined && home !== services.cells.path) await bringBack(services, home);
    const ended = endOf(await services.cells.insert(source(), { run: true }));
    home ??= services.cells.path;
    return ended;
  };
  const place = (file: string) => PathExt.join(folder, file);
  // Another notebook may be the current one by then, in another folder.
  const fromCells = (file: string) => relative(folderOfCells(services), place(file));
  const table = `${name}.csv`;
  const results = `${name}-results`;
  let known: { runs: Runs; modified: string } | null = null; // as the file was when it was read or written here
  const modified = async (): Promise<string | null> => {
    try {
      return (await contents.get(place(table), { content: false })).last_modified;
    } catch {
      return null; // there is none yet
    }
  };
  const read = async (file: string): Promise<{ text: string; modified: string } | null> => {
    try {
      const model = await contents.get(place(file), { type: "file", format: "text", content: true });
      return { text: String(model.content), modified: model.last_modified };
    } catch {
      return null; // there is none yet
    }
  };
  const write = async (runs: Runs): Promise<void> => {
    const saved = await contents.save(place(table), { type: "file", format: "text", content: csvOf(runs) });
    known = { runs, modified: saved.last_modified };
    services.memory.set(keyOf(name), folder);
  };
  const withTheirs = async (runs: Runs): Promise<(Merged & { modified: string }) | null> => {
    const before = known;
    if ((await modified()) === (before?.modified ?? null)) return null;
    const there = await read(table);
    if (there === null) return null;
    const base = before?.runs ?? { columns: runs.columns, rows: [] };
    return { ...merged(base, runsFrom(there.text, spec), runs), modified: there.modified };
  };
  return {
    results: place(results),
    table: place(table),
    load: async () => {
      const there = await read(table);
      known = there === null ? null : { runs: runsFrom(there.text, spec), modified: there.modified };
      return known?.runs ?? null;
    },
    outcome: async () => outcomeFrom((await read(`${results}/table.csv`))?.text ?? ""),
    save: async (runs) => {
      const both = await withTheirs(runs);
      await write(both?.runs ?? runs);
      return { runs: both?.runs ?? runs, note: both && changedElsewhere(table, both.clashes) };
    },
    follow: async (runs) => {
      const both = await withTheirs(runs);
      if (both === null) return null;
      known = { runs: both.runs, modified: both.modified };
      return { runs: both.runs, note: changedElsewhere(table, both.clashes) };
    },
    checkRows: async (rows) => {
      const asked = { of: spec.of, form: spec, rows, path: place(table), environment: services.kernel.environment };
      return (await services.server.post<{ rows: Checked[] }>("forms/check", asked)).rows;
    },
    run: (which) => insert(() => cellOf(spec, fromCells(table), fromCells(results), which)),
    show: (folders) =>
      insert(() => {
        const shown = folders.map((one) => `open_result(${JSON.stringify(fromCells(`${results}/${one}`))}).show()`);
        return ["from mantidlab.interfaces import open_result", "", ...shown].join("\n");
      }),
    plot: (rows) =>
      insert(() => {
        const drawn = `open_batch(${JSON.stringify(fromCells(results))}).plot(${rows ? `rows=[${rows.join(", ")}]` : ""})`;
        return ["from mantidlab.interfaces import open_batch", "", drawn].join("\n");
      }),
  };
}

const SHOWN_WITHIN = 10_000; // ms

/** Make a notebook the current one again; where it is gone, the one that is current stays so. */
async function bringBack({ documents, cells }: Services, path: string): Promise<void> {
  const isThere = await documents.services.contents.get(path, { content: false }).then(
    () => true,
    () => false,
  );
  if (!isThere || documents.openOrReveal(path) === undefined) return;
  for (let waited = 0; cells.path !== path && waited < SHOWN_WITHIN; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function changedElsewhere(table: string, clashes: number): string {
  const changed = t.__("%1 was changed elsewhere meanwhile. The table has what was done there and here.", table);
  if (clashes === 0) return changed;
  return `${changed} ${t.__("%1 cells were changed in both places, and are as you changed them.", clashes)}`;
}

function keyOf(name: string): string {
  return `interfaces/folder/${name}`;
}

// Beside the notebook; and without one where it was the last time, so that a page that is loaded again shows it.
function folderOfTable(services: Services, name: string): string {
  const last = services.memory.get<string>(keyOf(name)) ?? "";
  return services.cells.path === undefined ? last : outsideOfResults(folderOfCells(services));
}

/** Return a folder, or the one that holds a folder of results: a notebook of a row is no place for another table. */
export function outsideOfResults(folder: string): string {
  const within = /(?:^|\/)[^/]+-results\/rows(?:\/|$)/.exec(folder);
  return within === null ? folder : folder.slice(0, within.index);
}

/** Return the cell that runs a table. */
export function cellOf({ call }: FormSpec, table: string, to: string, which: Which): string {
  const options = which === "rest" ? "" : which === "failed" ? ", retry=True" : `, only=[${which.join(", ")}]`;
  const text = `batch(${call.function}, ${JSON.stringify(table)}, to=${JSON.stringify(to)}${options})`;
  return ["from mantidlab.interfaces import batch", call.import, text].filter((line) => line !== "").join("\n");
}
