// What went wrong, in a sentence that a person can be shown.

/** An error whose message says what was tried, what was found, and what to do. */
export class Trouble extends Error {
  override readonly name = "Trouble";

  constructor(
    message: string,
    /** What the server answered besides the sentence, for programs. */
    readonly answer?: unknown,
  ) {
    super(message);
  }
}

/** A question was not answered because a newer one took its place. */
export class Superseded extends Trouble {}

/** The sentence of anything that was thrown. */
export function sentenceOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
