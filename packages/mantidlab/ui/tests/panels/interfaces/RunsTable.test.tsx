import * as React from "react";
import { act } from "react";
import { expect, test, vi } from "vitest";
import type { Services } from "../../../src/panels/core/services";
import { outsideOfResults } from "../../../src/panels/interfaces/batching";
import { RunsTable } from "../../../src/panels/interfaces/RunsTable";
import { button, click, mount, pass, type } from "../forms/mounting";
import { field, form } from "../forms/specs";

vi.mock("../../../src/panels/core", async () => import("../../../src/panels/core/frame"));
vi.mock("../../../src/panels/forms/running", () => ({
  endOf: ({ ran }: { ran: boolean }) => ({ ok: ran, message: ran ? "" : "BatchRefused: no" }),
}));
vi.mock("@jupyterlab/coreutils", () => ({
  PathExt: {
    join: (...parts: string[]) => parts.filter(Boolean).join("/"),
    dirname: (path: string) => path.split("/").slice(0, -1).join("/"),
    relative: (from: string, to: string) => to.replace(`${from.replace(/\/$/, "")}/`, ""),
  },
}));

const SAVED = 900; // ms after a change, when the file has it

const spec = form(
  [
    field({ name: "sample", widget: "file", required: true, label: "Sample" }),
    field({ name: "low", widget: "number", label: "Lowest wavelength", minimum: 0 }),
    field({ name: "flat", widget: "switch", label: "Flat", default: false, unset: false }),
  ],
  {
    framework: "interface",
    of: "interface/sans",
    call: { function: "sans", import: "from techniques import sans", target: "result", returns: [] },
  },
);

interface Session {
  files?: Record<string, string>;
  /** What the session finds wrong with the values of a row. */
  check?: (values: Record<string, unknown>) => Record<string, string>;
  insert?: (source: string) => Promise<{ ran: boolean }>;
}

function open({ files = {}, insert = async () => ({ ran: true }), check = () => ({}) }: Session = {}) {
  let tell: (news: unknown) => void = () => undefined;
  const cells = { path: "experiment/today.ipynb", insert: vi.fn(insert) };
  const contents = {
    get: vi.fn(async (path: string) => {
      if (!(path in files)) throw new Error("404");
      return { content: files[path], last_modified: `when it was ${files[path]}` };
    }),
    save: vi.fn(async (path: string, { content }: { content: string }) => {
      files[path] = content;
      return { last_modified: `when it was ${content}` };
    }),
  };
  const kernel = {
    environment: "scipp",
    on: (_room: string, _kind: string, listener: typeof tell) => {
      tell = listener;
      return { dispose: () => undefined };
    },
  };
  const memory = { get: () => undefined, set: vi.fn() };
  const post = async (_: string, { rows }: { rows: Record<string, unknown>[] }) => ({
    rows: rows.map((values) => ({ problems: check(values) })),
  });
  const openOrReveal = vi.fn((path: string) => {
    cells.path = path;
    return {};
  });
  const documents = { services: { contents }, openOrReveal };
  const services = { cells, kernel, memory, server: { post }, documents } as unknown as Services;
  const onOpen = vi.fn();
  const place = mount(
    <RunsTable services={services} spec={spec} name="sans" browse={async () => []} onOpen={onOpen} />,
  );
  return { place, files, cells, onOpen, openOrReveal, tell: (news: unknown) => act(() => tell(news)) };
}

function add(place: HTMLElement, runs: string): void {
  type(place.querySelector('[aria-label="Runs to add"]')!, runs);
  click(button(place, "Add runs"));
}

const cell = (place: HTMLElement, row: number, column = "sample") =>
  place.querySelector<HTMLElement>(`tr[data-row="${row}"] [data-column="${column}"]`)!;

/** Press keys one after the other at what has the focus then. */
function keys(...pressed: (string | KeyboardEventInit)[]): void {
  for (const key of pressed) {
    const init = typeof key === "string" ? { key } : key;
    act(() => {
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));
    });
  }
}

/** Go to a cell, and write something into it. */
function fill(place: HTMLElement, row: number, text: string, column = "sample"): void {
  select(place, row, column);
  keys("Enter");
  type(cell(place, row, column).querySelector("input")!, text);
  keys("Enter");
}

function select(place: HTMLElement, row: number, column = "sample", init: MouseEventInit = {}): void {
  act(() => {
    cell(place, row, column).dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true, ...init }));
  });
}

const column = (place: HTMLElement, name = "sample") =>
  [...place.querySelectorAll(`td[data-column="${name}"]`)].map(({ textContent }) => textContent);

