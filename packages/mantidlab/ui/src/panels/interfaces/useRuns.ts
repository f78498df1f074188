// A table of runs that somebody works on: kept in its file, and followed while it runs.
import * as React from "react";
import { History } from "../../core/undo";
import type { Services } from "../core";
import type { Outcome } from "../forms/services";
import type { FormSpec } from "../forms/spec";
import { sentenceOf } from "../forms/useLate";
import { type Batching, batching, type Saved, type Which } from "./batching";
import { emptyRuns, type Runs } from "./runs";
import { type BatchNews, type Outcomes, type RowState, type States, statesIn } from "./states";
import type { CheckRows } from "./table/checking";

const SAVED_AFTER = 800; // ms without a change
const LOOKED_AT_EVERY = 10_000; // ms; a file that somebody else changes

export interface WorkedOn {
  runs: Runs;
  /** By what rows say. */
  states: States;
  results: Outcomes;
  isRunning: boolean;
  /** What went wrong with the whole, or happened to its file. */
  trouble: string | null;
  /** The folder of results, below the session's. */
  folder: string;
  /** The file of the table, below the session's folder. */
  table: string;
  canUndo: boolean;
  canRedo: boolean;
  checkRows: CheckRows;
  change(runs: Runs): void;
  undo(): void;
  redo(): void;
  run(which: Which): void;
  show(folders: readonly string[]): void;
  plot(rows: readonly number[] | null): void;
  say(trouble: string | null): void;
}

const NO_RESULTS: Outcomes = { names: [], of: new Map() };

export function useRuns(services: Services, spec: FormSpec, name: string): WorkedOn {
  const files = React.useMemo<Batching>(() => batching(services, spec, name), [services, spec, name]);
  const [runs, setRuns] = React.useState<Runs>(() => emptyRuns(spec));
  const [states, setStates] = React.useState<States>(new Map());
  const [results, setResults] = React.useState(NO_RESULTS);
  const [isRunning, setRunning] = React.useState(false);
  const [trouble, setTrouble] = React.useState<string | null>(null);
  const current = React.useRef(runs);
  const past = React.useRef(new History<Runs>(runs));
  const unsaved = React.useRef<Runs | null>(null);
  const saving = React.useRef<Promise<void>>(Promise.resolve());
  const timer = React.useRef<ReturnType<typeof setTimeout>>();

  const show = React.useCallback((next: Runs) => {
    current.current = next;
    setRuns(next);
  }, []);
  const look = React.useCallback(async () => {
    const outcome = await files.outcome();
    setStates(outcome.states);
    setResults(outcome.results);
  }, [files]);
  // What was done elsewhere cannot be undone here.
  const begin = React.useCallback(
    (next: Runs) => {
      past.current = new History(next);
      show(next);
    },
    [show],
  );
  const take = React.useCallback(
    async (saved: Saved | null) => {
      if (saved === null || saved.note === null) return;
      begin(saved.runs);
      setTrouble(saved.note);
      await look();
    },
    [begin, look],
  );
  const save = React.useCallback((): Promise<void> => {
    // One after the other: a save compares with what the one before has written.
    saving.current = saving.current
      .catch(() => undefined)
      .then(async () => {
        const kept = unsaved.current;
        unsaved.current = null;
        if (kept === null) return;
        try {
          const saved = await files.save(kept);
          await take(unsaved.current === null ? saved : null); // who goes on typing is told at the next save
        } catch (problem) {
          unsaved.current ??= kept;
          throw problem;
        }
      });
    return saving.current;
  }, [files, take]);

  React.useEffect(() => {
    let isCurrent = true;
    void files.load().then(async (loaded) => {
      if (loaded !== null && isCurrent && unsaved.current === null) {
        begin(loaded);
        await look();
      }
    });
    const news = services.kernel.on<BatchNews>("interfaces", "batch", (told) => {
      if (told.interface === name) {
        setStates((before) => withFolders(statesIn(told), before));
        // The last news may come after the cell has ended.
        if (told.rows.every(({ status }) => status !== "waiting")) void look();
      }
    });
    return () => {
      isCurrent = false;
      news.dispose();
    };
  }, [files, begin, look, name, services]);
  React.useEffect(() => {
    const follow = async () => {
      if (document.hidden || unsaved.current !== null) return;
      const before = current.current;
      const saved = await files.follow(before);
      if (unsaved.current === null && current.current === before) await take(saved);
      await look(); // another window may have run it
    };
    const again = () => void saving.current.then(follow).catch(() => undefined);
    const timer = setInterval(again, LOOKED_AT_EVERY);
    window.addEventListener("focus", again);
    return () => {
      clearInterval(timer);
      window.removeEventListener("focus", again);
    };
  }, [files, take, look]);
  // What was typed just before a panel is closed.
  React.useEffect(
    () => () => {
      clearTimeout(timer.current);
      void save().catch(() => undefined);
    },
    [save],
  );

  const keep = (next: Runs) => {
    unsaved.current = next;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save().catch((problem) => setTrouble(sentenceOf(problem))), SAVED_AFTER);
    show(next);
  };
  const change = (next: Runs) => {
    if (next === current.current) return;
    past.current.push(next);
    keep(next);
  };
  const goBack = (to: Runs | null) => {
    if (to !== null) keep(to);
  };
  const run = async (which: Which) => {
    setTrouble(null);
    setRunning(true);
    unsaved.current = current.current;
    try {
      await save(); // which may add rows that somebody else has written
      const ended = await files.run(which);
      setTrouble(ended.ok ? null : ended.message);
    } catch (problem) {
      setTrouble(sentenceOf(problem));
    } finally {
      setRunning(false);
      await look();
    }
  };
  const insert = async (cell: () => Promise<Outcome>) => {
    try {
      const ended = await cell();
      setTrouble(ended.ok ? null : ended.message);
    } catch (problem) {
      setTrouble(sentenceOf(problem));
    }
  };
  return {
    runs,
    states,
    results,
    isRunning,
    trouble,
    folder: files.results,
    table: files.table,
    canUndo: past.current.canUndo,
    canRedo: past.current.canRedo,
    checkRows: files.checkRows,
    change,
    undo: () => goBack(past.current.undo()),
    redo: () => goBack(past.current.redo()),
    run: (which) => void run(which),
    show: (folders) => void insert(() => files.show(folders)),
    plot: (rows) => void insert(() => files.plot(rows)),
    say: setTrouble,
  };
}

// The kernel's news names no folders; the table in the folder of results does.
function withFolders(states: Map<string, RowState>, before: States): States {
  const pairs = [...states].map(([row, state]) => {
    const folder = state.folder === "" && state.status === "done" ? (before.get(row)?.folder ?? "") : state.folder;
    return [row, { ...state, folder }] as const;
  });
  return new Map(pairs);
}
