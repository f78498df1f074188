// Looks for files with JupyterLab's own dialog, and names them as a cell of the notebook has to.

import type { IDocumentManager } from "@jupyterlab/docmanager";
import { FileDialog } from "@jupyterlab/filebrowser";
import type { Contents } from "@jupyterlab/services";
import { relative } from "./folder";
import type { Surroundings } from "./surroundings";
import { t } from "./texts";

/** Return a function that lets a person look for files; *folder* is the one in which cells run. */
export function browser(manager: IDocumentManager, folder: () => string): Surroundings["browse"] {
  return async (kind, extensions) => {
    const isFolder = kind === "folder" || kind === "save-file";
    const chosen = isFolder
      ? await FileDialog.getExistingDirectory({ manager, title: t.__("Choose a folder"), defaultPath: folder() })
      : await FileDialog.getOpenFiles({
          manager,
          title: kind === "files" ? t.__("Choose files") : t.__("Choose a file"),
          defaultPath: folder(),
          filter: (model) => (fits(model, extensions) ? {} : null),
        });
    const paths = (chosen.value ?? []).map(({ path }) => relative(folder(), path));
    return kind === "save-file" ? paths.map((path) => `${path}/`) : paths;
  };
}

function fits({ type, name }: Partial<Contents.IModel>, extensions: readonly string[]): boolean {
  const end = name?.toLowerCase() ?? "";
  return type === "directory" || extensions.length === 0 || extensions.some((one) => end.endsWith(one.toLowerCase()));
}
