// Which workspaces of the kernel a field takes, and why the others do not fit.

import type { Accepts } from "./spec";
import { t } from "./texts";

/** A workspace as the kernel's inventory tells of it; only what a form needs. */
export interface Held {
  name: string;
  variable: string | null;
  framework: string;
  kind: string;
  type: string;
  shape: readonly number[];
  unit: string | null;
  parent: string | null;
  fresh?: number;
}

export interface Offer {
  held: Held;
  /** Why it cannot be chosen; nothing where it can. */
  refusal: string | null;
}

/** Return all that the kernel holds, what fits first, and why the rest does not. */
export function offersOf(held: readonly Held[], accepts: Accepts | null, framework: string): Offer[] {
  const offers = held.map((one) => ({ held: one, refusal: refusalOf(one, accepts, framework) }));
  return [...offers.filter(({ refusal }) => refusal === null), ...offers.filter(({ refusal }) => refusal !== null)];
}

function refusalOf(one: Held, accepts: Accepts | null, framework: string): string | null {
  if (framework !== "python" && framework !== "interface" && one.framework !== framework) {
    return t.__("is of %1, not of %2", one.framework, framework);
  }
  const { types, kinds } = accepts ?? { types: [], kinds: [] };
  // The framework's own words say more than the kinds of the data model.
  const fits = types.length > 0 ? types.some((type) => isA(one.type, type)) : kinds.includes(one.kind);
  if (fits || (types.length === 0 && kinds.length === 0)) {
    return null;
  }
  return t.__("is a %1; needed is %2", one.type, listed(types.length > 0 ? types : kinds));
}

// Mantid's templates: MDEventWorkspace<MDLeanEvent,3> is an MDEventWorkspace.
function isA(type: string, wanted: string): boolean {
  return type === wanted || type.startsWith(`${wanted}<`);
}

const MOST_NAMED = 3;

function listed(words: readonly string[]): string {
  const named = words.slice(0, MOST_NAMED).join(", ");
  return words.length > MOST_NAMED ? t.__("%1 or the like", named) : named;
}

/** Return the few words that tell one workspace from another in a list. */
export function describe(one: Held): string {
  const shape = one.shape?.length > 0 ? one.shape.join(" × ") : "";
  return [one.type, shape, one.unit ?? ""].filter((word) => word !== "").join(" · ");
}
