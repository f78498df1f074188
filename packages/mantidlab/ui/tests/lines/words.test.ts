import { describe, expect, it } from "vitest";
import type { Axis } from "../../src/core/axes";
import { makeScale, type ScaleKind } from "../../src/core/scales";
import type { Spec } from "../../src/lines/schema";
import { complete } from "../../src/lines/views";
import { summary, truthWords } from "../../src/lines/words";

const curve = { source: "", colour: 0, has_errors: false, masked: 0, size: 5 };
const SPEC: Spec = {
  title: "Silicon",
  note: "",
  x: { label: "x", unit: "", units: [], kind: "number" },
  y: { label: "y", unit: "" },
  curves: [
    { ...curve, id: 0, name: "sample", mark: "steps" },
    { ...curve, id: 1, name: "empty", mark: "points" },
  ],
  can: {},
};

function axis(kind: ScaleKind, domain: readonly [number, number], values: Axis["values"] = "number"): Axis {
  return { scale: makeScale(kind, domain, [0, 500]), label: "Time", unit: "µs", values };
}

describe("the words of a plot", () => {
  it("name the curves and where the axes begin and end", () => {
    const axes = { x: axis("linear", [0, 20000]), y: axis("log", [1, 1e7]) };
    expect(summary(SPEC, complete({ hidden: [1] }), axes, 1)).toBe(
      "Silicon. 1 curve: sample. The x axis shows Time (µs), linear, from 0 to 20000. " +
        "The y axis shows Time (µs), logarithmic, from 1 to 1 × 10⁷.",
    );
  });

  it("have the digits that tell the ends apart", () => {
    const axes = { x: axis("linear", [1e9, 1e9 + 1]), y: axis("linear", [0, 1]) };
    expect(summary(SPEC, complete({}), axes, 2)).toContain("from 1000000000 to 1000000001");
  });

  it("tell dates as dates", () => {
    const axes = { x: axis("linear", [1.6e9, 1.6e9 + 60], "time"), y: axis("linear", [0, 1]) };
    expect(summary(SPEC, complete({}), axes, 2)).toContain("from 2020-09-13 12:26:40 UTC to 2020-09-13 12:27:40 UTC");
  });

  it("say what a pixel stands for", () => {
    expect(truthWords(0.4, SPEC, false)).toBe("every bin is drawn");
    expect(truthWords(2, SPEC, false)).toBe("1 px = 2 bins, from least to most");
    expect(truthWords(37.2, SPEC, true)).toBe("1 px = 37 bins, from least to most · refining");
    expect(truthWords(0, SPEC, false)).toBe("");
  });
});
