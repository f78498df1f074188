// Regions and lines as they are drawn and taken hold of: outlines on the screen, handles, and what dragging one changes.

import type { Point } from "../core/gestures";
import type { Projection } from "./projection";
import type { Outline, Pair } from "./state";

/** Something that a finger can take hold of, and what becomes of the shape when it is dragged to a position. */
export interface Handle<Shape> {
  readonly at: Point;
  drag(to: Pair): Shape;
}

const ROUND = 72;

/** The outline on the screen, closed. */
export function outlineOf(shape: Outline, projection: Projection): Point[] {
  const screen = ([u, v]: Pair): Point => projection.toScreen(u, v);
  switch (shape.kind) {
    case "rectangle":
      return cornersOf(shape).map(screen);
    case "polygon":
      return shape.points.map(screen);
    case "ellipse":
      return Array.from({ length: ROUND }, (_, i) => {
        const angle = (2 * Math.PI * i) / ROUND;
        const { centre, radii } = shape;
        return screen([centre[0] + radii[0] * Math.cos(angle), centre[1] + radii[1] * Math.sin(angle)]);
      });
  }
}

/** The handles of a region, in an order that stays while one is dragged. */
export function handlesOf(shape: Outline, projection: Projection): Handle<Outline>[] {
  const handle = ([u, v]: Pair, drag: (to: Pair) => Outline): Handle<Outline> => ({
    at: projection.toScreen(u, v),
    drag,
  });
  switch (shape.kind) {
    case "rectangle":
      return rectangleHandles(shape, handle);
    case "ellipse": {
      const { centre, radii } = shape;
      const [cx, cy] = centre;
      const [rx, ry] = radii;
      const wide = ([u]: Pair): Outline => ({ ...shape, radii: [apart(Math.abs(u - cx), rx), ry] });
      const tall = ([, v]: Pair): Outline => ({ ...shape, radii: [rx, apart(Math.abs(v - cy), ry)] });
      return [
        handle([cx - rx, cy], wide),
        handle([cx + rx, cy], wide),
        handle([cx, cy - ry], tall),
        handle([cx, cy + ry], tall),
      ];
    }
    case "polygon":
      return shape.points.map((point, i) =>
        handle(point, (to) => ({ ...shape, points: shape.points.map((other, k) => (k === i ? to : other)) })),
      );
  }
}

type Rectangle = Extract<Outline, { kind: "rectangle" }>;

function rectangleHandles(
  shape: Rectangle,
  handle: (at: Pair, drag: (to: Pair) => Outline) => Handle<Outline>,
): Handle<Outline>[] {
  const { x, y } = shape;
  const middle: Pair = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  const places: readonly (readonly [0 | 1 | null, 0 | 1 | null])[] = [
    [0, 0],
    [null, 0],
    [1, 0],
    [1, null],
    [1, 1],
    [null, 1],
    [0, 1],
    [0, null],
  ];
  return places.map(([i, k]) =>
    handle([i === null ? middle[0] : x[i], k === null ? middle[1] : y[k]], ([u, v]) => ({
      kind: "rectangle",
      x: i === null ? x : withEnd(x, i, u),
      y: k === null ? y : withEnd(y, k, v),
    })),
  );
}

function withEnd(range: Pair, end: 0 | 1, value: number): Pair {
  return end === 0 ? [value, range[1]] : [range[0], value];
}

function apart(radius: number, before: number): number {
  return radius > 0 ? radius : before;
}

function cornersOf({ x, y }: Rectangle): Pair[] {
  return [
    [x[0], y[0]],
    [x[1], y[0]],
    [x[1], y[1]],
    [x[0], y[1]],
  ];
}

/** The shape with its ranges in order, as it is kept. */
export function inOrder(shape: Outline): Outline {
  if (shape.kind !== "rectangle") return shape;
  const sorted = ([a, b]: Pair): Pair => (a <= b ? [a, b] : [b, a]);
  return { kind: "rectangle", x: sorted(shape.x), y: sorted(shape.y) };
}

/** Whether it has an extent along both axes. */
export function hasExtent(shape: Outline): boolean {
  switch (shape.kind) {
    case "rectangle":
      return shape.x[0] !== shape.x[1] && shape.y[0] !== shape.y[1];
    case "ellipse":
      return shape.radii[0] > 0 && shape.radii[1] > 0;
    case "polygon":
      return shape.points.length >= 3;
  }
}

/** The shape moved by pixels on the screen. */
export function moved(shape: Outline, by: Point, projection: Projection): Outline {
  const move = ([u, v]: Pair): Pair => {
    const at = projection.toScreen(u, v);
    return projection.toPosition({ x: at.x + by.x, y: at.y + by.y });
  };
  switch (shape.kind) {
    case "rectangle": {
      const [a, b] = [move([shape.x[0], shape.y[0]]), move([shape.x[1], shape.y[1]])];
      return { kind: "rectangle", x: [a[0], b[0]], y: [a[1], b[1]] };
    }
    case "ellipse":
      return { ...shape, centre: move(shape.centre) };
    case "polygon":
      return { ...shape, points: shape.points.map(move) };
  }
}

/** Whether a point of the screen lies within the outline. */
export function holds(outline: readonly Point[], at: Point): boolean {
  let inside = false;
  outline.forEach((a, i) => {
    const b = outline[(i + 1) % outline.length] ?? a;
    if (a.y > at.y !== b.y > at.y && at.x < a.x + ((at.y - a.y) * (b.x - a.x)) / (b.y - a.y)) inside = !inside;
  });
  return inside;
}

/** The nearest handle within reach. */
export function nearest<Shape>(handles: readonly Handle<Shape>[], at: Point, reach: number): number | null {
  let [best, found] = [reach, null as number | null];
  handles.forEach((handle, i) => {
    const away = Math.hypot(handle.at.x - at.x, handle.at.y - at.y);
    if (away <= best) [best, found] = [away, i];
  });
  return found;
}

/** How far a point is from the piece of a line between two others. */
export function distanceToPiece(at: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const share = length > 0 ? Math.max(0, Math.min(1, ((at.x - a.x) * dx + (at.y - a.y) * dy) / length)) : 0;
  return Math.hypot(at.x - a.x - share * dx, at.y - a.y - share * dy);
}

/** The corners that a finger's way needs: those farther than `slack` pixels from the line through the others. */
export function simplified(way: readonly Point[], slack: number): Point[] {
  const [first, last] = [way[0], way[way.length - 1]];
  if (first === undefined || last === undefined || way.length < 3) return [...way];
  let [far, at] = [0, 0];
  way.forEach((point, i) => {
    const away = distanceToPiece(point, first, last);
    if (away > far) [far, at] = [away, i];
  });
  if (far <= slack) return [first, last];
  return [...simplified(way.slice(0, at + 1), slack).slice(0, -1), ...simplified(way.slice(at), slack)];
}
