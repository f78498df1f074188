import { expect, test } from "vitest";
import { byTechnique, fitting, type Heading, wordsOf } from "../../../src/panels/interfaces/heading";
import {
  csvOf,
  emptyRuns,
  pasted,
  possibleColumns,
  problemsOfRow,
  runsFrom,
  runsOf,
  withCell,
  withRows,
} from "../../../src/panels/interfaces/runs";
import { counts, outcomesFrom, statesFrom, statesIn } from "../../../src/panels/interfaces/states";
import { field, form } from "../forms/specs";

const sans = form(
  [
    field({ name: "sample", widget: "file", required: true, label: "Sample" }),
    field({ name: "transmission", widget: "file", label: "Transmission" }),
    field({ name: "settings.low", widget: "number", label: "Lowest wavelength", minimum: 0 }),
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
const texts = (runs: ReturnType<typeof emptyRuns>) => runs.rows.map(({ cells }) => cells);

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
  const runs = pasted("Sample\tsettings.low\n74024\t2.2\n74025\t\n", sans, wide);
  expect(runs.columns).toEqual(["sample", "transmission", "settings.low"]);
  expect(texts(runs)).toEqual([
    { sample: "74024", "settings.low": "2.2" },
    { sample: "74025", "settings.low": "" },
  ]);
});

test("rows without names fill the columns that are there, also with commas", () => {
  expect(texts(pasted('74024,"a, b.nxs"\n74025,74026', sans, wide))).toEqual([
    { sample: "74024", transmission: "a, b.nxs" },
    { sample: "74025", transmission: "74026" },
  ]);
});

test("pasted into a cell, rows go on from there and make new ones below", () => {
  const before = withRows(wide, [{ sample: "1" }, { sample: "2" }]);
  const second = before.rows[1]!.key;
  const runs = pasted("7\t8\n9\t10\n", sans, before, { key: second, column: "sample" });
  expect(texts(runs)).toEqual([
    { sample: "1" },
    { sample: "7", transmission: "8" },
    { sample: "9", transmission: "10" },
  ]);
  expect(runs.rows[1]?.key).toBe(second);
  expect(new Set(runs.rows.map(({ key }) => key)).size).toBe(3);
});

test("each cell is checked as the field of the form is", () => {
  const runs = { ...withRows(emptyRuns(sans), [{}]), columns: ["sample", "settings.low", "settings.kind"] };
  const row = withCell(withCell(runs, 1, "settings.low", "-1"), 1, "settings.kind", "three").rows[0]!;
  expect(problemsOfRow(sans, runs, row)).toEqual({
    sample: "This is needed.",
    "settings.low": "At least 0 is needed.",
    "settings.kind": "Possible are one, two.",
  });
});

test("the file is read as it was written", () => {
  const runs = withRows({ columns: ["sample", "title"], rows: [] }, [
    { sample: "74024", title: 'with "quotes", and\na line' },
    { sample: "74025", title: "" },
  ]);
  expect(csvOf(runs)).toContain("sample,title\n74024,");
  expect(runsFrom(csvOf(runs))).toEqual(runs);
});

test("while a batch runs, its first row that waits is the one that runs", () => {
  const rows = (["done", "failed", "waiting", "waiting"] as const).map((status, index) => ({ row: index + 1, status }));
  const states = statesIn({ interface: "sans", folder: "", rows });
  expect([...states.values()].map(({ status }) => status)).toEqual(["done", "failed", "running", "waiting"]);
  expect(counts([...states.values(), undefined])).toEqual({ done: 1, failed: 1, running: 1, waiting: 2, refused: 0 });
});

test("after the page was loaded again, the folder says how far the rows are and what came out", () => {
  const csv =
    "row,status,message,seconds,folder,sample,result.rg,result.rg.error\n" +
    '1,done,,2.5,rows/ab12,74024,12.25,0.5\n2,failed,"ValueError: no, such",,,74025,,\n';
  expect(statesFrom(csv).get(1)).toEqual({ status: "done", message: "", folder: "rows/ab12" });
  expect(statesFrom(csv).get(2)).toEqual({ status: "failed", message: "ValueError: no, such", folder: "" });
  expect(outcomesFrom(csv).names).toEqual(["rg", "rg.error"]);
  expect(outcomesFrom(csv).byRow.get(1)).toEqual({ rg: "12.25", "rg.error": "0.5" });
  expect(statesFrom("").size).toBe(0);
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