const states = (place: HTMLElement) => [...place.querySelectorAll(".mli-state")].map(({ textContent }) => textContent);

test("runs that are added become the file beside the notebook and the cell that runs it", async () => {
  const { place, files, cells } = open();
  await pass(0);
  add(place, "1-2, 7");
  click(button(place, "Run all"));
  await pass(0);
  expect(files["experiment/sans.csv"]).toBe("sample\n1\n2\n7\n");
  expect(cells.insert).toHaveBeenCalledExactlyOnceWith(
    'from mantidlab.interfaces import batch\nfrom techniques import sans\nbatch(sans, "sans.csv", to="sans-results")',
    { run: true },
  );
});

test("a table with something to mend does not run, and says what", async () => {
  const { place, cells } = open();
  await pass(0);
  click(button(place, "Add a row"));
  expect(place.querySelector(".mlf-problem")).toBeNull(); // nobody is told at once that an empty row is empty
  click(button(place, "Run all"));
  await pass(0);
  expect(place.querySelector(".mlf-problem")?.textContent).toContain("A row without anything runs nothing");
  expect(place.querySelector('[role="alert"]')?.textContent).toContain("Row 1: Sample: ");
  expect(document.activeElement).toBe(cell(place, 1));
  expect(cells.insert).not.toHaveBeenCalled();
  keys("5", "Enter");
  expect(place.querySelector(".mlf-problem")).toBeNull();
  click(button(place, "Run all"));
  await pass(0);
  expect(cells.insert).toHaveBeenCalledOnce();
});

test("while it runs, each row says how far it is; what failed stands apart with its sentence", async () => {
  const { place, tell } = open({ insert: () => new Promise(() => undefined) });
  await pass(0);
  add(place, "1-3");
  click(button(place, "Run all"));
  await pass(0);
  const rows = [
    { row: 1, status: "done", message: "", given: { sample: "1" } },
    { row: 2, status: "failed", message: "ValueError: the beam was off", given: { sample: "2" } },
    { row: 3, status: "waiting", message: "", given: { sample: "3" } },
  ];
  tell({ interface: "other", folder: "", rows: [] });
  tell({ interface: "sans", folder: "", rows });
  await pass(0);
  expect(states(place)).toEqual(["done", "running", "failed"]);
  expect(place.querySelector(".mli-failed")?.textContent).toContain("ValueError: the beam was off");
  expect(place.querySelector(".mli-counts")?.textContent).toBe("1 done · 1 running · 1 failed · 0 to do");
});

const KEPT = {
  "experiment/sans.csv": "sample,low\n1,\n2,0.5\n",
  "experiment/sans-results/table.csv":
    "row,status,message,seconds,folder,sample,low,result.rg\n1,done,,1,rows/ab,1,,12.3456789\n2,failed,ValueError: no,1,,2,0.5,\n",
};

test("after the page was loaded again the table is as far as it was; what is changed is to be done again", async () => {
  const { place, cells, onOpen } = open({ files: { ...KEPT } });
  await pass(0);
  expect(states(place)).toEqual(["done", "failed"]);
  expect(place.querySelector("td.mli-result")?.textContent).toBe("12.3457");
  click(button(place, "Open row 1 as a notebook"));
  expect(onOpen).toHaveBeenCalledExactlyOnceWith("experiment/sans-results/rows/ab");
  click(button(place, "Run failed (1)"));
  await pass(0);
  expect(cells.insert.mock.lastCall?.[0]).toContain(', to="sans-results", retry=True)');
  await pass(0);
  fill(place, 1, "9");
  expect(states(place)).toEqual(["to do", "failed"]);
  keys({ key: "z", ctrlKey: true }); // what is as it was has run
  expect(states(place)).toEqual(["done", "failed"]);
});

test("rows that are chosen are run by their numbers", async () => {
  const { place, cells } = open({ files: { ...KEPT } });
  await pass(0);
  click(place.querySelector('[aria-label="Select row 2"]'));
  click(button(place, "Run selected (1)"));
  await pass(0);
  expect(cells.insert.mock.lastCall?.[0]).toContain(', to="sans-results", only=[2])');
});

test("a batch that is refused says why", async () => {
  const { place } = open({ files: { ...KEPT }, insert: async () => ({ ran: false }) });
  await pass(0);
  click(button(place, "Run all"));
  await pass(0);
  expect(place.querySelector('[role="alert"]')?.textContent).toBe("BatchRefused: no");
});

