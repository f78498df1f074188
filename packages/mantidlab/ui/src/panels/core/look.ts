// Asks the server what stands at a caret: the algorithm or function, its property, and names that are wrong.

import type { Server } from "./server";

/** A name of a property that the called function does not have. */
export interface Problem {
  /** Characters (UTF-16) from the beginning of the source. */
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** A sentence. */
  readonly message: string;
  /** What may be meant, the likeliest first. */
  readonly offers: readonly string[];
}

/** What stands at a caret. */
export interface Look {
  /** What leads to the algorithm or function, as search calls it; null where there is none. */
  readonly of: string | null;
  readonly property: string | null;
  readonly problems: readonly Problem[];
}

/** A text, and a place in it. */
export interface Looked {
  readonly source: string;
  /** Characters (UTF-16) from the beginning of the source. */
  readonly offset: number;
  /** The texts before it, whose imports and variables hold in it. */
  readonly before: readonly string[];
  readonly environment: string | undefined;
}

/** Look at one place of a text. Python counts characters in another way than a browser does, which is put right here. */
export async function lookAt(server: Server, { source, offset, before, environment }: Looked): Promise<Look> {
  const body = { source, offset: toPython(source, offset), context: before.join("\n"), environment };
  const { of, property, problems } = await server.post<Look>("docs/look", body);
  const put = (problem: Problem): Problem => ({
    ...problem,
    start: fromPython(source, problem.start),
    end: fromPython(source, problem.end),
  });
  return { of, property, problems: problems.map(put) };
}

/** The number of code points before an offset in UTF-16. */
export function toPython(source: string, offset: number): number {
  return [...source.slice(0, offset)].length;
}

/** The offset in UTF-16 behind a number of code points. */
export function fromPython(source: string, points: number): number {
  // Almost no source has characters that are two in a browser.
  return isPlain(source) ? points : [...source].slice(0, points).join("").length;
}

function isPlain(source: string): boolean {
  return !/[\ud800-\udbff]/.test(source);
}
