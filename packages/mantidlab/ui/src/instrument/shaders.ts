// The programs that colour and place detectors. Colour, size and depth are worked out for each detector on the graphics
// side, so that another colour scale, limit or view needs no other data.

/** Bits of a detector's flags, as `detectors.py` has them. */
export const MONITOR = 1;
export const MASKED = 2;
export const EMPTY = 4;
export const NOWHERE = 8;

/** Which picture is drawn: colours; halos around what is chosen; or each detector's number as a colour, for picking. */
export const COLOURS = 0;
export const HALOS = 1;
export const NUMBERS = 2;

const COMMON = /* glsl */ `
precision highp float;
precision highp int;
precision highp sampler2D;

uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
uniform int uPass;
uniform int uHidden;        // flags of what is not drawn
uniform int uKind;          // 0 linear, 1 log, 2 symlog
uniform float uConstant;    // of symlog
uniform vec2 uLimits;       // transformed: the lower end, and one over the length
uniform sampler2D uMap;     // 256 colours
uniform vec3 uNone;         // the colour of what has no counts
uniform vec3 uHalo;
uniform vec4 uWindow;       // the part of the picture that is drawn: factors, then shifts, of clip space
uniform vec4 uFlat;         // unwrapped: shift (u, v), then factors to clip space; factors 0 in three dimensions
uniform vec2 uScreen;       // pixels of the whole picture

flat out vec4 vColour;

const int MASKED = 2;
const int EMPTY = 4;

float transformed(float value) {
  if (uKind == 0) return value;
  if (uKind == 1) return value > 0.0 ? log(value) / log(10.0) : -1e3;
  return sign(value) * log(1.0 + abs(value) / uConstant);
}

// Where a value lies between the limits, 0 to 1: it decides the colour, and who is in front where many share a pixel.
float share(float value, int flags) {
  if ((flags & (MASKED | EMPTY)) != 0) return 0.0;
  return clamp((transformed(value) - uLimits.x) * uLimits.y, 0.0, 1.0);
}

vec4 numbered(uint number) {
  uint told = number + 1u;
  return vec4(float(told & 255u), float((told >> 8) & 255u), float((told >> 16) & 255u), float(told >> 24)) / 255.0;
}

vec4 coloured(float value, float part, int flags, uint number) {
  if (uPass == 2) return numbered(number);
  if (uPass == 1) return vec4(uHalo, 1.0);
  // A logarithmic scale has no colour for nothing.
  if ((flags & (MASKED | EMPTY)) != 0 || (uKind == 1 && !(value > 0.0))) return vec4(uNone, 1.0);
  return vec4(texelFetch(uMap, ivec2(int(part * 255.0 + 0.5), 0), 0).rgb, 1.0);
}

void windowed() {
  gl_Position.xy = gl_Position.xy * uWindow.xy + uWindow.zw * gl_Position.w;
}

const vec4 OUTSIDE = vec4(2.0, 2.0, 2.0, 1.0);
`;

