import { describe, expect, it } from "vitest";
import { makeScale } from "../../src/core/scales";
import { Projection, UPRIGHT } from "../../src/slices/projection";
import { handlesOf, holds, inOrder, moved, outlineOf, simplified } from "../../src/slices/shapes";
import {
  freeName,
  type Outline,
  onPlane,
  type Region,
  type Spec,
  transposed,
  type View,
  withBins,
  withDimension,
} from "../../src/slices/state";

const AREA = { x: 0, y: 0, width: 100, height: 100 };
const SHOWN = new Projection(
  makeScale("linear", [0, 10], [0, 100]),
  makeScale("linear", [0, 10], [100, 0]),
  UPRIGHT,
  AREA,
);
const BOX: Outline = { kind: "rectangle", x: [2, 4], y: [3, 7] };

describe("a region on the screen", () => {
  it("has a handle at each corner and side, which moves that one alone", () => {
    const handles = handlesOf(BOX, SHOWN);
    expect(handles).toHaveLength(8);
    expect(handles[0]?.at).toEqual({ x: 20, y: 70 });
    expect(handles[0]?.drag([1, 1])).toEqual({ kind: "rectangle", x: [1, 4], y: [1, 7] });
    expect(handles[3]?.drag([9, 99])).toEqual({ kind: "rectangle", x: [2, 9], y: [3, 7] });
  });

  it("is put in order when a handle was dragged over the other side", () => {
    expect(inOrder({ kind: "rectangle", x: [5, 1], y: [3, 7] })).toEqual({ kind: "rectangle", x: [1, 5], y: [3, 7] });
  });

  it("moves by pixels", () => {
    expect(moved(BOX, { x: 10, y: -20 }, SHOWN)).toEqual({ kind: "rectangle", x: [3, 5], y: [5, 9] });
  });

  it("holds what is inside", () => {
    expect(holds(outlineOf(BOX, SHOWN), { x: 30, y: 50 })).toBe(true);
    expect(holds(outlineOf(BOX, SHOWN), { x: 50, y: 50 })).toBe(false);
    const round: Outline = { kind: "ellipse", centre: [5, 5], radii: [3, 1] };
    expect(holds(outlineOf(round, SHOWN), { x: 75, y: 50 })).toBe(true);
    expect(holds(outlineOf(round, SHOWN), { x: 70, y: 58 })).toBe(false);
  });
});

describe("a way drawn by hand", () => {
  it("becomes the corners that it needs", () => {
    const way = Array.from({ length: 50 }, (_, i) => ({ x: i, y: i < 25 ? 0 : i - 25 }));
    expect(simplified(way, 1)).toHaveLength(3);
  });
});

const SPEC = { dims: [{ size: 6 }, { size: 20 }, { size: 30 }] } as unknown as Spec;
const VIEW = {
  x: 2,
  y: 1,
  at: [
    [3, 4],
    [0, 20],
    [0, 30],
  ],
  range: { x: [0, 1], y: [2, 3] },
  scale: { x: "log", y: "linear" },
  cursor: [1, 2],
} as unknown as View;

describe("the plane", () => {
  it("is exchanged with its ranges, scales and cursor", () => {
    const turned = transposed(VIEW);
    expect([turned.x, turned.y, turned.range.x, turned.scale.y, turned.cursor]).toEqual([1, 2, [2, 3], "log", [2, 1]]);
  });

  it("shows another dimension, and cuts the one that was there in its middle", () => {
    const next = withDimension(SPEC, VIEW, "x", 0);
    expect(next.x).toBe(0);
    expect(next.at).toEqual([
      [0, 6],
      [0, 20],
      [15, 16],
    ]);
    expect(withDimension(SPEC, VIEW, "x", 1).y).toBe(2);
  });

  it("keeps slices within the data", () => {
    expect(withBins(SPEC, VIEW, 0, [5, 9]).at[0]).toEqual([2, 6]);
    expect(withBins(SPEC, VIEW, 0, [-3, -2]).at[0]).toEqual([0, 1]);
  });

  it("shows a region of exchanged axes the other way round, and none of other dimensions", () => {
    const region: Region = { name: "r", dims: [1, 2], kind: "ellipse", centre: [1, 2], radii: [3, 4] };
    expect(onPlane(region, VIEW)).toEqual({ kind: "ellipse", centre: [2, 1], radii: [4, 3] });
    expect(onPlane({ ...region, dims: [0, 1] }, VIEW)).toBeNull();
  });

  it("names regions as Python does", () => {
    expect(freeName([{ name: "region 1" } as Region, { name: "peak" } as Region])).toBe("region 2");
  });
});
