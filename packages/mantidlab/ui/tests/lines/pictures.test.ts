import { describe, expect, it } from "vitest";
import { makeScale } from "../../src/core/scales";
import { extentOfY, lowerBound, onScale, within } from "../../src/lines/pictures";
import { picture, tracesOf } from "./picture";

const STEPS = { id: 1, mode: "exact", parts: { x: [0, 1, 2, 4], y: [5, Number.NaN, -2] } } as const;

describe("an answer", () => {
  it("is read from wherever in the message it is, with its base added", () => {
    const [trace] = tracesOf([{ ...STEPS, base: 1000 }]);
    expect([...trace!.x]).toEqual([0, 1, 2, 4]);
    expect([...trace!.y]).toEqual([1005, Number.NaN, 998]);
  });

  it("of columns has them at the middles of pixels", () => {
    const parts = { column: [0, 4, 9], first: [1, 2, 3], last: [1, 2, 3], low: [0, 0, 0], high: [9, 9, 9] };
    const [trace] = tracesOf([{ id: 1, mode: "envelope", parts }], [100, 200], 10);
    expect([...trace!.x]).toEqual([105, 145, 195]);
    expect(trace!.exact).toBe(false);
  });

  it("knows a mask only where something is masked", () => {
    const [plain] = tracesOf([{ id: 1, mode: "exact", parts: { ...STEPS.parts, mask: [0, 0, 0] } }]);
    const [masked] = tracesOf([{ id: 1, mode: "exact", parts: { ...STEPS.parts, mask: [0, 1, 0] } }]);
    expect(plain!.mask).toBeNull();
    expect([...(masked!.mask ?? [])]).toEqual([0, 1, 0]);
  });
});

describe("values on a log scale", () => {
  it("that are zero or below lie below everything, and gaps stay gaps", () => {
    const [trace] = tracesOf([STEPS]);
    const found = onScale(trace!.y, makeScale("log", [1, 10], [0, 1]));
    expect(found[0]).toBeCloseTo(Math.log10(5));
    expect(found[1]).toBeNaN();
    expect(found[2]).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("the extent of y", () => {
  const all = (): boolean => true;

  it("is of what is visible alone: of these curves, within this range of x", () => {
    const both = picture([STEPS, { id: 2, mode: "exact", parts: { x: [0, 5, 10], y: [100, 200] } }]);
    expect(extentOfY([both], [0, 10], all, "linear", false)).toEqual([-2, 200]);
    expect(extentOfY([both], [0, 10], (id) => id === 1, "linear", false)).toEqual([-2, 5]);
    expect(extentOfY([both], [0, 0.5], (id) => id === 1, "linear", false)).toEqual([5, 5]);
  });

  it("has nothing that is masked, and error bars when they are shown", () => {
    const parts = { x: [0, 1, 2], y: [5, 900], low: [4, 800], high: [6, 1000], mask: [0, 1] };
    const one = picture([{ id: 1, mode: "exact", parts }]);
    expect(extentOfY([one], [0, 2], all, "linear", false)).toEqual([5, 5]);
    expect(extentOfY([one], [0, 2], all, "linear", true)).toEqual([4, 6]);
  });

  it("on log is of what is above zero", () => {
    expect(extentOfY([picture([STEPS])], [0, 4], all, "log", false)).toEqual([5, 5]);
  });

  it("on log follows an error bar no further down than a tenth of its value: it may end just above zero", () => {
    const parts = { x: [0, 1, 2, 3], y: [5, 50, 20], low: [1e-15, 40, -1], high: [10, 60, 41] };
    expect(extentOfY([picture([{ id: 1, mode: "exact", parts }])], [0, 3], all, "log", true)).toEqual([0.5, 60]);
  });

  it("of nothing is none", () => {
    expect(extentOfY([], [0, 1], all, "linear", false)).toBeNull();
    const gaps = picture([{ id: 1, mode: "exact", parts: { x: [0, 1], y: [Number.NaN] } }]);
    expect(extentOfY([gaps], [0, 1], all, "linear", false)).toBeNull();
  });
});

describe("what lies within a range", () => {
  it("of bins begins with the bin that the range cuts", () => {
    const [trace] = tracesOf([{ id: 1, mode: "exact", parts: { x: [0, 1, 2, 3, 4], y: [1, 2, 3, 4] } }]);
    expect(within(trace!, [1.5, 2.5])).toEqual([1, 3]);
    expect(within(trace!, [-5, 50])).toEqual([0, 4]);
  });

  it("is found by halving", () => {
    const values = Float64Array.from([1, 2, 2, 3]);
    expect([0, 1, 2, 2.5, 9].map((v) => lowerBound(values, v))).toEqual([0, 0, 1, 3, 4]);
  });
});
