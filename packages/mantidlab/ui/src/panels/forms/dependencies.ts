// Which fields are of use, given what is filled in elsewhere.
import { type Dependency, type Field, isExpression, isSame, type Json, type Value, type Values } from "./spec";

export interface Use {
  enabled: boolean;
  visible: boolean;
}

/** Say of every field whether it can be filled in and whether it is shown. */
export function usesOf(fields: readonly Field[], values: Values): Map<string, Use> {
  const named = new Map(fields.map((field) => [field.name, field]));
  return new Map(fields.map((field) => [field.name, useOf(field, named, values)]));
}

function useOf(field: Field, named: ReadonlyMap<string, Field>, values: Values): Use {
  const holding = field.depends.filter((dependency) => {
    const on = named.get(dependency.on);
    return on !== undefined && doesHold(dependency, on, values[on.name]);
  });
  return {
    enabled: holding.find(({ enabled }) => enabled !== field.enabled)?.enabled ?? field.enabled,
    visible: holding.find(({ visible }) => visible !== field.visible)?.visible ?? field.visible,
  };
}

function doesHold({ value: wanted }: Dependency, on: Field, given: Value | undefined): boolean {
  if (isGivenAtAll(wanted)) {
    return given !== undefined && mantidText(given) !== "" && !isSame(given, on.default);
  }
  if (isExpression(given)) {
    return false; // nobody knows yet what it will be
  }
  const actual = given === undefined ? on.default : given;
  return isSame(wanted, actual) || mantidText(wanted) === mantidText(actual);
}

// {"not": null}: anything but nothing and the default.
function isGivenAtAll(wanted: Json): boolean {
  return typeof wanted === "object" && wanted !== null && "not" in wanted;
}

// Mantid compares what it would write: "1" is a switch that is on.
function mantidText(value: Value): string {
  if (typeof value === "boolean") {
    return value ? "1" : "0";
  }
  return value === null ? "" : String(value as Json);
}
