// How wide columns are: as their fields need it, until somebody draws them wider.
import type { Field } from "../../forms/spec";

/** In CSS pixels, by column. */
export type Widths = Readonly<Record<string, number>>;

const NARROWEST = 56;
const WIDEST = 900;
const BY_WIDGET: Partial<Record<Field["widget"], number>> = {
  switch: 92,
  integer: 92,
  number: 100,
  range: 120,
  choice: 140,
  file: 150,
  files: 190,
  choices: 170,
};
const OTHERWISE = 140;
const FOR_TITLE = 8; // px a letter, and the signs beside it

export function widthOf(column: string, field: Field | undefined, widths: Widths): number {
  const title = Math.min(170, FOR_TITLE * `${field?.label ?? column} ${field?.unit ?? ""}`.length + 44);
  return widths[column] ?? Math.max(BY_WIDGET[field?.widget ?? "text"] ?? OTHERWISE, title);
}

export function within(width: number): number {
  return Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
}
