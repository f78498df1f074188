import { describe, expect, it } from "vitest";
import { makeScale } from "../../src/core/scales";
import { layerOf } from "../../src/slices/layer";
import { colourAt } from "../../src/slices/painting";
import type { Picture } from "../../src/slices/picture";
import { equalised, Projection, paperAround, positionsAround, type Skew, skewOf } from "../../src/slices/projection";
import type { Spec, View } from "../../src/slices/state";

const AREA = { x: 10, y: 20, width: 200, height: 100 };
const SIXTY: Skew = [0.5, Math.sqrt(3) / 2];

function projection(skew: Skew): Projection {
  const { x, y } = paperAround(skew, [0, 4], [0, 2]);
  return new Projection(makeScale("linear", x, [10, 210]), makeScale("linear", y, [120, 20]), skew, AREA);
}

describe("axes that do not stand at right angles", () => {
  it("are found among the directions of all axes", () => {
    const directions = [
      [1, 0, 0],
      [-0.5, Math.sqrt(3) / 2, 0],
      [0, 0, 1],
    ];
    const spec = { directions } as unknown as Spec;
    expect(skewOf(spec, { x: 0, y: 1 } as View)[0]).toBeCloseTo(-0.5);
    expect(skewOf(spec, { x: 0, y: 2 } as View)).toEqual([0, 1]);
    expect(skewOf({ directions: null } as Spec, { x: 0, y: 1 } as View)).toEqual([0, 1]);
  });

  it("go to the screen and back", () => {
    const shown = projection(SIXTY);
    const [u, v] = shown.toPosition(shown.toScreen(1.3, 0.7));
    expect(u).toBeCloseTo(1.3);
    expect(v).toBeCloseTo(0.7);
  });

  it("have ranges around what is seen", () => {
    const { x, y } = positionsAround(SIXTY, [0, 1], [0, Math.sqrt(3) / 2]);
    expect([x[0], x[1], y[0], y[1]].map((value) => Number(value.toFixed(9)))).toEqual([-0.5, 1, 0, 1]);
  });

  it("are drawn where their positions are, pixel by pixel", () => {
    for (const skew of [SIXTY, [-0.5, Math.sqrt(3) / 2], [0, 1]] as const) {
      const shown = projection(skew);
      const columns = 40;
      const made: Picture = {
        x: Float64Array.from({ length: columns + 1 }, (_, i) => i / 10),
        y: Float64Array.from([0, 1, 2]),
        columns,
        rows: 2,
        values: Float32Array.from({ length: 2 * columns }, (_, i) => i),
        flags: new Uint8Array(2 * columns),
        factor: 1,
        stands: "max",
      } as unknown as Picture;
      const size = { width: AREA.width, height: AREA.height };
      const look = {
        colouring: { kind: "linear", low: 0, high: 255, constant: 1 } as const,
        table: Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3)),
        masked: [0, 0, 0] as const,
        nothing: [0, 0, 0] as const,
        ...size,
      };
      const layer = layerOf(made, shown, size, 1);
      for (const [u, v] of [
        [0.55, 0.5],
        [2.05, 1.5],
        [3.85, 0.3],
      ] as const) {
        const at = shown.toScreen(u, v);
        const [px, up] = [Math.floor(at.x - AREA.x), Math.floor(AREA.y + AREA.height - at.y)];
        expect(colourAt(layer, look, px, up)?.[0]).toBe(Math.floor(v) * columns + Math.floor(u * 10 + 1e-9));
      }
    }
  });
});

describe("equal units", () => {
  it("widen what is too narrow and keep the middle", () => {
    const { x, y } = equalised([0, 10], [0, 10], AREA);
    expect(y).toEqual([0, 10]);
    expect(x).toEqual([-5, 15]);
  });
});
