// Makes the plugin of a panel: the panel itself, its command, and its place in the palette.

import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { LabIcon } from "@jupyterlab/ui-components";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import type { ComponentType } from "react";
import { Panel, type ViewProps } from "./panel";
import { IServices, type Services } from "./services";

export interface PanelDescription {
  readonly name: string;
  readonly icon: LabIcon;
  /** In the person's language, by `services.t`. */
  title(services: Services): string;
  readonly View: ComponentType<ViewProps>;
  /** Further commands and the like. */
  also?(services: Services, panel: Panel): void;
}

export function pluginOf({ name, icon, title, View, also }: PanelDescription): JupyterFrontEndPlugin<void> {
  return {
    id: `mantidlab:${name}`,
    description: `The panel ${name} of MantidHub.`,
    autoStart: true,
    requires: [IServices],
    activate: (_app, services: Services) => {
      const panel = new Panel({ services, name, title: title(services), icon, View });
      services.add(panel);
      addCommand(services, panel, title(services), icon);
      also?.(services, panel);
    },
  };
}

function addCommand(services: Services, panel: Panel, label: string, icon: LabIcon): void {
  const { commands, palette, shell, t } = services;
  const command = `mantidlab:${panel.name}`;
  commands.addCommand(command, {
    label,
    icon,
    caption: t.__("Open the panel %1", label),
    execute: async (args: ReadonlyPartialJSONObject) => {
      panel.ask(args);
      shell?.activateById(panel.id);
      await panel.renderPromise;
      panel.focusFirst();
    },
  });
  palette?.addItem({ command, category: t.__("MantidHub") });
}
