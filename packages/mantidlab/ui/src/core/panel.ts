// Panels: what is to be used while the plot is looked at, beside it, or below it on a narrow page.

import { closeButton } from "./dialog";
import { type Frame, part } from "./frame";

/** A titled panel in the frame's side; one of the same id takes the place of the other. Returns what closes it. */
export function openPanel(
  frame: Frame,
  id: string,
  title: string,
  body: HTMLElement,
  onClose: () => void = () => undefined,
): () => void {
  closePanel(frame, id);
  const panel = part("section", "mlp-panel");
  panel.dataset.panel = id;
  panel.setAttribute("aria-label", title);
  const close = (): void => {
    if (!panel.isConnected) return;
    panel.remove();
    onClose();
  };
  panel.addEventListener("mlp-close", close);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    frame.pads.inside.focus({ preventScroll: true });
    event.stopPropagation();
  });
  const head = part("div", "mlp-panel-head");
  head.append(part("h2", "", title), closeButton(close));
  panel.append(head, body);
  frame.side.prepend(panel);
  return close;
}

export function panelIsOpen(frame: Frame, id: string): boolean {
  return find(frame, id) !== null;
}

/** Close the panel of this id, if it is open. */
export function closePanel(frame: Frame, id: string): void {
  find(frame, id)?.dispatchEvent(new CustomEvent("mlp-close"));
}

function find(frame: Frame, id: string): HTMLElement | null {
  return frame.side.querySelector<HTMLElement>(`[data-panel="${id}"]`);
}
