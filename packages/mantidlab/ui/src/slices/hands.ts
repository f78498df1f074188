// What fingers do on the picture: pan, zoom, draw regions and lines, take hold of them, read out.

import type { Rect } from "../core/frame";
import type { Drag, GestureTarget, PanStep, Point, PointerInput, ZoomStep } from "../core/gestures";
import { panned, zoomed } from "../core/scales";
import type { Projection } from "./projection";
import { distanceToPiece, handlesOf, hasExtent, holds, inOrder, moved, nearest, outlineOf, simplified } from "./shapes";
import { freeName, type Line, lineOnPlane, type Outline, onPlane, type Pair, type Region } from "./state";
import type { Store } from "./store";

/** How near a finger or a mouse must be to take hold of a handle. */
const REACH = { mouse: 12, pen: 18, touch: 28 };
const LEAST = 5;
const SLACK = 4;

export interface Sight {
  projection(): Projection;
  readonly equal: boolean;
  home(): void;
  read(at: Point | null, how: "hover" | "press"): void;
  settle(): void;
}

export class Hands implements GestureTarget {
  /** Corners of a polygon that is being made tap by tap, and the shape that a drag makes now. */
  corners: Pair[] = [];
  sketch: Outline | null = null;
  sketchLine: Line | null = null;

  constructor(
    private readonly store: Store,
    private readonly sight: Sight,
    private readonly redraw: () => void,
  ) {}

  grab(at: Point, input: PointerInput): Drag | null {
    if (input.zone !== "inside") return null;
    const { mode } = this.store.view;
    const held = this.grabHandle(at, REACH[input.kind]);
    if (held !== null) return held;
    if (mode === "rectangle" || mode === "ellipse") return this.drawBox(mode, at);
    if (mode === "polygon") return this.drawFreely(at);
    if (mode === "line") return this.drawLine(at);
    return this.grabShape(at, REACH[input.kind]);
  }

  pan({ dx, dy, zone }: PanStep): void {
    const { x, y } = this.sight.projection();
    const range = {
      x: zone === "y" ? x.domain : panned(x, dx),
      y: zone === "x" ? y.domain : panned(y, dy),
    };
    this.store.change({ range });
  }

  zoom({ at, fx, fy, zone }: ZoomStep): void {
    const { x, y, area } = this.sight.projection();
    // Where units are drawn alike along both axes they stay so.
    const both = Math.abs(Math.log(fx)) > Math.abs(Math.log(fy)) ? fx : fy;
    const [across, up] = this.sight.equal ? [both, both] : [fx, fy];
    const middle = middleOf(area);
    const point =
      this.sight.equal && zone !== "inside"
        ? { x: zone === "x" ? at.x : middle.x, y: zone === "y" ? at.y : middle.y }
        : at;
    this.store.change({
      range: {
        x: across === 1 ? x.domain : zoomed(x, point.x, across),
        y: up === 1 ? y.domain : zoomed(y, point.y, up),
      },
    });
  }

  read(at: Point | null, how: "hover" | "press"): void {
    this.sight.read(at, how);
  }

  tap(at: Point, zone: string, kind: "mouse" | "touch" | "pen"): void {
    if (zone !== "inside") return;
    const { view } = this.store;
    const position = this.sight.projection().toPosition(at);
    if (view.mode === "polygon") {
      this.addCorner(at, position, REACH[kind]);
      return;
    }
    const hit = this.regionAt(at);
    if (hit !== null) this.store.commit({ selected: hit.name, profiles: "region" });
    else if (this.lineHit(at, REACH[kind])) this.store.commit({ profiles: "line" });
    else this.store.commit({ cursor: position, profiles: view.profiles === "none" ? "none" : "cursor" });
  }

  doubleTap(_: Point, zone: string): void {
    const { view } = this.store;
    if (view.mode === "polygon" && this.corners.length > 0) {
      this.closePolygon();
      return;
    }
    if (zone === "inside" || this.sight.equal) this.sight.home();
    else this.store.commit({ range: { ...view.range, [zone]: null } });
  }

  settle(): void {
    this.sight.settle();
  }

  /** Leave a polygon that is not finished. */
  cancel(): void {
    this.corners = [];
    this.sketch = null;
    this.sketchLine = null;
    this.store.change({ mode: "pan" });
  }

