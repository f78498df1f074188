import { describe, expect, it } from "vitest";
import { makeScale, padded, panned, type ScaleKind, usableDomain, zoomed } from "../src/core/scales";

const KINDS: ScaleKind[] = ["linear", "log", "symlog"];

describe.each(KINDS)("a %s scale", (kind) => {
  const scale = makeScale(kind, [0.5, 2000], [40, 640]);

  it("puts the ends of its domain at the ends of its pixels", () => {
    expect(scale.toPixel(0.5)).toBeCloseTo(40);
    expect(scale.toPixel(2000)).toBeCloseTo(640);
  });

  it("goes from pixel to value and back", () => {
    for (const pixel of [40, 41, 300, 639]) expect(scale.toPixel(scale.toValue(pixel))).toBeCloseTo(pixel, 6);
  });

  it("is an affine map of the transformed value", () => {
    for (const value of [0.7, 13, 1999]) {
      expect(scale.toPixel(value)).toBeCloseTo(scale.offset + scale.factor * scale.transform(value), 9);
    }
  });

  it("moves what is below a finger with it", () => {
    const value = scale.toValue(300);
    const moved = makeScale(kind, panned(scale, 25), scale.range, scale.constant);
    expect(moved.toPixel(value)).toBeCloseTo(325, 4);
  });

  it("magnifies about the point that stays", () => {
    const value = scale.toValue(200);
    const closer = makeScale(kind, zoomed(scale, 200, 3), scale.range, scale.constant);
    expect(closer.toPixel(value)).toBeCloseTo(200, 4);
    expect(closer.factor / scale.factor).toBeCloseTo(3, 4);
  });

  it("stops where double precision does", () => {
    let domain = scale.domain;
    let now = scale;
    for (let i = 0; i < 200; i += 1) {
      domain = zoomed(now, 200, 4);
      now = makeScale(kind, domain, scale.range, scale.constant);
    }
    expect(domain[1]).toBeGreaterThan(domain[0]);
    for (let i = 0; i < 4000; i += 1) {
      domain = zoomed(now, 200, 0.25);
      now = makeScale(kind, domain, scale.range, scale.constant);
    }
    expect(domain.every(Number.isFinite)).toBe(true);
  });

  it("can run from high to low", () => {
    const turned = makeScale(kind, [2000, 0.5], [0, 100]);
    expect(turned.toPixel(2000)).toBeCloseTo(0);
    expect(turned.toPixel(0.5)).toBeCloseTo(100);
  });
});

describe("a log scale", () => {
  it("has no place for zero and below", () => {
    const scale = makeScale("log", [1, 100], [0, 100]);
    expect(scale.toPixel(0)).toBeNaN();
    expect(scale.toPixel(-3)).toBeNaN();
  });

  it("begins at the least positive value where it is asked to begin at zero", () => {
    expect(usableDomain("log", [0, 100], 0.25)).toEqual([0.25, 100]);
    expect(usableDomain("log", [-5, 100])[0]).toBeGreaterThan(0);
    expect(usableDomain("log", [-5, -1]).every((v) => v > 0)).toBe(true);
  });
});

describe("a symlog scale", () => {
  const scale = makeScale("symlog", [-1000, 1000], [0, 200], 1);

  it("has zero in the middle, and is as far to −v as to v", () => {
    expect(scale.toPixel(0)).toBeCloseTo(100);
    expect(scale.toPixel(50) - 100).toBeCloseTo(100 - scale.toPixel(-50));
  });
});

describe("a domain", () => {
  it.each(KINDS)("of one value, or of none, is widened on a %s scale", (kind) => {
    for (const domain of [
      [5, 5],
      [0, 0],
      [Number.NaN, Number.NaN],
      [Number.POSITIVE_INFINITY, 3],
    ] as const) {
      const [low, high] = usableDomain(kind, domain);
      expect(high).toBeGreaterThan(low);
      expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
    }
  });

  it("is padded in the space of its scale", () => {
    expect(padded("linear", [0, 10], 0.1)).toEqual([-1, 11]);
    const [low, high] = padded("log", [1, 100], 0.5);
    expect(low).toBeCloseTo(0.1);
    expect(high).toBeCloseTo(1000);
  });
});
