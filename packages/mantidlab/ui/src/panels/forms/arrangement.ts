// In which order fields are shown, and what is folded away.
import { usesOf } from "./dependencies";
import { type Filled, isTouched } from "./filled";
import type { Field, FormSpec } from "./spec";

export interface Section {
  /** Empty for what always stands on top. */
  name: string;
  label: string;
  fields: readonly Field[];
  /** Whether it is open before anybody opened or closed it. */
  open: boolean;
}

const MOST_OPEN = 12;

/** Return the sections of a form: what is needed, what is not, each group, what few people need, and outputs. */
export function sectionsOf(spec: FormSpec, filled: Filled, labels: Record<"more" | "outputs", string>): Section[] {
  const uses = usesOf(spec.fields, filled.values);
  const shown = spec.fields.filter(({ name }) => uses.get(name)?.visible);
  const inputs = shown.filter(({ direction }) => direction !== "output");
  const ungrouped = inputs.filter(({ group, required, advanced }) => (!group || required) && !(advanced && !required));
  const sections = [section("", "", neededFirst(ungrouped), true)];
  for (const { name, label } of spec.groups) {
    const fields = inputs.filter((field) => field.group === name && !field.required && !field.advanced);
    sections.push(
      section(name, label, fields, inputs.length <= MOST_OPEN || fields.some((one) => isTouched(one, filled))),
    );
  }
  const advanced = inputs.filter((field) => field.advanced && !field.required);
  sections.push(
    section(
      "…more",
      labels.more,
      advanced,
      advanced.some((one) => isTouched(one, filled)),
    ),
  );
  const outputs = shown.filter((field) => field.direction === "output" && !isTheResult(field, spec, filled));
  sections.push(
    section(
      "…outputs",
      labels.outputs,
      outputs,
      outputs.some((one) => isTouched(one, filled)),
    ),
  );
  return sections.filter(({ fields }) => fields.length > 0);
}

function section(name: string, label: string, fields: readonly Field[], open: boolean): Section {
  return { name, label, fields, open };
}

function neededFirst(fields: readonly Field[]): Field[] {
  return [...fields.filter(({ required }) => required), ...fields.filter(({ required }) => !required)];
}

// What comes back is named by the variable on the left of the call, unless a call says otherwise.
function isTheResult(field: Field, spec: FormSpec, filled: Filled): boolean {
  return spec.call.returns.includes(field.name) && !isTouched(field, filled);
}