  /** A new region in the middle of what is seen, a third of it wide: for the keyboard. */
  place(kind: "rectangle" | "ellipse"): void {
    const projection = this.sight.projection();
    const { x, y, width, height } = projection.area;
    const at = (share: number): Pair => projection.toPosition({ x: x + share * width, y: y + share * height });
    this.add(boxBetween(kind, at(1 / 3), at(2 / 3)));
  }

  /** The chosen region, moved by pixels: for the keyboard. */
  nudge(by: Point): boolean {
    const chosen = this.chosen();
    if (chosen === null) return false;
    this.replace(chosen.region, moved(chosen.shape, by, this.sight.projection()), true);
    return true;
  }

  private chosen(): { region: Region; shape: Outline } | null {
    const { view } = this.store;
    const region = view.regions.find(({ name }) => name === view.selected);
    const shape = region === undefined ? null : onPlane(region, view);
    return region === undefined || shape === null ? null : { region, shape };
  }

  private grabHandle(at: Point, reach: number): Drag | null {
    const projection = this.sight.projection();
    const line = this.store.view.profiles === "line" ? lineOnPlane(this.store.view) : null;
    if (line !== null) {
      const ends = [line.start, line.end].map((end) => ({ at: projection.toScreen(...end) }));
      const near = ends.findIndex((end) => Math.hypot(end.at.x - at.x, end.at.y - at.y) <= reach);
      if (near >= 0) return this.dragLine(line, (to) => (near === 0 ? { ...line, start: to } : { ...line, end: to }));
    }
    const chosen = this.chosen();
    if (chosen === null) return null;
    const handles = handlesOf(chosen.shape, projection);
    const near = nearest(handles, at, withinReach(outlineOf(chosen.shape, projection), at, reach));
    const handle = near === null ? undefined : handles[near];
    if (handle === undefined) return null;
    return this.dragShape(chosen.region, (to) => handle.drag(projection.toPosition(to)));
  }

  private grabShape(at: Point, reach: number): Drag | null {
    const projection = this.sight.projection();
    const chosen = this.chosen();
    if (chosen !== null && holds(outlineOf(chosen.shape, projection), at)) {
      return this.dragShape(chosen.region, (to) => moved(chosen.shape, { x: to.x - at.x, y: to.y - at.y }, projection));
    }
    const line = lineOnPlane(this.store.view);
    if (line === null || !this.lineHit(at, reach)) return null;
    return this.dragLine(line, (_, to) => {
      const by = { x: to.x - at.x, y: to.y - at.y };
      const shift = (end: Pair): Pair => {
        const from = projection.toScreen(...end);
        return projection.toPosition({ x: from.x + by.x, y: from.y + by.y });
      };
      return { ...line, start: shift(line.start), end: shift(line.end) };
    });
  }

  private dragShape(region: Region, shapeAt: (to: Point) => Outline): Drag {
    const before = this.store.view.regions;
    return {
      move: (to) => this.replace(region, shapeAt(to), false),
      end: (to) => this.replace(region, shapeAt(to), true),
      cancel: () => this.store.change({ regions: before }),
    };
  }

  private dragLine(before: Line, lineAt: (to: Pair, at: Point) => Line): Drag {
    const position = (to: Point): Pair => this.sight.projection().toPosition(to);
    return {
      move: (to) => this.store.change({ line: lineAt(position(to), to) }),
      end: (to) => this.store.commit({ line: lineAt(position(to), to) }),
      cancel: () => this.store.change({ line: before }),
    };
  }

  private replace(region: Region, shape: Outline, finished: boolean): void {
    const { view } = this.store;
    const kept = finished ? inOrder(shape) : shape;
    if (!hasExtent(kept)) return;
    const changed: Region = { name: region.name, dims: [view.x, view.y], ...(finished ? kept : inOrder(kept)) };
    const regions = view.regions.map((one) => (one.name === region.name ? changed : one));
    if (finished) this.store.commit({ regions });
    else this.store.change({ regions });
  }

  private drawBox(kind: "rectangle" | "ellipse", from: Point): Drag {
    const projection = this.sight.projection();
    const shapeAt = (to: Point): Outline => boxBetween(kind, projection.toPosition(from), projection.toPosition(to));
    return {
      move: (to) => {
        this.sketch = shapeAt(to);
        this.redraw();
      },
      end: (to) => {
        this.sketch = null;
        if (Math.abs(to.x - from.x) > LEAST && Math.abs(to.y - from.y) > LEAST) this.add(shapeAt(to));
        else this.redraw();
      },
      cancel: () => {
        this.sketch = null;
        this.redraw();
      },
    };
  }

