// The table with one row for each run.
import * as React from "react";
import { Button, Notice, type Services } from "../core";
import type { FormSpec } from "../forms/spec";
import { t } from "../forms/texts";
import { sentenceOf } from "../forms/useLate";
import { RunsRow } from "./RunsRow";
import { pasted, possibleColumns, problemsOfRow, type Row, type Runs, runsOf, withCell, withRows } from "./runs";
import { counts, type Status } from "./states";
import { useRuns, type WorkedOn } from "./useRuns";

interface RunsTableProperties {
  services: Services;
  spec: FormSpec;
  name: string;
  onOpen(folder: string): void;
}

const FAILED: readonly Status[] = ["failed", "refused"];

export function RunsTable({ services, spec, name, onOpen }: RunsTableProperties): React.JSX.Element {
  const work = useRuns(services, spec, name);
  const { runs, states, isRunning, trouble, change, run } = work;
  const isFailed = ({ key }: Row) => FAILED.includes(states.get(key)?.status ?? "waiting");
  const good = runs.rows.filter((row) => !isFailed(row));
  const failed = runs.rows.filter(isFailed);
  const selected = runs.rows.map((row, index) => (row.selected ? index + 1 : 0)).filter((number) => number > 0);
  const wrong = runs.rows.filter((row) => Object.keys(problemsOfRow(spec, runs, row)).length > 0).length;
  const rowsOf = (rows: readonly Row[]) =>
    rows.map((row) => (
      <RunsRow
        key={row.key}
        spec={spec}
        runs={runs}
        row={row}
        number={runs.rows.indexOf(row) + 1}
        state={states.get(row.key)}
        results={work.results.names.map((one) => work.results.byKey.get(row.key)?.[one] ?? "")}
        onCell={(column, text) => change(withCell(runs, row.key, column, text))}
        onPaste={(column, text) => change(pasted(text, spec, runs, { key: row.key, column }))}
        onSelect={(on) =>
          change({ ...runs, rows: runs.rows.map((one) => (one === row ? { ...one, selected: on } : one)) })
        }
        onRemove={() => change({ ...runs, rows: runs.rows.filter((one) => one !== row) })}
        onOpen={() => onOpen(`${work.folder}/${states.get(row.key)?.folder ?? ""}`)}
      />
    ));
  return (
    <div className="mli-runs">
      <AddRuns spec={spec} runs={runs} onChange={change} />
      {runs.rows.length > 0 && (
        <div className="mli-scroll">
          <table className="mli-table">
            <caption className="mlf-hidden">{t.__("Runs")}</caption>
            <Head spec={spec} work={work} />
            <tbody>{rowsOf(good)}</tbody>
            {failed.length > 0 && (
              <tbody className="mli-failed">
                <tr>
                  <th colSpan={runs.columns.length + work.results.names.length + 3} scope="rowgroup">
                    {t.__("Failed")}
                  </th>
                </tr>
                {rowsOf(failed)}
              </tbody>
            )}
          </table>
        </div>
      )}
      {runs.rows.length > 0 && (
        <p role="status" className="mlf-quiet mli-counts">
          {countText(work, wrong)}
        </p>
      )}
      {trouble && <Notice alert>{trouble}</Notice>}
      <div className="mlf-actions">
        <button
          type="button"
          className="mlf-button mlf-primary"
          disabled={isRunning || runs.rows.length === 0 || wrong > 0}
          onClick={() => run("rest")}
        >
          {isRunning ? t.__("Running…") : t.__("Run all")}
        </button>
        <Button disabled={isRunning || selected.length === 0} onClick={() => run(selected)}>
          {t.__("Run selected (%1)", selected.length)}
        </Button>
        <Button disabled={isRunning || failed.length === 0} onClick={() => run("failed")}>
          {t.__("Run failed (%1)", failed.length)}
        </Button>
      </div>
    </div>
  );
}

function countText({ runs, states }: WorkedOn, wrong: number): string {
  const { done, failed, refused, running, waiting } = counts(runs.rows.map(({ key }) => states.get(key)));
  const parts = [
    t.__("%1 done", done),
    running > 0 && t.__("%1 running", running),
    failed + refused > 0 && t.__("%1 failed", failed + refused),
    t.__("%1 to do", waiting),
    wrong > 0 && t.__("%1 with something to mend", wrong),
  ];
  return parts.filter(Boolean).join(" · ");
}

