import { describe, expect, it } from "vitest";
import { lookup } from "../../src/slices/lookup";

const edges = (count: number): Float64Array => Float64Array.from({ length: count + 1 }, (_, i) => i);

describe("which groups a line of pixels shows", () => {
  it("shows each pixel the group that holds its middle", () => {
    expect([...lookup(edges(2), 4, (edge) => 2 * edge)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it("leaves pixels beside the data empty", () => {
    expect([...lookup(edges(1), 4, (edge) => 1 + edge)]).toEqual([-1, -1, 0, 0, -1, -1, -1, -1]);
  });

  it("shows every group however small it is drawn", () => {
    for (const [count, pixels] of [
      [100, 7],
      [1000, 33],
      [50, 49],
      [37, 36],
    ] as const) {
      for (const shift of [0, 0.3, 0.49, 0.5, 0.77]) {
        const found = lookup(edges(count), pixels + 1, (edge) => (edge * pixels) / count + shift);
        const shown = new Set<number>();
        for (let pixel = 0; pixel <= pixels; pixel += 1) {
          const [first, last] = [found[2 * pixel] ?? -1, found[2 * pixel + 1] ?? -1];
          for (let group = first; group >= 0 && group <= last; group += 1) shown.add(group);
        }
        expect(shown.size).toBe(count);
      }
    }
  });

  it("has no pixel for what a logarithmic scale has no place for", () => {
    const place = (edge: number): number => (edge > 0 ? 10 * Math.log10(edge) : Number.NaN);
    const found = lookup(Float64Array.from([0, 1, 10]), 10, place);
    expect(found[0]).toBe(1);
    expect(found[19]).toBe(1);
  });
});
