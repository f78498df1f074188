// What stands in a cell: the text that the file holds, the value that a form's field has for it, and how it is shown.
import { defaultText, type Entry, entryText, parts, readEntry } from "../../forms/entries";
import { type Filled, filledWith, problemsOf } from "../../forms/filled";
import { pythonText } from "../../forms/literals";
import { type Choice, type Field, type FormSpec, isExpression, type Json, type Value } from "../../forms/spec";
import { t } from "../../forms/texts";
import { type Cells, fieldOf, isBlank, labelOf, possibleColumns, type Row } from "../runs";

const YES = /^(true|yes|on|1)$/i;
const NO = /^(false|no|off|0)$/i;

/** Read the text of a cell as the value of its field. */
export function readCell(field: Field, text: string): Entry {
  const written = text.trim();
  if (written === "") return {};
  switch (field.widget) {
    case "switch":
      if (YES.test(written)) return { value: true };
      return NO.test(written) ? { value: false } : { problem: t.__("Write True or False.") };
    case "choice":
      return readChoice(field, written);
    case "choices":
      return readChoices(field, written);
    default:
      return readEntry(field, "interface", withoutUnit(field, written));
  }
}

// A number may be followed by the unit that it is wanted in.
function withoutUnit({ widget, unit }: Field, text: string): string {
  const isNumber = widget === "number" || widget === "integer" || widget === "range";
  return isNumber && unit !== "" && text.endsWith(unit) ? text.slice(0, -unit.length).trim() : text;
}

function readChoice(field: Field, text: string): Entry {
  const found = chosen(field.choices, text);
  if (found !== undefined) return { value: found.value };
  return field.open ? { value: text } : { problem: possible(field) };
}

function readChoices(field: Field, text: string): Entry {
  const found = parts(text).map((part) => chosen(field.choices, part));
  const values = found.filter((choice) => choice !== undefined).map(({ value }) => value);
  return values.length === found.length ? { value: values } : { problem: possible(field) };
}

function chosen(choices: readonly Choice[], text: string): Choice | undefined {
  const called = text.toLowerCase();
  return choices.find(
    ({ label, value }) => plainText(value).toLowerCase() === called || label.toLowerCase() === called,
  );
}

function possible({ choices }: Field): string {
  return t.__("Possible are %1.", choices.map(({ label }) => label).join(", "));
}

/** Write the value of a field as the text of a cell. */
export function cellText(field: Field, value: Value | undefined): string {
  if (value === undefined) return "";
  if (isExpression(value)) return value.expression;
  return field.widget === "switch" || field.widget === "choice" ? plainText(value as Json) : entryText(field, value);
}

function plainText(value: Json): string {
  return typeof value === "string" ? value : pythonText(value);
}

/** Return a text as the batch reads it: `0,5 Å` is 0.5, `yes` is True. What cannot be read stays as it was typed. */
export function asWritten(field: Field | undefined, text: string): string {
  const read = field && readCell(field, text);
  return field && read && "value" in read ? cellText(field, read.value) : text.trim();
}

/** Return how a cell looks that nobody works on, and whether that is only what the interface does by itself. */
export function shownCell(field: Field | undefined, text: string): { text: string; isDefault: boolean } {
  if (field === undefined) return { text, isDefault: false };
  if (text.trim() === "") return { text: defaultText(field), isDefault: true };
  if (field.widget === "choice") return { text: chosen(field.choices, text.trim())?.label ?? text, isDefault: false };
  return { text, isDefault: false };
}

/** Say whether a switch is on; null where the text is none. */
export function isOn(field: Field, text: string): boolean | null {
  const read = readCell(field, text);
  if ("problem" in read) return null;
  return "value" in read ? read.value === true : field.default === true;
}

/** The part of a form that rows of a table can say something of. */
export function formOfRows(spec: FormSpec): FormSpec {
  return { ...spec, fields: possibleColumns(spec) };
}

/** Return a form that is filled in with a row. */
export function filledFrom(spec: FormSpec, cells: Cells): Filled {
  const values: Record<string, Value> = {};
  const unread: Record<string, string> = {};
  for (const field of possibleColumns(spec)) {
    const read = readCell(field, cells[field.name] ?? "");
    if ("value" in read) values[field.name] = read.value;
    else if ("problem" in read) unread[field.name] = read.problem;
  }
  return { ...filledWith(spec, values), asPython: new Set(), unread };
}

/** Return what a form says that was opened for a row: its fields, emptied ones as well; misread ones stay as they were. */
export function cellsFrom(spec: FormSpec, { values, unread }: Filled, before: Cells): Record<string, string> {
  const read = possibleColumns(spec).filter(({ name }) => unread[name] === undefined);
  const said = read.map((field) => [field.name, cellText(field, values[field.name])] as const);
  return Object.fromEntries(said.filter(([name, text]) => text !== asWritten(fieldOf(spec, name), before[name] ?? "")));
}

/** Return what the page itself finds wrong with a row, by field. */
export function problemsOfRow(spec: FormSpec, columns: readonly string[], row: Row): Record<string, string> {
  const [first = ""] = columns;
  if (isBlank(row)) return { [first]: t.__("A row without anything runs nothing: fill it in, or delete it.") };
  return problemsOf(spec, filledFrom(spec, row.cells));
}

/** Return the problems of a row in one text. */
export function sentenceOfRow(spec: FormSpec, problems: Readonly<Record<string, string>>): string {
  return Object.entries(problems)
    .map(([name, text]) => `${labelOf(spec, name)}: ${text}`)
    .join(" ");
}
