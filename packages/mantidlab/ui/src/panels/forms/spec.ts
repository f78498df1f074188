// What a form is made of, as mantidlab.forms describes it, and what people fill in.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Python that is no literal: a variable, a call. */
export interface Expression {
  expression: string;
}

export type Value = Json | Expression;

/** What a call gets. A field that is missing here is missing in the call. */
export type Values = Readonly<Record<string, Value>>;

export type Widget =
  | "text"
  | "number"
  | "integer"
  | "switch"
  | "choice"
  | "choices"
  | "list"
  | "workspace"
  | "file"
  | "files"
  | "save-file"
  | "folder"
  | "dictionary"
  | "function"
  | "expression"
  | "quantity"
  | "range";

export interface Choice {
  value: Json;
  label: string;
}

/** What a workspace has to be: framework words for its type, or kinds of the data model. */
export interface Accepts {
  types: readonly string[];
  kinds: readonly string[];
}

/** What a field does while field `on` has `value`, where that differs from the start. */
export interface Dependency {
  on: string;
  value: Json;
  enabled: boolean;
  visible: boolean;
}

export interface Field {
  name: string;
  label: string;
  documentation: string;
  widget: Widget;
  type: string;
  direction: "input" | "output" | "inout";
  required: boolean;
  default: Value;
  /** Whether nothing is set at first. */
  unset: boolean;
  unit: string;
  choices: readonly Choice[];
  /** Whether other values than the choices are possible too. */
  open: boolean;
  minimum: number | null;
  maximum: number | null;
  item: Widget | null;
  group: string;
  advanced: boolean;
  accepts: Accepts | null;
  extensions: readonly string[];
  depends: readonly Dependency[];
  /** At first, before anything is filled in. */
  enabled: boolean;
  visible: boolean;
  /** Whether None may be given. */
  optional: boolean;
  /** Whether runs may be given in the place of a path, by their numbers. */
  runs?: boolean;
}

/** Return a field of which no more is known than its name and how it is drawn. */
export function plainField(name: string, widget: Widget): Field {
  return {
    name,
    label: name,
    documentation: "",
    widget,
    type: "",
    direction: "input",
    required: false,
    default: null,
    unset: true,
    unit: "",
    choices: [],
    open: false,
    minimum: null,
    maximum: null,
    item: null,
    group: "",
    advanced: false,
    accepts: null,
    extensions: [],
    depends: [],
    enabled: true,
    visible: true,
    optional: false,
  };
}

export interface Group {
  name: string;
  label: string;
}

export interface Call {
  function: string;
  import: string;
  target: string | null;
  returns: readonly string[];
}

export interface FormSpec {
  /** `algorithm/Rebin-v1`, `python/scipp.rebin`, `kernel/my_function`, `interface/NAME`. */
  of: string;
  title: string;
  summary: string;
  framework: "mantid" | "scipp" | "python" | "interface";
  call: Call;
  groups: readonly Group[];
  fields: readonly Field[];
}

/** A call in the text of a cell; places are counted in UTF-16. */
export interface CallInCell {
  source: string;
  span: [number, number];
  /** The code of the cells above. */
  context: string;
}

export function isExpression(value: Value | undefined): value is Expression {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === 1 &&
    typeof (value as { expression?: unknown }).expression === "string"
  );
}

/** Say whether two values write the same Python. */
export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

// The server has the catalogue; functions of a notebook and interfaces only their kernel and their files know.
export function formFor(spec: FormSpec): { form?: FormSpec } {
  const isOnlyHere = spec.of.startsWith("kernel/") || spec.of.startsWith("interface/") || hasLoader(spec);
  return isOnlyHere ? { form: spec } : {};
}

/** The algorithm whose form gets the options of the loader that its file needs. */
export const LOAD = "algorithm/Load-v1";

function hasLoader({ of, groups }: FormSpec): boolean {
  return of === LOAD && groups.some(({ name }) => name === "loader");
}

/** Return the values that a form has fields for: options of a loader that is not the one any more are left out. */
export function valuesFor(spec: FormSpec, values: Values): Values {
  if (spec.of !== LOAD) {
    return values;
  }
  const names = new Set(spec.fields.map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}
