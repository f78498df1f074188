import { describe, expect, it } from "vitest";
import { formatNumber, formatToStep, formatWithError, parseNumber, powerOfTen } from "../src/core/numbers";
import { makeScale, type ScaleKind } from "../src/core/scales";
import { makeTicks } from "../src/core/ticks";

function labels(kind: ScaleKind, domain: readonly [number, number], pixels = 600): string[] {
  return makeTicks(makeScale(kind, domain, [0, pixels]), 90)
    .ticks.filter((t) => t.label !== "")
    .map((t) => t.label);
}

describe("ticks", () => {
  it("are round numbers with as many decimals as they need", () => {
    expect(labels("linear", [0, 1])).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    expect(labels("linear", [5000, 20000])).toEqual([
      "6000",
      "8000",
      "10000",
      "12000",
      "14000",
      "16000",
      "18000",
      "20000",
    ]);
  });

  it("of large and of tiny numbers share a power of ten", () => {
    const large = makeTicks(makeScale("linear", [0, 3e6], [0, 600]), 90);
    expect(large.multiplier).toBe("×10⁶");
    expect(large.ticks.filter((t) => t.major).map((t) => t.label)).toEqual([
      "0",
      "0.5",
      "1.0",
      "1.5",
      "2.0",
      "2.5",
      "3.0",
    ]);
    expect(makeTicks(makeScale("linear", [0, 4e-7], [0, 600]), 90).multiplier).toBe("×10⁻⁹");
  });

  it("tell neighbours apart however close one looks", () => {
    for (const width of [1, 1e-3, 1e-6, 1e-9]) {
      const found = labels("linear", [12345.678, 12345.678 + width]);
      expect(new Set(found).size).toBe(found.length);
      expect(found.length).toBeGreaterThan(2);
    }
  });

  it("of a log axis are decades, with the numbers between unnamed", () => {
    expect(labels("log", [0.01, 1e4])).toEqual(["10⁻²", "10⁻¹", "1", "10", "10²", "10³", "10⁴"]);
    expect(labels("log", [0.01, 100])).toEqual(["0.01", "0.1", "1", "10", "100"]);
    expect(labels("log", [1e5, 5e6])).toEqual(["10⁵", "2×10⁵", "5×10⁵", "10⁶", "2×10⁶", "5×10⁶"]);
    const all = makeTicks(makeScale("log", [1, 1000], [0, 600]), 90).ticks;
    expect(all.filter((t) => !t.major)).toHaveLength(24);
  });

  it("of many decades leave some out, at even distances", () => {
    const found = makeTicks(makeScale("log", [1e-20, 1e20], [0, 600]), 90).ticks.filter((t) => t.major);
    expect(found.length).toBeLessThan(10);
    const steps = found.slice(1).map((t, i) => Math.round(Math.log10(t.value / found[i]!.value)));
    expect(new Set(steps).size).toBe(1);
  });

  it("of a log axis within one decade are as of a linear one", () => {
    expect(labels("log", [2, 3]).length).toBeGreaterThan(3);
  });

  it("of a symlog axis have zero and both signs", () => {
    const found = labels("symlog", [-1e4, 1e4]);
    expect(found).toContain("0");
    expect(found).toContain("10⁴");
    expect(found).toContain("−10⁴");
  });

  it("never stand outside of the axis", () => {
    for (const kind of ["linear", "log", "symlog"] as const) {
      const scale = makeScale(kind, [3.3, 77], [0, 500]);
      for (const { value } of makeTicks(scale, 80).ticks) {
        expect(value).toBeGreaterThanOrEqual(3.3 - 1e-9);
        expect(value).toBeLessThanOrEqual(77 + 1e-9);
      }
    }
  });

  it("of times are times, of texts the texts", () => {
    const times = (from: string, seconds: number): string[] => {
      const start = Date.parse(from) / 1000;
      const found = makeTicks(makeScale("linear", [start, start + seconds], [0, 500]), 100, "time");
      return found.ticks.map((t) => t.label);
    };
    expect(times("2024-03-01T20:00:00Z", 8 * 3600)).toEqual([
      "20:00",
      "21:00",
      "22:00",
      "23:00",
      "2 Mar",
      "01:00",
      "02:00",
      "03:00",
      "04:00",
    ]);
    expect(times("2023-11-15T00:00:00Z", 150 * 86400)).toEqual(["Dec", "2024", "Feb", "Mar", "Apr"]);
    expect(times("2024-03-01T20:00:00Z", 2)).toContain("00.5 s");
    const three = makeScale("linear", [-0.5, 2.5], [0, 600]);
    expect(makeTicks(three, 90, "text", ["a", "b", "c"]).ticks.map((t) => t.label)).toEqual(["a", "b", "c"]);
  });
});

describe("numbers", () => {
  it("are written as in print", () => {
    expect(formatNumber(-0.5)).toBe("−0.5");
    expect(formatNumber(1234567, 4)).toBe("1.235 × 10⁶");
    expect(formatNumber(2e-9)).toBe("2 × 10⁻⁹");
    expect(formatNumber(Number.NaN)).toBe("no value");
    expect(powerOfTen(-3)).toBe("10⁻³");
  });

  it("carry two digits of their error", () => {
    expect(formatWithError(12.3456, 0.1234)).toBe("12.35 ± 0.12");
    expect(formatWithError(1234.7, 56.7)).toBe("1235 ± 57");
    expect(formatWithError(1.23456e-7, 2.3e-9)).toBe("(1.235 ± 0.023) × 10⁻⁷");
    expect(formatWithError(5, null)).toBe("5");
    expect(formatWithError(5, Number.NaN)).toBe("5");
  });

  it("have as many digits as a step of the cursor needs", () => {
    expect(formatToStep(12345.678, 1)).toBe("12346");
    expect(formatToStep(12345.678, 0.01)).toBe("12345.68");
  });

  it("are understood as people type them", () => {
    expect(parseNumber(" −1 250.5 ")).toBe(-1250.5);
    expect(parseNumber("2,5")).toBe(2.5);
    expect(parseNumber("1e3")).toBe(1000);
    for (const text of ["", "abc", "1.2.3", "0x10", "Infinity"]) expect(parseNumber(text)).toBeNull();
  });
});
