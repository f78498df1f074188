import { describe, expect, test } from "vitest";
import { makeScale } from "../../src/core/scales";
import { doubles, floats } from "../../src/instrument/arrays";
import { nearestNumber } from "../../src/instrument/drawing";
import { fitted } from "../../src/instrument/extents";
import { approached, frameOf, matrixOf, moved, seen, standardEye, threeCamera, turned } from "../../src/instrument/eye";
import { Motion } from "../../src/instrument/motion";
import { coprimeStep, Order } from "../../src/instrument/order";
import { drawnRegion, outlines } from "../../src/instrument/outlines";
import { type CameraState, colourLimits } from "../../src/instrument/state";
import { dragged, gripAt } from "../../src/instrument/strip";
import { reading, truth } from "../../src/instrument/words";

const SIZE = { width: 800, height: 500 };
const EYE: CameraState = { position: [3, 2, -8], target: [0.5, -0.2, 1], up: [0, 1, 0], perspective: true };

describe("the order of drawing", () => {
  test.each([0, 1, 2, 3, 7, 1000, 65_536, 999_983])("is a permutation of %i detectors that can be undone", (count) => {
    const order = new Order(count);
    const places = Array.from({ length: Math.min(count, 5000) }, (_, i) => order.detector(i));
    expect(new Set(places).size).toBe(places.length);
    for (const [place, detector] of places.entries()) expect(order.place(detector)).toBe(place);
  });

  test("draws a fair sample first: a tenth of the detectors is nowhere far from the next one", () => {
    const order = new Order(100_000);
    const first = Array.from({ length: 10_000 }, (_, i) => order.detector(i)).sort((a, b) => a - b);
    const gaps = first.slice(1).map((one, i) => one - first[i]!);
    expect(Math.max(...gaps)).toBeLessThan(40);
  });

  test("arranges values with the same permutation", () => {
    const order = new Order(10);
    const values = Float32Array.from({ length: 20 }, (_, i) => i);
    const arranged = order.arrange(values, 2, new Float32Array(20));
    for (let place = 0; place < 10; place += 1) expect(arranged[2 * place]).toBe(2 * order.detector(place));
    expect(coprimeStep(1)).toBe(1);
  });
});

describe("the eye", () => {
  test("turns about its target at the same distance", () => {
    const after = turned(EYE, 120, -60, SIZE);
    expect(after.target).toEqual(EYE.target);
    expect(frameOf(after).distance).toBeCloseTo(frameOf(EYE).distance, 9);
    expect(after.position).not.toEqual(EYE.position);
  });

  test("does not turn over the pole", () => {
    let eye = EYE;
    for (let i = 0; i < 200; i += 1) eye = turned(eye, 0, 20, SIZE);
    const { right } = frameOf(eye);
    expect(Number.isFinite(right.x)).toBe(true);
    expect(Math.abs(frameOf(eye).ahead.y)).toBeLessThan(0.9999);
  });

  test("moves so that what is at the target follows the finger", () => {
    const before = seen(EYE.target, matrixOf(threeCamera(EYE, SIZE, 20)), SIZE)!;
    const after = seen(EYE.target, matrixOf(threeCamera(moved(EYE, 40, -25, SIZE), SIZE, 20)), SIZE)!;
    expect(after.x - before.x).toBeCloseTo(40, 6);
    expect(after.y - before.y).toBeCloseTo(-25, 6);
  });

  test("comes nearer to what is below the finger", () => {
    const at = { x: 610, y: 140 };
    const { right, above } = frameOf(EYE);
    const scale = (2 * Math.tan((35 / 2) * (Math.PI / 180)) * frameOf(EYE).distance) / SIZE.height;
    const place = right
      .clone()
      .multiplyScalar((at.x - 400) * scale)
      .add(above.clone().multiplyScalar((250 - at.y) * scale));
    const there = [place.x + 0.5, place.y - 0.2, place.z + 1] as const;
    const near = approached(EYE, 3, at, SIZE, { near: 0.01, far: 100 });
    const found = seen(there, matrixOf(threeCamera(near, SIZE, 20)), SIZE)!;
    expect(found.x).toBeCloseTo(at.x, 6);
    expect(found.y).toBeCloseTo(at.y, 6);
    expect(frameOf(approached(EYE, 1e9, at, SIZE, { near: 0.5, far: 100 })).distance).toBeCloseTo(0.5);
  });

  test.each(["", "x+", "x-", "y+", "y-", "z+", "z-"])("sees the whole instrument from %s", (which) => {
    const [low, high] = [[-1, -2, 0.5] as const, [3, 2, 9] as const];
    const eye = standardEye(
      which,
      [-0.7, 0.4, -0.6],
      [low, high],
      [0, 0, 1],
      [0, 1, 0],
      true,
      SIZE.width / SIZE.height,
    );
    const matrix = matrixOf(threeCamera(eye, SIZE, 20));
    for (let i = 0; i < 8; i += 1) {
      const corner = [i & 1 ? low[0] : high[0], i & 2 ? low[1] : high[1], i & 4 ? low[2] : high[2]] as const;
      const at = seen(corner, matrix, SIZE)!;
      expect(at.x > 0 && at.x < SIZE.width && at.y > 0 && at.y < SIZE.height).toBe(true);
    }
  });

  test("looks along the beam with x to the left, as Python's camera does", () => {
    const eye = standardEye(
      "z-",
      [0, 0, -1],
      [
        [-1, -1, -1],
        [1, 1, 1],
      ],
      [0, 0, 1],
      [0, 1, 0],
      true,
      1.6,
    );
    const at = seen([0.5, 0.5, 0], matrixOf(threeCamera(eye, SIZE, 20)), SIZE)!;
    expect(at.x).toBeLessThan(400);
    expect(at.y).toBeLessThan(250);
  });

  test("sees nothing that is behind it", () => {
    expect(seen([6, 4, -17], matrixOf(threeCamera(EYE, SIZE, 20)), SIZE)).toBeNull();
  });
});

