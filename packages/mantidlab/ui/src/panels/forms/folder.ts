// Where cells of the current notebook run.
import { PathExt } from "@jupyterlab/coreutils";
import type { Services } from "../core";

/** Return the folder in which cells of the current notebook run, below the session's. */
export function folderOfCells({ cells }: Services): string {
  return PathExt.dirname(cells.path ?? "");
}
