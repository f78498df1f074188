import { expect, test } from "vitest";
import { changed } from "../../../src/panels/forms/filled";
import { byTechnique, fitting, type Heading, wordsOf } from "../../../src/panels/interfaces/heading";
import {
  type Cells,
  csvOf,
  emptyRuns,
  possibleColumns,
  type Runs,
  runsFrom,
  runsOf,
  signatureOf,
  withRows,
} from "../../../src/panels/interfaces/runs";
import { counts, outcomeFrom, statesIn } from "../../../src/panels/interfaces/states";
import { asWritten, cellsFrom, filledFrom, problemsOfRow, readCell } from "../../../src/panels/interfaces/table/cells";
import {
  duplicated,
  emptied,
  filledDown,
  inserted,
  moved,
  pasted,
  removed,
  textOf,
} from "../../../src/panels/interfaces/table/editing";
import { merged } from "../../../src/panels/interfaces/table/merging";
import { field, form } from "../forms/specs";

const sans = form(
  [
    field({ name: "sample", widget: "file", required: true, label: "Sample" }),
    field({ name: "transmission", widget: "file", label: "Transmission" }),
    field({ name: "settings.low", widget: "number", label: "Lowest wavelength", minimum: 0, unit: "Å" }),
    field({
      name: "settings.kind",
      widget: "choice",
      choices: ["one", "two"].map((value) => ({ value, label: value })),
    }),
    field({ name: "model", widget: "function" }),
  ],
  { framework: "interface", of: "interface/sans" },
);

const wide = { ...emptyRuns(sans), columns: ["sample", "transmission"] };
const texts = ({ rows }: Runs) => rows.map(({ cells }) => cells);
const table = (...rows: Cells[]) => withRows({ columns: ["sample", "settings.low"], rows: [] }, rows);
const keysOf = ({ rows }: Runs) => rows.map(({ key }) => key);
const samples = ({ rows }: Runs) => rows.map(({ cells }) => cells.sample ?? "");

test("a table begins with what is needed; functions have no column", () => {
  expect(emptyRuns(sans).columns).toEqual(["sample"]);
  expect(possibleColumns(sans).map(({ name }) => name)).toEqual([
    "sample",
    "transmission",
    "settings.low",
    "settings.kind",
  ]);
});

test.each([
  ["74024", ["74024"]],
  ["74024, 74030-74032", ["74024", "74030", "74031", "74032"]],
  ["74024 74025;74026", ["74024", "74025", "74026"]],
  ["LOQ0098-0100", ["LOQ0098", "LOQ0099", "LOQ0100"]],
  ["3 - 5", ["3", "4", "5"]],
  ["a_file.nxs", ["a_file.nxs"]],
])("%s are these runs", (text, runs) => {
  expect(runsOf(text)).toEqual(runs);
});

test.each(["9-3", "1-100000"])("%s is refused with a sentence", (text) => {
  expect(() => runsOf(text)).toThrow("is no range of runs");
});

test("rows of a spreadsheet come under the names of their columns, by name or by what the form calls them", () => {
  const { runs } = pasted("Sample\tsettings.low\n74024\t2.2\n74025\t\n", sans, wide);
  expect(runs.columns).toEqual(["sample", "transmission", "settings.low"]);
  expect(texts(runs)).toEqual([
    { sample: "74024", "settings.low": "2.2" },
    { sample: "74025", "settings.low": "" },
  ]);
});

test("rows without names fill the columns that are there, also with commas", () => {
  expect(texts(pasted('74024,"a, b.nxs"\n74025,74026', sans, wide).runs)).toEqual([
    { sample: "74024", transmission: "a, b.nxs" },
    { sample: "74025", transmission: "74026" },
  ]);
});

test("pasted into a cell, rows go on from there and make new ones below", () => {
  const before = withRows(wide, [{ sample: "1" }, { sample: "2" }]);
  const [, second] = keysOf(before);
  const into = { keys: [second!], columns: ["sample"], below: [] };
  const { runs } = pasted("7\t8\n9\t10\n", sans, before, into);
  expect(texts(runs)).toEqual([
    { sample: "1" },
    { sample: "7", transmission: "8" },
    { sample: "9", transmission: "10" },
  ]);
  expect(runs.rows[1]?.key).toBe(second);
  expect(new Set(keysOf(runs)).size).toBe(3);
});

test("one cell that is pasted fills all that are selected; a block comes back as it was copied", () => {
  const before = table({ sample: "1" }, { sample: "2" }, { sample: "3", "settings.low": "4" });
  const [one, two, three] = keysOf(before);
  const block = { keys: [one!, two!], columns: ["settings.low"] };
  const { runs: filled } = pasted("0,5 Å", sans, before, { ...block, below: [two!, three!] });
  expect(texts(filled).map((cells) => cells["settings.low"])).toEqual(["0.5", "0.5", "4"]);
  const copied = textOf(filled, { keys: [two!, three!], columns: ["sample", "settings.low"] });
  expect(copied).toBe("2\t0.5\n3\t4");
  const empty = table({}, {});
  const [first, last] = keysOf(empty);
  const { runs: back } = pasted(copied, sans, empty, { keys: [first!], columns: ["sample"], below: [last!] });
  expect(texts(back)).toEqual(texts(filled).slice(1));
});

