// What components of panels use of the services, as hooks of React.

import type { ISignal } from "@lumino/signaling";
import { useEffect, useReducer, useState } from "react";
import { type Look, lookAt } from "./look";
import type { Services } from "./services";
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

/** What stands at the caret. */
export type Topic = Pick<Look, "of" | "property">;

/**
 * Follow the caret: the algorithm or function that stands there and its property, as long as `enabled`; where none does, the
 * last one stays. Null until there was one.
 */
export function useTopic({ server, cells, kernel }: Services, enabled: boolean): Topic | null {
  const [topic, setTopic] = useState<Topic | null>(null);
  useEffect(() => {
    if (!enabled) return;
    let newest = 0;
    const follow = async (): Promise<void> => {
      const caret = cells.current();
      if (!caret) return;
      newest += 1;
      const mine = newest;
      const before = cells.above(caret.cell);
      const { of, property } = await lookAt(server, { ...caret, before, environment: kernel.environment });
      if (mine === newest && of !== null) {
        setTopic((last) => (last?.of === of && last.property === property ? last : { of, property }));
      }
    };
    // A server that does not answer leaves the topic that was there; the panel says so when it is asked for more.
    const onMoved = (): void => void follow().catch(() => undefined);
    cells.changed.connect(onMoved);
    onMoved();
    return () => {
      newest = Number.POSITIVE_INFINITY;
      cells.changed.disconnect(onMoved);
    };
  }, [server, cells, kernel, enabled]);
  return topic;
}
