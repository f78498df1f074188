// The view as one value: who changes it says whether the change is finished, and everybody who shows it hears of it.

import type { Model } from "../core/plot";
import { History } from "../core/undo";
import type { Spec, View } from "./state";

export class Store {
  private readonly listeners: ((before: View) => void)[] = [];
  private readonly history: History<View>;
  private telling = false;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: Model,
    readonly spec: Spec,
    signal: AbortSignal,
  ) {
    this.view = model.get<View>("view");
    this.history = new History(remembered(this.view));
    const hear = (): void => this.hear();
    model.on("change:view", hear);
    signal.addEventListener("abort", () => {
      model.off("change:view", hear);
      clearTimeout(this.waiting);
    });
  }

  view: View;

  get canUndo(): boolean {
    return this.history.canUndo;
  }

  get canRedo(): boolean {
    return this.history.canRedo;
  }

  onChange(listener: (before: View) => void): void {
    this.listeners.push(listener);
  }

  /** A change that goes on: a finger moves. Python hears of it a little later, undo when it has ended. */
  change(part: Partial<View>): void {
    this.apply({ ...this.view, ...part });
  }

  /** A change that is complete. */
  commit(part: Partial<View> = {}): void {
    this.apply({ ...this.view, ...part });
    this.history.push(remembered(this.view));
    this.tellSoon();
  }

  undo(): void {
    this.goTo(this.history.undo());
  }

  redo(): void {
    this.goTo(this.history.redo());
  }

  private goTo(state: View | null): void {
    if (state === null) return;
    this.apply({ ...state, mode: this.view.mode });
    this.tellSoon();
  }

  private apply(view: View): void {
    const before = this.view;
    this.view = view;
    for (const listener of this.listeners) listener(before);
  }

  // Not with every step of a key that is held down.
  private tellSoon(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.telling = true;
      this.model.set("view", this.view);
      this.telling = false;
      this.model.save_changes();
    }, 60);
  }

  // Python, or another drawing of the same plot, has set the view.
  private hear(): void {
    const view = this.model.get<View>("view");
    if (this.telling || JSON.stringify(view) === JSON.stringify(this.view)) return;
    this.apply(view);
    this.history.push(remembered(view));
  }
}

// What a tool does next is no part of what undo goes back to.
function remembered(view: View): View {
  return { ...view, mode: "pan" };
}
