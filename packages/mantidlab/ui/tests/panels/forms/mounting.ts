// Puts a component of React on a page, and takes it away after the test.
import type * as React from "react";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach } from "vitest";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const roots = new Map<HTMLElement, Root>();

afterEach(() => {
  for (const root of roots.values()) {
    act(() => root.unmount());
  }
  roots.clear();
  document.body.replaceChildren();
});

/** Draw a component, and return the element that holds it. */
export function mount(component: React.ReactElement): HTMLElement {
  const place = document.body.appendChild(document.createElement("main"));
  const root = createRoot(place);
  roots.set(place, root);
  redraw(place, component);
  return place;
}

/** Draw a component anew where it stands, with other properties. */
export function redraw(place: HTMLElement, component: React.ReactElement): void {
  act(() => roots.get(place)?.render(component));
}

/** Type a text into a field, as a person does who replaces what stands there. */
export function type(field: Element, text: string): void {
  const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  act(() => {
    Object.getOwnPropertyDescriptor(kind.prototype, "value")?.set?.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

export function choose(field: Element, value: string): void {
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value")?.set?.call(field, value);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

export function click(element: Element | null | undefined): void {
  if (!(element instanceof HTMLElement)) {
    throw new Error("There is nothing to click on.");
  }
  act(() => element.click());
}

export function press(element: Element, key: string): void {
  act(() => {
    element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  });
}

/** Let time pass, with all that is due meanwhile. */
export async function pass(milliseconds: number): Promise<void> {
  await act(() => new Promise((resolve) => setTimeout(resolve, milliseconds)));
}

/** Return the button with a text or a name. */
export function button(place: ParentNode, name: string): HTMLButtonElement {
  const found = [...place.querySelectorAll("button")].find(
    (one) => one.getAttribute("aria-label") === name || one.textContent?.trim() === name,
  );
  if (!found) {
    throw new Error(`There is no button “${name}”.`);
  }
  return found;
}
