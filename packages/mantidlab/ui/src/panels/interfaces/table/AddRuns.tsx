// More rows and more columns: runs by their numbers, what was copied from a spreadsheet, fields that differ.
import * as React from "react";
import { Button } from "../../core";
import type { FormSpec } from "../../forms/spec";
import { t } from "../../forms/texts";
import { sentenceOf } from "../../forms/useLate";
import { type Cells, possibleColumns, type Runs, runsOf, withColumns } from "../runs";

interface AddRunsProperties {
  spec: FormSpec;
  runs: Runs;
  onAdd(cells: readonly Cells[]): void;
  onPaste(text: string): void;
  onChange(runs: Runs): void;
}

export function AddRuns(properties: AddRunsProperties): React.JSX.Element {
  const { spec, runs, onAdd, onPaste, onChange } = properties;
  const [text, setText] = React.useState("");
  const [trouble, setTrouble] = React.useState<string | null>(null);
  const [sheet, setSheet] = React.useState<string | null>(null);
  const id = React.useId();
  const [first] = runs.columns;
  const others = possibleColumns(spec).filter(({ name }) => !runs.columns.includes(name));
  const add = () => {
    try {
      const cells = runsOf(text).map((one) => ({ [first ?? ""]: one }));
      onAdd(cells.length > 0 ? cells : [{}]);
      setText("");
      setTrouble(null);
    } catch (problem) {
      setTrouble(sentenceOf(problem));
    }
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
            onChange={(event) => onChange(withColumns(runs, [event.target.value]))}
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
          <Button
            primary
            disabled={sheet.trim() === ""}
            onClick={() => {
              onPaste(sheet);
              setSheet(null);
            }}
          >
            {t.__("Add these rows")}
          </Button>
        </div>
      )}
    </div>
  );
}
