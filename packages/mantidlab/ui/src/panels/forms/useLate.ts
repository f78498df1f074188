// What is asked of others while somebody types: not at every letter, and never an answer to an older question.
import * as React from "react";

const PAUSE = 250; // ms

/** Return the last answer to a question about *subject*, and what went wrong instead. Keeps the old one meanwhile. */
export function useLate<Subject, Answer>(
  subject: Subject,
  key: string,
  ask: (subject: Subject) => Promise<Answer>,
  first: Answer,
): { answer: Answer; trouble: string | null; isLate: boolean } {
  const [state, setState] = React.useState({ answer: first, trouble: null as string | null, key: "" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the question is another one
  React.useEffect(() => {
    let isOld = false;
    const timer = setTimeout(async () => {
      try {
        const answer = await ask(subject);
        if (!isOld) {
          setState({ answer, trouble: null, key });
        }
      } catch (problem) {
        if (!isOld) {
          setState((before) => ({ ...before, trouble: sentenceOf(problem), key }));
        }
      }
    }, PAUSE);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [key]);
  return { answer: state.answer, trouble: state.trouble, isLate: state.key !== key };
}

export function sentenceOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