test("a row that was done can be opened, though the kernel's last news comes after the cell's end", async () => {
  const { place, tell, onOpen } = open({ files: { ...KEPT } });
  await pass(0);
  click(button(place, "Run all"));
  await pass(0);
  const rows = [
    { row: 1, status: "done", message: "", given: { sample: "1", low: "" } },
    { row: 2, status: "failed", message: "ValueError: no", given: { sample: "2", low: "0.5" } },
  ];
  tell({ interface: "sans", folder: "", rows });
  await pass(0);
  click(button(place, "Open row 1 as a notebook"));
  expect(onOpen).toHaveBeenLastCalledWith("experiment/sans-results/rows/ab");
});

test("the notebook of a row is no place for the table of another interface", () => {
  expect(outsideOfResults("experiment/sans-results/rows")).toBe("experiment");
  expect(outsideOfResults("sans-results/rows/ab")).toBe("");
  expect(outsideOfResults("my-results")).toBe("my-results");
});

test("rows that somebody else has written into the file are not lost", async () => {
  const { place, files } = open({ files: { ...KEPT } });
  await pass(0);
  files["experiment/sans.csv"] = "sample,low\n1,\n2,0.5\n1004,1.5\n";
  add(place, "1005");
  await pass(SAVED);
  expect(files["experiment/sans.csv"]).toBe("sample,low\n1,\n2,0.5\n1004,1.5\n1005,\n");
  expect(place.textContent).toContain("was changed elsewhere meanwhile");
  expect(column(place)).toContain("1005");
});

test("a cell that was changed here and another one elsewhere both are as they were changed, and keep their states", async () => {
  const { place, files } = open({ files: { ...KEPT } });
  await pass(0);
  files["experiment/sans.csv"] = "sample,low\n3,\n1,\n2,0.7\n";
  fill(place, 1, "9");
  await pass(SAVED);
  expect(files["experiment/sans.csv"]).toBe("sample,low\n3,\n9,\n2,0.7\n");
  expect(place.textContent).toContain("was changed elsewhere meanwhile");
});

test("what is done elsewhere appears when one comes back to the window", async () => {
  const { place, files } = open({ files: { ...KEPT } });
  await pass(0);
  files["experiment/sans.csv"] = "sample,low\n7,\n1,\n2,0.5\n";
  window.dispatchEvent(new Event("focus"));
  await pass(20);
  expect(column(place)).toEqual(["7", "1", "2"]);
  expect(states(place)).toEqual(["to do", "done", "failed"]);
});

test("keys go from cell to cell, fill them in, and take everything back", async () => {
  const { place } = open({ files: { ...KEPT } });
  await pass(0);
  select(place, 1);
  keys("7", "ArrowDown"); // typed at once, an arrow ends it
  expect(column(place)).toEqual(["7", "2"]);
  expect(document.activeElement).toBe(cell(place, 2));
  keys("Tab", "Home", "F2", "Escape");
  expect(document.activeElement).toBe(cell(place, 2));
  keys("Delete");
  expect(column(place)).toEqual(["7", ""]);
  keys({ key: "z", ctrlKey: true });
  keys({ key: "z", ctrlKey: true });
  expect(column(place)).toEqual(["1", "2"]);
  keys({ key: "Z", ctrlKey: true, shiftKey: true });
  expect(column(place)).toEqual(["7", "2"]);
});

test("a block is copied as spreadsheets take it, and pasted over others", async () => {
  const { place } = open({ files: { "experiment/sans.csv": "sample,low\n1,0.5\n2,\n3,\n" } });
  await pass(0);
  const data = new Map<string, string>();
  const clipboard = (name: string) => {
    const event = new Event(name, { bubbles: true, cancelable: true });
    const clipboardData = {
      setData: (kind: string, text: string) => data.set(kind, text),
      getData: (kind: string) => data.get(kind) ?? "",
    };
    Object.assign(event, { clipboardData });
    act(() => void document.activeElement?.dispatchEvent(event));
  };
  select(place, 1);
  keys({ key: "ArrowRight", shiftKey: true });
  expect(place.querySelectorAll('[aria-selected="true"]')).toHaveLength(2);
  clipboard("copy");
  expect(data.get("text/plain")).toBe("1\t0.5");
  select(place, 3);
  clipboard("paste");
  expect([column(place), column(place, "low")]).toEqual([
    ["1", "2", "1"],
    ["0.5", "", "0.5"],
  ]);
  select(place, 1, "low");
  select(place, 3, "low", { shiftKey: true });
  keys({ key: "d", ctrlKey: true });
  expect(column(place, "low")).toEqual(["0.5", "0.5", "0.5"]);
});

