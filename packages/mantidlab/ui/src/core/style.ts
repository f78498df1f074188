// The style sheet of all plots, adopted once by each document or shadow root.

import CSS from "./style.css";

const sheets = new WeakMap<Document, CSSStyleSheet>();

/** Give the element's document or shadow root the style; a constructed sheet, which no Content Security Policy minds. */
export function adoptStyle(element: Element): void {
  const root = element.getRootNode();
  const place = root instanceof ShadowRoot ? root : document;
  let sheet = sheets.get(document);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    sheets.set(document, sheet);
  }
  if (!place.adoptedStyleSheets.includes(sheet)) place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
}