describe("colours", () => {
  const data = { low: 0, high: 200, positive: 2, total: 1000 };
  test("go from zero to the highest, or on a log scale from the smallest above zero", () => {
    expect(colourLimits({ limits: null, scale: "linear" }, data)).toEqual([0, 200]);
    expect(colourLimits({ limits: null, scale: "log" }, data)).toEqual([2, 200]);
    expect(colourLimits({ limits: [5, 6], scale: "log" }, data)).toEqual([5, 6]);
  });
  test("have two ends whatever the data are", () => {
    expect(colourLimits({ limits: null, scale: "linear" }, { low: 0, high: 0, positive: null, total: 0 })).toEqual([
      0, 1,
    ]);
    expect(colourLimits({ limits: null, scale: "log" }, { low: -1, high: 0, positive: null, total: 0 })).toEqual([
      0.1, 1,
    ]);
    expect(colourLimits({ limits: null, scale: "log" }, { low: 3, high: 3, positive: 3, total: 3 })).toEqual([1.5, 6]);
    expect(colourLimits({ limits: null, scale: "linear" }, { low: -4, high: -2, positive: null, total: -6 })).toEqual([
      -4, -2,
    ]);
  });
});

describe("the range on the strip", () => {
  const scale = makeScale("linear", [0, 1000], [50, 550]);
  test("is taken by its ends, by itself, or begun anew", () => {
    expect(gripAt(152, [200, 600], scale)).toBe("low");
    expect(gripAt(352, [200, 600], scale)).toBe("high");
    expect(gripAt(250, [200, 600], scale)).toBe("range");
    expect(gripAt(500, [200, 600], scale)).toBe("new");
    expect(gripAt(250, null, scale)).toBe("new");
  });
  test("follows the finger and stays on the axis", () => {
    expect(dragged("new", null, 100, 200, scale)).toEqual([100, 300]);
    expect(dragged("low", [200, 600], 150, 50, scale)).toEqual([0, 600]);
    expect(dragged("high", [200, 600], 350, 100, scale)).toEqual([100, 200]); // past the other end
    const [low, high] = dragged("range", [200, 600], 250, 2000, scale)!;
    expect(low).toBeCloseTo(600);
    expect(high).toBeCloseTo(1000);
    expect(dragged("new", [1, 2], 100, 100.4, scale)).toEqual([1, 2]);
  });
});

