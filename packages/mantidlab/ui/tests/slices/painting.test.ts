import { describe, expect, it } from "vitest";
import { type Colouring, shareOf } from "../../src/slices/colouring";
import { colourAt, type Layer, type Look, paint } from "../../src/slices/painting";
import { INFINITE, MASKED, NOTHING, type Picture } from "../../src/slices/picture";

const LINEAR: Colouring = { kind: "linear", low: 0, high: 255, constant: 1 };
const GREY = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

function picture(values: readonly number[], columns: number, flags: readonly number[] = []): Picture {
  return {
    columns,
    rows: values.length / columns,
    values: Float32Array.from(values),
    flags: Uint8Array.from(values, (_, i) => flags[i] ?? 0),
    factor: 1,
    stands: "max",
  } as Picture;
}

function layer(shown: Picture, columns: readonly number[], rows: readonly number[]): Layer {
  return { picture: shown, columns: Int16Array.from(columns), rows: Int16Array.from(rows), shear: 0, shift: 0 };
}

function look(width: number, height: number, colouring = LINEAR): Look {
  return { colouring, table: GREY, masked: [1, 2, 3], nothing: [7, 8, 9], width, height };
}

describe("the colour of a value", () => {
  it("lies between the limits and stays at them beyond", () => {
    expect([-5, 0, 127.5, 255, 1e9].map((value) => shareOf(value, LINEAR))).toEqual([0, 0, 0.5, 1, 1]);
  });

  it("is lowest for what a logarithm has no place for", () => {
    const log: Colouring = { kind: "log", low: 1, high: 100, constant: 1 };
    expect([-1, 0, 1, 10, 100].map((value) => shareOf(value, log))).toEqual([0, 0, 0, 0.5, 1]);
  });

  it("is in the middle at zero between symmetric limits", () => {
    const symlog: Colouring = { kind: "symlog", low: -100, high: 100, constant: 0.1 };
    expect(shareOf(0, symlog)).toBe(0.5);
    expect(shareOf(1, symlog)).toBeGreaterThan(0.6);
  });
});

describe("a picture without a graphics card", () => {
  it("shows the lowest row at the bottom", () => {
    const pixels = new Uint8ClampedArray(4 * 4);
    paint(pixels, layer(picture([10, 20, 30, 40], 2), [0, 0, 1, 1], [0, 0, 1, 1]), look(2, 2));
    expect([pixels[0], pixels[4], pixels[8], pixels[12]]).toEqual([30, 40, 10, 20]);
  });

  it("shows the largest of the groups in one pixel", () => {
    const hot = picture([1, 1, 200, 1, 1, 1], 3);
    expect(colourAt(layer(hot, [0, 2], [0, 1]), look(1, 1), 0, 0)).toEqual([200, 200, 200]);
  });

  it("shows the mean where means are asked for", () => {
    const means = { ...picture([10, 20], 2), stands: "mean" } as Picture;
    expect(colourAt(layer(means, [0, 1], [0, 0]), look(1, 1), 0, 0)).toEqual([15, 15, 15]);
  });

  it("tells apart what is beside the data, masked, missing and infinite", () => {
    const odd = picture([0, 0, 0, 0], 4, [MASKED, NOTHING, INFINITE, 0]);
    const shown = layer(odd, [0, 0, 1, 1, 2, 2, -1, -1], [0, 0]);
    const at = (px: number) => colourAt(shown, look(4, 1), px, 0);
    expect(at(1)).toEqual([7, 8, 9]);
    expect(at(2)).toEqual([255, 255, 255]);
    expect(at(3)).toBeNull();
    const wide = { ...shown, columns: new Int16Array(32) };
    const stripes = new Set(Array.from({ length: 16 }, (_, px) => colourAt(wide, look(16, 1), px, 0)?.join()));
    expect(stripes).toEqual(new Set(["1,2,3", "7,8,9"]));
  });

  it("moves each row of a sheared picture", () => {
    const sheared = { ...layer(picture([10, 20, 30], 3), [0, 0, 1, 1, 2, 2], [0, 0, 0, 0]), shear: 1, shift: -0.5 };
    expect(colourAt(sheared, look(3, 2), 0, 0)?.[0]).toBe(10);
    expect(colourAt(sheared, look(3, 2), 0, 1)?.[0]).toBe(20);
  });
});
