// Undo and redo of views: a list of states and where one is in it.

/** Views as a browser's history: going back and then elsewhere forgets what was ahead. States are compared as JSON. */
export class History<State> {
  private readonly states: State[];
  private at = 0;

  constructor(
    first: State,
    private readonly depth = 100,
  ) {
    this.states = [first];
  }

  get canUndo(): boolean {
    return this.at > 0;
  }

  get canRedo(): boolean {
    return this.at < this.states.length - 1;
  }

  /** Remember a state; the same as the present one is not remembered twice. */
  push(state: State): void {
    if (same(state, this.states[this.at])) return;
    this.states.splice(this.at + 1);
    this.states.push(state);
    if (this.states.length > this.depth) this.states.shift();
    this.at = this.states.length - 1;
  }

  /** The state before, or null at the beginning. */
  undo(): State | null {
    if (!this.canUndo) return null;
    this.at -= 1;
    return this.states[this.at] ?? null;
  }

  redo(): State | null {
    if (!this.canRedo) return null;
    this.at += 1;
    return this.states[this.at] ?? null;
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
