// What people type into a field, read as a value; and how a value looks where it is typed.

import { numberText, pythonText, readNumber, readPlain } from "./literals";
import { type Field, type FormSpec, isExpression, type Json, type Value } from "./spec";
import { t } from "./texts";

/** What was typed: a value, nothing at all, or what is wrong with it. */
export type Entry = { value: Value } | { problem: string } | Record<string, never>;

export type Framework = FormSpec["framework"];

const RUNS = /^\s*\d+\s*[-:]\s*\d+\s*$/;

/** Read what was typed into a field that is typed into. */
export function readEntry(field: Field, framework: Framework, text: string): Entry {
  if (text.trim() === "") {
    return {};
  }
  switch (field.widget) {
    case "number":
    case "integer":
      return readWithin(field, text);
    case "list":
      return readList(field, framework, text);
    case "range":
      return readRange(text);
    case "files":
      return framework === "mantid" ? { value: text.trim() } : { value: files(text) };
    case "file":
    case "save-file":
    case "folder":
      return { value: text.trim() };
    case "expression":
      return { value: { expression: text.trim() } };
    default:
      return { value: text };
  }
}

function readWithin(field: Field, text: string): Entry {
  const number = readNumber(text.replace(",", "."));
  if (number === undefined) {
    return { problem: notANumber(text) };
  }
  return problemOf(field, number) ?? { value: number };
}

function notANumber(text: string): string {
  return t.__("“%1” is not a number: write one such as 12, 0.5 or 1e-3.", text.trim());
}

function problemOf({ widget, minimum, maximum, unit }: Field, number: number): Entry | undefined {
  if (widget === "integer" && !Number.isInteger(number)) {
    return { problem: t.__("%1 is not a whole number.", numberText(number)) };
  }
  const withUnit = (limit: number) => (unit ? `${numberText(limit)} ${unit}` : numberText(limit));
  if (minimum !== null && number < minimum) {
    return { problem: t.__("At least %1 is needed.", withUnit(minimum)) };
  }
  if (maximum !== null && number > maximum) {
    return { problem: t.__("At most %1 is possible.", withUnit(maximum)) };
  }
  return undefined;
}

function readList(field: Field, framework: Framework, text: string): Entry {
  if (field.item === "workspace") {
    if (/\sfor\s/.test(text)) {
      return { value: { expression: text.trim() } }; // [one * 2 for one in all_of_them]
    }
    return { value: pythonParts(text).map((item) => ({ expression: item })) };
  }
  const items = parts(text);
  if (field.item !== "number" && field.item !== "integer") {
    return { value: items.map((item) => (field.item === "expression" ? readPlain(item) : item)) };
  }
  if (field.item === "integer" && items.some((item) => RUNS.test(item))) {
    // Mantid reads ranges by itself, and a cell with "1-5000" is one that people can read.
    return framework === "mantid" ? { value: text.trim() } : expanded(items);
  }
  return readNumbers(items, field);
}

function readNumbers(items: readonly string[], field?: Field): Entry {
  const numbers: number[] = [];
  for (const item of items) {
    const number = readNumber(item);
    if (number === undefined) {
      return { problem: notANumber(item) };
    }
    if (field?.item === "integer" && !Number.isInteger(number)) {
      return { problem: t.__("%1 is not a whole number.", item) };
    }
    numbers.push(number);
  }
  return { value: numbers };
}

const LONGEST_RANGE = 10_000;

function expanded(items: readonly string[]): Entry {
  const numbers: number[] = [];
  for (const item of items) {
    const [low, high] = item.split(/[-:]/).map(readNumber);
    const last = high ?? low;
    if (low === undefined || last === undefined || last < low || last - low > LONGEST_RANGE) {
      return { problem: t.__("“%1” is no range of numbers: write the lower one first, such as 3-8.", item) };
    }
    for (let number = low; number <= last; number += 1) {
      numbers.push(number);
    }
  }
  return { value: numbers };
}

function readRange(text: string): Entry {
  const read = readNumbers(parts(text));
  if ("value" in read && (read.value as Json[]).length === 2) {
    const [low, high] = read.value as [number, number];
    return low < high
      ? read
      : { problem: t.__("A range goes from low to high: %1 is not below %2.", numberText(low), numberText(high)) };
  }
  return read;
}

/** Split at commas, semicolons and line ends; at spaces too where that is all there is. Brackets around are left out. */
export function parts(text: string): string[] {
  const inner = text.trim().replace(/^[[(](.*)[\])]$/s, "$1");
  const separator = /[,;\n]/.test(inner) ? /[,;\n]/ : /\s+/;
  return inner
    .split(separator)
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, "$2"))
    .filter((part) => part !== "");
}

// Names of files may have spaces in them.
function files(text: string): string[] {
  return parts(/[,;\n]/.test(text) ? text : `${text},`);
}

/** Split Python at the commas that stand in no bracket and no text; brackets around all of it are left out. */
export function pythonParts(text: string): string[] {
  const inner = text
    .trim()
    .replace(/^[[(](.*)[\])]$/s, (whole, within: string) => (isBalanced(within) ? within : whole));
  const found = [""];
  let depth = 0;
  let quote = "";
  for (const letter of inner) {
    if (quote !== "") {
      quote = letter === quote ? "" : quote;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
    } else if ("([{".includes(letter)) {
      depth += 1;
    } else if (")]}".includes(letter)) {
      depth -= 1;
    }
    if (letter === "," && depth === 0 && quote === "") {
      found.push("");
    } else {
      found[found.length - 1] += letter;
    }
  }
  return found.map((part) => part.trim()).filter((part) => part !== "");
}

// "a[0], b[1]" is; what is left of "[a][b]" without its ends is not.
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    depth += "([{".includes(letter) ? 1 : ")]}".includes(letter) ? -1 : 0;
    if (depth < 0) {
      return false;
    }
  }
  return depth === 0;
}

/** Return the text that stands for a value where it is typed. */
export function entryText(field: Field, value: Value | undefined): string {
  if (value === undefined || value === null) {
    return "";
  }
  if (isExpression(value)) {
    return value.expression;
  }
  if (Array.isArray(value)) {
    return value.map(plainText).join(", ");
  }
  if (field.widget === "quantity" && typeof value === "object") {
    return plainText(value.value ?? null);
  }
  return plainText(value);
}

function plainText(value: Json): string {
  if (isExpression(value)) {
    return value.expression;
  }
  return typeof value === "string" ? value : typeof value === "number" ? numberText(value) : pythonText(value);
}

/** Return what a field does when nothing is filled in, in a few words, or nothing where there is no such thing. */
export function defaultText(field: Field): string {
  const value = field.default;
  if (field.unset || value === null || value === "") {
    return "";
  }
  const chosen = field.choices.find((choice) => choice.value === value);
  return chosen?.label ?? entryText(field, value);
}
