// Draws what is seen: the picture, its axes, profiles beside it, regions, lines and the cursor over it.

import { type Axis, drawAxes, xTicks, yTicks } from "../core/axes";
import { channels, colourMap } from "../core/colours";
import type { Frame, Rect } from "../core/frame";
import type { Point } from "../core/gestures";
import { symlogConstant } from "../core/scales";
import type { Theme } from "../core/theme";
import type { Colouring } from "./colouring";
import { drawLayers } from "./graphics";
import { layerOf } from "./layer";
import type { Look } from "./painting";
import type { Picture } from "./picture";
import { drawProfile, type Profile } from "./profiles";
import type { Projection } from "./projection";
import { handlesOf, outlineOf } from "./shapes";
import { type Line, type Outline, onPlane, type Pair, type Spec, type View } from "./state";

/** Room for a profile above the picture, and for one at its right. */
export const PROFILE = { height: 92, width: 104, narrow: 60, gap: 10 };

const NARROW = 520;

/** The room at the right for a profile, in a frame of some width. */
export function sideRoom(width: number): number {
  return width < NARROW ? PROFILE.narrow : PROFILE.width;
}

export interface Scene {
  readonly spec: Spec;
  readonly view: View;
  readonly projection: Projection;
  readonly layers: readonly Picture[];
  readonly limits: Pair;
  readonly theme: Theme;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** What the profiles are: "region 1, mean". */
  readonly caption: string;
  /** A shape that is being drawn, and corners that wait for the next. */
  readonly sketch: Outline | null;
  readonly sketchLine: Line | null;
  readonly corners: readonly Pair[];
  readonly coarse: boolean;
}

function colouringOf(view: View, [low, high]: Pair): Colouring {
  return { kind: view.colour.scale, low, high, constant: symlogConstant([low, high]) };
}

/** Draw the picture into a canvas whose pixels are `ratio` to a CSS pixel. */
export function drawPicture(context: CanvasRenderingContext2D, scene: Scene, ratio: number): void {
  const { projection, view, limits, theme } = scene;
  const { area } = projection;
  const at = { x: Math.round(area.x * ratio), y: Math.round(area.y * ratio) };
  const look: Look = {
    colouring: colouringOf(view, limits),
    table: colourMap(view.colour.map).table,
    masked: theme.dark ? [150, 152, 158] : [120, 122, 128],
    nothing: channels(theme.dark ? "#2a2c31" : "#e4e5e9"),
    width: Math.round(area.width * ratio),
    height: Math.round(area.height * ratio),
  };
  const layers = scene.layers.map((picture) => layerOf(picture, projection, look, ratio));
  drawLayers(context, at, layers, look);
}

/** Draw all but the picture. */
export function drawOver(context: CanvasRenderingContext2D, scene: Scene, frame: Pick<Frame, "width">): void {
  const { projection, theme } = scene;
  drawFrame(context, scene);
  context.save();
  const { area } = projection;
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  drawMarks(context, scene);
  context.restore();
  drawBeside(context, scene, theme, frame.width);
}

function axesOf(scene: Scene): { x: Axis; y: Axis } {
  const { spec, view, projection } = scene;
  const axis = (number: number, scale: Axis["scale"]): Axis => {
    const dimension = spec.dims[number];
    const texts = dimension?.names ?? [];
    const named = texts.length > 0 ? ({ values: "text", texts } as const) : {};
    return { scale, label: dimension?.label ?? "", unit: dimension?.unit ?? "", ...named };
  };
  return { x: axis(view.x, projection.bottom()), y: axis(view.y, projection.left()) };
}

/** The axis that margins are made for. */
export function yAxisOf(scene: Scene): Axis {
  return axesOf(scene).y;
}

