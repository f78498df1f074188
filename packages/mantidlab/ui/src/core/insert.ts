// Writes code below: as a new cell where something listens, else as text to copy.

import { openDialog } from "./dialog";
import { part } from "./frame";

/** Offer `text` as a cell below the plot's; an extension that makes the cell calls `preventDefault`. */
export function insertCell(root: HTMLElement, text: string, title: string): void {
  const detail = { text, place: "below" };
  const event = new CustomEvent("mantidlab:insert-cell", { bubbles: true, composed: true, cancelable: true, detail });
  if (root.dispatchEvent(event)) showText(root, text, title);
}

/** A dialog with text to copy. */
function showText(root: HTMLElement, text: string, title: string): void {
  const body = part("div", "");
  const pre = part("pre", "", text);
  pre.tabIndex = 0;
  const told = part("p", "mlp-note", "Nothing here can make a cell; copy the text into one.");
  body.append(told, pre);
  const copy = (): false => {
    void copyText(text, pre).then((done) => {
      told.textContent = done ? "Copied." : "The browser does not allow copying: the text is selected, press Ctrl+C.";
    });
    return false;
  };
  openDialog(root, { title, body, wide: true, actions: [{ label: "Copy", primary: true, run: copy }] });
}

/** Copy, or select the element's text where the browser forbids it. */
async function copyText(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
