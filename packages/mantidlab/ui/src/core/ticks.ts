// Ticks: where an axis is marked, and with what words.

import { ticks as d3Ticks, tickStep } from "d3-array";
import { scaleUtc } from "d3-scale";
import { powerOfTen, superscript } from "./numbers";
import type { Interval, Scale } from "./scales";

export interface Tick {
  readonly value: number;
  /** Empty for minor ticks. */
  readonly label: string;
  readonly major: boolean;
}

export interface Ticks {
  readonly ticks: readonly Tick[];
  /** What all labels are to be multiplied by, for the end of the axis: "×10⁶", or "". */
  readonly multiplier: string;
}

export type AxisValues = "number" | "time" | "text";

/** Ticks for a scale, some `spacing` pixels apart. `texts` are the names of 0, 1, 2 … on an axis of texts. */
export function makeTicks(
  scale: Scale,
  spacing: number,
  values: AxisValues = "number",
  texts: readonly string[] = [],
): Ticks {
  const count = Math.max(2, Math.round(Math.abs(scale.range[1] - scale.range[0]) / spacing));
  const [low, high] = ordered(scale.domain);
  if (values === "time") return timeTicks(low, high, count);
  if (values === "text") return textTicks(low, high, count, texts);
  if (scale.kind === "log") return logTicks(low, high, count);
  if (scale.kind === "symlog") return symlogTicks(scale, low, high, spacing);
  return linearTicks(low, high, count);
}

function linearTicks(low: number, high: number, count: number): Ticks {
  const step = tickStep(low, high, count);
  const values = d3Ticks(low, high, count);
  const { exponent, decimals } = sharedExponent(low, high, step);
  const majors = values.map((value) => ({ value, label: plain(value / 10 ** exponent, decimals), major: true }));
  return {
    ticks: [...majors, ...minorsBetween(low, high, step)],
    multiplier: exponent === 0 ? "" : `×${powerOfTen(exponent)}`,
  };
}

/** A power of ten (a multiple of three) to take out of all labels, when they would be long or tiny. */
function sharedExponent(low: number, high: number, step: number): { exponent: number; decimals: number } {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const size = Math.floor(Math.log10(largest));
  const exponent = size >= 5 || size <= -4 ? 3 * Math.floor(size / 3) : 0;
  return { exponent, decimals: Math.max(0, Math.min(20, -Math.floor(Math.log10(step) + 1e-9) + exponent)) };
}

/** Halves, fifths or quarters, whatever is round between two ticks. */
function minorsBetween(low: number, high: number, step: number): Tick[] {
  const lead = Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9));
  const fine = step / (lead === 2 ? 4 : 5);
  const minors: Tick[] = [];
  const first = Math.ceil(low / fine);
  const last = Math.floor(high / fine);
  if (last - first > 500) return [];
  for (let i = first; i <= last; i += 1) {
    const value = i * fine;
    const nearest = Math.round(value / step) * step;
    if (Math.abs(value - nearest) > fine * 0.01) minors.push({ value, label: "", major: false });
  }
  return minors;
}

function plain(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals).replace(/^0\.0+$/, "0") : text.replace(/^-/, "−");
}

function logTicks(low: number, high: number, count: number): Ticks {
  const [first, last] = [Math.log10(low), Math.log10(high)];
  const decades = last - first;
  if (decades < 1.2) return withoutSharedPower(linearTicks(low, high, count), low, high);
  const every = Math.max(1, Math.ceil(decades / count));
  const ticks: Tick[] = [];
  // Plain numbers where all of them are short; one axis never has both ways of writing.
  const short = first >= -2.5 && last <= 3.5;
  const name = (m: number, e: number): string =>
    short ? String(Number((m * 10 ** e).toPrecision(1))) : multipleOfPower(m, e);
  for (let e = Math.floor(first); e <= Math.ceil(last); e += 1) {
    const base = 10 ** e;
    if (e >= first - 1e-9 && e <= last + 1e-9)
      ticks.push({ value: base, label: e % every === 0 ? name(1, e) : "", major: e % every === 0 });
    if (every > 1) continue;
    for (let m = 2; m < 10; m += 1) {
      const value = m * base;
      if (value < low || value > high) continue;
      const named = decades < 2.2 && (m === 2 || m === 5);
      ticks.push({ value, label: named ? name(m, e) : "", major: false });
    }
  }
  return { ticks, multiplier: "" };
}

function withoutSharedPower(found: Ticks, low: number, high: number): Ticks {
  return { ticks: found.ticks.filter((t) => t.value >= low && t.value <= high), multiplier: found.multiplier };
}

function multipleOfPower(m: number, e: number): string {
  return m === 1 ? powerOfTen(e) : `${m}×10${superscript(e)}`;
}

/** Zero and the decades on both sides, as far as they are `spacing` apart on the screen; linear ticks when close to zero. */
function symlogTicks(scale: Scale, low: number, high: number, spacing: number): Ticks {
  const values = [0];
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const top = Math.floor(Math.log10(largest));
  for (let e = top; e >= top - 12; e -= 1) values.push(10 ** e, -(10 ** e));
  const kept: number[] = [];
  for (const value of values) {
    if (value < low || value > high) continue;
    const pixel = scale.toPixel(value);
    if (kept.every((other) => Math.abs(scale.toPixel(other) - pixel) >= spacing * 0.6)) kept.push(value);
  }
  if (kept.length < 3) return linearTicks(low, high, Math.max(2, kept.length + 2));
  const label = (v: number): string =>
    v === 0 ? "0" : `${v < 0 ? "−" : ""}${powerOfTen(Math.round(Math.log10(Math.abs(v))))}`;
  return {
    ticks: kept.sort((a, b) => a - b).map((value) => ({ value, label: label(value), major: true })),
    multiplier: "",
  };
}

/** Times in seconds since 1970, UTC; each named by the largest part that begins with it: a day, an hour, a second. */
function timeTicks(low: number, high: number, count: number): Ticks {
  const dates = scaleUtc()
    .domain([low * 1000, high * 1000])
    .ticks(count);
  return {
    ticks: dates.map((date) => ({ value: date.getTime() / 1000, label: timeName(date), major: true })),
    multiplier: "",
  };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

function timeName(date: Date): string {
  const [clock = ""] = date.toISOString().slice(11).split("Z");
  if (date.getUTCMilliseconds() !== 0) return clock.slice(6).replace(/0+$/, " s").replace(/(\d)$/, "$1 s");
  if (date.getUTCSeconds() !== 0) return clock.slice(0, 8);
  if (date.getUTCHours() !== 0 || date.getUTCMinutes() !== 0) return clock.slice(0, 5);
  if (date.getUTCDate() !== 1) return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return date.getUTCMonth() === 0 ? String(date.getUTCFullYear()) : `${MONTHS[date.getUTCMonth()]}`;
}

function textTicks(low: number, high: number, count: number, texts: readonly string[]): Ticks {
  const first = Math.max(0, Math.ceil(low));
  const last = Math.min(texts.length - 1, Math.floor(high));
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  const ticks: Tick[] = [];
  for (let i = first; i <= last; i += every) ticks.push({ value: i, label: texts[i] ?? "", major: true });
  return { ticks, multiplier: "" };
}

function ordered([a, b]: Interval): Interval {
  return a <= b ? [a, b] : [b, a];
}