test("rows are inserted, doubled, moved and deleted by keys and buttons", async () => {
  const { place } = open({ files: { "experiment/sans.csv": "sample\n1\n2\n3\n" } });
  await pass(0);
  select(place, 2);
  keys({ key: "ArrowUp", altKey: true });
  expect(column(place)).toEqual(["2", "1", "3"]);
  expect(document.activeElement).toBe(cell(place, 1));
  click(button(place, "Duplicate the row"));
  expect(column(place)).toEqual(["2", "2", "1", "3"]);
  keys({ key: "Enter", ctrlKey: true }, "8", "Enter");
  expect(column(place)).toEqual(["2", "2", "8", "1", "3"]);
  click(place.querySelector('[aria-label="Select row 1"]'));
  click(place.querySelector('[aria-label="Select row 2"]'));
  click(button(place, "Delete 2 rows (Ctrl Delete)"));
  expect(column(place)).toEqual(["8", "1", "3"]);
});

test("a switch is one in the table as well; a number that is none is said while it is typed", async () => {
  const { place, files } = open({ files: { "experiment/sans.csv": "sample,low,flat\n1,,\n" } });
  await pass(0);
  expect(column(place, "flat")).toEqual(["no"]);
  click(cell(place, 1, "flat").querySelector(".mli-switch"));
  expect(column(place, "flat")).toEqual(["yes"]);
  select(place, 1, "low");
  keys("Enter");
  type(cell(place, 1, "low").querySelector("input")!, "much");
  expect(cell(place, 1, "low").querySelector('[role="status"]')?.textContent).toContain("is not a number");
  keys("Enter");
  expect(cell(place, 1, "low").getAttribute("aria-invalid")).toBe("true");
  select(place, 1, "low");
  keys("F2");
  expect(cell(place, 1, "low").querySelector("input")?.value).toBe("much"); // and not lost
  keys("Escape");
  await pass(SAVED);
  expect(files["experiment/sans.csv"]).toBe("sample,low,flat\n1,much,True\n");
});

test("what the session finds wrong is said at its cell before it runs; who presses again wants it so", async () => {
  const check = ({ sample }: Record<string, unknown>): Record<string, string> =>
    sample === "2" ? { sample: "There is no file of run 2." } : {};
  const { place, cells } = open({ files: { "experiment/sans.csv": "sample\n1\n2\n" }, check });
  await pass(0);
  click(button(place, "Run all"));
  await pass(0);
  expect(cells.insert).not.toHaveBeenCalled();
  expect(place.querySelector('[role="alert"]')?.textContent).toContain("Row 2: Sample: There is no file of run 2.");
  expect(document.activeElement).toBe(cell(place, 2));
  click(button(place, "Run all"));
  await pass(0);
  expect(cells.insert).toHaveBeenCalledOnce();
});

test("all settings of a row are a form away, and what is filled in there becomes a column", async () => {
  const { place } = open({ files: { "experiment/sans.csv": "sample\n1\n2\n" } });
  await pass(0);
  click(button(place, "Settings of row 1"));
  type(place.querySelector('[data-field="low"] input')!, "0.5");
  click(button(place, "To the row below"));
  expect(place.querySelector("h3")?.textContent).toBe("Settings of row 2");
  click(button(place, "Back to the table"));
  expect(column(place, "low")).toEqual(["0.5", ""]);
});

test("a batch runs in the notebook that its table belongs to, also when that of a row was opened meanwhile", async () => {
  const files = { ...KEPT, "experiment/today.ipynb": "{}" };
  const { place, cells, openOrReveal } = open({ files });
  await pass(0);
  cells.path = "experiment/sans-results/rows/ab.ipynb";
  click(button(place, "Run failed (1)"));
  await pass(20);
  expect(openOrReveal).toHaveBeenCalledExactlyOnceWith("experiment/today.ipynb");
  expect(cells.insert.mock.lastCall?.[0]).toContain('batch(sans, "sans.csv", to="sans-results", retry=True)');
});

test("the results of rows that are chosen are shown by a cell", async () => {
  const { place, cells } = open({ files: { ...KEPT } });
  await pass(0);
  select(place, 2);
  expect(button(place, "Show the result and its plots").disabled).toBe(true); // it failed
  select(place, 1);
  click(button(place, "Show the result and its plots"));
  await pass(0);
  expect(cells.insert.mock.lastCall?.[0]).toBe(
    'from mantidlab.interfaces import open_result\n\nopen_result("sans-results/rows/ab").show()',
  );
});

