import { expect, test } from "vitest";
import { entryText, parts, readEntry } from "../../../src/panels/forms/entries";
import { isName, numberText, pythonText, readPlain } from "../../../src/panels/forms/literals";
import { field } from "./specs";

const wavelength = field({ name: "w", widget: "number", minimum: 0, maximum: 20, unit: "Å" });

test.each([
  ["6.5", 6.5],
  ["1e-3", 0.001],
  [" .5 ", 0.5],
  ["6,5", 6.5],
])("a number may be typed as %s", (text, value) => {
  expect(readEntry(wavelength, "mantid", text)).toEqual({ value });
});

test.each([
  ["1e", "is not a number"],
  ["six", "is not a number"],
  ["-1", "At least 0 Å"],
  ["21", "At most 20 Å"],
])("%s is refused with a sentence", (text, sentence) => {
  expect(readEntry(wavelength, "mantid", text)).toEqual({ problem: expect.stringContaining(sentence) });
});

test("an empty field is not in the call", () => {
  expect(readEntry(wavelength, "mantid", "  ")).toEqual({});
});

test("a whole number has no fraction", () => {
  const spectra = field({ name: "n", widget: "integer" });
  expect(readEntry(spectra, "python", "2.5")).toHaveProperty("problem");
  expect(readEntry(spectra, "python", "1e3")).toEqual({ value: 1000 });
});

test("Mantid reads ranges of spectra by itself, Python gets them written out", () => {
  const spectra = field({ name: "n", widget: "list", item: "integer" });
  expect(readEntry(spectra, "mantid", "1-5, 8")).toEqual({ value: "1-5, 8" });
  expect(readEntry(spectra, "python", "1-5, 8")).toEqual({ value: [1, 2, 3, 4, 5, 8] });
  expect(readEntry(spectra, "python", "5-1")).toHaveProperty("problem");
});

test("numbers may have commas, spaces or brackets between and around them", () => {
  const edges = field({ name: "e", widget: "list", item: "number" });
  for (const text of ["0, 100, 2e4", "0 100 2e4", "[0, 100, 2e4]"]) {
    expect(readEntry(edges, "mantid", text)).toEqual({ value: [0, 100, 20000] });
  }
});

test("a range of two numbers goes up, a binning may have a negative step", () => {
  const binning = field({ name: "b", widget: "range" });
  expect(readEntry(binning, "mantid", "5, 1")).toHaveProperty("problem");
  expect(readEntry(binning, "mantid", "0.5, -0.01, 3")).toEqual({ value: [0.5, -0.01, 3] });
});

test("files are one text for Mantid and a list for Python", () => {
  const files = field({ name: "f", widget: "files" });
  expect(readEntry(files, "mantid", "LOQ74024-74030")).toEqual({ value: "LOQ74024-74030" });
  expect(readEntry(files, "interface", "a b.nxs, c.nxs")).toEqual({ value: ["a b.nxs", "c.nxs"] });
});

test.each([
  [field({ name: "l", widget: "list", item: "number" }), [1, 2.5, 1e-6]],
  [wavelength, 0.00001],
  [field({ name: "t", widget: "text" }), "  as typed"],
  [field({ name: "b", widget: "range" }), [0, 10, 100]],
])("what a value looks like is read as that value again", (one, value) => {
  expect(readEntry(one, "mantid", entryText(one, value))).toEqual({ value });
});

test("quotes around items are not part of them", () => {
  expect(parts(`"one", 'two three'`)).toEqual(["one", "two three"]);
});

test("values are written as Python writes them", () => {
  expect(pythonText({ a: [1, true, null, "x"] })).toBe('{"a": [1, True, None, "x"]}');
  expect(numberText(0.00001)).toBe("1e-5");
});

test("plain values of a dictionary are read by their looks", () => {
  expect(["1.5", "True", "None", '"1.5"', "words here"].map(readPlain)).toEqual([1.5, true, null, "1.5", "words here"]);
});

test("a keyword is no name of a variable", () => {
  expect(["ws", "_2", "größe", "2nd", "for", "a b"].map(isName)).toEqual([true, true, true, false, false, false]);
});

const expressions = (...texts: string[]) => ({ value: texts.map((expression) => ({ expression })) });

test.each([
  ["one, other", expressions("one", "other")],
  ["[one, other]", expressions("one", "other")],
  ["group['a, b'], rows[0, 1]", expressions("group['a, b']", "rows[0, 1]")],
  ['[rows[0], sc.scalar(1, unit="m")]', expressions("rows[0]", 'sc.scalar(1, unit="m")')],
  ["[a][0]", expressions("[a][0]")],
  ["[one * 2 for one in all]", { value: { expression: "[one * 2 for one in all]" } }],
])("a list of data is one of variables: %s", (text, entry) => {
  const data = field({ name: "x", widget: "list", item: "workspace" });
  expect(readEntry(data, "scipp", text)).toEqual(entry);
});

test("a list of data shows its variables", () => {
  const data = field({ name: "x", widget: "list", item: "workspace" });
  expect(entryText(data, expressions("hh", "rows[0]").value)).toBe("hh, rows[0]");
});

test("the name of a file may have spaces", () => {
  const files = field({ name: "f", widget: "files" });
  expect(readEntry(files, "interface", "my run.nxs")).toEqual({ value: ["my run.nxs"] });
  expect(readEntry(files, "interface", "1001-1003; SANS2D 7")).toEqual({ value: ["1001-1003", "SANS2D 7"] });
});
