// The notebook behind a page: it holds the cells that the page runs, and so all that can be repeated.
import type { NotebookPanel } from "@jupyterlab/notebook";
import { type Services, Trouble } from "../../core";
import { t } from "../../forms/texts";

const FOLDER = "runs";

/** Return the path of the notebook of an interface, below the session's folder: of the first page of it, or a further one. */
export function pathOf(name: string, count = 1): string {
  return count === 1 ? `${FOLDER}/${name}.ipynb` : `${FOLDER}/${name}-${count}.ipynb`;
}

const OWN = "mantidlab:page:"; // in the tab's storage: the notebook that it had before it was loaded again
const MOST = 50;

/**
 * Return the path of a notebook that no other window has open, and keep it for this one until it is closed.
 *
 * Two windows with one notebook would each save it over what the other one has run.
 */
export async function claimNotebook({ documents }: Services, name: string): Promise<string> {
  const { sessions } = documents.services;
  await sessions.refreshRunning();
  const running = [...sessions.running()];
  const isUsed = (path: string) => running.some((one) => one.path === path && (one.kernel?.connections ?? 0) > 0);
  const own = sessionStorage.getItem(OWN + name);
  const paths = Array.from({ length: MOST }, (_, index) => pathOf(name, index + 1));
  const wanted = own === null ? paths : [own, ...paths];
  for (const path of wanted) {
    if ((path === own || !isUsed(path)) && (await locked(OWN + path))) {
      sessionStorage.setItem(OWN + name, path);
      return path;
    }
  }
  return pathOf(name); // nobody has fifty windows of it
}

/** Take a lock of the browser's until this page is closed; where it has none, the server's word must do. */
async function locked(name: string): Promise<boolean> {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => undefined);
    });
  });
}

/** Open a notebook, made where there is none, with its kernel. */
export async function openNotebook({ documents }: Services, path: string): Promise<NotebookPanel> {
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
