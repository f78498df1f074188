// What the graphics side is given to draw with: the programs of `shaders.ts` and the numbers that they take.

import {
  BufferGeometry,
  DataTexture,
  GLSL3,
  LineSegments,
  NearestFilter,
  NoColorSpace,
  Points,
  RawShaderMaterial,
  RGBAFormat,
  UnsignedByteType,
  Vector2,
  Vector3,
  Vector4,
} from "three";
import { BODIES, BODY_COLOUR, LINE_COLOUR, LINES, POINT_COLOUR, POINTS } from "./shaders";

/** The numbers that all programs share: set once, and true for points, halos and bodies. */
export type SharedUniforms = ReturnType<typeof sharedUniforms>;

export function sharedUniforms() {
  const texture = new DataTexture(new Uint8Array(256 * 4), 256, 1, RGBAFormat, UnsignedByteType);
  texture.colorSpace = NoColorSpace;
  texture.minFilter = NearestFilter;
  texture.magFilter = NearestFilter;
  return {
    uPass: { value: 0 },
    uHidden: { value: 0 },
    uKind: { value: 0 },
    uConstant: { value: 1 },
    uLimits: { value: new Vector2(0, 1) },
    uMap: { value: texture },
    uNone: { value: new Vector3(0.6, 0.6, 0.6) },
    uHalo: { value: new Vector3(0, 0, 0) },
    uWindow: { value: new Vector4(1, 1, 0, 0) },
    uFlat: { value: new Vector4(0, 0, 0, 0) },
    uScreen: { value: new Vector2(1, 1) },
  };
}

/** For detectors as points; `size` is that of the median one, in metres. */
export function pointMaterial(shared: SharedUniforms, size: number, { depthTest }: { depthTest: boolean }) {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: POINTS,
    fragmentShader: POINT_COLOUR,
    uniforms: {
      ...shared,
      uPass: { value: 0 },
      uLeast: { value: 1 },
      uGrow: { value: 0 },
      uThinned: { value: 1 },
      uRing: { value: false },
      uSize: { value: size },
    },
    depthTest,
  });
}

/** For detectors as what they are. */
export function bodyMaterial(shared: SharedUniforms): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: BODIES,
    fragmentShader: BODY_COLOUR,
    uniforms: { ...shared, uGrow: { value: 0 } },
  });
}

/** Points that are drawn after those of a lower `order`, wherever they are. */
export function points(geometry: BufferGeometry, material: RawShaderMaterial, order: number): Points {
  const made = new Points(geometry, material);
  made.frustumCulled = false;
  made.renderOrder = order;
  return made;
}

/** Lines without any point yet. */
export function lines(order: number): LineSegments {
  const material = new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: LINES,
    fragmentShader: LINE_COLOUR,
    uniforms: { uColour: { value: new Vector3() } },
  });
  const made = new LineSegments(new BufferGeometry(), material);
  made.frustumCulled = false;
  made.renderOrder = order;
  return made;
}
