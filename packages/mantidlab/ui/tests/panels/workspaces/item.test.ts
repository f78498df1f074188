import { nullTranslator } from "@jupyterlab/translation";
import { expect, test } from "vitest";
import { actionsFor, labelOfAction } from "../../../src/panels/workspaces/doing";
import { fileName, memoryOf, shortly, sizeOf } from "../../../src/panels/workspaces/item";
import { said } from "../../../src/panels/workspaces/logs";
import { pathOf } from "../../../src/panels/workspaces/sparkline";
import { item } from "./items";

const t = nullTranslator.load("mantidlab");

test("sizes and memory are said as people say them", () => {
  expect(sizeOf(item("a"), t)).toBe("3 × 100");
  expect(sizeOf(item("a", { shape: [1200], events: 1_234_567 }), t)).toBe("1,200, 1.2M events");
  expect(sizeOf(item("a", { kind: "group", members: ["x"], shape: [1] }), t)).toBe("1 member");
  expect([0, 999, 1000, 123_456, 2.4e9].map(memoryOf)).toEqual(["0 B", "999 B", "1.0 kB", "123 kB", "2.4 GB"]);
  expect(memoryOf(null)).toBe("");
  expect(shortly(950)).toBe("950");
});

test("only what applies is offered", () => {
  expect(actionsFor([item("a")])).toEqual([
    "plot",
    "slice",
    "instrument",
    "table",
    "logs",
    "history",
    "rename",
    "save",
    "delete",
  ]);
  expect(actionsFor([item("curve", { shape: [50] })])).not.toContain("instrument");
  expect(actionsFor([item("a", { kind: "table", shape: [4, 2] })])).toEqual([
    "plot",
    "table",
    "history",
    "rename",
    "save",
    "delete",
  ]);
  expect(actionsFor([item("a", { kind: "image" })]).slice(0, 2)).toEqual(["slice", "plot"]);
  expect(actionsFor([item("a", { kind: "image", shape: [9] })])[0]).toBe("plot");
  expect(actionsFor([item("a"), item("b")])).toEqual(["plot", "group", "delete"]);
  expect(actionsFor([item("a"), item("b", { framework: "mantid" })])).toEqual(["plot", "delete"]);
  expect(actionsFor([])).toEqual([]);
  expect(labelOfAction("rename", [item("a", { parent: "g" })], t)).toBe("Take out…");
});

test("values are said with the digits that a log has", () => {
  expect([0.1 + 0.2, 12, 1.12535e-5, 4.2e12, "on", null].map(said)).toEqual([
    "0.3",
    "12",
    "1.12535e-5",
    "4200000000000",
    "on",
    "–",
  ]);
});

test("a file's name is one that every system takes", () => {
  expect(fileName("both['up down']")).toBe("both_up_down");
  expect(fileName("½ Å/b")).toBe("½_Å_b");
  expect(fileName("//")).toBe("workspace");
});

test("a sparkline keeps its gaps and its extremes", () => {
  expect(pathOf([0, null, 10], 20, 12)).toBe("M0.0 11.0M20.0 1.0");
  expect(pathOf([1, 1], 10, 12)).toBe("M0.0 11.0L10.0 11.0");
  expect(pathOf([null, Number.NaN])).toBe("");
});
