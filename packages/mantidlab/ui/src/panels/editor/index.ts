// What helps while one writes: names of properties that are checked, and documentation where the pointer rests.

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { EditorExtensionRegistry, IEditorExtensionRegistry } from "@jupyterlab/codemirror";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { adoptStyle } from "../../core/style";
import { IServices, type Services } from "../core";
import { addCommands } from "./commands";
import { helpWhereThePointerRests } from "./help";
import { namesOfProperties } from "./names";
import CSS from "./style.css";
import { Writing } from "./writing";

const PLUGIN = "mantidlab:editor";

export const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: "Checks names of properties, and explains what the pointer rests on, while one writes.",
  autoStart: true,
  requires: [IServices, IEditorExtensionRegistry, ISettingRegistry],
  activate,
};

async function activate(
  _app: JupyterFrontEnd,
  services: Services,
  extensions: IEditorExtensionRegistry,
  registry: ISettingRegistry,
): Promise<void> {
  adoptStyle(document.body, CSS);
  addCommands(services);
  // Editors of the page may be made before the settings are here.
  const wanted = { checkNames: true, helpOnHover: true };
  extensions.addExtension({
    name: PLUGIN,
    factory: ({ model }) => {
      const writing = new Writing(services, model);
      return EditorExtensionRegistry.createImmutableExtension([
        namesOfProperties(writing, () => wanted.checkNames),
        helpWhereThePointerRests(writing, () => wanted.helpOnHover),
      ]);
    },
  });
  const settings = await registry.load(PLUGIN);
  const read = (): void => {
    wanted.checkNames = settings.composite.checkNames !== false;
    wanted.helpOnHover = settings.composite.helpOnHover !== false;
  };
  settings.changed.connect(read);
  read();
}
