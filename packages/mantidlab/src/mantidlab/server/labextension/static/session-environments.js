/*
 * Which environment each kernel of this session runs in.
 *
 * The server writes it into the kernel's specification, as `metadata.mantidhub`: `{environment, title, hash, lock}`.
 * A notebook keeps the same four in its own `metadata.mantidhub`, see execution-record.js. Two environments with the
 * same `lock` consist of the same packages and compute the same.
 */

export const KEY = "mantidhub";

const FIELDS = ["environment", "title", "hash", "lock"];

/** Return the four texts of a record, or nothing if *found* is none. A notebook can hold anything. */
export function asRecord(found) {
  if (typeof found !== "object" || found === null || FIELDS.some((field) => typeof found[field] !== "string")) {
    return undefined;
  }
  return Object.fromEntries(FIELDS.map((field) => [field, found[field]]));
}

/** Return the environment of the kernel *name*, or nothing for a kernel that the platform does not know. */
export function environmentOf(specs, name) {
  return asRecord(specs?.kernelspecs[name]?.metadata?.[KEY]);
}

/** Whether the kernel *name* stands for one that cannot start, and so runs nothing. */
export function runsNothing(specs, name) {
  return specs?.kernelspecs[name]?.metadata?.[KEY] === null;
}

/** Return the name of a kernel that computes the same as *record* says, or nothing. */
export function kernelFor(specs, record) {
  return Object.keys(specs?.kernelspecs ?? {}).find((name) => environmentOf(specs, name)?.lock === record.lock);
}
