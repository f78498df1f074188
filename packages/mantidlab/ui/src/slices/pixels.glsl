#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp usampler2D;
precision highp isampler2D;

// The same as painting.ts does, which says why.
const uint MASKED = 1u;
const uint PARTLY_MASKED = 2u;
const uint NOTHING = 4u;
const uint INFINITE = 8u;
const uint MINUS_INFINITE = 16u;
const float HUGE = 3.0e38;

uniform sampler2D values;
uniform usampler2D flags;
uniform isampler2D columns;
uniform isampler2D rows;
uniform sampler2D table;
uniform int kind;
uniform float low;
uniform float high;
uniform float constant;
uniform float shear;
uniform float shift;
uniform float stripe;
uniform bool mean;
uniform vec3 masked;
uniform vec3 nothing;
uniform vec2 corner;
uniform ivec2 lengths;

out vec4 colour;

float symmetric(float v) {
  return sign(v) * log(1.0 + abs(v) / constant);
}

float shareOf(float v) {
  if (v >= HUGE) return 1.0;
  if (v <= -HUGE) return 0.0;
  if (kind == 1) return v > 0.0 ? log(v / low) / log(high / low) : 0.0;
  if (kind == 2) return (symmetric(v) - symmetric(low)) / (symmetric(high) - symmetric(low));
  return (v - low) / (high - low);
}

void main() {
  vec2 at = gl_FragCoord.xy - corner;
  int up = int(floor(at.y));
  int column = int(floor(at.x + shear * at.y + shift));
  if (column < 0 || column >= lengths.x || up < 0 || up >= lengths.y) discard;
  ivec2 across = texelFetch(columns, ivec2(column, 0), 0).xy;
  ivec2 along = texelFetch(rows, ivec2(up, 0), 0).xy;
  if (across.x < 0 || along.x < 0) discard;
  float best = 0.0;
  int count = 0;
  uint seen = 0u;
  for (int row = along.x; row <= along.y; row++) {
    for (int place = across.x; place <= across.y; place++) {
      uint flag = texelFetch(flags, ivec2(place, row), 0).x;
      seen |= flag;
      if ((flag & (MASKED | NOTHING)) != 0u) continue;
      float value = texelFetch(values, ivec2(place, row), 0).x;
      if ((flag & INFINITE) != 0u) value = HUGE;
      if ((flag & MINUS_INFINITE) != 0u) value = -HUGE;
      best = count == 0 ? value : (mean ? best + value : max(best, value));
      count++;
    }
  }
  float diagonal = floor((floor(at.x) + floor(at.y)) / stripe);
  if (count == 0) {
    bool striped = (seen & MASKED) != 0u && mod(diagonal, 2.0) >= 0.5;
    colour = vec4(striped ? masked : nothing, 1.0);
    return;
  }
  if ((seen & PARTLY_MASKED) != 0u && mod(diagonal, 3.0) < 0.5) {
    colour = vec4(masked, 1.0);
    return;
  }
  float value = mean ? best / float(count) : best;
  float share = clamp(shareOf(value), 0.0, 1.0);
  colour = vec4(texelFetch(table, ivec2(int(round(255.0 * share)), 0), 0).rgb, 1.0);
}
