// What stands in a form: values, what was typed that is no value yet, and where the result goes.
import { usesOf } from "./dependencies";
import { isName } from "./literals";
import { type Field, type FormSpec, isExpression, isSame, type Value, type Values } from "./spec";
import { t } from "./texts";

export interface Filled {
  values: Values;
  /** Sentences of what was typed and cannot be read, by field. */
  unread: Readonly<Record<string, string>>;
  /** Fields that are filled in with Python. */
  asPython: ReadonlySet<string>;
  /** As typed: names of variables with commas between them. */
  targets: string;
}

export type Change =
  | { do: "fill"; name: string; value: Value | undefined }
  | { do: "misread"; name: string; problem: string }
  | { do: "python"; name: string; on: boolean }
  | { do: "targets"; text: string }
  | { do: "reset"; name: string }
  | { do: "reset all"; spec: FormSpec }
  | { do: "set all"; filled: Filled };

/** Return a form with values from elsewhere: a cell, the last time, somebody's call. */
export function filledWith(spec: FormSpec, given: Values = {}, targets?: readonly string[]): Filled {
  // Three dots stand in a cell where something is still to be said.
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => !isSame(value, { expression: "..." })));
  const known = new Map(spec.fields.map((field) => [field.name, field]));
  const python = Object.entries(values).filter(([name, value]) => isOnlyPython(known.get(name), value));
  return {
    values,
    unread: {},
    asPython: new Set(python.map(([name]) => name)),
    targets: (targets ?? (spec.call.target === null ? [] : [spec.call.target])).join(", "),
  };
}

// A workspace is chosen by its variable; everywhere else an expression is text to be written by hand.
function isOnlyPython(field: Field | undefined, value: Value): boolean {
  if (!isExpression(value)) {
    return false;
  }
  const isVariable = isName(value.expression);
  return field?.widget !== "expression" && !(field?.widget === "workspace" && isVariable);
}

/** Return the form after a change. */
export function changed(filled: Filled, change: Change): Filled {
  switch (change.do) {
    case "fill":
      return {
        ...filled,
        values: withValue(filled.values, change.name, change.value),
        unread: without(filled.unread, change.name),
      };
    case "misread":
      return {
        ...filled,
        values: without(filled.values, change.name),
        unread: { ...filled.unread, [change.name]: change.problem },
      };
    case "python":
      return { ...filled, asPython: toggled(filled.asPython, change.name, change.on) };
    case "targets":
      return { ...filled, targets: change.text };
    case "reset":
      return {
        ...filled,
        values: without(filled.values, change.name),
        unread: without(filled.unread, change.name),
        asPython: toggled(filled.asPython, change.name, false),
      };
    case "reset all":
      return filledWith(change.spec);
    case "set all":
      return change.filled;
  }
}

function withValue(values: Values, name: string, value: Value | undefined): Values {
  return value === undefined ? without(values, name) : { ...values, [name]: value };
}

function without<Kept>(record: Readonly<Record<string, Kept>>, name: string): Readonly<Record<string, Kept>> {
  const { [name]: _, ...rest } = record;
  return rest;
}

function toggled(names: ReadonlySet<string>, name: string, on: boolean): ReadonlySet<string> {
  const next = new Set(names);
  if (on) {
    next.add(name);
  } else {
    next.delete(name);
  }
  return next;
}

/** Return the names that the result is kept under, or a sentence that says what is wrong with one. */
export function targetsOf(text: string): { targets: string[] } | { problem: string } {
  const targets = text.split(/[\s,]+/).filter((part) => part !== "");
  const wrong = targets.find((name) => !isName(name));
  return wrong === undefined
    ? { targets }
    : { problem: t.__("“%1” cannot be a variable: use letters, digits and _, and no digit first.", wrong) };
}

/** Return what the page itself knows to be missing or wrong, by field. Fields that are put away are not asked for. */
export function problemsOf(spec: FormSpec, filled: Filled): Record<string, string> {
  const uses = usesOf(spec.fields, filled.values);
  const missing = spec.fields.filter(
    ({ name, required, direction }) =>
      required && direction !== "output" && filled.values[name] === undefined && uses.get(name)?.visible === true,
  );
  return {
    ...Object.fromEntries(missing.map((field) => [field.name, missingText(field)])),
    ...filled.unread,
  };
}

function missingText({ widget }: Field): string {
  switch (widget) {
    case "workspace":
      return t.__("Choose a workspace.");
    case "file":
    case "files":
      return t.__("Give a file or a run number.");
    case "choice":
    case "choices":
      return t.__("Choose one.");
    default:
      return t.__("This is needed.");
  }
}

/** Say whether a field says something that the call would not say by itself. */
export function isTouched(field: Field, filled: Filled): boolean {
  return (
    filled.values[field.name] !== undefined ||
    filled.unread[field.name] !== undefined ||
    filled.asPython.has(field.name)
  );
}
