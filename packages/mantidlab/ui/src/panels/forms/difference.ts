// What differs between two versions of a text.

/** Return how many characters two texts share at their beginning and at their end: the caret of others stays put. */
export function difference(before: string, later: string): [number, number] {
  const shorter = Math.min(before.length, later.length);
  let start = 0;
  while (start < shorter && before[start] === later[start]) {
    start += 1;
  }
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === later[later.length - 1 - end]) {
    end += 1;
  }
  return [start, end];
}
