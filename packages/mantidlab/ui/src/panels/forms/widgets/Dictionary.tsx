// Names with values: a row for each.
import * as React from "react";
import { pythonText, readPlain } from "../literals";
import { isExpression, isSame, type Json, type Value } from "../spec";
import { t } from "../texts";
import { groupAttributes, type WidgetProperties } from "./properties";

type Row = [key: string, text: string];

export function Dictionary(properties: WidgetProperties): React.JSX.Element {
  const { field, value, disabled, onFill } = properties;
  const [rows, setRows] = React.useState<readonly Row[]>(() => rowsOf(value));
  const meant = React.useRef(value);
  React.useEffect(() => {
    if (!isSame(meant.current, value)) {
      meant.current = value;
      setRows(rowsOf(value));
    }
  }, [value]);
  const put = (next: readonly Row[]) => {
    setRows(next);
    const named = next.filter(([key]) => key.trim() !== "");
    meant.current =
      named.length === 0 ? undefined : Object.fromEntries(named.map(([k, text]) => [k.trim(), readPlain(text)]));
    onFill(meant.current);
  };
  const replace = (place: number, row: Row) => put(rows.map((old, index) => (index === place ? row : old)));
  return (
    <fieldset {...groupAttributes(properties)} className="mlf-dictionary" tabIndex={-1}>
      <legend className="mlf-hidden">{field.label}</legend>
      {rows.map(([key, text], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity, and names change as one types
        <div key={index} className="mlf-pair">
          <input
            className="mlf-input"
            aria-label={t.__("Name %1 of %2", index + 1, field.label)}
            placeholder={t.__("name")}
            disabled={disabled}
            value={key}
            onChange={(event) => replace(index, [event.target.value, text])}
          />
          <input
            className="mlf-input"
            aria-label={t.__("Value %1 of %2", index + 1, field.label)}
            placeholder={t.__("value")}
            disabled={disabled}
            value={text}
            onChange={(event) => replace(index, [key, event.target.value])}
          />
          <button
            type="button"
            className="mlf-icon"
            disabled={disabled}
            aria-label={t.__("Take away %1", key || index + 1)}
            onClick={() => put(rows.filter((_, place) => place !== index))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" className="mlf-button" disabled={disabled} onClick={() => setRows([...rows, ["", ""]])}>
        {t.__("Add a name")}
      </button>
    </fieldset>
  );
}

function rowsOf(value: Value | undefined): Row[] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || isExpression(value)) {
    return [];
  }
  return Object.entries(value).map(([key, one]) => [key, textOf(one)]);
}

// In quotes where it would be read as something else.
function textOf(value: Json): string {
  return typeof value === "string" && readPlain(value) === value ? value : pythonText(value);
}
