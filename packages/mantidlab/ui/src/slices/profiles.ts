// Profiles beside and above the picture: steps with errors, or a band from the smallest to the largest where a step is
// several bins.

import { TICK_FONT } from "../core/axes";
import { faded } from "../core/colours";
import type { Rect } from "../core/frame";
import { formatNumber } from "../core/numbers";
import { makeScale, type Scale } from "../core/scales";
import type { Theme } from "../core/theme";
import { makeTicks } from "../core/ticks";
import { doubles } from "./picture";

export interface Profile {
  /** "x", "y", "line", or the number of a dimension that is not drawn. */
  readonly name: string;
  readonly bins: number;
  readonly edges: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly middle: Float64Array;
  readonly errors: Float64Array | null;
}

interface Told {
  readonly name: string;
  readonly bins: number;
  readonly parts: readonly string[];
}

/** The profiles of an answer, by name. */
export function profilesOf(content: Record<string, unknown>, buffers: readonly DataView[]): Map<string, Profile> {
  const found = new Map<string, Profile>();
  let next = 0;
  for (const told of (content.profiles ?? []) as readonly Told[]) {
    const named = new Map<string, Float64Array>();
    for (const part of told.parts) {
      const buffer = buffers[next];
      next += 1;
      if (buffer !== undefined) named.set(part, doubles(buffer));
    }
    const empty = new Float64Array();
    found.set(told.name, {
      name: told.name,
      bins: told.bins,
      edges: named.get("edges") ?? empty,
      low: named.get("low") ?? empty,
      high: named.get("high") ?? empty,
      middle: named.get("middle") ?? empty,
      errors: named.get("errors") ?? null,
    });
  }
  return found;
}

/** From the smallest to the largest of a profile, with its errors and a little room. */
export function reachOf(profile: Profile): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  profile.low.forEach((value, i) => {
    const error = profile.errors?.[i] ?? 0;
    const reach = Number.isFinite(error) ? error : 0;
    low = Math.min(low, Number.isNaN(value) ? low : value - reach);
    const top = profile.high[i] ?? Number.NaN;
    high = Math.max(high, Number.isNaN(top) ? high : top + reach);
  });
  if (!(low <= high) || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (low > 0 && low < 0.5 * high) low = 0; // counts are seen from their zero
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [low === 0 ? 0 : low - room, high + room];
}

/**
 * Draw a profile into `area`. `along` gives pixels for positions, across the page or (where `upright`) up it; values grow
 * upwards, or to the right.
 */
export function drawProfile(
  context: CanvasRenderingContext2D,
  area: Rect,
  profile: Profile,
  along: Scale,
  colour: string,
  theme: Theme,
  upright: boolean,
  logarithmic = false,
): void {
  const reach = reachOf(profile);
  const kind = logarithmic && reach[1] > 0 ? "log" : "linear";
  const low = kind === "log" ? Math.max(reach[0], least(profile, reach[1])) : reach[0];
  const ends = upright ? ([area.x, area.x + area.width] as const) : ([area.y + area.height, area.y] as const);
  const across = makeScale(kind, [low, reach[1]], ends);
  context.save();
  drawValueAxis(context, area, across, theme, upright);
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  const put = (position: number, value: number): readonly [number, number] => {
    const [p, q] = [along.toPixel(position), Number.isNaN(across.toPixel(value)) ? ends[0] : across.toPixel(value)];
    return upright ? [q, p] : [p, q];
  };
  if (profile.bins > 1) drawBand(context, profile, put, colour);
  drawSteps(context, profile, put, colour);
  if (profile.errors !== null) drawErrors(context, profile, put, colour);
  context.restore();
}

type Put = (position: number, value: number) => readonly [number, number];

function least(profile: Profile, high: number): number {
  let found = high;
  for (const value of profile.low) if (value > 0 && value < found) found = value;
  return found < high ? found / 1.5 : high / 100;
}

