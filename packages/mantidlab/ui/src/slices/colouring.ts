// From a value to its place on the colour map; the shader on the graphics card does the same.

import type { ScaleKind } from "../core/scales";

export interface Colouring {
  readonly kind: ScaleKind;
  readonly low: number;
  readonly high: number;
  /** Of symlog. */
  readonly constant: number;
}

/** From 0 (the lower limit and below) to 1 (the upper one and above). */
export function shareOf(value: number, { kind, low, high, constant }: Colouring): number {
  let share: number;
  if (kind === "log") {
    if (!(value > 0)) return 0;
    share = Math.log(value / low) / Math.log(high / low);
  } else if (kind === "symlog") {
    const at = (v: number): number => Math.sign(v) * Math.log1p(Math.abs(v) / constant);
    share = (at(value) - at(low)) / (at(high) - at(low));
  } else {
    share = (value - low) / (high - low);
  }
  return Math.max(0, Math.min(1, share));
}
