// Any number of some values.
import * as React from "react";
import { isSame, type Json } from "../spec";
import { t } from "../texts";
import { groupAttributes, type WidgetProperties } from "./properties";

const LONG = 12;

export function Choices(properties: WidgetProperties): React.JSX.Element {
  const { field, value, onFill, disabled } = properties;
  const [sought, seek] = React.useState("");
  const chosen: readonly Json[] = Array.isArray(value) ? value : [];
  const isLong = field.choices.length > LONG;
  const shown = field.choices.filter(({ label }) => label.toLowerCase().includes(sought.trim().toLowerCase()));
  const toggle = (one: Json, on: boolean) => {
    const others = field.choices
      .map((choice) => choice.value)
      .filter((known) => (isSame(known, one) ? on : chosen.some((other) => isSame(other, known))));
    onFill(others.length === 0 ? undefined : others);
  };
  return (
    <fieldset {...groupAttributes(properties)} className="mlf-choices" tabIndex={-1}>
      <legend className="mlf-hidden">{field.label}</legend>
      {isLong && (
        <input
          type="search"
          className="mlf-input"
          aria-label={t.__("Search in %1", field.label)}
          placeholder={t.__("%1 of %2 chosen; search…", chosen.length, field.choices.length)}
          value={sought}
          onChange={(event) => seek(event.target.value)}
        />
      )}
      <div className="mlf-choices-list">
        {shown.map((choice) => (
          <label key={String(choice.value)} className="mlf-check">
            <input
              type="checkbox"
              disabled={disabled}
              checked={chosen.some((one) => isSame(one, choice.value))}
              onChange={(event) => toggle(choice.value, event.target.checked)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
        {shown.length === 0 && <p className="mlf-quiet">{t.__("Nothing is called so.")}</p>}
      </div>
    </fieldset>
  );
}
