// The eye in three dimensions: turning about the target, moving across, coming nearer. Pure: numbers in, numbers out.

import { Matrix4, OrthographicCamera, PerspectiveCamera, Quaternion, Vector3 } from "three";
import type { Point } from "../core/gestures";
import type { CameraState, Triple } from "./state";

/** Degrees from the lower to the upper edge of the picture, as `camera.py` has it. */
const FIELD = 35;
const STEEPEST = 0.995;
const HALF = Math.tan((FIELD / 2) * (Math.PI / 180));

export interface Size {
  readonly width: number;
  readonly height: number;
}

const vector = (triple: Triple): Vector3 => new Vector3(...triple);
const triple = (v: Vector3): Triple => [v.x, v.y, v.z];

/** The three directions of the picture: to the right, upwards, and ahead. */
export function frameOf(camera: CameraState): { right: Vector3; above: Vector3; ahead: Vector3; distance: number } {
  const ahead = vector(camera.target).sub(vector(camera.position));
  const distance = ahead.length() || 1e-6;
  ahead.normalize();
  const right = new Vector3().crossVectors(ahead, vector(camera.up));
  if (right.lengthSq() < 1e-12) right.set(1, 0, 0);
  right.normalize();
  return { right, above: new Vector3().crossVectors(right, ahead), ahead, distance };
}

/** Turn about the target: a drag across the whole height is half a turn. */
export function turned(camera: CameraState, dx: number, dy: number, size: Size): CameraState {
  const { right } = frameOf(camera);
  const up = vector(camera.up).normalize();
  const out = vector(camera.position).sub(vector(camera.target));
  const rate = Math.PI / size.height;
  const tilted = out.clone().applyQuaternion(new Quaternion().setFromAxisAngle(right, -dy * rate));
  // Not over the pole: there left and right would change places.
  const steep = Math.abs(tilted.clone().normalize().dot(up)) > STEEPEST;
  const kept = steep ? out : tilted;
  kept.applyQuaternion(new Quaternion().setFromAxisAngle(up, -dx * rate));
  return { ...camera, position: triple(kept.add(vector(camera.target))) };
}

/** Metres that one pixel is wide at the target. */
export function metresPerPixel(camera: CameraState, size: Size): number {
  return (2 * HALF * frameOf(camera).distance) / size.height;
}

/** Move across the picture, so that what is at the target follows the finger. */
export function moved(camera: CameraState, dx: number, dy: number, size: Size): CameraState {
  const { right, above } = frameOf(camera);
  const scale = metresPerPixel(camera, size);
  const step = right.multiplyScalar(-dx * scale).add(above.multiplyScalar(dy * scale));
  return {
    ...camera,
    position: triple(vector(camera.position).add(step)),
    target: triple(vector(camera.target).add(step)),
  };
}

/** Come nearer by a factor; what is below `at` stays there. */
export function approached(
  camera: CameraState,
  factor: number,
  at: Point,
  size: Size,
  limits: { near: number; far: number },
): CameraState {
  const { right, above, ahead, distance } = frameOf(camera);
  const next = Math.max(limits.near, Math.min(limits.far, distance / factor));
  const scale = (2 * HALF * (distance - next)) / size.height;
  const target = vector(camera.target)
    .add(right.multiplyScalar((at.x - size.width / 2) * scale))
    .add(above.multiplyScalar((size.height / 2 - at.y) * scale));
  return { ...camera, target: triple(target), position: triple(target.clone().add(ahead.multiplyScalar(-next))) };
}

/** three.js's camera for this eye; `reach` is how far from the target anything lies. */
export function threeCamera(camera: CameraState, size: Size, reach: number): PerspectiveCamera | OrthographicCamera {
  const { distance } = frameOf(camera);
  const aspect = size.width / size.height;
  const far = distance + 2.2 * reach + 1;
  const half = HALF * distance;
  const made = camera.perspective
    ? new PerspectiveCamera(FIELD, aspect, Math.max(distance * 0.01, distance - 2.2 * reach), far)
    : new OrthographicCamera(-half * aspect, half * aspect, half, -half, -2 * reach, far);
  made.position.set(...camera.position);
  made.up.set(...camera.up);
  made.lookAt(vector(camera.target));
  made.updateMatrixWorld();
  made.updateProjectionMatrix();
  return made;
}

/** Projection times view, as 16 numbers column by column. */
export function matrixOf(camera: PerspectiveCamera | OrthographicCamera): number[] {
  return new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse).toArray();
}

/** Where a place is seen, in pixels; null behind the eye. */
export function seen(place: Triple, matrix: readonly number[], size: Size): Point | null {
  const at = (row: number): number =>
    matrix[row]! * place[0] + matrix[row + 4]! * place[1] + matrix[row + 8]! * place[2] + matrix[row + 12]!;
  const w = at(3);
  if (!(w > 0)) return null;
  return { x: ((at(0) / w + 1) / 2) * size.width, y: ((1 - at(1) / w) / 2) * size.height };
}

/** The eye that looks along an axis of the instrument at its whole box; `which` is "x+", "z-" … or "" for the first view. */
export function standardEye(
  which: string,
  first: Triple,
  bounds: readonly [Triple, Triple],
  beam: Triple,
  up: Triple,
  perspective: boolean,
  aspect: number,
): CameraState {
  const [low, high] = [vector(bounds[0]), vector(bounds[1])];
  const centre = low.clone().add(high).multiplyScalar(0.5);
  let upwards = vector(up);
  let towards: Vector3;
  if (which === "") {
    towards = vector(first).normalize();
  } else {
    const sign = which.endsWith("+") ? 1 : -1;
    towards = new Vector3(which[0] === "x" ? sign : 0, which[0] === "y" ? sign : 0, which[0] === "z" ? sign : 0);
    if (Math.abs(towards.dot(upwards)) > 0.99) upwards = vector(beam);
  }
  const distance = fittingDistance(high.clone().sub(low), towards, upwards, aspect);
  return {
    position: triple(centre.clone().add(towards.multiplyScalar(distance))),
    target: triple(centre),
    up: triple(upwards),
    perspective,
  };
}

/** From how far away all corners of a box are within the picture, with a margin; as `camera.py` has it. */
function fittingDistance(size: Vector3, towards: Vector3, up: Vector3, aspect: number): number {
  const right = new Vector3().crossVectors(towards.clone().negate(), up).normalize();
  const above = new Vector3().crossVectors(right, towards.clone().negate());
  let most = 1e-3;
  for (let i = 0; i < 8; i += 1) {
    const corner = new Vector3(i & 1 ? 0.5 : -0.5, i & 2 ? 0.5 : -0.5, i & 4 ? 0.5 : -0.5).multiply(size);
    const near = corner.dot(towards);
    most = Math.max(
      most,
      Math.abs(corner.dot(right)) / (HALF * aspect) + near,
      Math.abs(corner.dot(above)) / HALF + near,
    );
  }
  return 1.12 * most;
}
