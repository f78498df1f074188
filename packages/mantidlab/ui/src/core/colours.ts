// Colours: of curves, told apart by the colour-blind too, and colour maps as tables.

import * as maps from "d3-scale-chromatic";

/** Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), darkened where it would be below 3:1 on white. */
const CURVES_LIGHT = ["#0072b2", "#d55e00", "#00805c", "#a8458a", "#8a6a00", "#2484b8", "#7a1f1f", "#565a61"];
const CURVES_DARK = ["#56b4e9", "#f0903a", "#2fc99b", "#e39ac2", "#e8d84a", "#9fd3ff", "#ff8f7d", "#c3c7cf"];

/** Beyond this many curves a colour means its place in the list: a gradient, not a palette that begins again. */
export const PALETTE_FOR = 16;

const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2.5], [8, 3, 2, 3]];

/** The colour of curve `index` of `total`. */
export function curveColour(index: number, total: number, dark: boolean): string {
  const palette = dark ? CURVES_DARK : CURVES_LIGHT;
  if (total <= PALETTE_FOR) return palette[index % palette.length] ?? "#888888";
  const share = total > 1 ? (index % total) / (total - 1) : 0;
  // The ends of the map that would vanish on the paper are left out.
  return maps.interpolateViridis(dark ? 0.25 + 0.75 * share : 0.82 * share);
}

/** The second eight curves have the same colours, dashed. */
export function curveDash(index: number, total: number): readonly number[] {
  return total <= PALETTE_FOR ? (DASHES[Math.floor(index / CURVES_LIGHT.length) % DASHES.length] ?? []) : [];
}

export interface ColourMap {
  readonly id: string;
  readonly label: string;
  /** Whether it reads right for the colour-blind and in grey. */
  readonly safe: boolean;
  /** Two colours about a middle: for differences. */
  readonly diverging: boolean;
  /** 256 colours, red, green and blue in turn, 0 to 255. */
  readonly table: Uint8Array;
}

const SOURCES: readonly {
  id: string;
  label: string;
  safe: boolean;
  diverging: boolean;
  at: (share: number) => string;
}[] = [
  { id: "viridis", label: "Viridis", safe: true, diverging: false, at: maps.interpolateViridis },
  { id: "cividis", label: "Cividis", safe: true, diverging: false, at: maps.interpolateCividis },
  { id: "magma", label: "Magma", safe: true, diverging: false, at: maps.interpolateMagma },
  { id: "inferno", label: "Inferno", safe: true, diverging: false, at: maps.interpolateInferno },
  { id: "plasma", label: "Plasma", safe: true, diverging: false, at: maps.interpolatePlasma },
  { id: "grey", label: "Grey", safe: true, diverging: false, at: (s) => maps.interpolateGreys(1 - s) },
  { id: "blues", label: "Blues", safe: true, diverging: false, at: maps.interpolateBlues },
  {
    id: "RdBu",
    label: "Red to blue (differences)",
    safe: true,
    diverging: true,
    at: (s) => maps.interpolateRdBu(1 - s),
  },
  {
    id: "PuOr",
    label: "Purple to orange (differences)",
    safe: true,
    diverging: true,
    at: (s) => maps.interpolatePuOr(1 - s),
  },
  {
    id: "turbo",
    label: "Turbo (rainbow: not for the colour-blind)",
    safe: false,
    diverging: false,
    at: maps.interpolateTurbo,
  },
];

const tables = new Map<string, ColourMap>();

/** All colour maps, the safe ones first. */
export const COLOUR_MAPS: readonly { id: string; label: string; safe: boolean; diverging: boolean }[] = SOURCES;

/** A colour map by its name; viridis for one that is unknown. A name with `_r` at its end runs backwards. */
export function colourMap(id: string): ColourMap {
  const known = tables.get(id);
  if (known !== undefined) return known;
  const backwards = id.endsWith("_r");
  const source = SOURCES.find((s) => s.id === (backwards ? id.slice(0, -2) : id)) ?? SOURCES[0];
  if (source === undefined) throw new Error("There is no colour map at all.");
  const made: ColourMap = { ...source, id, table: sampled(source.at, backwards) };
  tables.set(id, made);
  return made;
}

function sampled(at: (share: number) => string, backwards: boolean): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i += 1) {
    const [r, g, b] = channels(at((backwards ? 255 - i : i) / 255));
    table.set([r, g, b], 3 * i);
  }
  return table;
}

/** Red, green and blue of `#rrggbb` or `rgb(r, g, b)`. */
export function channels(colour: string): [number, number, number] {
  if (colour.startsWith("#")) {
    const whole = parseInt(colour.slice(1), 16);
    return [(whole >> 16) & 255, (whole >> 8) & 255, whole & 255];
  }
  const parts = colour.match(/[\d.]+/g)?.map(Number) ?? [];
  return [Math.round(parts[0] ?? 0), Math.round(parts[1] ?? 0), Math.round(parts[2] ?? 0)];
}

/** The same colour, see-through. */
export function faded(colour: string, opacity: number): string {
  const [r, g, b] = channels(colour);
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}
