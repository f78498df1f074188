// Workspaces for tests, and a kernel that tells of them.

import type { Item } from "../../../src/panels/workspaces/item";
import { createStandaloneKernel } from "./standalone";

export { createStandaloneKernel };

export function item(name: string, more: Partial<Item> = {}): Item {
  return {
    name,
    variable: name,
    framework: "scipp",
    kind: "spectra",
    type: "DataArray",
    shape: [3, 100],
    dims: ["spectrum", "tof"],
    unit: "counts",
    axes_units: ["", "µs"],
    memory: 2400,
    members: [],
    parent: null,
    events: null,
    title: "",
    instrument: "",
    sparkline: [1, 2, 1],
    fresh: 1,
    ...more,
  };
}

export const held = (...items: Item[]): Map<string, Item> => new Map(items.map((each) => [each.name, each]));
