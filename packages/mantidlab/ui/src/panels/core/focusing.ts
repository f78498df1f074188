// Where the focus goes when a panel is opened.

const FIRST = ["[data-first]", "input"];

/**
 * Put the focus where one begins in a panel: an element with `data-first`, or else the first field.
 *
 * Until that is there the panel itself has the focus, so that nothing of what is typed meanwhile goes to the notebook, whose
 * cells have commands on letters. Who has gone elsewhere by then stays there.
 *
 * @returns a function that ends the waiting.
 */
export function focusWhenThere(panel: HTMLElement): () => void {
  if (focusFirst(panel)) {
    return () => {};
  }
  panel.tabIndex = -1;
  panel.focus({ preventScroll: true });
  const waiting = new MutationObserver(() => {
    if (document.activeElement !== panel || focusFirst(panel)) {
      waiting.disconnect();
    }
  });
  waiting.observe(panel, { childList: true, subtree: true });
  return () => waiting.disconnect();
}

function focusFirst(panel: HTMLElement): boolean {
  const first = FIRST.map((selector) => panel.querySelector<HTMLElement>(selector)).find((element) => element !== null);
  first?.focus({ preventScroll: true });
  return first !== undefined;
}
