// The commands of the editor: what a key or the palette does in the text that is written.

import type { Facet } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { CodeMirrorEditor } from "@jupyterlab/codemirror";
import type { Services } from "../core";
import { type Act, explaining, mending } from "./acts";

export function addCommands(services: Services): void {
  const { commands, palette, t } = services;
  const add = (command: string, label: string, facet: Facet<Act>): void => {
    commands.addCommand(command, {
      label,
      execute: () => {
        const view = written(services);
        return view?.state.facet(facet).some((act) => act(view)) ?? false;
      },
    });
    palette?.addItem({ command, category: t.__("MantidHub") });
  };
  add("mantidlab:explain", t.__("Explain What the Caret Is In"), explaining);
  add("mantidlab:mend-name", t.__("Take the Nearest Name"), mending);
}

/** The text that has the focus, or that of the current cell, from which the palette has taken it. */
function written({ cells }: Services): EditorView | undefined {
  const focused = document.activeElement?.closest<HTMLElement>(".cm-editor");
  const editor = cells.current()?.cell.editor;
  const current = editor instanceof CodeMirrorEditor ? editor.editor : undefined;
  return (focused && EditorView.findFromDOM(focused)) ?? current;
}
