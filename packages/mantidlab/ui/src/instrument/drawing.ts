// Draws detectors with three.js: points, bodies, halos around what is chosen; and finds what is where.

import {
  BufferAttribute,
  BufferGeometry,
  type LineSegments,
  Mesh,
  OrthographicCamera,
  type PerspectiveCamera,
  type Points,
  type RawShaderMaterial,
  Scene,
  WebGLRenderTarget,
} from "three";
import { type Instances, instanced } from "./bodies";
import { bodyMaterial, lines, pointMaterial, points, type SharedUniforms, sharedUniforms } from "./materials";
import { Order } from "./order";
import { SharedRenderer } from "./renderer";
import { COLOURS, HALOS, MASKED, MONITOR, NOWHERE, NUMBERS } from "./shaders";
import type { Triple } from "./state";

export type Camera = PerspectiveCamera | OrthographicCamera;

/** What colours mean, in numbers that the graphics side takes. */
export interface Colouring {
  readonly kind: 0 | 1 | 2;
  readonly constant: number;
  /** The transformed lower end, and one over the transformed length. */
  readonly limits: readonly [number, number];
  readonly table: Uint8Array;
  readonly none: Triple;
  readonly halo: Triple;
}

/** An unwrapped view: middle of what is seen, and factors from there to −1 … 1. */
export interface Flat {
  readonly u: number;
  readonly v: number;
  readonly fu: number;
  readonly fv: number;
}

export interface Frame3 {
  /** The eye, or where the unwrapped view is. */
  readonly camera: Camera | null;
  readonly flat: Flat | null;
  /** CSS pixels of the picture, and device pixels per CSS pixel. */
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** Of so many detectors one is drawn. */
  readonly thinned: number;
  readonly monitors: boolean;
  readonly masked: boolean;
  /** Draw bodies instead of points. */
  readonly bodies: boolean;
  readonly paper: Triple;
}

/** Unwrapped views need no eye, and three.js wants one. */
const EYELESS = new OrthographicCamera();

/** Pixels, CSS: no detector that counts is drawn smaller, and none that stands out. */
const LEAST = 1;
const LEAST_STANDOUT = 5;
const HALO = 2;

/** So many chosen detectors have a frame each, on top; of more, what shows is a rim around them. */
const FRAMED = 64;

/** Device pixels: half the largest point. */
const BROAD = 48;