/** Detectors as points: squares in three dimensions, rectangles on an unwrapped view; never smaller than `uLeast` pixels. */
export const POINTS = /* glsl */ `${COMMON}
in vec3 place;
in vec2 extent;             // half width and height, unwrapped
in float value;
in float flags;
uniform float uSize;        // of a detector, in metres
uniform float uLeast;
uniform float uGrow;        // pixels around it, for halos
uniform float uThinned;     // of so many detectors one is drawn
uniform bool uRing;         // halos are frames on top: of the few that are chosen one by one

flat out vec2 vPart;
flat out vec2 vHole;

void main() {
  int bits = int(flags + 0.5);
  if ((bits & uHidden) != 0) { gl_Position = OUTSIDE; gl_PointSize = 1.0; return; }
  float part = share(value, bits);
  vec2 pixels;
  if (uFlat.z != 0.0) {
    gl_Position = vec4((place.xy - uFlat.xy) * uFlat.zw, 0.9 - 1.8 * part, 1.0);
    pixels = extent * uFlat.zw * uScreen;
  } else {
    vec4 seen = modelViewMatrix * vec4(place, 1.0);
    gl_Position = projectionMatrix * seen;
    pixels = vec2(uSize * projectionMatrix[1][1] * uScreen.y * 0.5 / gl_Position.w);
    // Of those that share a pixel the highest is seen: it is brought forward by what a pixel is wide there.
    float wide = 2.0 * gl_Position.w / (projectionMatrix[1][1] * uScreen.y);
    // A halo lies behind the detectors: it is seen around them and never instead of them.
    float forward = uPass == 1 && !uRing ? -(4.0 * wide + uSize) : part * (4.0 * wide + uSize);
    vec4 nearer = projectionMatrix * (seen + vec4(0.0, 0.0, forward, 0.0));
    gl_Position.z = nearer.z / nearer.w * gl_Position.w;
  }
  if (uPass == 1 && uFlat.z != 0.0 && !uRing) gl_Position.z = 0.95;
  // Neighbours meet: a fraction of a pixel between two points would be a gap of a whole one here and there.
  pixels = max(pixels * sqrt(uThinned) + 0.7, vec2(uLeast)) + 2.0 * uGrow;
  gl_PointSize = clamp(max(pixels.x, pixels.y), 1.0, 96.0);
  vPart = min(pixels / gl_PointSize, vec2(1.0));
  vHole = uPass == 1 && uRing ? vPart - 2.0 * uGrow / gl_PointSize : vec2(-1.0);
  windowed();
  vColour = coloured(value, part, bits, uint(gl_VertexID));
}
`;

export const POINT_COLOUR = /* glsl */ `
precision highp float;
flat in vec4 vColour;
flat in vec2 vPart;
flat in vec2 vHole;
out vec4 colour;
void main() {
  vec2 where = abs(gl_PointCoord * 2.0 - 1.0);
  if (where.x > vPart.x || where.y > vPart.y) discard;
  if (where.x < vHole.x && where.y < vHole.y) discard;
  colour = vColour;
}
`;

/** Detectors as what they are: boxes, cylinders and spheres, turned and scaled; or rectangles on an unwrapped view. */
export const BODIES = /* glsl */ `${COMMON}
in vec3 position;
in vec3 normal;
in vec3 place;
in vec4 turn;
in vec3 size;
in float value;
in float flags;
in float number;
uniform float uGrow;

out float vShade;

vec3 turned(vec3 what) {
  return what + 2.0 * cross(turn.xyz, cross(turn.xyz, what) + turn.w * what);
}

void main() {
  int bits = int(flags + 0.5);
  if ((bits & uHidden) != 0) { gl_Position = OUTSIDE; return; }
  float part = share(value, bits);
  vShade = 1.0;
  if (uFlat.z != 0.0) {
    vec2 pixel = 2.0 / uScreen;
    vec2 half_size = max(size.xy * 0.5 * uFlat.zw, pixel * 0.5) + uGrow * pixel;
    gl_Position = vec4((place.xy - uFlat.xy) * uFlat.zw + position.xy * 2.0 * half_size, 0.9 - 1.8 * part, 1.0);
  } else {
    vec4 middle = modelViewMatrix * vec4(place, 1.0);
    float wide = 2.0 * (projectionMatrix * middle).w / (projectionMatrix[1][1] * uScreen.y);
    vec4 seen = modelViewMatrix * vec4(place + turned(position * (size + uGrow * wide)), 1.0);
    gl_Position = projectionMatrix * seen;
    vec3 across = normalize((modelViewMatrix * vec4(turned(normal), 0.0)).xyz);
    // Faces towards the eye have the colour that the bar shows; those turned away are a little darker.
    vShade = 0.72 + 0.28 * abs(across.z);
  }
  if (uPass != 0) vShade = 1.0;
  windowed();
  vColour = coloured(value, part, bits, uint(number + 0.5));
}
`;

export const BODY_COLOUR = /* glsl */ `
precision highp float;
flat in vec4 vColour;
in float vShade;
out vec4 colour;
void main() {
  colour = vec4(vColour.rgb * vShade, vColour.a);
}
`;

/** Lines: the beam, and a cross where the sample is. */
export const LINES = /* glsl */ `
precision highp float;
in vec3 position;
uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
void main() {
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}
`;

export const LINE_COLOUR = /* glsl */ `
precision highp float;
uniform vec3 uColour;
out vec4 colour;
void main() {
  colour = vec4(uColour, 1.0);
}
`;
