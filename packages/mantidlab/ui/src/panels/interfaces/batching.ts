// The files and the cell of a batch: the table that goes in, the call, and the table of what came out.
import { PathExt } from "@jupyterlab/coreutils";
import type { Services } from "../core";
import { folderOfCells, relative } from "../forms/folder";
import { endOf } from "../forms/running";
import type { Outcome } from "../forms/services";
import type { FormSpec } from "../forms/spec";
import { csvOf, type Runs, runsFrom } from "./runs";
import { outcomesFrom, type States, statesFrom } from "./states";

/** What is run of a table: what is not done, that and what has failed, or some rows by their numbers from 1. */
export type Which = "rest" | "failed" | readonly number[];

export interface Batching {
  /** The table as it was saved last; null where there is none. */
  load(): Promise<Runs | null>;
  outcome(): Promise<{ states: States; results: ReturnType<typeof outcomesFrom> }>;
  save(runs: Runs): Promise<void>;
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
  const read = async (file: string): Promise<string | null> => {
    try {
      const model = await contents.get(place(file), { type: "file", format: "text", content: true });
      return String(model.content);
    } catch {
      return null; // there is none yet
    }
  };
  return {
    results: place(results),
    load: async () => {
      const csv = await read(table);
      return csv === null ? null : runsFrom(csv);
    },
    outcome: async () => {
      const csv = (await read(`${results}/table.csv`)) ?? "";
      return { states: statesFrom(csv), results: outcomesFrom(csv) };
    },
    save: async (runs) => {
      await contents.save(place(table), { type: "file", format: "text", content: csvOf(runs) });
      services.memory.set(keyOf(name), folder);
    },
    run: async (which) => {
      const source = cellOf(spec, fromCells(table), fromCells(results), which);
      return endOf(await services.cells.insert(source, { run: true }));
    },
  };
}

function keyOf(name: string): string {
  return `interfaces/folder/${name}`;
}

// Beside the notebook; and without one where it was the last time, so that a page that is loaded again shows it.
function folderOfTable(services: Services, name: string): string {
  const last = services.memory.get<string>(keyOf(name)) ?? "";
  return services.cells.path === undefined ? last : folderOfCells(services);
}

/** Return the cell that runs a table. */
export function cellOf({ call }: FormSpec, table: string, to: string, which: Which): string {
  const options = which === "rest" ? "" : which === "failed" ? ", retry=True" : `, only=[${which.join(", ")}]`;
  const text = `batch(${call.function}, ${JSON.stringify(table)}, to=${JSON.stringify(to)}${options})`;
  return ["from mantidlab.interfaces import batch", call.import, text].filter((line) => line !== "").join("\n");
}
