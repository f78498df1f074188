// The shape of a curve in a line of text, without axes.

import * as React from "react";

const WIDTH = 64;
const HEIGHT = 20;

/** The path through numbers; gaps where there are none. */
export function pathOf(values: readonly (number | null)[], width = WIDTH, height = HEIGHT): string {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return "";
  const least = Math.min(...known);
  const span = Math.max(...known) - least || 1;
  let isOn = false;
  return values
    .map((value, place) => {
      if (value === null || !Number.isFinite(value)) {
        isOn = false;
        return "";
      }
      const x = values.length > 1 ? (place / (values.length - 1)) * width : width / 2;
      const y = 1 + (1 - (value - least) / span) * (height - 2);
      const letter = isOn ? "L" : "M";
      isOn = true;
      return `${letter}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}

export function Sparkline({ values }: { values: readonly (number | null)[] }): React.JSX.Element {
  return (
    <svg className="mantidlab-Sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path d={pathOf(values)} />
    </svg>
  );
}

/** A curve of points x, y. */
export function Curve({
  points,
  label,
}: {
  points: readonly (readonly [number, number])[];
  label: string;
}): React.JSX.Element {
  const width = 160;
  const height = 40;
  const first = points[0]?.[0] ?? 0;
  const span = (points.at(-1)?.[0] ?? 0) - first || 1;
  const ys = points.map(([, y]) => y).filter(Number.isFinite);
  const least = Math.min(...ys);
  const reach = Math.max(...ys) - least || 1;
  const path = points
    .filter(([, y]) => Number.isFinite(y))
    .map(([x, y], place) => {
      const at = [((x - first) / span) * width, 1 + (1 - (y - least) / reach) * (height - 2)];
      return `${place ? "L" : "M"}${at.map((number) => number.toFixed(1)).join(" ")}`;
    })
    .join("");
  return (
    <svg
      className="mantidlab-Curve"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={path} />
    </svg>
  );
}
