// A table of runs that somebody works on: kept in its file, and followed while it runs.
import * as React from "react";
import type { Services } from "../core";
import type { FormSpec } from "../forms/spec";
import { sentenceOf } from "../forms/useLate";
import { type Batching, batching, type Which } from "./batching";
import { emptyRuns, type Runs } from "./runs";
import { type BatchNews, type RowState, statesIn } from "./states";

const SAVED_AFTER = 800; // ms without a change

export interface WorkedOn {
  runs: Runs;
  /** Of each row by its key. */
  states: ReadonlyMap<number, RowState>;
  /** What came out of each row, by its key. */
  results: { names: readonly string[]; byKey: ReadonlyMap<number, Readonly<Record<string, string>>> };
  isRunning: boolean;
  /** What went wrong with the whole. */
  trouble: string | null;
  /** The folder of results, below the session's. */
  folder: string;
  change(runs: Runs): void;
  run(which: Which): void;
}

const NO_RESULTS: WorkedOn["results"] = { names: [], byKey: new Map() };

export function useRuns(services: Services, spec: FormSpec, name: string): WorkedOn {
  const files = React.useMemo<Batching>(() => batching(services, spec, name), [services, spec, name]);
  const [runs, setRuns] = React.useState<Runs>(() => emptyRuns(spec));
  const [states, setStates] = React.useState<WorkedOn["states"]>(new Map());
  const [results, setResults] = React.useState(NO_RESULTS);
  const [isRunning, setRunning] = React.useState(false);
  const [trouble, setTrouble] = React.useState<string | null>(null);
  const order = React.useRef<readonly number[]>([]); // keys of the rows as the batch numbers them
  const unsaved = React.useRef<Runs | null>(null);
  const timer = React.useRef<ReturnType<typeof setTimeout>>();

  const look = React.useCallback(async () => {
    const outcome = await files.outcome();
    setStates(byKey(outcome.states, order.current));
    setResults({ names: outcome.results.names, byKey: byKey(outcome.results.byRow, order.current) });
  }, [files]);
  const save = React.useCallback(async () => {
    const saved = unsaved.current;
    unsaved.current = null;
    if (saved === null) return;
    const { runs: kept, note } = await files.save(saved);
    if (note === null) return;
    order.current = kept.rows.map(({ key }) => key);
    setRuns(kept);
    setTrouble(note);
    await look();
  }, [files, look]);

  React.useEffect(() => {
    let isCurrent = true;
    void files.load().then(async (loaded) => {
      if (loaded !== null && isCurrent && unsaved.current === null) {
        order.current = loaded.rows.map(({ key }) => key);
        setRuns(loaded);
        await look();
      }
    });
    const news = services.kernel.on<BatchNews>("interfaces", "batch", (told) => {
      if (told.interface === name) {
        setStates((before) => withFolders(byKey(statesIn(told), order.current), before));
        // The last news may come after the cell has ended.
        if (told.rows.every(({ status }) => status !== "waiting")) void look();
      }
    });
    return () => {
      isCurrent = false;
      news.dispose();
    };
  }, [files, look, name, services]);
  // What was typed just before a panel is closed.
  React.useEffect(
    () => () => {
      clearTimeout(timer.current);
      void save().catch(() => undefined);
    },
    [save],
  );

  const change = (next: Runs) => {
    unsaved.current = next;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save().catch((problem) => setTrouble(sentenceOf(problem))), SAVED_AFTER);
    setStates((before) => withoutChanged(before, runs, next));
    setRuns(next);
  };
  const run = async (which: Which) => {
    setTrouble(null);
    setRunning(true);
    order.current = runs.rows.map(({ key }) => key);
    unsaved.current = runs;
    try {
      await save(); // which numbers the rows anew where the file was changed elsewhere
      const ended = await files.run(which);
      setTrouble(ended.ok ? null : ended.message);
    } catch (problem) {
      setTrouble(sentenceOf(problem));
    } finally {
      setRunning(false);
      await look();
    }
  };
  return { runs, states, results, isRunning, trouble, folder: files.results, change, run: (which) => void run(which) };
}

function byKey<Kept>(byRow: ReadonlyMap<number, Kept>, order: readonly number[]): Map<number, Kept> {
  const pairs = [...byRow].map(([row, kept]) => [order[row - 1], kept] as const);
  return new Map(pairs.filter((pair): pair is [number, Kept] => pair[0] !== undefined));
}

// The kernel's news names no folders; the table in the folder of results does.
function withFolders(states: Map<number, RowState>, before: WorkedOn["states"]): Map<number, RowState> {
  const pairs = [...states].map(([key, state]) => {
    const folder = state.folder === "" && state.status === "done" ? (before.get(key)?.folder ?? "") : state.folder;
    return [key, { ...state, folder }] as const;
  });
  return new Map(pairs);
}

// A row with other values has not run.
function withoutChanged(states: WorkedOn["states"], before: Runs, later: Runs): WorkedOn["states"] {
  const old = new Map(before.rows.map(({ key, cells }) => [key, cells]));
  const changed = later.rows.filter(({ key, cells }) => old.has(key) && old.get(key) !== cells).map(({ key }) => key);
  return new Map([...states].filter(([key]) => !changed.includes(key)));
}
