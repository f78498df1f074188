// The table with one row for each run: a spreadsheet whose cells are the fields of the form.
import * as React from "react";
import { Button, Notice, type Services } from "../core";
import { meantBy } from "../forms/meant";
import type { FormSpec } from "../forms/spec";
import { type Surroundings, SurroundingsContext } from "../forms/surroundings";
import { t } from "../forms/texts";
import { fieldOf, type Row, signatureOf, withCells, withColumns, withRows } from "./runs";
import { counts, type RowState, type Status } from "./states";
import { AddRuns } from "./table/AddRuns";
import { sentenceOfRow } from "./table/cells";
import { type Problems, useChecked } from "./table/checking";
import { pasted } from "./table/editing";
import { Grid } from "./table/Grid";
import { RowForm } from "./table/RowForm";
import { Tools } from "./table/Tools";
import { useGrid } from "./table/useGrid";
import { type Widths, widthOf, within } from "./table/widths";
import { useRuns } from "./useRuns";

interface RunsTableProperties {
  services: Services;
  spec: FormSpec;
  name: string;
  browse: Surroundings["browse"];
  onOpen(folder: string): void;
}

const FAILED: readonly Status[] = ["failed", "refused"];
const NONE: ReadonlySet<number> = new Set();

export function RunsTable({ services, spec, name, browse, onOpen }: RunsTableProperties): React.JSX.Element {
  const work = useRuns(services, spec, name);
  const { runs, isRunning, trouble, change } = work;
  const [checked, check] = React.useState(NONE);
  const [opened, openRow] = React.useState<number | null>(null);
  const [isTried, setTried] = React.useState(false);
  const warned = React.useRef<unknown>(null); // the table of which it was said what does not fit
  const [widths, widen] = useWidths(services, name);
  const checks = useChecked(spec, runs, isTried, work.checkRows);
  const stateOf = (row: Row): RowState | undefined => work.states.get(signatureOf(row.cells));
  const apart = useApart(runs.rows, stateOf);
  const failed = runs.rows.filter(({ key }) => apart.has(key));
  const good = runs.rows.filter(({ key }) => !apart.has(key));
  const numbers = React.useMemo(() => new Map(runs.rows.map(({ key }, index) => [key, index + 1])), [runs.rows]);
  const chosen = runs.rows.filter(({ key }) => checked.has(key));
  const foldersOf = (keys: ReadonlySet<number>): string[] => {
    const states = runs.rows.filter(({ key }) => keys.has(key)).map(stateOf);
    return states.filter((state) => state?.status === "done").flatMap((state) => state?.folder || []);
  };
  const numbersOf = (keys: ReadonlySet<number>): number[] => {
    const states = runs.rows.filter(({ key }) => keys.size === 0 || keys.has(key)).map(stateOf);
    const done = states.flatMap((state) => (state?.status === "done" && state.folder ? [state.number] : []));
    return [...new Set(done)].sort((one, other) => one - other);
  };
  const plot = (keys: ReadonlySet<number>) => {
    const drawn = numbersOf(keys);
    const done = [...work.states.values()].filter(({ status }) => status === "done");
    // Rows that were taken out of the table here are still among the results.
    work.plot(keys.size === 0 && drawn.length === done.length ? null : drawn);
  };
  const openResult = (key: number) => {
    const row = runs.rows.find((one) => one.key === key);
    onOpen(`${work.folder}/${(row && stateOf(row)?.folder) ?? ""}`);
  };
  const grid = useGrid({
    spec,
    runs,
    keys: [...good, ...failed].map(({ key }) => key),
    checked,
    canUndo: work.canUndo,
    canRedo: work.canRedo,
    change,
    undo: work.undo,
    redo: work.redo,
    check,
    widen: (column, by) => widen(column, within(widthOf(column, fieldOf(spec, column), widths) + by)),
    onSettings: openRow,
    onOpen: openResult,
    canShow: (keys) => foldersOf(keys).length > 0,
    onShow: (keys) => work.show(foldersOf(keys)),
    countToPlot: (keys) => numbersOf(keys).length,
    onPlot: plot,
    onTrouble: work.say,
  });
  const current = runs.rows.find(({ key }) => key === grid.selection?.at.key);
  const notes = current ? checks.notesOf(current) : {};
  const noted =
    current &&
    Object.keys(notes).length > 0 &&
    t.__("Row %1: %2", numbers.get(current.key) ?? 0, sentenceOfRow(spec, notes));
  const wrong = runs.rows.filter((row) => Object.keys(checks.problemsOf(row)).length > 0).length;

  const toMend = (row: Row, problems: Problems, isLast: boolean) => {
    const [field = ""] = Object.keys(problems);
    const column = runs.columns.find((one) => problems[one] !== undefined);
    if (column === undefined && fieldOf(spec, field)) change(withColumns(runs, [field]));
    grid.go({ key: row.key, column: column ?? field });
    const sentence = t.__("Row %1: %2", numbers.get(row.key) ?? 0, sentenceOfRow(spec, problems));
    work.say(isLast ? sentence : `${sentence} ${t.__("Press Run again to run it all the same.")}`);
  };
  // As the form does: what cannot be read never runs, and what may not fit runs when it is asked for again.
  const run = async (which: "rest" | "failed" | "chosen") => {
    const rows = which === "rest" ? runs.rows : which === "failed" ? failed : chosen;
    setTried(true);
    const unready = rows.find((row) => Object.keys(checks.ownProblemsOf(row)).length > 0);
    if (unready) {
      toMend(unready, checks.ownProblemsOf(unready), true);
      return;
    }
    if (warned.current !== runs && rows.some((row) => stateOf(row)?.status !== "done")) {
      const found = await checks.again();
      const doubtful = rows.find((row) => Object.keys(found.get(row.key) ?? {}).length > 0);
      if (doubtful) {
        warned.current = runs;
        toMend(doubtful, found.get(doubtful.key) ?? {}, false);
        return;
      }
    }
    work.run(which === "chosen" ? chosen.map(({ key }) => numbers.get(key) ?? 0) : which);
  };
  const { table } = work;
  const surroundings = React.useMemo<Surroundings>(() => {
    const { server, kernel } = services;
    const meant = meantBy({ server, kernel, cells: { path: table } }, spec);
    return { framework: spec.framework, held: null, browse, meant };
  }, [services, spec, table, browse]);
  const place = runs.rows.findIndex(({ key }) => key === opened);
  const row = runs.rows[place];
  if (row !== undefined) {
    return (
      <RowForm
        key={row.key}
        spec={spec}
        row={row}
        number={place + 1}
        count={runs.rows.length}
        surroundings={surroundings}
        checkRows={work.checkRows}
        onDone={(cells, by) => {
          change(withCells(withColumns(runs, filledColumns(cells)), new Map([[row.key, cells]])));
          openRow(by === 0 ? null : (runs.rows[place + by]?.key ?? null));
          if (by === 0) grid.go(grid.at?.key === row.key ? grid.at : { key: row.key, column: runs.columns[0] ?? "" });
        }}
        onAll={(cells) => {
          const [first = ""] = runs.columns;
          const { [first]: _, ...common } = cells; // the run itself
          const filled = withColumns(runs, filledColumns(common));
          change(withCells(filled, new Map(runs.rows.map(({ key }) => [key, key === row.key ? cells : common]))));
          openRow(null);
        }}
        onCancel={() => {
          openRow(null);
          if (grid.at) grid.go(grid.at);
        }}
      />
    );
  }
  return (
    <SurroundingsContext.Provider value={surroundings}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the table are heard from its buttons as well */}
      <div className="mli-runs" onKeyDown={grid.onKeyDown}>
        <AddRuns
          spec={spec}
          runs={runs}
          onAdd={(cells) => change(withRows(runs, cells))}
          onPaste={(text) => {
            const { runs: next, note } = pasted(text, spec, runs);
            change(next);
            work.say(note);
          }}
          onChange={change}
        />
        {(runs.rows.length > 0 || work.canUndo) && (
          <Tools can={grid.can} count={grid.count} toPlot={grid.toPlot} onUse={grid.use} />
        )}
        {runs.rows.length > 0 && (
          <Grid
            spec={spec}
            columns={runs.columns}
            good={good}
            failed={failed}
            numbers={numbers}
            names={work.results.names}
            grid={grid}
            checked={checked}
            widths={widths}
            stateOf={stateOf}
            resultsOf={({ cells }) => work.results.of.get(signatureOf(cells))}
            problemsOf={checks.problemsOf}
            onCheckAll={(on) => check(on ? new Set(runs.rows.map(({ key }) => key)) : NONE)}
            onWidth={widen}
            onTakeAway={(column) => change({ ...runs, columns: runs.columns.filter((one) => one !== column) })}
          />
        )}
        {runs.rows.length > 0 && (
          <p role="status" className="mlf-quiet mli-counts">
            {countText(runs.rows.map(stateOf), wrong)}
          </p>
        )}
        {noted && <p className="mlf-quiet mli-row-notes">{noted}</p>}
        {trouble && <Notice alert>{trouble}</Notice>}
        <div className="mlf-actions">
          <button
            type="button"
            className="mlf-button mlf-primary"
            disabled={isRunning || runs.rows.length === 0}
            onClick={() => void run("rest")}
          >
            {isRunning ? t.__("Running…") : t.__("Run all")}
          </button>
          <Button disabled={isRunning || chosen.length === 0} onClick={() => void run("chosen")}>
            {t.__("Run selected (%1)", chosen.length)}
          </Button>
          <Button disabled={isRunning || failed.length === 0} onClick={() => void run("failed")}>
            {t.__("Run failed (%1)", failed.length)}
          </Button>
        </div>
      </div>
    </SurroundingsContext.Provider>
  );
}