function drawFrame(context: CanvasRenderingContext2D, scene: Scene): void {
  const { projection, theme } = scene;
  const { area } = projection;
  const { x, y } = axesOf(scene);
  if (projection.upright) {
    drawAxes(context, area, x, y, theme);
    return;
  }
  drawSkewedGrid(context, scene, x, y);
  // Ticks of x at the top would be those of the bottom; there the lines of the grid say where x is.
  context.save();
  context.beginPath();
  context.rect(0, 0, area.x + area.width + 200, area.y - 1);
  context.rect(0, area.y - 1, area.x + 12, area.height + 200);
  context.rect(area.x + area.width - 12, area.y - 1, 400, area.height + 200);
  context.rect(0, area.y + 10, area.x + area.width + 200, area.height + 200);
  context.clip();
  drawAxes(context, area, x, y, theme);
  context.restore();
  context.strokeStyle = theme.ink;
  context.strokeRect(area.x + 0.5, area.y + 0.5, area.width - 1, area.height - 1);
}

/** Lines of equal x, slanted as the axis of y is, and of equal y. */
function drawSkewedGrid(context: CanvasRenderingContext2D, scene: Scene, x: Axis, y: Axis): void {
  const { projection, theme } = scene;
  const { area } = projection;
  const sight = projection.positions();
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  context.strokeStyle = theme.dark ? "rgba(255,255,255,0.45)" : "rgba(120,120,130,0.6)";
  context.lineWidth = 1;
  context.beginPath();
  const step = stepOf(
    xTicks(x)
      .ticks.filter(({ major }) => major)
      .map(({ value }) => value),
  );
  for (let u = Math.ceil(sight.x[0] / step) * step; u <= sight.x[1]; u += step) {
    line(context, projection.toScreen(u, sight.y[0]), projection.toScreen(u, sight.y[1]));
  }
  for (const { value, major } of yTicks(y).ticks) {
    if (major) line(context, projection.toScreen(sight.x[0], value), projection.toScreen(sight.x[1], value));
  }
  context.stroke();
  context.restore();
}

function stepOf(values: readonly number[]): number {
  const [a, b] = values;
  return a !== undefined && b !== undefined && b > a ? b - a : Number.POSITIVE_INFINITY;
}

function line(context: CanvasRenderingContext2D, from: Point, to: Point): void {
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
}

function drawMarks(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, projection, theme } = scene;
  for (const region of view.regions) {
    const shape = onPlane(region, view);
    if (shape === null) continue;
    const chosen = region.name === view.selected;
    strokeOutline(context, outlineOf(shape, projection), chosen ? theme.accent : "#ffffff", true, chosen ? 2.5 : 1.5);
    if (chosen) for (const { at } of handlesOf(shape, projection)) drawHandle(context, at, scene);
    else labelOutline(context, outlineOf(shape, projection), region.name, theme);
  }
  if (scene.sketch !== null) strokeOutline(context, outlineOf(scene.sketch, projection), theme.accent, true, 2);
  const corners = scene.corners.map(([u, v]) => projection.toScreen(u, v));
  if (corners.length > 0) {
    strokeOutline(context, corners, theme.accent, false, 2);
    for (const at of corners) drawHandle(context, at, scene);
  }
  drawLineMark(context, scene);
  drawCursor(context, scene);
}

function drawLineMark(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, projection, theme } = scene;
  const shown = scene.sketchLine ?? (view.line !== null && onSamePlane(view.line, view) ? view.line : null);
  if (shown === null) return;
  const swapped = scene.sketchLine === null && shown.dims[0] !== view.x;
  const put = ([u, v]: Pair): Point => (swapped ? projection.toScreen(v, u) : projection.toScreen(u, v));
  const ends = [put(shown.start), put(shown.end)];
  const chosen = view.profiles === "line" || scene.sketchLine !== null;
  strokeOutline(context, ends, chosen ? theme.accent : "#ffffff", false, chosen ? 2.5 : 1.5);
  if (chosen) for (const at of ends) drawHandle(context, at, scene);
}

function onSamePlane({ dims }: Line, view: View): boolean {
  return (dims[0] === view.x && dims[1] === view.y) || (dims[0] === view.y && dims[1] === view.x);
}

