// Keys: one table of shortcuts for what the focused plot does, from which the help is made too.

import { openDialog } from "./dialog";
import { part } from "./frame";

export interface Shortcut {
  /** As `KeyboardEvent.key` says, "Shift+" before it where shift makes a difference: ["ArrowLeft"], ["+", "="]. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly run: () => void;
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  " ": "Space",
  Escape: "Esc",
};

/**
 * Bind shortcuts to everything within `root` but fields to type in. JupyterLab's own shortcuts (z undoes a cell, Enter edits
 * it) do not see plain keys pressed in the plot; those with Ctrl, ⌘ or Alt, and Shift+Enter, stay JupyterLab's.
 */
export class Keyboard {
  constructor(
    private readonly root: HTMLElement,
    private readonly shortcuts: readonly Shortcut[],
    signal: AbortSignal,
  ) {
    // At the window, as JupyterLab listens at the document before any element hears of the key.
    window.addEventListener("keydown", (event) => this.guard(event), { capture: true, signal });
    root.addEventListener("keydown", (event) => this.press(event), { signal });
  }

  /** Show all shortcuts and gestures. */
  help(gestures: readonly (readonly [string, string])[]): void {
    const body = part("div", "");
    body.append(
      listing(
        "Keys",
        this.shortcuts.map((s) => [s.keys.map(keyName), s.label] as const),
      ),
    );
    body.append(
      listing(
        "Fingers and mouse",
        gestures.map(([how, what]) => [[how], what] as const),
      ),
    );
    openDialog(this.root, { title: "How to use this plot", body, wide: true });
  }

  private guard(event: KeyboardEvent): void {
    if (!(event.target instanceof Element) || !this.root.contains(event.target)) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !(event.shiftKey && event.key === "Enter");
    if (plain) this.root.dataset.lmSuppressShortcuts = "true";
    else delete this.root.dataset.lmSuppressShortcuts;
  }

  private press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const name = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
    const found = this.shortcuts.find((s) => s.keys.includes(name));
    if (found === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    found.run();
  }
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches("input, select, textarea, [contenteditable], [role=menu] *, dialog *");
}

function keyName(key: string): string {
  const shift = key.startsWith("Shift+");
  const plain = shift ? key.slice(6) : key;
  return `${shift ? "Shift " : ""}${NAMES[plain] ?? plain}`;
}

function listing(title: string, rows: readonly (readonly [readonly string[], string])[]): HTMLElement {
  const section = part("section", "");
  section.append(part("h3", "", title));
  const table = part("table", "");
  for (const [keys, label] of rows) {
    const row = part("tr", "");
    const left = part("th", "");
    left.scope = "row";
    for (const key of keys) left.append(part("kbd", "", key), " ");
    const right = part("td", "", label);
    right.style.textAlign = "left";
    right.style.whiteSpace = "normal";
    row.append(left, right);
    table.append(row);
  }
  section.append(table);
  return section;
}