describe("regions", () => {
  const path = [
    { x: 10, y: 20 },
    { x: 60, y: 30 },
    { x: 110, y: 80 },
  ];
  test("have two corners, a ring about where the drag began", () => {
    expect(drawnRegion("rectangle", path)).toEqual([path[0], path[2]]);
    const [a, b] = drawnRegion("ring", path)!;
    expect((a!.x + b!.x) / 2).toBeCloseTo(10);
    expect((a!.y + b!.y) / 2).toBeCloseTo(20);
    expect(drawnRegion("polygon", path)).toHaveLength(3);
  });
  test("are none when a finger only trembled", () => {
    expect(
      drawnRegion("rectangle", [
        { x: 1, y: 1 },
        { x: 2, y: 40 },
      ]),
    ).toBeNull();
    expect(
      drawnRegion("polygon", [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ]),
    ).toBeNull();
    expect(drawnRegion("ellipse", [])).toBeNull();
  });
  test("of rings have two outlines", () => {
    const rounds = outlines(
      "ring",
      [
        [0, 0],
        [4, 2],
      ],
      0.5,
      ([x, y]) => ({ x, y }),
    );
    expect(rounds).toHaveLength(2);
    expect(Math.max(...rounds[0]!.map(({ x }) => x))).toBeCloseTo(4);
    expect(Math.max(...rounds[1]!.map(({ x }) => x))).toBeCloseTo(3);
  });
});

describe("picking", () => {
  const square = (side: number, told: Record<number, number>): Uint8Array => {
    const pixels = new Uint8Array(4 * side * side);
    for (const [at, number] of Object.entries(told)) {
      const value = number + 1;
      pixels.set([value & 255, (value >> 8) & 255, (value >> 16) & 255, value >> 24], 4 * Number(at));
    }
    return pixels;
  };
  test("takes what is in the middle, else what is nearest to it", () => {
    expect(nearestNumber(square(5, { 12: 999_999, 0: 3 }), 5)).toBe(999_999);
    expect(nearestNumber(square(5, { 0: 3, 13: 70_000 }), 5)).toBe(70_000);
    expect(nearestNumber(square(5, { 0: 0 }), 5)).toBe(0);
    expect(nearestNumber(square(5, {}), 5)).toBeNull();
  });
});

describe("an unwrapped view", () => {
  const area = { x: 0, y: 0, width: 400, height: 200 };
  test("has the instrument's proportions", () => {
    const [u, v] = fitted(
      [
        [0, 10],
        [0, 10],
      ],
      1,
      area,
    );
    expect((u[1] - u[0]) / (v[1] - v[0])).toBeCloseTo(2);
    expect(v).toEqual([-0.4, 10.4]);
  });
  test("is stretched where it would be a line", () => {
    const [u, v] = fitted(
      [
        [0, 100],
        [0, 1],
      ],
      1,
      area,
    );
    expect(v[1] - v[0]).toBeCloseTo(1.08);
    expect(u[1] - u[0]).toBeCloseTo(108);
  });
});

test("while it moves, fewer detectors are drawn on a slow screen and all of them on a quick one", () => {
  const slow = new Motion(1_000_000);
  for (let i = 0; i < 10; i += 1) slow.tick(i * 200);
  expect(slow.thinned).toBeGreaterThan(8);
  const quick = new Motion(1_000_000);
  for (let i = 0; i < 60; i += 1) quick.tick(i * 16);
  expect(quick.thinned).toBe(1);
  expect(new Motion(20_000).thinned).toBe(1);
});

test("numbers from Python are read wherever their bytes begin", () => {
  const bytes = new Uint8Array(4 + 8 * 2);
  new DataView(bytes.buffer).setFloat64(4, 1.5, true);
  new DataView(bytes.buffer).setFloat64(12, -2, true);
  expect([...doubles(new DataView(bytes.buffer, 4))]).toEqual([1.5, -2]);
  expect(floats(undefined)).toHaveLength(0);
});

test("a detector is told with its counts, its bank and its place", () => {
  const spec = { value: { label: "Counts", unit: "counts" } } as never;
  const facts = {
    index: 1,
    id: 77,
    bank: "b",
    tube: "b, row 2",
    two_theta: 12.3456,
    phi: 0,
    l2: 4,
    position: [1, 2, 3],
    value: 1234567,
    spectrum: 3,
    shared: 5,
    state: "masked",
  };
  const told = reading(facts, spec);
  expect(told.title).toBe("Detector 77");
  expect(told.lines).toContain("1234567 counts");
  expect(told.lines).toContain("b, row 2");
  expect(told.lines.join(" ")).toContain("with 4 others");
});

test("the line below says what a pixel stands for", () => {
  expect(truth({ thinned: 1, bodies: false, standouts: 3, pixels: 0.5 })).toBe(
    "1 px = 4 detectors, of which the highest is seen; 3 that stand out are never below 5 px",
  );
  expect(truth({ thinned: 8, bodies: false, standouts: 0, pixels: 0.5 })).toContain("1 of 8 detectors");
});
