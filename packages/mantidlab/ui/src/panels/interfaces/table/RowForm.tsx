// All that the interface takes, for one row: what has a column, and what then gets one.
import * as React from "react";
import { Button } from "../../core";
import { FormBody, focusField } from "../../forms/FormBody";
import { changed, problemsOf } from "../../forms/filled";
import type { FormSpec } from "../../forms/spec";
import { type Surroundings, SurroundingsContext } from "../../forms/surroundings";
import { t } from "../../forms/texts";
import { useLate } from "../../forms/useLate";
import type { Row } from "../runs";
import { cellsFrom, filledFrom, formOfRows } from "./cells";
import type { CheckRows } from "./checking";

interface RowFormProperties {
  spec: FormSpec;
  row: Row;
  /** From 1. */
  number: number;
  count: number;
  surroundings: Surroundings;
  checkRows: CheckRows;
  /** Put texts into the row, and go to a row beside it, or back to the table. */
  onDone(cells: Readonly<Record<string, string>>, by: -1 | 0 | 1): void;
  /** Put what was changed here into all rows. */
  onAll(cells: Readonly<Record<string, string>>): void;
  onCancel(): void;
}

export function RowForm(properties: RowFormProperties): React.JSX.Element {
  const { row, number, count, surroundings, checkRows, onDone, onAll, onCancel } = properties;
  const spec = React.useMemo(() => formOfRows(properties.spec), [properties.spec]);
  const [filled, change] = React.useReducer(changed, row.cells, (cells) => filledFrom(spec, cells));
  const root = React.useRef<HTMLFormElement>(null);
  const formId = React.useId().replaceAll(":", "");
  const { answer } = useLate(filled.values, JSON.stringify(filled.values), checkRow, NOTHING_WRONG);
  async function checkRow(values: typeof filled.values) {
    return (await checkRows([values]))[0] ?? NOTHING_WRONG;
  }
  React.useEffect(() => root.current?.focus({ preventScroll: true }), []);
  const problems = { ...answer.problems, ...problemsOf(spec, filled) };
  const finish = (task: (cells: Readonly<Record<string, string>>) => void) => {
    const [unread] = Object.keys(filled.unread);
    if (unread !== undefined && root.current) focusField(root.current, formId, unread);
    else task(cellsFrom(spec, filled, row.cells));
  };
  const done = (by: -1 | 0 | 1) => finish((cells) => onDone(cells, by));
  return (
    <SurroundingsContext.Provider value={surroundings}>
      <form
        ref={root}
        className="mlf-form mli-row-form"
        tabIndex={-1}
        aria-label={t.__("Settings of row %1", number)}
        onSubmit={(event) => {
          event.preventDefault();
          done(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.defaultPrevented) onCancel();
        }}
      >
        <div className="mli-row-head">
          <h3>{t.__("Settings of row %1", number)}</h3>
          <Button disabled={number <= 1} label={t.__("To the row above")} onClick={() => done(-1)}>
            ↑
          </Button>
          <Button disabled={number >= count} label={t.__("To the row below")} onClick={() => done(1)}>
            ↓
          </Button>
        </div>
        <p className="mlf-quiet">{t.__("What you fill in here becomes a column of the table.")}</p>
        <FormBody
          spec={spec}
          filled={filled}
          problems={problems}
          notes={answer.notes ?? {}}
          formId={formId}
          onChange={change}
        />
        <div className="mlf-actions">
          <button type="submit" className="mlf-button mlf-primary">
            {t.__("Back to the table")}
          </button>
          {count > 1 && (
            <Button onClick={() => finish(onAll)}>{t.__("Set what I changed in all %1 rows", count)}</Button>
          )}
          <Button onClick={onCancel}>{t.__("Cancel")}</Button>
        </div>
      </form>
    </SurroundingsContext.Provider>
  );
}

const NOTHING_WRONG = { problems: {}, notes: {} };
