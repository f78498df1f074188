import { describe, expect, it } from "vitest";
import { groupAt, limitsOf, pictureOf, shownAt } from "../../src/slices/picture";
import { profilesOf, reachOf } from "../../src/slices/profiles";

function view(array: ArrayBufferView): DataView {
  // Buffers of a message begin anywhere.
  const padded = new Uint8Array(array.byteLength + 3);
  padded.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), 3);
  return new DataView(padded.buffer, 3);
}

const PARTS = [
  view(Float64Array.from([0, 1, 4])),
  view(Float64Array.from([0, 10])),
  view(Float32Array.from([1.5, 2.5])),
  view(Uint8Array.from([0, 4])),
];
const CONTENT = { parts: ["x", "y", "values", "flags"], columns: 2, rows: 1, factor: 10, cut: [1, 0, [[0, 1]], "sum"] };

describe("an answered picture", () => {
  it("is read wherever its buffers begin", () => {
    const picture = pictureOf(CONTENT, PARTS);
    expect([...(picture?.x ?? [])]).toEqual([0, 1, 4]);
    expect(picture && shownAt(picture, 0.5, 5)).toEqual({ value: 15, flags: 0 });
    expect(picture && shownAt(picture, 2, 5)?.flags).toBe(4);
    expect(picture && shownAt(picture, 9, 5)).toBeNull();
    expect(pictureOf({}, [])).toBeNull();
  });

  it("finds the group of a position", () => {
    const edges = Float64Array.from([0, 1, 4, 9]);
    expect([-1, 0, 1, 3.9, 9, 9.1].map((at) => groupAt(edges, at))).toEqual([-1, 0, 1, 1, 2, -1]);
  });
});

describe("limits of the colours", () => {
  const automatic = { minmax: [-1, 100], sigma: [0, 50], percentile: null, positive: 0.5 } as const;

  it("are those chosen, by name or by hand", () => {
    expect(limitsOf("sigma", automatic, false)).toEqual([0, 50]);
    expect(limitsOf([3, 4], automatic, false)).toEqual([3, 4]);
    expect(limitsOf("percentile", automatic, false)).toEqual([0, 1]);
  });

  it("are above zero for a logarithm and always apart", () => {
    expect(limitsOf("minmax", automatic, true)).toEqual([0.5, 100]);
    expect(limitsOf([-5, -1], automatic, true)).toEqual([0.1, 1]);
    expect(limitsOf([2, 2], automatic, false)).toEqual([1.5, 2.5]);
  });
});

describe("answered profiles", () => {
  it("are told apart by name, with what each has", () => {
    const told = { profiles: [{ name: "x", bins: 1, parts: ["edges", "low", "high", "middle", "errors"] }] };
    const values = view(Float64Array.from([4, Number.NaN]));
    const errors = view(Float64Array.from([2, 1]));
    const found = profilesOf(told, [view(Float64Array.from([0, 1, 2])), values, values, values, errors]).get("x");
    expect([...(found?.errors ?? [])]).toEqual([2, 1]);
    expect(found && reachOf(found)).toEqual([0, 6.36]);
  });
});