test("a line of names may have some that are no fields: these are left out and named, and nothing slides into their place", () => {
  const { runs, note } = pasted("Sample\tpulse\tTransmission\tNotes\n1\t2\t3\tgood\n4\t\t5\t", sans, emptyRuns(sans));
  expect(texts(runs)).toEqual([
    { sample: "1", transmission: "3" },
    { sample: "4", transmission: "5" },
  ]);
  expect(note).toBe("Left out, since they are no fields of this interface: pulse, Notes.");
});

test("more columns than there is room for are refused with a sentence, and not cut off", () => {
  const before = withRows(wide, [{ sample: "1" }]);
  const [key] = keysOf(before);
  for (const into of [undefined, { keys: [key!], columns: ["transmission"], below: [] }]) {
    const { runs, note } = pasted("1\t2\t3", sans, before, into);
    expect(runs).toBe(before);
    expect(note).toMatch(/^Nothing was pasted: it has 3 columns, and there is room for [12]\./);
  }
});

test("rows and cells are filled down, emptied, inserted, doubled, moved and deleted; the table before stays as it was", () => {
  const before = table({ sample: "1", "settings.low": "2" }, { sample: "3" }, { sample: "4" });
  const [one, two, three] = keysOf(before);
  const low = { keys: [one!, two!, three!], columns: ["settings.low"] };
  expect(texts(filledDown(before, low)).map((cells) => cells["settings.low"])).toEqual(["2", "2", "2"]);
  expect(texts(emptied(before, low))[0]).toEqual({ sample: "1", "settings.low": "" });
  expect(samples(inserted(before, one, "below").runs)).toEqual(["1", "", "3", "4"]);
  expect(samples(inserted(before, one, "above").runs)).toEqual(["", "1", "3", "4"]);
  expect(samples(duplicated(before, new Set([one!, two!])).runs)).toEqual(["1", "3", "1", "3", "4"]);
  expect(samples(moved(before, new Set([two!, three!]), -1))).toEqual(["3", "4", "1"]);
  expect(samples(moved(before, new Set([one!, two!]), -1))).toEqual(["1", "3", "4"]);
  expect(samples(removed(before, new Set([one!, three!])))).toEqual(["3"]);
  expect(samples(before)).toEqual(["1", "3", "4"]);
});

test("a row that was taken away never gives its key to another", () => {
  const before = table({ sample: "1" });
  const again = withRows(removed(before, new Set(keysOf(before))), [{ sample: "2" }]);
  expect(keysOf(again)).not.toEqual(keysOf(before));
});

test("each cell is checked as the field of the form is", () => {
  const { columns, rows } = table({ sample: " ", "settings.low": "-1", "settings.kind": "three" }, {});
  expect(problemsOfRow(sans, columns, rows[0]!)).toEqual({
    sample: "Give a file or a run number.",
    "settings.low": "At least 0 Å is needed.",
    "settings.kind": "Possible are one, two.",
  });
  expect(Object.keys(problemsOfRow(sans, columns, rows[1]!))).toEqual(["sample"]);
});

const choice = field({
  name: "how",
  widget: "choice",
  choices: [
    { value: null, label: "not at all" },
    { value: 2, label: "two" },
  ],
});
const choices = { ...choice, widget: "choices" as const };
const wanted = field({ name: "on", widget: "switch" });
const range = field({ name: "range", widget: "range", unit: "Å" });

test.each([
  [choice, "Two", 2, "2"],
  [choice, "not at all", null, "None"],
  [choice, "None", null, "None"],
  [choices, "two, not at all", [2, null], "2, None"],
  [wanted, "YES", true, "True"],
  [wanted, "0", false, "False"],
  [range, "2;14 Å", [2, 14], "2, 14"],
])("in a column of %o, %s is %o, and is written as %s", (of, text, value, written) => {
  expect(readCell(of, text)).toEqual({ value });
  expect(asWritten(of, text)).toBe(written);
  expect(readCell(of, written)).toEqual({ value });
});

test("what is no value stays as it was typed", () => {
  expect(asWritten(wanted, "perhaps")).toBe("perhaps");
  expect(readCell(wanted, "perhaps")).toEqual({ problem: "Write True or False." });
  expect(readCell(range, "5 nm")).toHaveProperty("problem");
});

test("a form that was opened for a row says what changed, and leaves what it cannot read", () => {
  const before = { sample: "74024", "settings.low": "much", "settings.kind": "one" };
  const opened = filledFrom(sans, before);
  expect(opened.values).toEqual({ sample: "74024", "settings.kind": "one" });
  expect(Object.keys(opened.unread)).toEqual(["settings.low"]);
  const filled = changed(changed(opened, { do: "reset", name: "settings.kind" }), {
    do: "fill",
    name: "transmission",
    value: "74025",
  });
  expect(cellsFrom(sans, filled, before)).toEqual({ transmission: "74025", "settings.kind": "" });
});

