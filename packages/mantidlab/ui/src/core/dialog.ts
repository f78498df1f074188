// Dialogs: on top of the page, also when the plot fills the screen; Escape and a press outside close them.

import { part } from "./frame";
import { icon } from "./icons";

export interface DialogAction {
  readonly label: string;
  readonly primary?: boolean;
  /** Return false to stay open. */
  readonly run: () => unknown;
}

export interface DialogOptions {
  readonly title: string;
  readonly body: HTMLElement;
  readonly actions?: readonly DialogAction[];
  readonly wide?: boolean;
  readonly onClose?: () => void;
}

/** Open it and return what closes it. The focus goes in, and back to where it was. */
export function openDialog(root: HTMLElement, options: DialogOptions): () => void {
  const dialog = part("dialog", options.wide === true ? "mlp-wide" : "");
  dialog.setAttribute("aria-label", options.title);
  const close = (): void => dialog.close();
  dialog.append(heading(options.title, close), content(options, close));
  dialog.addEventListener("close", () => {
    dialog.remove();
    options.onClose?.();
  });
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog && outside(dialog, event)) close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    dialog.querySelector<HTMLButtonElement>(".mlp-primary")?.click();
    event.preventDefault();
  });
  root.append(dialog);
  dialog.showModal();
  const first = dialog.querySelector<HTMLElement>(
    ".mlp-dialog-body input:not([type=checkbox]), .mlp-dialog-body select, .mlp-primary",
  );
  // On a tablet the focus would bring up the keyboard over half of the dialog.
  if (first !== null && !window.matchMedia("(pointer: coarse)").matches) first.focus();
  return close;
}

function heading(title: string, close: () => void): HTMLElement {
  const head = part("div", "mlp-dialog-head");
  head.append(part("h2", "", title), closeButton(close));
  return head;
}

/** A button with a cross. */
export function closeButton(close: () => void): HTMLButtonElement {
  const cross = part("button", "mlp-tool");
  cross.type = "button";
  cross.setAttribute("aria-label", "Close");
  cross.append(icon("close"));
  cross.addEventListener("click", close);
  return cross;
}

function content(options: DialogOptions, close: () => void): HTMLElement {
  const body = part("div", "mlp-dialog-body");
  body.append(options.body);
  if (options.actions === undefined || options.actions.length === 0) return body;
  const actions = part("div", "mlp-actions");
  for (const action of options.actions) {
    actions.append(
      actionButton(
        action.label,
        () => {
          if (action.run() !== false) close();
        },
        action.primary,
      ),
    );
  }
  body.append(actions);
  return body;
}

/** A button with words on it. */
export function actionButton(label: string, run: () => void, primary = false): HTMLButtonElement {
  const made = part("button", primary ? "mlp-button mlp-primary" : "mlp-button", label);
  made.type = "button";
  made.addEventListener("click", run);
  return made;
}

function outside(dialog: HTMLElement, event: PointerEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
