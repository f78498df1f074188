// What the picture says in words: of a detector, of what a pixel stands for, of the chosen range.

import { formatCount, formatNumber } from "../core/numbers";
import type { Reading } from "../core/readout";
import type { Spec } from "./state";

/** As Python's `detector_facts` has it. */
export interface Facts {
  readonly index: number;
  readonly id: number;
  readonly bank: string;
  readonly tube: string;
  readonly two_theta: number;
  readonly phi: number;
  readonly l2: number;
  readonly position: readonly number[];
  readonly value: number | null;
  readonly spectrum: number | null;
  readonly shared: number;
  readonly state: string;
}

export function reading(facts: Facts, spec: Spec): Reading {
  const unit = spec.value.unit === "" ? "" : ` ${spec.value.unit}`;
  const lines = [
    facts.value === null ? "no counts" : `${formatNumber(facts.value, 8)}${unit}`,
    facts.tube || facts.bank,
    `2θ ${formatNumber(facts.two_theta, 5)}°, φ ${formatNumber(facts.phi, 4)}°, L2 ${formatNumber(facts.l2, 5)} m`,
    `at (${facts.position.map((part) => formatNumber(part, 4)).join(", ")}) m`,
    facts.shared > 1 ? `shares spectrum ${facts.spectrum} with ${formatCount(facts.shared - 1)} others` : "",
    facts.state,
  ];
  return { title: `Detector ${facts.id}`, lines: lines.filter((line) => line !== "") };
}

export interface Shown {
  readonly thinned: number;
  readonly bodies: boolean;
  readonly standouts: number;
  /** Pixels that a detector is wide. */
  readonly pixels: number;
}

/** What a detector is drawn as, and who is seen where several share a pixel. */
export function truth({ thinned, bodies, standouts, pixels }: Shown): string {
  const parts: string[] = [];
  if (thinned > 1) parts.push(`while it moves: 1 of ${Math.round(thinned)} detectors`);
  else if (bodies) parts.push("detectors in their true size");
  else if (pixels < 1)
    parts.push(`1 px = ${formatNumber(Math.max(1, 1 / (pixels * pixels)), 2)} detectors, of which the highest is seen`);
  else parts.push("1 detector = 1 square");
  if (standouts > 0) parts.push(`${standouts} that stand out are never below 5 px`);
  return parts.join("; ");
}
