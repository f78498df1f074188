// One run of a table: its cells, how far it is, and what came out.
import * as React from "react";
import type { FormSpec } from "../forms/spec";
import { t } from "../forms/texts";
import { problemsOfRow, type Row, type Runs } from "./runs";
import type { RowState, Status } from "./states";

interface RunsRowProperties {
  spec: FormSpec;
  runs: Runs;
  row: Row;
  /** From 1. */
  number: number;
  state: RowState | undefined;
  results: readonly string[];
  onCell(column: string, text: string): void;
  onPaste(column: string, text: string): void;
  onSelect(on: boolean): void;
  onRemove(): void;
  onOpen(): void;
}

const WORDS: Record<Status, () => string> = {
  waiting: () => t.__("to do"),
  running: () => t.__("running"),
  done: () => t.__("done"),
  failed: () => t.__("failed"),
  refused: () => t.__("does not fit"),
};

export function RunsRow(properties: RunsRowProperties): React.JSX.Element {
  const { spec, runs, row, number, state, results, onSelect, onRemove, onOpen } = properties;
  const problems = problemsOfRow(spec, runs, row);
  const sentences = [
    ...Object.entries(problems).map(([name, text]) => `${labelOf(spec, name)}: ${text}`),
    state?.message,
  ];
  const sentence = sentences.filter(Boolean).join(" ");
  const id = `${React.useId()}-sentence`;
  const status = state?.status ?? "waiting";
  return (
    <>
      <tr data-status={status} data-row={number}>
        <th scope="row">
          <label className="mli-select">
            <input
              type="checkbox"
              aria-label={t.__("Select row %1", number)}
              checked={row.selected}
              onChange={(event) => onSelect(event.target.checked)}
            />
            {number}
          </label>
        </th>
        <td className="mli-state">{WORDS[status]()}</td>
        {runs.columns.map((column) => (
          <td key={column}>
            <RunsCell
              {...properties}
              column={column}
              problem={problems[column]}
              describedBy={sentence ? id : undefined}
            />
          </td>
        ))}
        {results.map((text, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns of a table stand in one order
          <td key={index} className="mli-result">
            {rounded(text)}
          </td>
        ))}
        <td className="mli-row-actions">
          {status === "done" && (
            <button
              type="button"
              className="mlf-button"
              onClick={onOpen}
              aria-label={t.__("Open row %1 as a notebook", number)}
            >
              {t.__("Open")}
            </button>
          )}
          <button type="button" className="mlf-icon" onClick={onRemove} aria-label={t.__("Take row %1 away", number)}>
            ×
          </button>
        </td>
      </tr>
      {sentence && (
        <tr>
          <td id={id} colSpan={runs.columns.length + results.length + 3}>
            <p className="mlf-problem">{sentence}</p>
          </td>
        </tr>
      )}
    </>
  );
}

interface RunsCellProperties extends RunsRowProperties {
  column: string;
  problem: string | undefined;
  describedBy: string | undefined;
}

function RunsCell(properties: RunsCellProperties): React.JSX.Element {
  const { spec, row, number, column, problem, describedBy, onCell, onPaste } = properties;
  return (
    <input
      className="mlf-input"
      aria-label={t.__("%1 of row %2", labelOf(spec, column), number)}
      aria-invalid={problem !== undefined || undefined}
      aria-describedby={describedBy}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      value={row.cells[column] ?? ""}
      onChange={(event) => onCell(column, event.target.value)}
      onPaste={(event) => {
        const text = event.clipboardData.getData("text/plain");
        if (/[\t\n]/.test(text.trim())) {
          event.preventDefault();
          onPaste(column, text);
        }
      }}
    />
  );
}

function labelOf(spec: FormSpec, name: string): string {
  return spec.fields.find((field) => field.name === name)?.label ?? name;
}

const DIGITS = 6;

function rounded(text: string): string {
  const number = Number(text);
  return text === "" || Number.isNaN(number) ? text : String(Number(number.toPrecision(DIGITS)));
}
