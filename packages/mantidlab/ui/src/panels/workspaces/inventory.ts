// What the current kernel holds, kept as the kernel tells of it.

import { type ISignal, Signal } from "@lumino/signaling";
import type { Kernel } from "../core/kernel";
import { sentenceOf } from "../core/trouble";
import type { Item } from "./item";

interface Listed {
  readonly items: readonly Item[];
}

/** What a kernel pushes. */
export interface Changes {
  readonly changed?: readonly Item[];
  readonly removed?: readonly string[];
  readonly renamed?: readonly (readonly [string, string])[];
}

export type State = "nothing" | "loading" | "ready" | "trouble";

export class Inventory {
  readonly changed: ISignal<this, void>;
  /** Old and new name of what was renamed. */
  readonly renamed: ISignal<this, readonly [string, string]>;
  private readonly told = new Signal<this, void>(this);
  private readonly toldOfNames = new Signal<this, readonly [string, string]>(this);
  private held = new Map<string, Item>();
  private now: State = "nothing";
  private said = "";
  private asked = 0;

  constructor(private readonly kernel: Kernel) {
    this.changed = this.told;
    this.renamed = this.toldOfNames;
    kernel.changed.connect(() => this.begin());
    kernel.on<Changes>("workspaces", "changed", (changes) => this.take(changes));
    this.begin();
  }

  get items(): ReadonlyMap<string, Item> {
    return this.held;
  }

  get state(): State {
    return this.now;
  }

  /** Why there is nothing to show. */
  get trouble(): string {
    return this.said;
  }

  /** Ask for all of it; what a kernel tells from then on is added by itself. */
  async load(): Promise<void> {
    this.asked += 1;
    const asked = this.asked;
    this.set(this.held.size ? this.now : "loading");
    try {
      const { items } = await this.kernel.ask<Listed>("workspaces", "list");
      if (asked !== this.asked) return;
      this.held = new Map(items.map((item) => [item.name, item]));
      this.set("ready");
    } catch (problem) {
      if (asked === this.asked) this.set("trouble", sentenceOf(problem));
    }
  }

  private begin(): void {
    this.asked += 1; // what was asked of the kernel before is of no interest any more
    this.held = new Map();
    if (this.kernel.status === "none") this.set("nothing");
    else void this.load();
  }

  private take({ changed = [], removed = [], renamed = [] }: Changes): void {
    if (this.now !== "ready") return; // the list that is on its way has it
    const held = new Map(this.held);
    for (const [before, after] of renamed) {
      const item = held.get(before);
      held.delete(before);
      if (item && !held.has(after)) held.set(after, { ...item, name: after });
    }
    for (const name of removed) held.delete(name);
    for (const item of changed) held.set(item.name, item);
    this.held = held;
    for (const pair of renamed) this.toldOfNames.emit(pair);
    this.told.emit();
  }

  private set(state: State, said = ""): void {
    this.now = state;
    this.said = said;
    this.told.emit();
  }
}
