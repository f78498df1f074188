// Menus: a list of commands below a button, with keys as menus have them.

import { part } from "./frame";
import { type IconName, icon } from "./icons";

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly shortcut?: string;
  /** Given: an item that is ticked or not. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  /** A line above this item. */
  readonly apart?: boolean;
  readonly run: () => void;
}

/** Open a menu in `root` below `anchor` (an element, or a point of the page); it closes after a choice, Escape, or a press elsewhere. */
export function openMenu(
  root: HTMLElement,
  anchor: HTMLElement | { readonly x: number; readonly y: number },
  items: readonly MenuItem[],
  label: string,
): void {
  const menu = part("div", "mlp-menu");
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  const opened = new AbortController();
  const back = root.ownerDocument.activeElement;
  const close = (): void => {
    if (opened.signal.aborted) return;
    opened.abort();
    menu.remove();
    if (anchor instanceof HTMLElement) anchor.setAttribute("aria-expanded", "false");
    if (back instanceof HTMLElement && root.contains(back)) back.focus({ preventScroll: true });
  };
  for (const item of items) {
    if (item.apart === true) menu.append(document.createElement("hr"));
    menu.append(entry(item, close));
  }
  root.append(menu);
  place(root, menu, anchor);
  if (anchor instanceof HTMLElement) anchor.setAttribute("aria-expanded", "true");
  menu.addEventListener("keydown", (event) => keys(event, menu, close));
  const elsewhere = (event: Event): void => {
    if (!event.composedPath().includes(menu)) close();
  };
  // Not in this very event, which opened the menu.
  setTimeout(() => window.addEventListener("pointerdown", elsewhere, { capture: true, signal: opened.signal }), 0);
  choices(menu)[0]?.focus({ preventScroll: true });
}

function entry(item: MenuItem, close: () => void): HTMLElement {
  const button = part("button", "");
  button.type = "button";
  button.tabIndex = -1;
  button.setAttribute("role", item.checked === undefined ? "menuitem" : "menuitemcheckbox");
  if (item.checked !== undefined) button.setAttribute("aria-checked", String(item.checked));
  button.disabled = item.disabled === true;
  if (item.icon !== undefined) button.append(icon(item.icon));
  button.append(part("span", "", item.label));
  if (item.shortcut !== undefined) button.append(part("kbd", "", item.shortcut));
  button.addEventListener("click", () => {
    close();
    item.run();
  });
  return button;
}

function choices(menu: HTMLElement): HTMLButtonElement[] {
  return [...menu.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
}

function keys(event: KeyboardEvent, menu: HTMLElement, close: () => void): void {
  const all = choices(menu);
  const at = all.indexOf(event.target as HTMLButtonElement);
  const to: Record<string, number> = {
    ArrowDown: (at + 1) % all.length,
    ArrowUp: (at - 1 + all.length) % all.length,
    Home: 0,
    End: all.length - 1,
  };
  if (event.key === "Escape" || event.key === "Tab") close();
  else if (event.key in to) all[to[event.key] ?? 0]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function place(
  root: HTMLElement,
  menu: HTMLElement,
  anchor: HTMLElement | { readonly x: number; readonly y: number },
): void {
  const frame = root.getBoundingClientRect();
  const from =
    anchor instanceof HTMLElement
      ? anchor.getBoundingClientRect()
      : { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y };
  const width = menu.offsetWidth;
  const left = Math.min(Math.max(0, from.left - frame.left), Math.max(0, frame.width - width - 4));
  const below = from.bottom - frame.top + 2;
  const room = window.innerHeight - from.bottom;
  const fits = menu.offsetHeight <= room || from.top < menu.offsetHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${fits ? below : from.top - frame.top - menu.offsetHeight - 2}px`;
}
