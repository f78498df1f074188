// The pages that a person read last, kept over sessions.

import type { Memory } from "../core";
import type { Thing } from "./things";

export interface Recent {
  readonly of: string;
  readonly title: string;
  readonly kind: string;
}

const KEY = "documentation/recent";
const MOST = 12;

export function recentPages(memory: Memory): readonly Recent[] {
  return (memory.get(KEY) as readonly Recent[] | undefined) ?? [];
}

export function keepRecent(memory: Memory, { of, title, kind }: Thing): void {
  const others = recentPages(memory).filter((one) => one.of !== of);
  memory.set(KEY, [{ of, title, kind }, ...others].slice(0, MOST) as never);
}
