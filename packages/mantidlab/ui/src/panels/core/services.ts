// What all panels stand on, made once, by one plugin, and handed to the others by its token.

import type { ILabShell } from "@jupyterlab/application";
import type { ICommandPalette } from "@jupyterlab/apputils";
import type { IDocumentManager } from "@jupyterlab/docmanager";
import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import type { TranslationBundle } from "@jupyterlab/translation";
import type { CommandRegistry } from "@lumino/commands";
import { Token } from "@lumino/coreutils";
import type { Runs } from "../running/runs";
import type { Cells } from "./cells";
import type { Kernel } from "./kernel";
import type { Memory } from "./memory";
import type { Panel } from "./panel";
import type { Server } from "./server";

export interface Services {
  readonly server: Server;
  readonly kernel: Kernel;
  readonly cells: Cells;
  /** What the kernel works on, and how to stop it. */
  readonly running: Runs;
  readonly memory: Memory;
  /** Texts in the person's language: `t.__("…")`. */
  readonly t: TranslationBundle;
  readonly commands: CommandRegistry;
  readonly rendermime: IRenderMimeRegistry;
  /** Opens, makes and names files of the home. */
  readonly documents: IDocumentManager;
  /** Undefined where the page is not the whole JupyterLab, but one document. */
  readonly shell: ILabShell | undefined;
  readonly palette: ICommandPalette | undefined;
  /** Put a panel into the right area, where a page that is loaded again finds it open. */
  add(panel: Panel): void;
}

export const IServices = new Token<Services>("mantidlab:IServices", "What the panels of MantidHub stand on.");