export class Drawing {
  readonly order: Order;
  private readonly renderer: SharedRenderer;
  private readonly leave: () => void;
  private readonly scene = new Scene();
  private readonly three: BufferGeometry;
  private readonly flat = new BufferGeometry();
  private readonly shared: SharedUniforms = sharedUniforms();
  private readonly points: Points;
  private readonly standouts: Points;
  private readonly halos: Points;
  private readonly bodies: Mesh[] = [];
  private readonly beam: LineSegments;
  private readonly target = new WebGLRenderTarget(1, 1);
  private readonly values: BufferAttribute;
  private readonly flags: BufferAttribute;
  private standing: Uint32Array = new Uint32Array();
  private chosen: Uint32Array = new Uint32Array();
  private hasFlat = false;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly places: Float32Array,
    private readonly raw: { flags: Uint8Array; values: Float32Array },
    size: number,
    drawAgain: () => void,
  ) {
    const count = raw.flags.length;
    this.order = new Order(count);
    this.renderer = SharedRenderer.ofThePage(count <= 100_000);
    this.leave = this.renderer.onRestored(drawAgain);
    this.values = new BufferAttribute(this.order.arrange(raw.values, 1, new Float32Array(count)), 1);
    this.flags = new BufferAttribute(this.order.arrange(raw.flags, 1, new Float32Array(count)), 1);
    this.three = new BufferGeometry();
    this.three.setAttribute(
      "place",
      new BufferAttribute(this.order.arrange(places, 3, new Float32Array(3 * count)), 3),
    );
    this.three.setAttribute("value", this.values);
    this.three.setAttribute("flags", this.flags);
    this.halos = points(this.three, pointMaterial(this.shared, size, { depthTest: true }), 0);
    this.points = points(this.three, pointMaterial(this.shared, size, { depthTest: true }), 1);
    this.beam = lines(2);
    this.standouts = points(this.three, pointMaterial(this.shared, size, { depthTest: false }), 3);
    this.scene.add(this.halos, this.points, this.standouts, this.beam);
  }

  get count(): number {
    return this.order.count;
  }

  setValues(values: Float32Array, standouts: Uint32Array): void {
    this.raw.values = values;
    this.order.arrange(values, 1, this.values.array as Float32Array);
    this.values.needsUpdate = true;
    this.setStandouts(standouts);
    for (const body of this.bodies) {
      const numbers = body.geometry.getAttribute("number").array;
      const attribute = body.geometry.getAttribute("value") as BufferAttribute;
      for (let i = 0; i < numbers.length; i += 1) attribute.array[i] = this.values.array[numbers[i]!]!;
      attribute.needsUpdate = true;
    }
  }

  setStandouts(detectors: Uint32Array): void {
    this.standing = this.order.count === 0 ? detectors : detectors.map((one) => this.order.place(one));
    this.index();
  }

  setChosen(detectors: Uint32Array): void {
    this.chosen = detectors.map((one) => this.order.place(one));
    this.index();
  }

  /** Where the detectors lie on an unwrapped view. */
  setFlat(uv: Float32Array, half: Float32Array): void {
    const count = this.order.count;
    const places = new Float32Array(3 * count);
    for (let place = 0; place < count; place += 1) {
      const detector = this.order.detector(place);
      const u = uv[2 * detector]!;
      // Not laid out at all: far outside of every picture.
      places[3 * place] = Number.isNaN(u) ? 1e9 : u;
      places[3 * place + 1] = uv[2 * detector + 1] || 0;
    }
    this.flat.setAttribute("place", new BufferAttribute(places, 3));
    this.flat.setAttribute("extent", new BufferAttribute(this.order.arrange(half, 2, new Float32Array(2 * count)), 2));
    this.flat.setAttribute("value", this.values);
    this.flat.setAttribute("flags", this.flags);
    this.hasFlat = true;
    this.index();
  }

  /** The bodies that are drawn instead of points: `detectors` with their sizes, turns (x, y, z, w) and kinds. */
  setBodies(detectors: Uint32Array | null, sizes: Float32Array, turns: Float32Array, kinds: Uint8Array): void {
    this.clearBodies();
    const count = detectors?.length ?? kinds.length;
    for (const kind of new Set(kinds)) {
      const some: number[] = [];
      for (let i = 0; i < count; i += 1) if (kinds[i] === kind) some.push(i);
      const which = (i: number): number => detectors?.[i] ?? i;
      this.addBody(kind, {
        places: gathered(some.map(which), this.places, 3),
        sizes: gathered(some, sizes, 3),
        turns: gathered(some, turns, 4),
        ...this.told(some.map(which)),
      });
    }
  }

  /** Rectangles instead of points on an unwrapped view, for these detectors. */
  setRectangles(detectors: readonly number[], uv: Float32Array, half: Float32Array): void {
    this.clearBodies();
    const places = new Float32Array(3 * detectors.length);
    const sizes = new Float32Array(3 * detectors.length);
    detectors.forEach((detector, i) => {
      places.set([uv[2 * detector]!, uv[2 * detector + 1]!, 0], 3 * i);
      sizes.set([2 * half[2 * detector]!, 2 * half[2 * detector + 1]!, 0], 3 * i);
    });
    this.addBody(null, { places, sizes, turns: new Float32Array(4 * detectors.length), ...this.told(detectors) });
  }

  /** Lines from the source through the sample, and where the beam goes on, in metres. */
  setBeam(points: readonly Triple[]): void {
    this.beam.geometry.setAttribute("position", new BufferAttribute(new Float32Array(points.flat()), 3));
  }

  setColours(colouring: Colouring): void {
    const { shared } = this;
    shared.uKind.value = colouring.kind;
    shared.uConstant.value = colouring.constant;
    shared.uLimits.value.set(...colouring.limits);
    shared.uNone.value.set(...colouring.none);
    shared.uHalo.value.set(...colouring.halo);
    const pixels = shared.uMap.value.image.data as Uint8Array;
    for (let i = 0; i < 256; i += 1) pixels.set([...colouring.table.subarray(3 * i, 3 * i + 3), 255], 4 * i);
    shared.uMap.value.needsUpdate = true;
  }

  draw(frame: Frame3): void {
    const { three } = this.renderer;
    this.prepare(frame, COLOURS);
    this.shared.uWindow.value.set(1, 1, 0, 0);
    (this.beam.material as RawShaderMaterial).uniforms.uColour!.value.set(...this.shared.uHalo.value.toArray());
    this.beam.visible = frame.flat === null;
    this.renderer.fill(this.canvas, () => {
      three.setClearColor(rgb(frame.paper), 1);
      three.clear();
      three.render(this.scene, frame.camera ?? EYELESS);
    });
  }

  /** The detector that is drawn at a point, or nearest to it within `reach` CSS pixels; null where there is none. */
  find(frame: Frame3, at: { x: number; y: number }, reach: number): number | null {
    const { three } = this.renderer;
    const wanted = 2 * Math.round(reach * frame.ratio) + 1;
    // A point whose middle lies outside of a picture is not drawn at all: so the picture is wider than what is read.
    const side = wanted + 2 * BROAD;
    const [width, height] = [frame.width * frame.ratio, frame.height * frame.ratio];
    const left = Math.floor(at.x * frame.ratio) - (side - 1) / 2;
    const low = Math.floor(height - at.y * frame.ratio) - (side - 1) / 2;
    this.target.setSize(side, side);
    this.prepare({ ...frame, thinned: 1 }, NUMBERS);
    const [fx, fy] = [width / side, height / side];
    this.shared.uWindow.value.set(fx, fy, fx - 1 - (2 * left) / side, fy - 1 - (2 * low) / side);
    this.beam.visible = false;
    this.halos.visible = false;
    three.setRenderTarget(this.target);
    three.setClearColor(0x000000, 0);
    three.clear();
    three.render(this.scene, frame.camera ?? EYELESS);
    const pixels = new Uint8Array(4 * wanted * wanted);
    three.readRenderTargetPixels(this.target, BROAD, BROAD, wanted, wanted, pixels);
    three.setRenderTarget(null);
    const place = nearestNumber(pixels, wanted);
    return place === null ? null : this.order.detector(place);
  }

  dispose(): void {
    this.clearBodies();
    const indexed = [...this.indexed.values()].map(({ geometry }) => geometry);
    for (const geometry of [this.three, this.flat, this.beam.geometry, ...indexed]) geometry.dispose();
    for (const { material } of [this.points, this.standouts, this.halos, this.beam]) {
      (material as RawShaderMaterial).dispose();
    }
    this.shared.uMap.value.dispose();
    this.target.dispose();
    this.leave();
  }

  private prepare(frame: Frame3, pass: number): void {
    const { shared } = this;
    const flat = frame.flat !== null && this.hasFlat;
    shared.uPass.value = pass;
    shared.uHidden.value = NOWHERE | (frame.monitors && !flat ? 0 : MONITOR) | (frame.masked ? 0 : MASKED);
    shared.uScreen.value.set(frame.width * frame.ratio, frame.height * frame.ratio);
    if (frame.flat === null) shared.uFlat.value.set(0, 0, 0, 0);
    else shared.uFlat.value.set(frame.flat.u, frame.flat.v, frame.flat.fu, frame.flat.fv);
    this.preparePoints(frame, pass, flat ? this.flat : this.three);
    const showBodies = frame.bodies && this.bodies.length > 0;
    this.points.visible = !showBodies;
    for (const body of this.bodies) body.visible = showBodies;
  }

  private preparePoints(frame: Frame3, pass: number, geometry: BufferGeometry): void {
    for (const [one, least, grow] of [
      [this.points, LEAST, 0],
      [this.standouts, LEAST_STANDOUT, 0],
      [this.halos, LEAST, HALO],
    ] as const) {
      const uniforms = (one.material as RawShaderMaterial).uniforms;
      uniforms.uLeast!.value = least * frame.ratio;
      uniforms.uGrow!.value = grow * frame.ratio;
      uniforms.uThinned!.value = one === this.points ? frame.thinned : 1;
      uniforms.uPass!.value = one === this.halos && pass === COLOURS ? HALOS : pass;
    }
    this.points.geometry = this.withIndex(geometry, null, Math.ceil(this.count / frame.thinned));
    this.standouts.geometry = this.withIndex(geometry, this.standing, this.standing.length);
    this.standouts.visible = this.standing.length > 0;
    this.halos.geometry = this.withIndex(geometry, this.chosen, this.chosen.length);
    this.halos.visible = this.chosen.length > 0;
    const framed = this.chosen.length <= FRAMED;
    const halo = this.halos.material as RawShaderMaterial;
    halo.uniforms.uRing!.value = framed;
    halo.depthTest = !framed;
    this.halos.renderOrder = framed ? 4 : 0;
  }

  private readonly indexed = new Map<string, { of: Uint32Array | null; geometry: BufferGeometry }>();

  /** The same attributes, of which only those of an index are drawn. */
  private withIndex(base: BufferGeometry, index: Uint32Array | null, count: number): BufferGeometry {
    const name = `${base.id}/${index === null ? "all" : index === this.standing ? "standing" : "chosen"}`;
    let kept = this.indexed.get(name);
    if (kept === undefined || kept.of !== index) {
      kept?.geometry.dispose();
      const geometry = new BufferGeometry();
      for (const [key, attribute] of Object.entries(base.attributes)) geometry.setAttribute(key, attribute);
      if (index !== null) geometry.setIndex(new BufferAttribute(index, 1));
      kept = { of: index, geometry };
      this.indexed.set(name, kept);
    }
    for (const [key, attribute] of Object.entries(base.attributes)) {
      if (kept.geometry.attributes[key] !== attribute) kept.geometry.setAttribute(key, attribute);
    }
    kept.geometry.setDrawRange(0, count);
    return kept.geometry;
  }

  private index(): void {
    for (const [name, kept] of this.indexed) {
      if (name.endsWith("all")) continue;
      kept.geometry.dispose();
      this.indexed.delete(name);
    }
  }

  private told(detectors: readonly number[]): { values: Float32Array; flags: Float32Array; numbers: Float32Array } {
    return {
      values: Float32Array.from(detectors, (one) => this.raw.values[one] ?? NaN),
      flags: Float32Array.from(detectors, (one) => this.raw.flags[one] ?? 0),
      numbers: Float32Array.from(detectors, (one) => this.order.place(one)),
    };
  }

  private addBody(kind: number | null, instances: Instances): void {
    const body = new Mesh(instanced(kind, instances), bodyMaterial(this.shared));
    body.frustumCulled = false;
    body.renderOrder = 1;
    this.bodies.push(body);
    this.scene.add(body);
  }

  private clearBodies(): void {
    for (const body of this.bodies.splice(0)) {
      this.scene.remove(body);
      body.geometry.dispose();
      (body.material as RawShaderMaterial).dispose();
    }
  }
}

function gathered(which: readonly number[], from: Float32Array, width: number): Float32Array {
  const found = new Float32Array(width * which.length);
  which.forEach((one, i) => {
    for (let part = 0; part < width; part += 1) found[width * i + part] = from[width * one + part] ?? 0;
  });
  return found;
}

/** The number that was drawn nearest to the middle of a square of pixels. */
export function nearestNumber(pixels: Uint8Array, side: number): number | null {
  const middle = (side - 1) / 2;
  let best: number | null = null;
  let least = Infinity;
  for (let i = 0; i < side * side; i += 1) {
    const told = pixels[4 * i]! + 256 * pixels[4 * i + 1]! + 65536 * pixels[4 * i + 2]! + 16777216 * pixels[4 * i + 3]!;
    if (told === 0) continue;
    const away = (Math.floor(i / side) - middle) ** 2 + ((i % side) - middle) ** 2;
    if (away < least) [best, least] = [told - 1, away];
  }
  return best;
}

function rgb([r, g, b]: Triple): number {
  const part = (share: number): number => Math.round(255 * share);
  return (part(r) << 16) | (part(g) << 8) | part(b);
}
