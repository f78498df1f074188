// Which files a value means: asked of the session's server, which finds them as the call will.
import type { Services } from "../core";
import { type FormSpec, formFor } from "./spec";
import type { Surroundings } from "./surroundings";
import { t } from "./texts";

export interface MeantFile {
  /** What was written for it. */
  asked: string;
  name: string;
  path: string;
  /** Bytes. */
  size: number;
  /** As ISO 8601 has it. */
  modified: string;
  /** Paths of further files of the same run, which are not taken. */
  others: readonly string[];
}

export interface NotFound {
  asked: string;
  sentence: string;
  /** What it might be, where that is more than one file. */
  candidates: readonly string[];
}

/** The files and the sentences are the first ones; the counts are of all. */
export interface Meant {
  asked: number;
  found: number;
  lacking: number;
  files: readonly MeantFile[];
  missing: readonly NotFound[];
  /** Why it is not the whole answer yet; empty where it is. */
  looking: string;
  /** What is wrong with the text itself. */
  problem: string;
}

/** What is needed to ask: the folder of `path` is where files' names count from. */
interface Asked extends Pick<Services, "server"> {
  readonly cells: Pick<Services["cells"], "path">;
  readonly kernel: Pick<Services["kernel"], "environment">;
}

/** Return what asks for the files of a form's fields. */
export function meantBy({ server, cells, kernel }: Asked, spec: FormSpec): Surroundings["meant"] {
  return (field, value, signal) =>
    server.post<Meant>(
      "forms/files",
      {
        of: spec.of,
        ...formFor(spec),
        field: field.name,
        value,
        path: cells.path,
        environment: kernel.environment,
      },
      { signal },
    );
}

/** Return how many files there are, in one line that can be read out. */
export function summaryOf(meant: Meant): string {
  if (meant.problem !== "") {
    return meant.problem;
  }
  if (meant.looking !== "") {
    return meant.looking;
  }
  if (meant.lacking === 0 && meant.found === 1) {
    const [only] = meant.files;
    return only === undefined ? "" : `${only.name} · ${sizeText(only.size)} · ${dateText(only.modified)}`;
  }
  if (meant.lacking === 0) {
    const size = meant.files.reduce((sum, file) => sum + file.size, 0);
    return meant.files.length < meant.found
      ? t.__("%1 files", meant.found)
      : t.__("%1 files, %2", meant.found, sizeText(size));
  }
  return meant.asked === 1 ? t.__("Not found.") : t.__("%1 of %2 found.", meant.found, meant.asked);
}

const UNITS = ["kB", "MB", "GB", "TB"];

/** Return a size as people read it: 4.1 MB. */
export function sizeText(bytes: number): string {
  let rest = bytes / 1000;
  let unit = 0;
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const digits = rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2;
  return bytes < 1000 ? `${bytes} B` : `${rest.toFixed(digits)} ${UNITS[unit]}`;
}

/** Return a time as the person's own clock and habits have it. */
export function dateText(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
