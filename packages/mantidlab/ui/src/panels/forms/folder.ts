// Where cells of the current notebook run.
import { PathExt } from "@jupyterlab/coreutils";
import type { Services } from "../core";

/** Return the folder in which cells of the current notebook run, below the session's. */
export function folderOfCells({ cells }: Services): string {
  return PathExt.dirname(cells.path ?? "");
}

/** Return the way from a folder to a path, both below the session's folder; as Python opens it there. */
export function relative(folder: string, path: string): string {
  const local = path.replace(/^\w+:/, "");
  return PathExt.relative(`/${folder}`, `/${local}`) || ".";
}
