// The files and the cell of a batch: the table that goes in, the call, and the table of what came out.
import { PathExt } from "@jupyterlab/coreutils";
import type { Services } from "../core";
import { folderOfCells, relative } from "../forms/folder";
import { endOf } from "../forms/running";
import type { Outcome } from "../forms/services";
import type { FormSpec } from "../forms/spec";
import { t } from "../forms/texts";
import { csvOf, type Runs, runsFrom, withRows } from "./runs";
import { outcomesFrom, type States, statesFrom } from "./states";

/** What is run of a table: what is not done, that and what has failed, or some rows by their numbers from 1. */
export type Which = "rest" | "failed" | readonly number[];

/** What a table is after it was saved: another one, and why, where the file was changed elsewhere meanwhile. */
export interface Saved {
  readonly runs: Runs;
  readonly note: string | null;
}

export interface Batching {
  /** The table as it was saved last; null where there is none. */
  load(): Promise<Runs | null>;
  outcome(): Promise<{ states: States; results: ReturnType<typeof outcomesFrom> }>;
  /** Save the table; what somebody else has written into the file since is not lost. */
  save(runs: Runs): Promise<Saved>;
  run(which: Which): Promise<Outcome>;
  /** The folder of results, below the session's. */
  readonly results: string;
}

/** Return what a table of runs of one interface reads and writes, in the folder where it was begun. */
export function batching(services: Services, spec: FormSpec, name: string): Batching {
  const { contents } = services.documents.services;
  const folder = folderOfTable(services, name);
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
  const load = async (): Promise<Runs | null> => {
    const there = await read(table);
    known = there === null ? null : { runs: runsFrom(there.text), modified: there.modified };
    return known?.runs ?? null;
  };
  const write = async (runs: Runs): Promise<void> => {
    const saved = await contents.save(place(table), { type: "file", format: "text", content: csvOf(runs) });
    known = { runs, modified: saved.last_modified };
    services.memory.set(keyOf(name), folder);
  };
  const read = async (file: string): Promise<{ text: string; modified: string } | null> => {
    try {
      const model = await contents.get(place(file), { type: "file", format: "text", content: true });
      return { text: String(model.content), modified: model.last_modified };
    } catch {
      return null; // there is none yet
    }
  };
  return {
    results: place(results),
    load,
    outcome: async () => {
      const csv = (await read(`${results}/table.csv`))?.text ?? "";
      return { states: statesFrom(csv), results: outcomesFrom(csv) };
    },
    save: async (runs) => {
      const before = known;
      if ((await modified()) !== (before?.modified ?? null)) {
        const theirs = await load();
        if (theirs !== null) {
          const both = joined(theirs, before?.runs ?? null, runs);
          if (both !== null) await write(both);
          return { runs: both ?? theirs, note: changedElsewhere(table, both !== null) };
        }
      }
      await write(runs);
      return { runs, note: null };
    },
    run: async (which) => {
      const source = cellOf(spec, fromCells(table), fromCells(results), which);
      return endOf(await services.cells.insert(source, { run: true }));
    },
  };
}

/** Return a table with the rows that were added to another one; null where more than that was done to it. */
function joined(theirs: Runs, before: Runs | null, ours: Runs): Runs | null {
  const old = new Map((before?.rows ?? []).map(({ key, cells }) => [key, cells]));
  const kept = ours.rows.filter(({ key, cells }) => old.get(key) === cells);
  const added = ours.rows.filter(({ key }) => !old.has(key));
  const same = before === null || ours.columns.join() === before.columns.join();
  if (!same || kept.length !== old.size || kept.length + added.length !== ours.rows.length) return null;
  const columns = [...theirs.columns, ...ours.columns.filter((column) => !theirs.columns.includes(column))];
  return withRows(
    { ...theirs, columns },
    added.map(({ cells }) => cells),
  );
}

function changedElsewhere(table: string, both: boolean): string {
  return both
    ? t.__("%1 was changed elsewhere meanwhile. The table has its rows now, and those that you added.", table)
    : t.__("%1 was changed elsewhere meanwhile. The table shows it as it is now; do your last change again.", table);
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
