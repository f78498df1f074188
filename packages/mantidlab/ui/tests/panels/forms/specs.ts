// Forms for the tests: recorded ones, and fields made for one test.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Field, type FormSpec, plainField } from "../../../src/panels/forms/spec";

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures");

/** Return the form of an algorithm as it comes over the wire: "rebin". */
export function recorded(name: string): FormSpec {
  return JSON.parse(readFileSync(join(FIXTURES, `form-${name}.json`), "utf8")) as FormSpec;
}

export function field(given: Partial<Field> & Pick<Field, "name" | "widget">): Field {
  return { ...plainField(given.name, given.widget), ...given };
}

export function form(fields: readonly Field[], given: Partial<FormSpec> = {}): FormSpec {
  return {
    of: "python/thing",
    title: "thing",
    summary: "",
    framework: "python",
    call: { function: "thing", import: "", target: "out", returns: [] },
    groups: [],
    fields,
    ...given,
  };
}
