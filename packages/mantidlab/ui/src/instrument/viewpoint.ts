// Where things are on the screen in the view that is shown, and what panning and zooming make of that view.

import type { Frame } from "../core/frame";
import type { Point } from "../core/gestures";
import { type Interval, makeScale, panned, zoomed } from "../core/scales";
import type { Camera, Flat } from "./drawing";
import { fitted, reachOf } from "./extents";
import { approached, matrixOf, metresPerPixel, moved, standardEye, threeCamera, turned } from "./eye";
import { INNER } from "./outlines";
import type { Layout, Scales } from "./overlay";
import type { CameraState, Corner, Region, Shape, Spec, View } from "./state";

/** Who holds the view that is shown now. */
export interface Showing {
  readonly view: View;
}

export class Viewpoint {
  /** The unwrapped view that Python laid out last. */
  layout: Layout | null = null;
  /** How far from the middle of the instrument anything lies, in metres. */
  readonly reach: number;

  constructor(
    private readonly frame: Frame,
    private readonly spec: Spec,
    private readonly showing: Showing,
  ) {
    this.reach = reachOf(spec);
  }

  private get view(): View {
    return this.showing.view;
  }

  get flat(): boolean {
    return this.view.view !== "3d";
  }

  /** The layout of the unwrapped view that is shown; null in 3-D, and until Python has told it. */
  get laidOut(): Layout | null {
    return this.flat && this.layout?.projection === this.view.view ? this.layout : null;
  }

  /** Whether all is there that the view needs. */
  get ready(): boolean {
    return !this.flat || this.laidOut !== null;
  }

  /** The part of the unwrapped view that is seen; all of it with the instrument's proportions at first. */
  box(): readonly [Interval, Interval] | null {
    const layout = this.laidOut;
    return layout === null ? null : (this.view.box ?? fitted(layout.extent, layout.natural, this.frame.area));
  }

  /** The pixels of the unwrapped view. */
  scales(): Scales | null {
    const box = this.box();
    if (box === null) return null;
    const { x, y, width, height } = this.frame.area;
    return { x: makeScale("linear", box[0], [x, x + width]), y: makeScale("linear", box[1], [y + height, y]) };
  }

  /** The same as the graphics side takes it. */
  flatFactors(): Flat | null {
    const found = this.scales();
    if (found === null) return null;
    const { width, height } = this.frame;
    return {
      u: found.x.toValue(width / 2),
      v: found.y.toValue(height / 2),
      fu: (2 * found.x.factor) / width,
      fv: (-2 * found.y.factor) / height,
    };
  }

  camera(): Camera {
    return threeCamera(this.view.camera, this.frame, this.reach);
  }

  /** From places in metres to −1 … 1 on the screen. */
  matrix(): number[] {
    return matrixOf(this.camera());
  }

  /** What the eye sees depends on nothing else. */
  eyeKey(): string {
    return JSON.stringify([this.view.camera, this.frame.width, this.frame.height]);
  }

  /** CSS pixels that the median detector is wide. */
  pixels(): number {
    if (!this.flat)
      return Math.sqrt(this.spec.sides[0] * this.spec.sides[1]) / metresPerPixel(this.view.camera, this.frame);
    const box = this.box();
    const half = this.laidOut?.half;
    if (box === null || half === undefined || half.length === 0) return 1;
    const at = 2 * Math.floor(this.spec.count / 2);
    const { area } = this.frame;
    const wide = (2 * half[at]! * area.width) / (box[0][1] - box[0][0]);
    const high = (2 * half[at + 1]! * area.height) / (box[1][1] - box[1][0]);
    return Math.sqrt(Math.abs(wide * high)) || 1;
  }

  /** The region with these corners, in pixels, on the view as it stands; null while there is none. */
  regionOf(shape: Shape, points: readonly Point[]): Region | null {
    const inner = shape === "ring" ? { inner: INNER } : {};
    if (this.flat) {
      const found = this.scales();
      if (found === null) return null;
      const corners = points.map(({ x, y }): Corner => [found.x.toValue(x), found.y.toValue(y)]);
      return { kind: "region", shape, points: corners, projection: this.view.view, ...inner };
    }
    const { width, height } = this.frame;
    const corners = points.map(({ x, y }): Corner => [(2 * x) / width - 1, 1 - (2 * y) / height]);
    return { kind: "region", shape, points: corners, matrix: this.matrix(), ...inner };
  }

  /** The view from along an axis, such as `x+`; from nowhere in particular for "". */
  standard(which: string): CameraState {
    const { towards, bounds, beam, up } = this.spec;
    const aspect = this.frame.width / Math.max(1, this.frame.height);
    return standardEye(which, towards, bounds, beam, up, this.view.camera.perspective, aspect);
  }

  /** What a drag by so many pixels changes: the box, or the eye, which turns unless the drag goes `across`. */
  pan(dx: number, dy: number, zone: string, across: boolean): Partial<View> {
    if (!this.flat) {
      const { camera } = this.view;
      return { camera: across ? moved(camera, dx, dy, this.frame) : turned(camera, dx, dy, this.frame) };
    }
    const found = this.scales();
    if (found === null) return {};
    return {
      box: [zone === "y" ? found.x.domain : panned(found.x, dx), zone === "x" ? found.y.domain : panned(found.y, dy)],
    };
  }

  /** What zooming by two factors about a point changes; the eye comes nearer by the stronger one. */
  zoom(at: Point, fx: number, fy: number): Partial<View> {
    if (this.flat) {
      const found = this.scales();
      return found === null ? {} : { box: [zoomed(found.x, at.x, fx), zoomed(found.y, at.y, fy)] };
    }
    const limits = { near: Math.max(1e-4, this.spec.sides[0]), far: 20 * this.reach };
    const factor = Math.max(fx, fy) > 1 ? Math.max(fx, fy) : Math.min(fx, fy);
    return { camera: approached(this.view.camera, factor, at, this.frame, limits) };
  }
}
