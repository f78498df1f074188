// What is wrong with rows: what the page sees itself, and what the session finds, such as files that are not there.
import * as React from "react";
import type { Checked } from "../../forms/services";
import type { FormSpec, Values } from "../../forms/spec";
import type { Row, Runs } from "../runs";
import { filledFrom, problemsOfRow } from "./cells";

/** Asks the session about the values of some rows, as it checks a form. */
export type CheckRows = (rows: readonly Values[]) => Promise<readonly Checked[]>;

export type Problems = Readonly<Record<string, string>>;

export interface RowsChecked {
  /** What is wrong with a row, and is to be said. */
  problemsOf(row: Row): Problems;
  /** What is good to know of a row, by field: the title of a run, the files that numbers stand for. */
  notesOf(row: Row): Problems;
  /** What the page itself finds wrong with a row, also where nobody is told yet. */
  ownProblemsOf(row: Row): Problems;
  /** Ask anew about all rows; return whether something is wrong with any that has nothing wrong by itself. */
  again(): Promise<ReadonlyMap<number, Problems>>;
}

const PAUSE = 400; // ms without a change
const NOTHING: Problems = {};

/** Check rows as they change: each only once, as long as it says the same. */
export function useChecked(spec: FormSpec, runs: Runs, isTried: boolean, ask: CheckRows): RowsChecked {
  const [answers, setAnswers] = React.useState<ReadonlyMap<string, Checked>>(new Map());
  const shown = React.useRef(new WeakMap<Row, { of: string; problems: Problems }>());
  const { columns } = runs;
  const own = React.useMemo(() => remembered((row) => problemsOfRow(spec, columns, row)), [spec, columns]);
  const values = React.useMemo(
    () =>
      remembered((row) => {
        const given = filledFrom(spec, row.cells).values;
        return { given, key: JSON.stringify(given) };
      }),
    [spec],
  );
  const look = React.useCallback(
    async (rows: readonly Row[]) => {
      const asked = new Map(rows.map((row) => [values(row).key, values(row).given]));
      if (asked.size === 0) return new Map<string, Checked>();
      const found = await ask([...asked.values()]);
      const fresh = new Map([...asked.keys()].map((key, index) => [key, found[index] ?? { problems: NOTHING }]));
      setAnswers((before) => new Map([...before, ...fresh]));
      return fresh;
    },
    [ask, values],
  );
  React.useEffect(() => {
    // A session that does not answer says nothing of rows; running them will.
    const unknown = runs.rows.filter((row) => Object.keys(own(row)).length === 0 && !answers.has(values(row).key));
    if (unknown.length === 0) return;
    const timer = setTimeout(() => void look(unknown).catch(() => undefined), PAUSE);
    return () => clearTimeout(timer);
  }, [runs, answers, own, values, look]);
  return {
    ownProblemsOf: own,
    notesOf: (row) => answers.get(values(row).key)?.notes ?? NOTHING,
    problemsOf: (row) => {
      const mine = own(row);
      const theirs = answers.get(values(row).key)?.problems ?? NOTHING;
      if (Object.keys(mine).length + Object.keys(theirs).length === 0) return NOTHING;
      const isUntouched = !isTried && Object.values(row.cells).every((text) => text.trim() === "");
      const problems = isUntouched ? NOTHING : { ...theirs, ...mine };
      const of = JSON.stringify(problems);
      // The same object for the same problems, so that rows are not drawn anew.
      const kept = shown.current.get(row);
      if (kept?.of === of) return kept.problems;
      shown.current.set(row, { of, problems });
      return problems;
    },
    again: async () => {
      const rows = runs.rows.filter((row) => Object.keys(own(row)).length === 0);
      const found = await look(rows).catch(() => new Map<string, Checked>());
      return new Map(rows.map((row) => [row.key, found.get(values(row).key)?.problems ?? NOTHING]));
    },
  };
}

function remembered<Kept extends object>(make: (row: Row) => Kept): (row: Row) => Kept {
  const known = new WeakMap<Row, Kept>();
  return (row) => {
    const kept = known.get(row) ?? make(row);
    known.set(row, kept);
    return kept;
  };
}
