// What the kernel tells of one workspace, and how it is said.

import type { TranslationBundle } from "@jupyterlab/translation";

/** As `mantidlab.workspaces` sends it; names are what means the workspace in Python, for Mantid its own name. */
export interface Item {
  readonly name: string;
  /** What a member is called in its group. */
  readonly label?: string;
  readonly variable: string | null;
  readonly framework: string;
  readonly kind: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  readonly unit: string;
  readonly axes_units: readonly string[];
  /** Bytes. */
  readonly memory: number | null;
  readonly members: readonly string[];
  readonly parent: string | null;
  readonly events: number | null;
  readonly title: string;
  readonly instrument: string;
  readonly sparkline: readonly (number | null)[] | null;
  readonly fresh: number;
}

export const labelOf = (item: Item): string => item.label || item.name;

/** 3 × 4, or the number of events besides. */
export function sizeOf(item: Item, t: TranslationBundle): string {
  const shape = item.shape.map((length) => length.toLocaleString("en")).join(" × ");
  if (item.kind === "group") return t._n("%1 member", "%1 members", item.members.length || (item.shape[0] ?? 0));
  if (item.events === null) return shape;
  return [shape, t.__("%1 events", shortly(item.events))].filter(Boolean).join(", ");
}

/** 1.2 M rather than 1234567. */
export function shortly(count: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(count);
}

/** 1.2 MB: powers of ten, as disks and JupyterLab count. */
export function memoryOf(bytes: number | null): string {
  if (bytes === null) return "";
  const steps = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let step = 0;
  while (size >= 999.5 && step < steps.length - 1) {
    size /= 1000;
    step += 1;
  }
  return `${step === 0 || size >= 99.5 ? Math.round(size) : size.toPrecision(2)} ${steps[step]}`;
}

export function kindOf(kind: string, t: TranslationBundle): string {
  const names: Record<string, string> = {
    spectra: t.__("spectra"),
    events: t.__("events"),
    image: t.__("image"),
    table: t.__("table"),
    peaks: t.__("peaks"),
    group: t.__("group"),
  };
  return names[kind] ?? t.__("other");
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[_.]+|[_.]+$/g, "") || "workspace";
}