function drawCursor(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, projection } = scene;
  if (view.cursor === null) return;
  const at = projection.toScreen(...view.cursor);
  const { area } = projection;
  const lines: readonly (readonly [Point, Point])[] =
    view.profiles === "cursor"
      ? [
          [
            { x: area.x, y: at.y },
            { x: area.x + area.width, y: at.y },
          ],
          [
            { x: at.x - slant(projection, at, area.y + area.height), y: area.y + area.height },
            { x: at.x - slant(projection, at, area.y), y: area.y },
          ],
        ]
      : [
          [
            { x: at.x - 9, y: at.y },
            { x: at.x + 9, y: at.y },
          ],
          [
            { x: at.x, y: at.y - 9 },
            { x: at.x, y: at.y + 9 },
          ],
        ];
  for (const pair of lines) strokeOutline(context, pair, "#ffffff", false, 1, 1.5);
}

/** How far left of the cursor a line of equal x is at another height. */
function slant({ skew, x, y }: Projection, at: Point, height: number): number {
  const [c, s] = skew;
  return (c / s) * ((height - at.y) / y.factor) * -1 * x.factor;
}

/** In a light colour with a dark rim: to be seen on any colour map. */
function strokeOutline(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  colour: string,
  closed: boolean,
  width: number,
  rim = 3,
): void {
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, y);
  if (closed) context.closePath();
  context.lineJoin = "round";
  const strokes: readonly (readonly [string, number])[] = [
    ["rgba(0,0,0,0.75)", width + rim],
    ["#ffffff", width + 1],
    [colour, width],
  ];
  for (const [style, lineWidth] of colour === "#ffffff" ? [strokes[0]!, strokes[2]!] : strokes) {
    context.strokeStyle = style;
    context.lineWidth = lineWidth;
    context.stroke();
  }
}

function drawHandle(context: CanvasRenderingContext2D, at: Point, { theme, coarse }: Scene): void {
  context.beginPath();
  context.arc(at.x, at.y, coarse ? 8 : 5, 0, 2 * Math.PI);
  context.fillStyle = "#ffffff";
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = theme.dark ? "#0b5cad" : theme.accent;
  context.stroke();
}

function labelOutline(context: CanvasRenderingContext2D, outline: readonly Point[], name: string, theme: Theme): void {
  const [left, top] = [Math.min(...outline.map(({ x }) => x)), Math.min(...outline.map(({ y }) => y))];
  context.font = `12px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.lineWidth = 3;
  context.strokeStyle = "rgba(0,0,0,0.75)";
  context.fillStyle = "#ffffff";
  context.strokeText(name, left + 3, top - 3);
  context.fillText(name, left + 3, top - 3);
}

/** Profiles at the picture's own axes. */
function drawBeside(context: CanvasRenderingContext2D, scene: Scene, theme: Theme, width: number): void {
  const { projection, profiles, view } = scene;
  const { area } = projection;
  const [x, y] = [profiles.get("x"), profiles.get("y")];
  const colour = theme.accent;
  if (x !== undefined && x.edges.length > 1) {
    const place: Rect = {
      x: area.x,
      y: area.y - PROFILE.height - PROFILE.gap,
      width: area.width,
      height: PROFILE.height,
    };
    drawProfile(context, place, x, projection.bottom(), colour, theme, false, view.colour.scale === "log");
    context.font = `12px ${theme.font}`;
    context.fillStyle = theme.quiet;
    context.textAlign = "right";
    context.textBaseline = "top";
    context.fillText(scene.caption, place.x + place.width - 6, place.y + 5, place.width - 12);
  }
  if (y !== undefined && y.edges.length > 1) {
    const place: Rect = {
      x: area.x + area.width + PROFILE.gap,
      y: area.y,
      width: sideRoom(width),
      height: area.height,
    };
    drawProfile(context, place, y, projection.left(), colour, theme, true, view.colour.scale === "log");
  }
}