function drawSteps(context: CanvasRenderingContext2D, profile: Profile, put: Put, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  let broken = true;
  profile.middle.forEach((value, i) => {
    if (Number.isNaN(value)) {
      broken = true;
      return;
    }
    const [from, to] = [put(profile.edges[i] ?? 0, value), put(profile.edges[i + 1] ?? 0, value)];
    if (broken) context.moveTo(...from);
    else context.lineTo(...from);
    context.lineTo(...to);
    broken = false;
  });
  context.stroke();
}

function drawBand(context: CanvasRenderingContext2D, profile: Profile, put: Put, colour: string): void {
  context.fillStyle = faded(colour, 0.35);
  profile.low.forEach((low, i) => {
    const high = profile.high[i] ?? Number.NaN;
    if (Number.isNaN(low) || Number.isNaN(high)) return;
    const [a, b] = [put(profile.edges[i] ?? 0, low), put(profile.edges[i + 1] ?? 0, high)];
    const [width, height] = [b[0] - a[0], b[1] - a[1]];
    // Never thinner than can be seen.
    context.fillRect(a[0], a[1], Math.sign(width || 1) * Math.max(1, Math.abs(width)), height === 0 ? 1 : height);
  });
}

function drawErrors(context: CanvasRenderingContext2D, profile: Profile, put: Put, colour: string): void {
  const steps = profile.middle.length;
  const [first, last] = [put(profile.edges[0] ?? 0, 0), put(profile.edges[steps] ?? 0, 0)];
  const apart = Math.hypot(last[0] - first[0], last[1] - first[1]) / Math.max(1, steps);
  if (apart < 2.5) return; // they would be one grey surface
  context.strokeStyle = faded(colour, 0.75);
  context.lineWidth = 1;
  context.beginPath();
  profile.middle.forEach((value, i) => {
    const error = profile.errors?.[i] ?? Number.NaN;
    if (!(error > 0) || Number.isNaN(value)) return;
    const at = ((profile.edges[i] ?? 0) + (profile.edges[i + 1] ?? 0)) / 2;
    context.moveTo(...put(at, value - error));
    context.lineTo(...put(at, value + error));
  });
  context.stroke();
}

function drawValueAxis(
  context: CanvasRenderingContext2D,
  area: Rect,
  across: Scale,
  theme: Theme,
  upright: boolean,
): void {
  const found = makeTicks(across, upright ? 52 : 30);
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.quiet;
  context.font = `${TICK_FONT - 1}px ${theme.font}`;
  context.lineWidth = 1;
  context.strokeRect(area.x + 0.5, area.y + 0.5, area.width - 1, area.height - 1);
  context.textAlign = upright ? "center" : "right";
  context.textBaseline = upright ? "top" : "middle";
  let free = Number.NEGATIVE_INFINITY;
  for (const tick of found.ticks) {
    if (!tick.major || tick.label === "") continue;
    const px = across.toPixel(tick.value);
    context.beginPath();
    if (upright) {
      context.moveTo(px, area.y);
      context.lineTo(px, area.y + area.height);
      const half = context.measureText(tick.label).width / 2;
      if (px - half > free) {
        context.fillText(tick.label, px, area.y + area.height + 5);
        free = px + half + 4;
      }
    } else {
      context.moveTo(area.x, px);
      context.lineTo(area.x + area.width, px);
      context.fillText(tick.label, area.x - 5, px);
    }
    context.stroke();
  }
  if (found.multiplier !== "") {
    context.textAlign = upright ? "right" : "left";
    context.textBaseline = "bottom";
    context.fillText(found.multiplier, upright ? area.x + area.width : area.x + 3, area.y - 2 + (upright ? 0 : 14));
  }
}

/** In words, for the status line: how many bins a step of a profile stands for. */
export function stepWords(profile: Profile): string {
  return profile.bins > 1 ? `1 step = ${formatNumber(profile.bins)} bins, from smallest to largest` : "";
}