test("curves of rows are drawn over each other by a cell: of those that are chosen, else of all that are done", async () => {
  const outcome =
    "row,status,message,seconds,folder,sample\n1,done,,1,rows/ab,1\n2,failed,no,1,,2\n3,done,,1,rows/cd,3\n";
  const files = { "experiment/sans.csv": "sample\n1\n2\n3\n", "experiment/sans-results/table.csv": outcome };
  const { place, cells } = open({ files });
  await pass(0);
  const plot = () =>
    [...place.querySelectorAll<HTMLButtonElement>("button")].find((one) => one.textContent === "Plot")!;
  const inserted = async () => {
    click(plot());
    await pass(0);
    return cells.insert.mock.lastCall?.[0];
  };
  const imported = "from mantidlab.interfaces import open_batch\n\n";
  expect(plot().title).toBe("Plot the curves of all rows that are done (2)");
  expect(await inserted()).toBe(`${imported}open_batch("sans-results").plot()`);
  select(place, 2);
  expect(plot().disabled).toBe(true);
  expect(plot().title).toBe("Plot: no selected row is done yet");
  select(place, 1);
  expect(plot().title).toBe("Plot the curve of the row");
  expect(await inserted()).toBe(`${imported}open_batch("sans-results").plot(rows=[1])`);
  for (const row of [3, 2, 1]) click(place.querySelector<HTMLElement>(`[aria-label="Select row ${row}"]`)!);
  expect(plot().title).toBe("Plot the curves of 2 rows over each other");
  expect(await inserted()).toBe(`${imported}open_batch("sans-results").plot(rows=[1, 3])`);
});

test("what was taken out of the table is not drawn, and a row that was moved keeps the number of its result", async () => {
  const outcome = "row,status,message,seconds,folder,sample\n1,done,,1,rows/ab,1\n2,done,,1,rows/cd,2\n";
  const files = { "experiment/sans.csv": "sample\n7\n2\n", "experiment/sans-results/table.csv": outcome };
  const { place, cells } = open({ files });
  await pass(0);
  click(button(place, "Plot the curves of all rows that are done (1)"));
  await pass(0);
  expect(cells.insert.mock.lastCall?.[0]).toContain('open_batch("sans-results").plot(rows=[2])');
});

test("a row that failed stays where it is while it is mended; numbers of before are not those of what is to do", async () => {
  const { place } = open({ files: { ...KEPT } });
  await pass(0);
  fill(place, 2, "5");
  expect(states(place)).toEqual(["done", "to do"]);
  expect(place.querySelectorAll(".mli-failed [data-row]")).toHaveLength(1);
  fill(place, 1, "6");
  expect(place.querySelector("td.mli-result")?.textContent).toBe("");
});

test("what was changed in the form of one row can be set in all", async () => {
  const { place } = open({ files: { "experiment/sans.csv": "sample\n1\n2\n3\n" } });
  await pass(0);
  click(button(place, "Settings of row 2"));
  type(place.querySelector('[data-field="low"] input')!, "0.5");
  click(button(place, "Set what I changed in all 3 rows"));
  expect([column(place), column(place, "low")]).toEqual([
    ["1", "2", "3"],
    ["0.5", "0.5", "0.5"],
  ]);
});

test("a row that is changed while the batch runs is to be done again, here or in another window; numbers stay with what they are of", async () => {
  const { place, files, tell } = open({
    files: { "experiment/sans.csv": "sample\n1\n2\n3\n" },
    insert: () => new Promise(() => undefined),
  });
  await pass(0);
  click(button(place, "Run all"));
  await pass(0);
  fill(place, 2, "22");
  await pass(SAVED);
  files["experiment/sans.csv"] = "sample\n1\n22\n33\n";
  window.dispatchEvent(new Event("focus"));
  await pass(20);
  files["experiment/sans-results/table.csv"] =
    "row,status,message,seconds,folder,sample,result.rg\n1,done,,1,rows/a,1,11\n2,done,,1,rows/b,2,12\n3,done,,1,rows/c,3,13\n";
  const rows = [1, 2, 3].map((row) => ({ row, status: "done", message: "", given: { sample: String(row) } }));
  tell({ interface: "sans", folder: "", rows });
  await pass(20);
  expect(column(place)).toEqual(["1", "22", "33"]);
  expect(states(place)).toEqual(["done", "to do", "to do"]);
  expect([...place.querySelectorAll("td.mli-result")].map(({ textContent }) => textContent)).toEqual(["11", "", ""]);
});

test("a window that did not begin the batch is told how far each row is", async () => {
  const { place, tell } = open({ files: { "experiment/sans.csv": "sample\n1\n2\n" } });
  await pass(0);
  const given = (row: number) => ({ row, message: "", given: { sample: String(row) } });
  tell({
    interface: "sans",
    folder: "",
    rows: [
      { ...given(1), status: "done" },
      { ...given(2), status: "waiting" },
    ],
  });
  expect(states(place)).toEqual(["done", "running"]);
});
