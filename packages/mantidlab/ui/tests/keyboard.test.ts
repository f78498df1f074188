import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Keyboard } from "../src/core/keyboard";

let root: HTMLElement;
let ended: AbortController;
let pressed: string[];
let heardByTheNotebook: string[];

/** As JupyterLab listens: at the document, before any element, and not where Lumino's attribute is set. */
function notebook(event: KeyboardEvent): void {
  const inside = event.target as Element;
  if (inside.closest("[data-lm-suppress-shortcuts=true]") === null) heardByTheNotebook.push(event.key);
}

function press(target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  ended = new AbortController();
  pressed = [];
  heardByTheNotebook = [];
  root = document.createElement("div");
  root.innerHTML = `<div id="axes" tabindex="0"></div><input id="field">`;
  document.body.append(root);
  document.addEventListener("keydown", notebook, { capture: true, signal: ended.signal });
  const note = (label: string) => ({ label, run: () => pressed.push(label) });
  const shortcuts = [
    { keys: ["z"], ...note("undo") },
    { keys: ["ArrowLeft"], ...note("left") },
    { keys: ["Shift+ArrowLeft"], ...note("farther") },
    { keys: ["+"], ...note("closer") },
  ];
  new Keyboard(root, shortcuts, ended.signal);
});

afterEach(() => {
  ended.abort();
  root.remove();
});

const axes = (): Element => root.querySelector("#axes")!;

describe("keys in a plot", () => {
  it("do what they are for, and the notebook does not hear them", () => {
    expect(press(axes(), "z").defaultPrevented).toBe(true);
    press(axes(), "ArrowLeft");
    press(axes(), "ArrowLeft", { shiftKey: true });
    press(axes(), "+", { shiftKey: true }); // as on most keyboards
    expect(pressed).toEqual(["undo", "left", "farther", "closer"]);
    expect(heardByTheNotebook).toEqual([]);
  });

  it("that mean nothing to the plot mean nothing to the notebook either: b would add a cell", () => {
    expect(press(axes(), "b").defaultPrevented).toBe(false);
    expect(heardByTheNotebook).toEqual([]);
  });

  it("with Ctrl, ⌘ or Alt, and Shift+Enter, are the notebook's", () => {
    press(axes(), "z", { ctrlKey: true });
    press(axes(), "s", { metaKey: true });
    press(axes(), "Enter", { shiftKey: true });
    expect(pressed).toEqual([]);
    expect(heardByTheNotebook).toEqual(["z", "s", "Enter"]);
  });

  it("typed into a field are text", () => {
    expect(press(root.querySelector("#field")!, "z").defaultPrevented).toBe(false);
    expect(pressed).toEqual([]);
  });

  it("outside of the plot are not its", () => {
    press(document.body, "z");
    expect(pressed).toEqual([]);
    expect(heardByTheNotebook).toEqual(["z"]);
  });
});
