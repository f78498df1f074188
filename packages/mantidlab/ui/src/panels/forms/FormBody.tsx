// All fields of a form, in sections that fold. Of a panel, a page and an interface alike.
import * as React from "react";
import { type Section, sectionsOf } from "./arrangement";
import { usesOf } from "./dependencies";
import { FieldRow, fieldId } from "./FieldRow";
import { type Change, type Filled, isTouched } from "./filled";
import type { FormSpec } from "./spec";
import { t } from "./texts";

interface FormBodyProperties {
  spec: FormSpec;
  filled: Filled;
  /** Sentences of what is wrong, by field; only those that are to be seen. */
  problems: Readonly<Record<string, string>>;
  notes: Readonly<Record<string, string>>;
  formId: string;
  onChange(change: Change): void;
}

export function FormBody(properties: FormBodyProperties): React.JSX.Element {
  const { spec, filled, problems } = properties;
  const [folded, fold] = React.useState<Readonly<Record<string, boolean>>>({});
  const sections = sectionsOf(spec, filled, { more: t.__("More"), outputs: t.__("Names of outputs") });
  return (
    <div className="mlf-body">
      {sections.map((section) => {
        const wrong = section.fields.filter(({ name }) => problems[name] !== undefined).length;
        const open = folded[section.name] ?? (section.open || wrong > 0);
        return section.name === "" ? (
          <Fields key="" {...properties} section={section} />
        ) : (
          <section key={section.name} className="mlf-section">
            <button
              type="button"
              className="mlf-section-head"
              aria-expanded={open}
              onClick={() => fold({ ...folded, [section.name]: !open })}
            >
              <span aria-hidden="true">{open ? "▾" : "▸"}</span> {section.label}
              <span className="mlf-quiet"> {countText(section, filled, wrong)}</span>
            </button>
            {open && <Fields {...properties} section={section} />}
          </section>
        );
      })}
    </div>
  );
}

function countText({ fields }: Section, filled: Filled, wrong: number): string {
  const given = fields.filter((field) => isTouched(field, filled)).length;
  if (wrong > 0) {
    return t.__("%1 to mend", wrong);
  }
  return given > 0 ? t.__("%1 of %2 given", given, fields.length) : String(fields.length);
}

function Fields({ section, ...properties }: FormBodyProperties & { section: Section }): React.JSX.Element {
  const { spec, filled, problems, notes, formId, onChange } = properties;
  const uses = usesOf(spec.fields, filled.values);
  return (
    <div className="mlf-fields">
      {section.fields.map((field) => (
        <FieldRow
          key={field.name}
          field={field}
          value={filled.values[field.name]}
          formId={formId}
          isPython={filled.asPython.has(field.name)}
          isTouched={isTouched(field, filled)}
          enabled={uses.get(field.name)?.enabled !== false}
          problem={problems[field.name]}
          note={notes[field.name]}
          onChange={onChange}
        />
      ))}
    </div>
  );
}

/** Bring a field into view and into its hands. */
export function focusField(root: ParentNode, formId: string, name: string): void {
  const element = root.querySelector<HTMLElement>(`#${CSS.escape(fieldId(formId, name))}`);
  element?.scrollIntoView({ block: "center" });
  element?.focus();
}
