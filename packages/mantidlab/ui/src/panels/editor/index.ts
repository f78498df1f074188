// What helps while one writes a cell.

import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IServices } from "../core";

export const plugin: JupyterFrontEndPlugin<void> = {
  id: "mantidlab:editor",
  description: "Documentation that follows the caret, and names of properties that are checked while one writes.",
  autoStart: true,
  requires: [IServices],
  activate: () => undefined,
};
