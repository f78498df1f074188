// The notebook behind a page: it holds the cells that the page runs, and so all that can be repeated.
import type { NotebookPanel } from "@jupyterlab/notebook";
import { type Services, Trouble } from "../../core";
import { t } from "../../forms/texts";

const FOLDER = "runs";

/** Return the path of the notebook of an interface, below the session's folder. */
export function pathOf(name: string): string {
  return `${FOLDER}/${name}.ipynb`;
}

/** Open the notebook of an interface, made where there is none, with its kernel. */
export async function openNotebook({ documents }: Services, name: string): Promise<NotebookPanel> {
  const path = pathOf(name);
  const { contents, kernelspecs } = documents.services;
  if (!(await isThere(contents, path))) {
    await kernelspecs.ready;
    if (!(await isThere(contents, FOLDER))) {
      await contents.save(FOLDER, { type: "directory" });
    }
    await contents.save(path, { type: "notebook", format: "json", content: emptyNotebook(kernelspecs.specs?.default) });
  }
  const panel = documents.openOrReveal(path) as NotebookPanel | undefined;
  if (panel === undefined) {
    throw new Trouble(t.__("The notebook %1, which holds the runs of this page, cannot be opened.", path));
  }
  await panel.context.ready;
  await panel.revealed;
  await panel.sessionContext.ready;
  panel.content.activeCellIndex = Math.max(0, panel.content.widgets.length - 1);
  return panel;
}

async function isThere(contents: Services["documents"]["services"]["contents"], path: string): Promise<boolean> {
  return contents.get(path, { content: false }).then(
    () => true,
    () => false,
  );
}

function emptyNotebook(kernel: string | undefined): object {
  const kernelspec = kernel === undefined ? {} : { kernelspec: { name: kernel, display_name: kernel } };
  return { cells: [], metadata: kernelspec, nbformat: 4, nbformat_minor: 5 };
}