  private drawFreely(from: Point): Drag {
    const way: Point[] = [from];
    const projection = this.sight.projection();
    const shape = (points: readonly Point[]): Outline => ({
      kind: "polygon",
      points: points.map((point) => projection.toPosition(point)),
    });
    return {
      move: (to) => {
        way.push(to);
        this.sketch = shape(way);
        this.redraw();
      },
      end: (to) => {
        way.push(to);
        this.sketch = null;
        const corners = withoutEnd(simplified(way, SLACK));
        this.corners = [];
        if (corners.length >= 3) this.add(shape(corners));
        else this.redraw();
      },
      cancel: () => {
        this.sketch = null;
        this.redraw();
      },
    };
  }

  private drawLine(from: Point): Drag {
    const projection = this.sight.projection();
    const { view } = this.store;
    const lineAt = (to: Point): Line => ({
      start: projection.toPosition(from),
      end: projection.toPosition(to),
      width: view.line?.width ?? 0,
      dims: [view.x, view.y],
    });
    return {
      move: (to) => {
        this.sketchLine = lineAt(to);
        this.redraw();
      },
      end: (to) => {
        this.sketchLine = null;
        if (Math.hypot(to.x - from.x, to.y - from.y) <= LEAST) this.redraw();
        else this.store.commit({ line: lineAt(to), profiles: "line", mode: "pan" });
      },
      cancel: () => {
        this.sketchLine = null;
        this.redraw();
      },
    };
  }

  private addCorner(at: Point, position: Pair, reach: number): void {
    const [first] = this.corners;
    if (first !== undefined && this.corners.length >= 3) {
      const begin = this.sight.projection().toScreen(...first);
      if (Math.hypot(begin.x - at.x, begin.y - at.y) <= reach) {
        this.closePolygon();
        return;
      }
    }
    this.corners = [...this.corners, position];
    this.redraw();
  }

  private closePolygon(): void {
    const points = this.corners;
    this.corners = [];
    if (points.length >= 3) this.add({ kind: "polygon", points });
    else this.redraw();
  }

  private add(shape: Outline): void {
    const { view } = this.store;
    const name = freeName(view.regions);
    const added: Region = { name, dims: [view.x, view.y], ...inOrder(shape) };
    this.store.commit({ regions: [...view.regions, added], selected: name, profiles: "region", mode: "pan" });
  }

  private regionAt(at: Point): Region | null {
    const projection = this.sight.projection();
    const { view } = this.store;
    for (const region of [...view.regions].reverse()) {
      const shape = onPlane(region, view);
      if (shape !== null && holds(outlineOf(shape, projection), at)) return region;
    }
    return null;
  }

  private lineHit(at: Point, reach: number): boolean {
    const line = lineOnPlane(this.store.view);
    if (line === null) return false;
    const projection = this.sight.projection();
    const [a, b] = [projection.toScreen(...line.start), projection.toScreen(...line.end)];
    return distanceToPiece(at, a, b) <= reach;
  }
}

function boxBetween(kind: "rectangle" | "ellipse", a: Pair, b: Pair): Outline {
  if (kind === "rectangle") return inOrder({ kind, x: [a[0], b[0]], y: [a[1], b[1]] });
  return {
    kind,
    centre: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    radii: [Math.abs(b[0] - a[0]) / 2, Math.abs(b[1] - a[1]) / 2],
  };
}

// Inside a small region handles leave room to take hold of it as a whole.
function withinReach(outline: readonly Point[], at: Point, reach: number): number {
  if (!holds(outline, at)) return reach;
  const [xs, ys] = [outline.map(({ x }) => x), outline.map(({ y }) => y)];
  const shorter = Math.min(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  return Math.min(reach, shorter / 4);
}

// A way drawn by hand ends where it began, or near it.
function withoutEnd(corners: readonly Point[]): Point[] {
  const [first, last] = [corners[0], corners[corners.length - 1]];
  const closed = first !== undefined && last !== undefined && Math.hypot(first.x - last.x, first.y - last.y) < 24;
  return corners.length > 3 && closed ? corners.slice(0, -1) : [...corners];
}

function middleOf({ x, y, width, height }: Rect): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
