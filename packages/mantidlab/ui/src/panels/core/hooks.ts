// What components of panels use of the services, as hooks of React.

import type { ISignal } from "@lumino/signaling";
import { useEffect, useReducer, useState } from "react";
import { sentenceOf } from "./trouble";

/** Draw anew whenever a signal is emitted. */
export function useSignal<Sender, Told>(signal: ISignal<Sender, Told>): void {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const slot = (): void => again();
    signal.connect(slot);
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}

/** What is asked for, or why it cannot be had; both undefined while it is on its way. */
export interface Fetched<T> {
  readonly value?: T;
  readonly trouble?: string;
}

/** Ask for something whenever what it depends on changes; an answer that comes after a later question is dropped. */
export function useFetched<T>(ask: () => Promise<T> | undefined, depends: readonly unknown[]): Fetched<T> {
  const [fetched, setFetched] = useState<Fetched<T>>({});
  useEffect(() => {
    let isCurrent = true;
    ask()?.then(
      (value) => isCurrent && setFetched({ value }),
      (problem) => isCurrent && setFetched({ trouble: sentenceOf(problem) }),
    );
    return () => {
      isCurrent = false;
    };
    // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what it depends on
  }, depends);
  return fetched;
}
