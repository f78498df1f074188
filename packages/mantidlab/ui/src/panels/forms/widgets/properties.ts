// What every widget is given.
import type { Field, Value } from "../spec";

export interface WidgetProperties {
  field: Field;
  /** Nothing where the call says nothing of this field. */
  value: Value | undefined;
  /** What has been typed already, where the field is opened with it: also what is no value. */
  typed?: string;
  /** Of the element that takes the focus. */
  id: string;
  /** Ids of the sentences that belong to it. */
  describedBy: string | undefined;
  invalid: boolean;
  disabled: boolean;
  onFill(value: Value | undefined): void;
  onMisread(problem: string, typed: string): void;
}

/** The attributes that say to everybody what the field is and whether it is right. */
export function attributes(properties: WidgetProperties) {
  const { field, invalid } = properties;
  return {
    ...groupAttributes(properties),
    "aria-invalid": invalid || undefined,
    "aria-required": field.required || undefined,
  };
}

/** Those of a field that is more than one element. */
export function groupAttributes({ id, describedBy, disabled }: WidgetProperties) {
  return { id, disabled, "aria-describedby": describedBy };
}
