// Regions that a finger draws: from the drag to the region, and from the region to its outline on the picture.

import type { Point } from "../core/gestures";
import type { Corner, Shape } from "./state";

/** Pixels between the corners of a polygon that is drawn freely. */
const STEP = 6;
const SEGMENTS = 64;
export const INNER = 0.5;

/** The corners of a region in pixels after a drag along `path`; null while it is too small to be one. */
export function drawnRegion(shape: Shape, path: readonly Point[]): Point[] | null {
  const [first, last] = [path[0], path[path.length - 1]];
  if (first === undefined || last === undefined) return null;
  if (shape === "polygon") {
    const corners = thinned(path);
    return corners.length >= 3 ? corners : null;
  }
  if (Math.abs(last.x - first.x) < 2 || Math.abs(last.y - first.y) < 2) return null;
  if (shape !== "ring") return [first, last];
  // A ring grows about where the drag began.
  const [rx, ry] = [Math.abs(last.x - first.x), Math.abs(last.y - first.y)];
  const radius = Math.hypot(rx, ry);
  return [
    { x: first.x - radius, y: first.y - radius },
    { x: first.x + radius, y: first.y + radius },
  ];
}

/** The path with corners at least some pixels apart. */
export function thinned(path: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of path) {
    const before = kept[kept.length - 1];
    if (before === undefined || Math.hypot(point.x - before.x, point.y - before.y) >= STEP)
      kept.push({ x: point.x, y: point.y });
  }
  return kept;
}

/** Closed outlines of a region; `place` turns its points into pixels. */
export function outlines(
  shape: Shape,
  points: readonly Corner[],
  inner: number,
  place: (corner: Corner) => Point | null,
): Point[][] {
  const rounds = shape === "ring" ? [1, inner] : [1];
  return rounds.map((scale) =>
    corners(shape, points, scale)
      .map(place)
      .filter((point): point is Point => point !== null),
  );
}

function corners(shape: Shape, points: readonly Corner[], scale: number): readonly Corner[] {
  if (shape === "polygon") return points;
  const [a, b]: readonly Corner[] = [points[0] ?? [0, 0], points[1] ?? [0, 0]];
  if (a === undefined || b === undefined) return [];
  if (shape === "rectangle") return [a, [b[0], a[1]], b, [a[0], b[1]]];
  const [u, v] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const [ru, rv] = [(Math.abs(b[0] - a[0]) / 2) * scale, (Math.abs(b[1] - a[1]) / 2) * scale];
  return Array.from({ length: SEGMENTS }, (_, i): Corner => {
    const angle = (2 * Math.PI * i) / SEGMENTS;
    return [u + ru * Math.cos(angle), v + rv * Math.sin(angle)];
  });
}

/** Draw closed outlines. */
export function strokeOutlines(
  context: CanvasRenderingContext2D,
  rounds: readonly (readonly Point[])[],
  colour: string,
  paper: string,
): void {
  for (const [style, width] of [
    [paper, 4],
    [colour, 2],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = width;
    for (const round of rounds) {
      context.beginPath();
      for (const point of round) context.lineTo(point.x, point.y);
      context.closePath();
      context.stroke();
    }
  }
}
