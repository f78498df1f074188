import { expect, test } from "vitest";
import { offersOf } from "../../../src/panels/forms/accepting";
import { usesOf } from "../../../src/panels/forms/dependencies";
import { difference } from "../../../src/panels/forms/difference";
import { changed, filledWith, problemsOf, targetsOf } from "../../../src/panels/forms/filled";
import { valueNamed } from "../../../src/panels/forms/widgets/Workspace";
import { field, form, recorded } from "./specs";

const energy = field({
  name: "EFixed",
  widget: "number",
  enabled: false,
  depends: [{ on: "EMode", value: "Direct", enabled: true, visible: true }],
});
const mode = field({ name: "EMode", widget: "choice", default: "Elastic", unset: false });

test("a field is of use while another has a value", () => {
  expect(usesOf([mode, energy], {}).get("EFixed")?.enabled).toBe(false);
  expect(usesOf([mode, energy], { EMode: "Direct" }).get("EFixed")?.enabled).toBe(true);
  expect(usesOf([mode, energy], { EMode: "Elastic" }).get("EFixed")?.enabled).toBe(false);
});

test("a field is of use as soon as anything is given to another", () => {
  const depends = [{ on: "File", value: { not: null }, enabled: true, visible: false }];
  const fields = [
    field({ name: "File", widget: "file" }),
    field({ name: "x", widget: "text", enabled: false, depends }),
  ];
  expect(usesOf(fields, {}).get("x")).toEqual({ enabled: false, visible: true });
  expect(usesOf(fields, { File: "a.nxs" }).get("x")).toEqual({ enabled: true, visible: false });
  expect(usesOf(fields, { File: { expression: "path" } }).get("x")?.enabled).toBe(true);
});

test("a switch that is on is 1 to Mantid", () => {
  const depends = [{ on: "s", value: "1", enabled: true, visible: true }];
  const fields = [
    field({ name: "s", widget: "switch", default: false }),
    field({ name: "x", widget: "text", visible: false, depends }),
  ];
  expect(usesOf(fields, { s: true }).get("x")?.visible).toBe(true);
  expect(usesOf(fields, {}).get("x")?.visible).toBe(false);
});

test("what is needed is missed, but not what is put away nor the name of the result", () => {
  const rebin = recorded("rebin");
  expect(Object.keys(problemsOf(rebin, filledWith(rebin)))).toEqual(["InputWorkspace", "Params"]);
  const hidden = form([field({ name: "x", widget: "text", required: true, visible: false })]);
  expect(problemsOf(hidden, filledWith(hidden))).toEqual({});
});

test("what cannot be read is no value, and is forgotten when the field is reset", () => {
  const rebin = recorded("rebin");
  const before = changed(filledWith(rebin, { Params: [1] }), { do: "misread", name: "Params", problem: "No number." });
  expect(before.values).toEqual({});
  expect(problemsOf(rebin, before).Params).toBe("No number.");
  expect(changed(before, { do: "reset", name: "Params" }).unread).toEqual({});
});

test("a variable is chosen where workspaces are, and is Python elsewhere", () => {
  const rebin = recorded("rebin");
  const values = { InputWorkspace: { expression: "ws" }, Params: { expression: "edges" } };
  expect([...filledWith(rebin, values).asPython]).toEqual(["Params"]);
  expect([...filledWith(rebin, { InputWorkspace: { expression: "Load(1)" } }).asPython]).toEqual(["InputWorkspace"]);
});

test("three dots in a call are a field that is still empty", () => {
  const rebin = recorded("rebin");
  const filled = filledWith(rebin, { InputWorkspace: { expression: "..." }, Params: [1] });
  expect(filled.values).toEqual({ Params: [1] });
  expect([...filled.asPython]).toEqual([]);
});

test("the result is kept under names of variables", () => {
  expect(targetsOf("a, b")).toEqual({ targets: ["a", "b"] });
  expect(targetsOf("")).toEqual({ targets: [] });
  expect(targetsOf("2nd")).toEqual({ problem: expect.stringContaining("2nd") });
});

const held = [
  { name: "table", variable: "table", framework: "mantid", kind: "table", type: "TableWorkspace" },
  { name: "run 7", variable: null, framework: "mantid", kind: "spectra", type: "Workspace2D" },
  { name: "md", variable: "md", framework: "mantid", kind: "grid", type: "MDEventWorkspace<MDLeanEvent,3>" },
  { name: "array", variable: "array", framework: "scipp", kind: "spectra", type: "DataArray" },
].map((one) => ({ ...one, shape: [], unit: null, parent: null }));

test("workspaces that do not fit say why and stand last", () => {
  const offers = offersOf(held, { types: ["Workspace2D", "MDEventWorkspace"], kinds: [] }, "mantid");
  expect(offers.map(({ held: { name }, refusal }) => [name, refusal === null])).toEqual([
    ["run 7", true],
    ["md", true],
    ["table", false],
    ["array", false],
  ]);
  expect(offers[2]?.refusal).toContain("TableWorkspace");
  expect(offers[3]?.refusal).toContain("scipp");
});

test("a call names a workspace by its variable, and in Mantid by its name where it has none", () => {
  expect(valueNamed("table", held, "mantid")).toEqual({ expression: "table" });
  expect(valueNamed("run 7", held, "mantid")).toBe("run 7");
  expect(valueNamed("unknown", held, "mantid")).toBe("unknown");
  expect(valueNamed("unknown", held, "scipp")).toEqual({ expression: "unknown" });
  expect(valueNamed("Load('x')", held, "mantid")).toEqual({ expression: "Load('x')" });
});

test.each([
  ["Rebin(ws, 1)  # why", "Rebin(ws, 12)  # why", 11, 8],
  ["aa", "aaa", 2, 0],
  ["same", "same", 4, 0],
])("of %s and %s only what differs is written", (before, later, start, end) => {
  expect(difference(before, later)).toEqual([start, end]);
});
