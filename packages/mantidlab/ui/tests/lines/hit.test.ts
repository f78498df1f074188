import { describe, expect, it } from "vitest";
import { makeScale } from "../../src/core/scales";
import { nearest } from "../../src/lines/hit";
import type { Ground } from "../../src/lines/painter";
import { tracesOf } from "./picture";

// 100 pixels for x from 0 to 10, 100 pixels for y from 0 (below) to 10.
const GROUND: Ground = {
  x: makeScale("linear", [0, 10], [0, 100]),
  y: makeScale("linear", [0, 10], [100, 0]),
  area: { x: 0, y: 0, width: 100, height: 100 },
};
const STAY = (): { x: number; y: number } => ({ x: 0, y: 0 });
const FLAT = { id: 1, mode: "exact", parts: { x: [0, 5, 10], y: [2, 4] } } as const;
const HIGH = { id: 2, mode: "exact", parts: { x: [0, 10], y: [8] } } as const;

describe("the nearest", () => {
  it("is the curve and the bin that is pointed at", () => {
    const traces = tracesOf([FLAT, HIGH]);
    const low = nearest(traces, GROUND, { x: 70, y: 58 }, 20, STAY);
    expect(low?.trace.id).toBe(1);
    expect([low?.x, low?.y]).toEqual([7.5, 4]);
    expect(nearest(traces, GROUND, { x: 70, y: 25 }, 20, STAY)?.trace.id).toBe(2);
  });

  it("is nothing where no curve is within reach to the side", () => {
    const traces = tracesOf([{ id: 1, mode: "exact", parts: { x: [1, 2], y: [5, 5] } }]);
    expect(nearest(traces, GROUND, { x: 80, y: 50 }, 20, STAY)).toBeNull();
  });

  it("is never a gap, nor what is masked", () => {
    const gap = tracesOf([{ id: 1, mode: "exact", parts: { x: [0, 5, 10], y: [Number.NaN, 4] } }]);
    expect(nearest(gap, GROUND, { x: 10, y: 50 }, 20, STAY)).toBeNull();
    const masked = tracesOf([{ id: 1, mode: "exact", parts: { x: [0, 5, 10], y: [3, 4], mask: [1, 0] } }]);
    expect(nearest(masked, GROUND, { x: 10, y: 70 }, 20, STAY)).toBeNull();
  });

  it("of a column is its nearer end, and anywhere within it is on it", () => {
    const parts = { column: [5], first: [3], last: [3], low: [2], high: [9] };
    const traces = tracesOf([{ id: 1, mode: "envelope", parts }]);
    const inside = nearest(traces, GROUND, { x: 55, y: 40 }, 20, STAY);
    expect(inside?.distance).toBe(0);
    expect(nearest(traces, GROUND, { x: 55, y: 15 }, 20, STAY)?.y).toBe(9);
    expect(nearest(traces, GROUND, { x: 55, y: 95 }, 20, STAY)?.y).toBe(2);
  });

  it("is looked for where the waterfall has moved a curve", () => {
    const traces = tracesOf([FLAT, HIGH]);
    const shift = (id: number): { x: number; y: number } => (id === 1 ? { x: 0, y: -50 } : { x: 0, y: 0 });
    const found = nearest(traces, GROUND, { x: 20, y: 31 }, 20, shift);
    expect(found?.trace.id).toBe(1);
    expect(found?.y).toBe(2);
    expect(found?.at.y).toBe(30);
  });

  it("of points is the nearest of them", () => {
    const traces = tracesOf([{ id: 1, mode: "exact", parts: { x: [1, 2, 3], y: [5, 5, 5] } }]);
    expect(nearest(traces, GROUND, { x: 22, y: 50 }, 20, STAY)?.index).toBe(1);
  });
});
