// One field: its name, its widget, what is wrong with it, and on request what it means and how else to fill it in.
import * as React from "react";
import { defaultText } from "./entries";
import type { Change } from "./filled";
import { numberText } from "./literals";
import type { Field, Value } from "./spec";
import { t } from "./texts";
import { Widget } from "./widgets";
import { Python } from "./widgets/Python";

interface FieldRowProperties {
  field: Field;
  value: Value | undefined;
  /** Of the whole form, so that ids are its own. */
  formId: string;
  isPython: boolean;
  isTouched: boolean;
  enabled: boolean;
  problem: string | undefined;
  note: string | undefined;
  onChange(change: Change): void;
}

export const FieldRow = React.memo(function FieldRow(properties: FieldRowProperties): React.JSX.Element {
  const { field, value, formId, isPython, isTouched, enabled, problem, note, onChange } = properties;
  const [isExplained, explain] = React.useState(false);
  const id = fieldId(formId, field.name);
  const ids = { explanation: `${id}-explanation`, problem: `${id}-problem`, note: `${id}-note` };
  const describedBy =
    [problem && ids.problem, note && ids.note, isExplained && ids.explanation].filter(Boolean).join(" ") || undefined;
  const given = {
    field,
    value,
    id,
    describedBy,
    invalid: problem !== undefined,
    disabled: !enabled,
    onFill: (filled: Value | undefined) => onChange({ do: "fill", name: field.name, value: filled }),
    onMisread: (sentence: string) => onChange({ do: "misread", name: field.name, problem: sentence }),
  };
  return (
    <div
      className={`mlf-field${enabled ? "" : " mlf-disabled"}`}
      data-field={field.name}
      data-widget={isPython ? "expression" : field.widget}
    >
      <div className="mlf-label-row">
        <label htmlFor={id} className="mlf-label" title={field.name}>
          {field.label}
          {field.unit && <span className="mlf-unit"> [{field.unit}]</span>}
          {field.required && (
            <span className="mlf-required" title={t.__("needed")}>
              <span aria-hidden="true"> *</span>
              <span className="mlf-hidden"> {t.__("(needed)")}</span>
            </span>
          )}
        </label>
        {isTouched && (
          <button
            type="button"
            className="mlf-icon"
            aria-label={t.__("Reset %1", field.label)}
            title={t.__("Reset")}
            onClick={() => onChange({ do: "reset", name: field.name })}
          >
            ↺
          </button>
        )}
        <button
          type="button"
          className="mlf-icon"
          aria-label={t.__("About %1", field.label)}
          title={t.__("What it means")}
          aria-expanded={isExplained}
          aria-controls={ids.explanation}
          onClick={() => explain(!isExplained)}
        >
          ?
        </button>
      </div>
      {isPython ? <Python {...given} /> : <Widget {...given} />}
      {problem && (
        <p id={ids.problem} className="mlf-problem">
          {problem}
        </p>
      )}
      {note && (
        <p id={ids.note} className="mlf-quiet mlf-field-note">
          {note}
        </p>
      )}
      <div id={ids.explanation} className="mlf-explanation" hidden={!isExplained}>
        {isExplained && <Explanation field={field} />}
        {isExplained && field.widget !== "expression" && (
          <button
            type="button"
            className="mlf-button"
            aria-pressed={isPython}
            onClick={() => onChange({ do: "python", name: field.name, on: !isPython })}
          >
            {isPython ? t.__("Fill in without Python") : t.__("Fill in as Python")}
          </button>
        )}
      </div>
    </div>
  );
});

function Explanation({ field }: { field: Field }): React.JSX.Element {
  const limits = limitsText(field);
  const rests = defaultText(field);
  return (
    <>
      {field.documentation && <p>{field.documentation}</p>}
      <p className="mlf-quiet">
        <code>{field.name}</code> · {field.type}
        {limits && ` · ${limits}`}
        {rests && ` · ${t.__("if nothing is given: %1", rests)}`}
      </p>
    </>
  );
}

function limitsText({ minimum, maximum }: Field): string {
  if (minimum !== null && maximum !== null) {
    return t.__("from %1 to %2", numberText(minimum), numberText(maximum));
  }
  if (minimum !== null) {
    return t.__("at least %1", numberText(minimum));
  }
  return maximum === null ? "" : t.__("at most %1", numberText(maximum));
}

/** Return the id of the element of a field that takes the focus. */
export function fieldId(formId: string, name: string): string {
  return `${formId}-${name.replace(/[^\w-]/g, "_")}`;
}
