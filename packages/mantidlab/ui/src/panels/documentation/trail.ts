// The pages that were read one after the other, for going back and forward.

/** A page, and the property on it that is meant. */
export interface Place {
  readonly of: string;
  readonly property?: string | undefined;
  /** Whether the caret led there, and nobody chose it. */
  readonly followed?: boolean;
}

export interface Trail {
  readonly places: readonly Place[];
  /** The index of the place that is shown; -1 at the beginning, where there is none. */
  readonly at: number;
}

export const BEGINNING: Trail = { places: [], at: -1 };

const LONGEST = 100;

/** Go to a place: what lay ahead is forgotten. Where the caret led takes the place of where it led before. */
export function visit(trail: Trail, place: Place): Trail {
  const here = shownOf(trail);
  if (here?.of === place.of) {
    const places = [...trail.places];
    places[trail.at] = { ...place, followed: here.followed === true && place.followed === true };
    return { ...trail, places };
  }
  const kept = place.followed && here?.followed ? trail.at : trail.at + 1;
  const places = [...trail.places.slice(0, kept), place].slice(-LONGEST);
  return { places, at: places.length - 1 };
}

export function shownOf({ places, at }: Trail): Place | undefined {
  return places[at];
}

export function canGo({ places, at }: Trail, by: -1 | 1): boolean {
  return at + by >= 0 && at + by < places.length;
}

export function go(trail: Trail, by: -1 | 1): Trail {
  return canGo(trail, by) ? { ...trail, at: trail.at + by } : trail;
}
