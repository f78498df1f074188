// One run of a table: its cells, how far it is, and what came out.
import * as React from "react";
import { type Field, type FormSpec, plainField } from "../../forms/spec";
import { t } from "../../forms/texts";
import { type Cells, fieldOf, labelOf, type Row } from "../runs";
import type { RowState, Status } from "../states";
import { CellEditor, type Onward } from "./CellEditor";
import { isOn, sentenceOfRow, shownCell } from "./cells";

export type RowAct =
  | { do: "done"; key: number; column: string; text: string; onward: Onward }
  | { do: "left"; key: number; column: string; text: string }
  | { do: "cancel" }
  | { do: "toggle"; key: number; column: string }
  | { do: "check"; key: number; on: boolean; through: boolean }
  | { do: "settings"; key: number }
  | { do: "open"; key: number };

interface GridRowProperties {
  spec: FormSpec;
  columns: readonly string[];
  row: Row;
  /** From 1. */
  number: number;
  state: RowState | undefined;
  names: readonly string[];
  results: Readonly<Record<string, string>> | undefined;
  problems: Readonly<Record<string, string>>;
  isChecked: boolean;
  /** The selected columns of this row, by their places; from is -1 where none is. */
  from: number;
  to: number;
  /** The cell that has the focus, or had it last. */
  at: string | null;
  editing: { begun: string | null } | null;
  /** Whether Tab from outside reaches this row. */
  isReached: boolean;
  act(act: RowAct): void;
}

const WORDS: Record<Status, () => string> = {
  waiting: () => t.__("to do"),
  running: () => t.__("running"),
  done: () => t.__("done"),
  failed: () => t.__("failed"),
  refused: () => t.__("does not fit"),
};

export const GridRow = React.memo(function GridRow(properties: GridRowProperties): React.JSX.Element {
  const { spec, columns, row, number, state, names, results, problems, isChecked, isReached, act } = properties;
  const sentence = [sentenceOfRow(spec, problems), state?.message].filter(Boolean).join(" ");
  const id = `mli-row-${row.key}`;
  const status = state?.status ?? "waiting";
  // What a row that is done says is to be known, and nothing to mend.
  const isCaution = status === "done" && Object.keys(problems).length === 0;
  const tabIndex = isReached ? 0 : -1;
  return (
    <>
      <tr data-status={status} data-row={number} data-key={row.key}>
        <th scope="row">
          <label className="mli-select">
            <input
              type="checkbox"
              tabIndex={tabIndex}
              aria-label={t.__("Select row %1", number)}
              checked={isChecked}
              onChange={({ target, nativeEvent }) =>
                act({ do: "check", key: row.key, on: target.checked, through: (nativeEvent as MouseEvent).shiftKey })
              }
            />
            {number}
          </label>
        </th>
        <td className="mli-state">{WORDS[status]()}</td>
        {columns.map((column, index) => (
          <GridCell
            key={column}
            {...properties}
            field={fieldOf(spec, column)}
            column={column}
            isSelected={index >= properties.from && index <= properties.to}
            problem={problems[column]}
            describedBy={sentence ? id : undefined}
          />
        ))}
        {names.map((name) => (
          <td key={name} className="mli-result">
            {rounded(results?.[name] ?? "")}
          </td>
        ))}
        <td className="mli-row-actions">
          <button
            type="button"
            className="mlf-icon"
            tabIndex={tabIndex}
            title={t.__("Settings of this row")}
            aria-label={t.__("Settings of row %1", number)}
            onClick={() => act({ do: "settings", key: row.key })}
          >
            ⋯
          </button>
          {status === "done" && (
            <button
              type="button"
              className="mlf-button"
              tabIndex={tabIndex}
              onClick={() => act({ do: "open", key: row.key })}
              aria-label={t.__("Open row %1 as a notebook", number)}
            >
              {t.__("Open")}
            </button>
          )}
        </td>
      </tr>
      {sentence && (
        <tr className="mli-sentence">
          <td id={id} colSpan={columns.length + names.length + 3}>
            <p className={isCaution ? "mlf-problem mli-caution" : "mlf-problem"}>
              {isCaution && <span aria-hidden="true">⚠ </span>}
              {sentence}
            </p>
          </td>
        </tr>
      )}
    </>
  );
});

interface GridCellProperties extends GridRowProperties {
  field: Field | undefined;
  column: string;
  isSelected: boolean;
  problem: string | undefined;
  describedBy: string | undefined;
}

function GridCell(properties: GridCellProperties): React.JSX.Element {
  const { spec, row, number, column, at, editing, isSelected, isReached, problem, describedBy, act } = properties;
  const isAt = at === column;
  const field = properties.field ?? textField(column);
  const text = row.cells[column] ?? "";
  const isEdited = isAt && editing !== null;
  return (
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a table that is a grid
      role="gridcell"
      data-column={column}
      tabIndex={isAt && isReached && !isEdited ? 0 : -1}
      aria-selected={isSelected}
      aria-invalid={problem !== undefined || undefined}
      aria-describedby={problem === undefined ? undefined : describedBy}
      title={isEdited ? undefined : (problem ?? (text || undefined))}
      className={`mli-cell${isAt ? " mli-at" : ""}`}
    >
      {isEdited ? (
        <CellEditor
          field={field}
          label={t.__("%1 of row %2", labelOf(spec, column), number)}
          text={text}
          begun={editing.begun}
          onDone={(typed, onward) => act({ do: "done", key: row.key, column, text: typed, onward })}
          onLeave={(typed) => act({ do: "left", key: row.key, column, text: typed })}
          onCancel={() => act({ do: "cancel" })}
        />
      ) : (
        <Shown field={field} cells={row.cells} column={column} />
      )}
    </td>
  );
}

function Shown({ field, cells, column }: { field: Field; cells: Cells; column: string }): React.JSX.Element {
  const text = cells[column] ?? "";
  const on = field.widget === "switch" ? isOn(field, text) : null;
  if (on !== null) {
    return (
      <span className="mli-switch mlf-switch" data-on={on} data-default={text.trim() === "" || undefined}>
        <span className="mlf-switch-track" aria-hidden="true" />
        {on ? t.__("yes") : t.__("no")}
      </span>
    );
  }
  const shown = shownCell(field, text);
  return (
    <span className={shown.isDefault ? "mli-default" : undefined}>
      {shown.text}
      {field.widget === "choice" && (
        <span className="mli-choice" aria-hidden="true">
          ▾
        </span>
      )}
    </span>
  );
}

// A column that somebody has put into the file, and that is no field.
function textField(name: string): Field {
  return { ...plainField(name, "text"), type: "str", optional: true };
}

const DIGITS = 6;

function rounded(text: string): string {
  const number = Number(text);
  return text === "" || Number.isNaN(number) ? text : String(Number(number.toPrecision(DIGITS)));
}