function Head({ spec, work: { runs, results, change } }: { spec: FormSpec; work: WorkedOn }): React.JSX.Element {
  const all = runs.rows.length > 0 && runs.rows.every(({ selected }) => selected);
  const fieldOf = (column: string) => spec.fields.find(({ name }) => name === column);
  return (
    <thead>
      <tr>
        <th scope="col">
          <label className="mli-select">
            <input
              type="checkbox"
              aria-label={t.__("Select all")}
              checked={all}
              onChange={() => change({ ...runs, rows: runs.rows.map((row) => ({ ...row, selected: !all })) })}
            />
          </label>
        </th>
        <th scope="col">{t.__("State")}</th>
        {runs.columns.map((column) => (
          <th key={column} scope="col" title={fieldOf(column)?.documentation}>
            {fieldOf(column)?.label ?? column}
            {fieldOf(column)?.unit && <span className="mlf-unit"> [{fieldOf(column)?.unit}]</span>}
            {!fieldOf(column)?.required && (
              <button
                type="button"
                className="mlf-icon"
                aria-label={t.__("Take the column %1 away", fieldOf(column)?.label ?? column)}
                onClick={() => change({ ...runs, columns: runs.columns.filter((one) => one !== column) })}
              >
                ×
              </button>
            )}
          </th>
        ))}
        {results.names.map((name) => (
          <th key={name} scope="col" className="mli-result">
            {name}
          </th>
        ))}
        <th scope="col">
          <span className="mlf-hidden">{t.__("What can be done")}</span>
        </th>
      </tr>
    </thead>
  );
}

interface AddRunsProperties {
  spec: FormSpec;
  runs: Runs;
  onChange(runs: Runs): void;
}

function AddRuns({ spec, runs, onChange }: AddRunsProperties): React.JSX.Element {
  const [text, setText] = React.useState("");
  const [trouble, setTrouble] = React.useState<string | null>(null);
  const [sheet, setSheet] = React.useState<string | null>(null);
  const id = React.useId();
  const [first] = runs.columns;
  const others = possibleColumns(spec).filter(({ name }) => !runs.columns.includes(name));
  const add = () => {
    try {
      const cells = runsOf(text).map((one) => ({ [first ?? ""]: one }));
      onChange(withRows(runs, cells.length > 0 ? cells : [{}]));
      setText("");
      setTrouble(null);
    } catch (problem) {
      setTrouble(sentenceOf(problem));
    }
  };
  const paste = () => {
    onChange(pasted(sheet ?? "", spec, runs));
    setSheet(null);
  };
  return (
    <div className="mli-add">
      <form
        className="mlf-with-button"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <input
          className="mlf-input"
          aria-label={t.__("Runs to add")}
          aria-describedby={trouble ? `${id}-trouble` : undefined}
          placeholder={t.__("Runs: 74024, 74030-74035")}
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="mlf-button">
          {text.trim() === "" ? t.__("Add a row") : t.__("Add runs")}
        </button>
      </form>
      {trouble && (
        <p id={`${id}-trouble`} className="mlf-problem">
          {trouble}
        </p>
      )}
      <div className="mli-add-more">
        <Button onClick={() => setSheet(sheet === null ? "" : null)}>{t.__("Paste from a spreadsheet…")}</Button>
        {others.length > 0 && (
          <select
            className="mlf-input"
            aria-label={t.__("Add a column")}
            value=""
            onChange={(event) => onChange({ ...runs, columns: [...runs.columns, event.target.value] })}
          >
            <option value="">{t.__("Add a column…")}</option>
            {others.map(({ name, label, group }) => (
              <option key={name} value={name}>
                {group ? `${group}: ${label}` : label}
              </option>
            ))}
          </select>
        )}
      </div>
      {sheet !== null && (
        <div className="mli-sheet">
          <textarea
            className="mlf-input mlf-code"
            rows={5}
            aria-label={t.__("Rows of a spreadsheet")}
            placeholder={t.__(
              "Copy rows in your spreadsheet and paste them here. The first may have the names of columns.",
            )}
            value={sheet}
            // biome-ignore lint/a11y/noAutofocus: it was asked for just now
            autoFocus
            onChange={(event) => setSheet(event.target.value)}
          />
          <Button primary disabled={sheet.trim() === ""} onClick={paste}>
            {t.__("Add these rows")}
          </Button>
        </div>
      )}
    </div>
  );
}
