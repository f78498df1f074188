// Shapes of detectors that are near: one mesh for each kind, as many instances as there are detectors of it.

import { BufferAttribute, BufferGeometry, InstancedBufferAttribute, InstancedBufferGeometry } from "three";

export const BOX = 0;
const CYLINDER = 1;
const SPHERE = 2;

const SIDES = 12;
const RINGS = 6;

type Corner = readonly [number, number, number];

/** Triangles with normals, of unit size about the origin. */
class Solid {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];

  triangle(corners: readonly [Corner, Corner, Corner], normals: readonly [Corner, Corner, Corner]): void {
    for (let i = 0; i < 3; i += 1) {
      this.positions.push(...corners[i]!);
      this.normals.push(...normals[i]!);
    }
  }

  face(a: Corner, b: Corner, c: Corner, d: Corner, normals: readonly [Corner, Corner, Corner, Corner]): void {
    this.triangle([a, b, c], [normals[0], normals[1], normals[2]]);
    this.triangle([a, c, d], [normals[0], normals[2], normals[3]]);
  }

  geometry(): BufferGeometry {
    const made = new BufferGeometry();
    made.setAttribute("position", new BufferAttribute(new Float32Array(this.positions), 3));
    made.setAttribute("normal", new BufferAttribute(new Float32Array(this.normals), 3));
    return made;
  }
}

function box(): BufferGeometry {
  const solid = new Solid();
  for (let axis = 0; axis < 3; axis += 1) {
    for (const sign of [-1, 1]) {
      const at = (u: number, v: number): Corner => {
        const corner: [number, number, number] = [0, 0, 0];
        corner[axis] = sign / 2;
        corner[(axis + 1) % 3] = (u / 2) * sign;
        corner[(axis + 2) % 3] = v / 2;
        return corner;
      };
      const normal: [number, number, number] = [0, 0, 0];
      normal[axis] = sign;
      solid.face(at(-1, -1), at(1, -1), at(1, 1), at(-1, 1), [normal, normal, normal, normal]);
    }
  }
  return solid.geometry();
}

function cylinder(): BufferGeometry {
  const solid = new Solid();
  for (let side = 0; side < SIDES; side += 1) {
    const [a, b] = [(2 * Math.PI * side) / SIDES, (2 * Math.PI * (side + 1)) / SIDES];
    const round = (angle: number, y: number): Corner => [Math.cos(angle) / 2, y, Math.sin(angle) / 2];
    const out = (angle: number): Corner => [Math.cos(angle), 0, Math.sin(angle)];
    solid.face(round(a, -0.5), round(a, 0.5), round(b, 0.5), round(b, -0.5), [out(a), out(a), out(b), out(b)]);
    for (const y of [-0.5, 0.5]) {
      const end: Corner = [0, Math.sign(y), 0];
      solid.triangle([[0, y, 0], round(y > 0 ? b : a, y), round(y > 0 ? a : b, y)], [end, end, end]);
    }
  }
  return solid.geometry();
}

function sphere(): BufferGeometry {
  const solid = new Solid();
  const at = (ring: number, side: number): Corner => {
    const [polar, turn] = [(Math.PI * ring) / RINGS, (2 * Math.PI * side) / SIDES];
    return [Math.sin(polar) * Math.cos(turn), Math.cos(polar), Math.sin(polar) * Math.sin(turn)];
  };
  const half = ([x, y, z]: Corner): Corner => [x / 2, y / 2, z / 2];
  for (let ring = 0; ring < RINGS; ring += 1) {
    for (let side = 0; side < SIDES; side += 1) {
      const [a, b, c, d] = [at(ring, side), at(ring, side + 1), at(ring + 1, side + 1), at(ring + 1, side)];
      solid.face(half(a), half(b), half(c), half(d), [a, b, c, d]);
    }
  }
  return solid.geometry();
}

/** A flat square that faces the eye, for unwrapped views. */
function square(): BufferGeometry {
  const solid = new Solid();
  const ahead: Corner = [0, 0, 1];
  solid.face([-0.5, -0.5, 0], [0.5, -0.5, 0], [0.5, 0.5, 0], [-0.5, 0.5, 0], [ahead, ahead, ahead, ahead]);
  return solid.geometry();
}

const SOLIDS = { [BOX]: box, [CYLINDER]: cylinder, [SPHERE]: sphere } as const;

/** One detector each: where, how large, how turned; `numbers` are places in the order of drawing. */
export interface Instances {
  readonly places: Float32Array;
  readonly sizes: Float32Array;
  readonly turns: Float32Array;
  readonly values: Float32Array;
  readonly flags: Float32Array;
  readonly numbers: Float32Array;
}

const ATTRIBUTES = [
  ["place", "places", 3],
  ["size", "sizes", 3],
  ["turn", "turns", 4],
  ["value", "values", 1],
  ["flags", "flags", 1],
  ["number", "numbers", 1],
] as const;

/** A mesh of one kind with its instances; `kind` null is a flat square. */
export function instanced(kind: number | null, instances: Instances): InstancedBufferGeometry {
  const solid = kind === null ? square() : (SOLIDS[kind as keyof typeof SOLIDS] ?? box)();
  const made = new InstancedBufferGeometry();
  made.setAttribute("position", solid.getAttribute("position"));
  made.setAttribute("normal", solid.getAttribute("normal"));
  for (const [name, from, width] of ATTRIBUTES) {
    made.setAttribute(name, new InstancedBufferAttribute(instances[from], width));
  }
  made.instanceCount = instances.numbers.length;
  return made;
}
