// Python's way to write plain values, and back.
import type { Json } from "./spec";

/** Write a value as Python does. */
export function pythonText(value: Json): string {
  if (value === null) {
    return "None";
  }
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  if (typeof value === "number") {
    return numberText(value);
  }
  if (typeof value === "string") {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(pythonText).join(", ")}]`;
  }
  const items = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonText(item)}`);
  return `{${items.join(", ")}}`;
}

/** Write a number so that people read it: 1e-05 and not 0.00001. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e15) ? value.toExponential().replace("e+", "e") : String(value);
}

const WORDS: Record<string, Json> = { None: null, True: true, False: false, true: true, false: false };
const NUMBER = /^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Read a number as Python writes one, or say with undefined that it is none. */
export function readNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? Number(trimmed.replaceAll("_", "")) : undefined;
}

/** Read a literal of one value: a number, True, None, a text in quotes. All else is a text without quotes. */
export function readPlain(text: string): Json {
  const trimmed = text.trim();
  const number = readNumber(trimmed);
  if (number !== undefined) {
    return number;
  }
  if (trimmed in WORDS) {
    return WORDS[trimmed] as Json;
  }
  return unquoted(trimmed) ?? trimmed;
}

function unquoted(text: string): string | undefined {
  const quote = text[0];
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted && !text.slice(1, -1).includes(quote) ? text.slice(1, -1) : undefined;
}

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** Say whether Python takes this for the name of a variable. */
export function isName(text: string): boolean {
  return NAME.test(text) && !KEYWORDS.has(text);
}