/** Return the rows that failed. One stays with them while it is mended, until it has run: rows do not jump under a hand. */
function useApart(rows: readonly Row[], stateOf: (row: Row) => RowState | undefined): ReadonlySet<number> {
  const apart = React.useRef(NONE);
  const next = new Set(
    rows
      .filter((row) => {
        const status = stateOf(row)?.status ?? "waiting";
        return FAILED.includes(status) || (status !== "done" && apart.current.has(row.key));
      })
      .map(({ key }) => key),
  );
  apart.current = next;
  return next;
}

function filledColumns(cells: Readonly<Record<string, string>>): string[] {
  return Object.entries(cells)
    .filter(([, text]) => text !== "")
    .map(([column]) => column);
}

function countText(states: readonly (RowState | undefined)[], wrong: number): string {
  const { done, failed, refused, running, waiting } = counts(states);
  const parts = [
    t.__("%1 done", done),
    running > 0 && t.__("%1 running", running),
    failed + refused > 0 && t.__("%1 failed", failed + refused),
    t.__("%1 to do", waiting),
    wrong > 0 && t.__("%1 with something to mend", wrong),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** How wide the columns of this interface's table are, remembered. */
function useWidths({ memory }: Services, name: string): [Widths, (column: string, width: number) => void] {
  const key = `interfaces/widths/${name}`;
  const [widths, setWidths] = React.useState<Widths>(() => memory.get<Record<string, number>>(key) ?? {});
  const widen = React.useCallback(
    (column: string, width: number) => {
      setWidths((before) => {
        const next = { ...before, [column]: width };
        memory.set(key, next);
        return next;
      });
    },
    [memory, key],
  );
  return [widths, widen];
}
