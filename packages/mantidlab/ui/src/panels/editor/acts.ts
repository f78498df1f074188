// What each editor can do for a command of the editor.

import { Facet } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

/** Says whether there was anything to do. */
export type Act = (view: EditorView) => boolean;

export const explaining = Facet.define<Act>();
export const mending = Facet.define<Act>();
