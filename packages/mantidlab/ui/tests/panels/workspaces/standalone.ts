// A kernel as panels see it, which answers from a table.

import { Signal } from "@lumino/signaling";
import type { Kernel } from "../../../src/panels/core/kernel";
import { Trouble } from "../../../src/panels/core/trouble";

type Answers = Record<string, (params: Record<string, unknown>) => unknown>;

export class StandaloneKernel implements Kernel {
  readonly changed = new Signal<this, void>(this);
  readonly statusChanged = new Signal<this, string>(this);
  readonly environment = "scipp";
  readonly asked: { kind: string; params: object }[] = [];
  status = "idle";
  interrupted = 0;
  restarted = 0;
  waitsForInput = false;
  private readonly listeners = new Map<string, Set<(content: never) => void>>();

  constructor(private readonly answers: Answers) {}

  async ask<T>(room: string, kind: string, params: object = {}): Promise<T> {
    this.asked.push({ kind, params });
    const answer = this.answers[`${room}/${kind}`];
    if (!answer) throw new Trouble(`No ${room}/${kind}.`);
    return (await answer(params as Record<string, unknown>)) as T;
  }

  async interrupt(): Promise<void> {
    this.interrupted += 1;
  }

  async restart(): Promise<void> {
    this.restarted += 1;
  }

  forgetInput(): void {
    this.waitsForInput = false;
  }

  on<T>(room: string, kind: string, listener: (content: T) => void) {
    const key = `${room}/${kind}`;
    const those = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, those.add(listener));
    return { dispose: () => void those.delete(listener), isDisposed: false };
  }

  push(room: string, kind: string, content: unknown): void {
    for (const listener of this.listeners.get(`${room}/${kind}`) ?? []) listener(content as never);
  }
}

export const createStandaloneKernel = (answers: Answers): StandaloneKernel => new StandaloneKernel(answers);
