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
  ],
  {
    framework: "interface",
    of: "interface/sans",
    call: { function: "sans", import: "from techniques import sans", target: "result", returns: [] },
  },
);

interface Session {
  files?: Record<string, string>;
  insert?: (source: string) => Promise<{ ran: boolean }>;
}

function open({ files = {}, insert = async () => ({ ran: true }) }: Session = {}) {
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
  const services = { cells, kernel, memory, documents: { services: { contents } } } as unknown as Services;
  const onOpen = vi.fn();
  const place = mount(<RunsTable services={services} spec={spec} name="sans" onOpen={onOpen} />);
  return { place, files, cells, onOpen, tell: (news: unknown) => act(() => tell(news)) };
}

function add(place: HTMLElement, runs: string): void {
  type(place.querySelector('[aria-label="Runs to add"]')!, runs);
  click(button(place, "Add runs"));
}

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
  expect(place.querySelector(".mlf-problem")?.textContent).toBe("Sample: This is needed.");
  expect(button(place, "Run all").disabled).toBe(true);
  type(place.querySelector('[aria-label="Sample of row 1"]')!, "5");
  expect(place.querySelector(".mlf-problem")).toBeNull();
  expect(button(place, "Run all").disabled).toBe(false);
  expect(cells.insert).not.toHaveBeenCalled();
});

test("while it runs, each row says how far it is; what failed stands apart with its sentence", async () => {
  const { place, tell } = open({ insert: () => new Promise(() => undefined) });
  await pass(0);
  add(place, "1-3");
  click(button(place, "Run all"));
  await pass(0);
  const rows = [
    { row: 1, status: "done", message: "" },
    { row: 2, status: "failed", message: "ValueError: the beam was off" },
    { row: 3, status: "waiting", message: "" },
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
  type(place.querySelector('[aria-label="Sample of row 1"]')!, "9");
  expect(states(place)).toEqual(["to do", "failed"]);
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
    { row: 1, status: "done", message: "" },
    { row: 2, status: "failed", message: "ValueError: no" },
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
  expect(place.textContent).toContain("was changed elsewhere meanwhile. The table has its rows now");
  expect(place.querySelector<HTMLInputElement>('[aria-label="Sample of row 4"]')?.value).toBe("1005");
});

test("a cell that was changed in a file that somebody else has written is told to be changed again", async () => {
  const { place, files } = open({ files: { ...KEPT } });
  await pass(0);
  files["experiment/sans.csv"] = "sample,low\n8,\n";
  type(place.querySelector('[aria-label="Sample of row 1"]')!, "9");
  await pass(SAVED);
  expect(files["experiment/sans.csv"]).toBe("sample,low\n8,\n");
  expect(place.textContent).toContain("do your last change again");
  expect(place.querySelector<HTMLInputElement>('[aria-label="Sample of row 1"]')?.value).toBe("8");
});
