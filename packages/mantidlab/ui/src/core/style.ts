// The style sheet of all plots, adopted once by each document or shadow root.

import CSS from "./style.css";

const sheets = new Map<string, CSSStyleSheet>();

/**
 * Give the element's document or shadow root a style, that of all plots unless another text is given; a constructed sheet,
 * which no Content Security Policy minds.
 */
export function adoptStyle(element: Element, text: string = CSS): void {
  const root = element.getRootNode();
  const place = root instanceof ShadowRoot ? root : document;
  let sheet = sheets.get(text);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    sheets.set(text, sheet);
  }
  if (!place.adoptedStyleSheets.includes(sheet)) place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
}
