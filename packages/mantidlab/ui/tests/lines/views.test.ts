import { describe, expect, it } from "vitest";
import { makeScale } from "../../src/core/scales";
import { movedTo, widened } from "../../src/lines/layer";
import type { Ground } from "../../src/lines/painter";
import type { Extent } from "../../src/lines/schema";
import {
  complete,
  covers,
  domainOfX,
  domainOfY,
  recalled,
  remembered,
  withAxis,
  withScale,
} from "../../src/lines/views";

const FULL: Extent = { x: [0, 100], x_positive_min: 0.5, y: [-3, 50], y_positive_min: 0.1 };

describe("a view", () => {
  it("that Python sent in part is completed", () => {
    const view = complete({ x: { scale: "log", range: null } });
    expect(view.x.scale).toBe("log");
    expect(view.y).toEqual({ scale: "linear", range: null });
    expect(view.hidden).toEqual([]);
  });

  it("of all shows all, and on log what is above zero", () => {
    expect(domainOfX(complete({}), FULL)).toEqual([0, 100]);
    expect(domainOfX(complete({ x: { scale: "log", range: null } }), FULL)).toEqual([0.5, 100]);
  });

  it("of points has room at both ends, or half of the first and last would be cut", () => {
    expect(domainOfX(complete({}), FULL, true)).toEqual([-2, 102]);
    expect(domainOfX(withAxis(complete({}), "x", { range: [1, 5] }), FULL, true)).toEqual([1, 5]);
  });

  it("turned to log forgets a range that log cannot show, and keeps one that it can", () => {
    const bad = withScale(withAxis(complete({}), "x", { range: [-5, 10] }), "x", "log", [-5, 10]);
    expect(bad.x.range).toBeNull();
    const good = withScale(withAxis(complete({}), "x", { range: [2, 10] }), "x", "log", [2, 10]);
    expect(good.x.range).toEqual([2, 10]);
  });

  it("turned to symlog has its constant from then on, so that the picture does not creep", () => {
    expect(withScale(complete({}), "y", "symlog", [0, 5000]).y.linear_below).toBe(1);
  });

  it("whose y fits itself lets counts stand on zero, and others have room below", () => {
    expect(domainOfY(complete({}), [1, 100], [0, 0])[0]).toBe(0);
    expect(domainOfY(complete({}), [90, 100], [0, 0])[0]).toBeLessThan(90);
    expect(domainOfY(complete({}), [-5, 5], [0, 0])[0]).toBeLessThan(-5);
  });

  it("of a waterfall has room for what is moved up", () => {
    const [low, high] = domainOfY(complete({}), [0, 100], [0, 0.5]);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(200);
  });

  it("is remembered without what is highlighted, and recalled with what is so now", () => {
    const past = remembered({ ...complete({}), highlighted: 3, selection: [1, 2] });
    expect(past.highlighted).toBeNull();
    expect(recalled(past, { ...complete({}), highlighted: 7 }).highlighted).toBe(7);
  });
});

describe("a range", () => {
  it("covers another to within half a pixel", () => {
    const scale = makeScale("linear", [0, 100], [0, 1000]);
    expect(covers([0, 100], [0, 100], scale)).toBe(true);
    expect(covers([0.04, 100], [0, 100], scale)).toBe(true);
    expect(covers([1, 100], [0, 100], scale)).toBe(false);
  });
});

describe("a bitmap of curves", () => {
  const ground = (x: readonly [number, number], kind: "linear" | "log" = "linear"): Ground => ({
    x: makeScale(kind, x, [50, 650]),
    y: makeScale("linear", [0, 10], [400, 20]),
    area: { x: 50, y: 20, width: 600, height: 380 },
  });

  it("lies where it was painted while nothing moves", () => {
    const rect = movedTo(ground([0, 10]), ground([0, 10]));
    expect([rect.x, rect.y, rect.width, rect.height].map(Math.round)).toEqual([50, 20, 600, 380]);
  });

  it.each(["linear", "log"] as const)("puts every value where a new painting would, on a %s axis", (kind) => {
    const [from, to] = [ground([1, 100], kind), ground([3, 40], kind)];
    const rect = movedTo(from, to);
    for (const value of [1, 5, 30, 100]) {
      const share = (from.x.toPixel(value) - from.area.x) / from.area.width;
      expect(rect.x + share * rect.width).toBeCloseTo(to.x.toPixel(value), 6);
    }
  });

  it("is painted beyond the axes, with the same scales", () => {
    const wide = widened(ground([0, 10]));
    expect(wide.area.width).toBeGreaterThan(600);
    expect(wide.x.toPixel(5)).toBeCloseTo(ground([0, 10]).x.toPixel(5), 9);
  });
});