test("the file is read as it was written; also one of a spreadsheet, with the titles that the form shows", () => {
  const runs = withRows({ columns: ["sample", "title"], rows: [] }, [
    { sample: "74024", title: 'with "quotes", and\na line' },
    { sample: "74025", title: "" },
  ]);
  expect(csvOf(runs)).toContain("sample,title\n74024,");
  expect(texts(runsFrom(csvOf(runs), sans))).toEqual(texts(runs));
  const theirs = runsFrom("\uFEFFSample;Lowest wavelength\r\n74024;0,5\r\n", sans);
  expect(theirs.columns).toEqual(["sample", "settings.low"]);
  expect(texts(theirs)).toEqual([{ sample: "74024", "settings.low": "0,5" }]);
});

test("what was done to a table in two places is all in it", () => {
  const before = table({ sample: "1" }, { sample: "2" }, { sample: "3" }, { sample: "4" });
  const [, two, three] = keysOf(before);
  const ours = inserted(
    { ...before, rows: before.rows.map((row) => (row.key === three ? { ...row, cells: { sample: "33" } } : row)) },
    two,
    "below",
  ).runs;
  const theirs = withRows({ columns: ["sample", "note"], rows: [] }, [
    { sample: "0" },
    { sample: "1", note: "best" },
    { sample: "2" },
    { sample: "3" },
  ]);
  const both = merged(before, theirs, ours);
  expect(samples(both.runs)).toEqual(["0", "1", "2", "", "33"]);
  expect(both.clashes).toBe(0);
  expect(both.runs.columns).toEqual(["sample", "note"]);
  expect(both.runs.rows[2]?.key).toBe(two);
});

test("a cell that was changed in both places is as it was changed here, and counted; a row that one deleted is gone", () => {
  const before = table({ sample: "1" }, { sample: "2" }, { sample: "3" });
  const [one, two] = keysOf(before);
  const change = (runs: Runs, key: number, sample: string) => ({
    ...runs,
    rows: runs.rows.map((row) => (row.key === key ? { ...row, cells: { ...row.cells, sample } } : row)),
  });
  const theirs = table({ sample: "10", "settings.low": "5" }, { sample: "2" });
  const both = merged(before, theirs, removed(change(before, one!, "11"), new Set([two!])));
  expect(texts(both.runs)).toEqual([{ sample: "11", "settings.low": "5" }]);
  expect(both.clashes).toBe(1);
});

test("while a batch runs, its first row that waits is the one that runs", () => {
  const rows = (["done", "failed", "waiting", "waiting"] as const).map((status, index) => ({
    row: index + 1,
    status,
    given: { sample: String(index), low: "" },
  }));
  const states = statesIn({ interface: "sans", folder: "", rows });
  expect(states.get(signatureOf({ sample: "1" }))?.status).toBe("failed");
  expect([...states.values()].map(({ status }) => status)).toEqual(["done", "failed", "running", "waiting"]);
  expect(counts([...states.values(), undefined])).toEqual({ done: 1, failed: 1, running: 1, waiting: 2, refused: 0 });
});

test("after the page was loaded again, the folder says how far the rows are and what came out, by what they say", () => {
  const csv =
    "row,status,message,seconds,folder,sample,low,result.rg,result.rg.error\n" +
    '1,done,,2.5,rows/ab12,74024,,12.25,0.5\n2,failed,"ValueError: no, such",,,74025,,,\n';
  const { states, results } = outcomeFrom(csv);
  const [first, second] = [signatureOf({ low: "", sample: "74024" }), signatureOf({ sample: "74025" })];
  expect(states.get(first)).toEqual({ status: "done", message: "", folder: "rows/ab12", number: 1 });
  expect(states.get(second)).toEqual({ status: "failed", message: "ValueError: no, such", folder: "", number: 2 });
  expect(results.names).toEqual(["rg", "rg.error"]);
  expect(results.of.get(first)).toEqual({ rg: "12.25", "rg.error": "0.5" });
  expect(outcomeFrom("").states.size).toBe(0);
});

const heading = (name: string, technique: string, instruments: string[]): Heading => ({
  name,
  technique,
  instruments,
  title: `Title of ${name}`,
  summary: "",
  origin: "",
  kind: "shipped",
});
const all = [
  heading("iq", "SANS", ["SANS2D", "LOQ"]),
  heading("refl", "Reflectometry", ["INTER"]),
  heading("view", "", []),
];

test("interfaces are found by words, instrument and technique; one for no instrument is for any", () => {
  const names = (wanted: object) =>
    fitting(all, { text: "", instrument: "", technique: "", ...wanted }).map(({ name }) => name);
  expect(names({ text: "title iq" })).toEqual(["iq"]);
  expect(names({ instrument: "LOQ" })).toEqual(["iq", "view"]);
  expect(names({ technique: "Reflectometry" })).toEqual(["refl"]);
  expect(byTechnique(all, "Other").map(([technique]) => technique)).toEqual(["Reflectometry", "SANS", "Other"]);
  expect(wordsOf(all, ({ instruments }) => instruments)).toEqual(["INTER", "LOQ", "SANS2D"]);
});
