// The plugin that makes what all panels stand on.

import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { IConsoleTracker } from "@jupyterlab/console";
import { IDocumentManager } from "@jupyterlab/docmanager";
import { INotebookTracker } from "@jupyterlab/notebook";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { ITranslator } from "@jupyterlab/translation";
import { adoptStyle } from "../../core/style";
import { Runs } from "../running/runs";
import { NotebookCells } from "./cells";
import { CurrentKernel } from "./kernel";
import { openMemory } from "./memory";
import { shareNarrowWindows } from "./narrow";
import type { Panel } from "./panel";
import { Place } from "./place";
import { makeServer } from "./server";
import { IServices, type Services } from "./services";
import CSS from "./style.css";

const RANK = 500; // below JupyterLab's own

export const plugin: JupyterFrontEndPlugin<Services> = {
  id: "mantidlab:panels",
  description: "What the panels of MantidHub stand on.",
  autoStart: true,
  provides: IServices,
  requires: [INotebookTracker, IRenderMimeRegistry, ISettingRegistry, ITranslator, IDocumentManager],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, IConsoleTracker],
  activate,
};

async function activate(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  rendermime: IRenderMimeRegistry,
  settings: ISettingRegistry,
  translator: ITranslator,
  documents: IDocumentManager,
  shell: ILabShell | null,
  restorer: ILayoutRestorer | null,
  palette: ICommandPalette | null,
  consoles: IConsoleTracker | null,
): Promise<Services> {
  adoptStyle(document.body, CSS);
  const place = new Place(notebooks, consoles);
  const panels = new Set<Panel>();
  const kernel = new CurrentKernel(place);
  const t = translator.load("mantidlab");
  const memory = await openMemory(settings);
  if (shell) shareNarrowWindows(shell, app.restored, panels, memory);
  return {
    server: makeServer(app.serviceManager.serverSettings),
    kernel,
    running: new Runs(kernel, t),
    cells: new NotebookCells(place, app.commands),
    memory,
    t,
    commands: app.commands,
    rendermime,
    documents,
    shell: shell ?? undefined,
    palette: palette ?? undefined,
    add: (panel) => {
      panels.add(panel);
      app.shell.add(panel, "right", { rank: RANK + panels.size });
      restorer?.add(panel, panel.id);
    },
  };
}
