// The panel in which calls of algorithms and functions are filled in.

import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import * as React from "react";
import { adoptStyle } from "../../core/style";
import { icon, type Panel, pluginOf, type Services, type ViewProps } from "../core";
import { browser } from "./browsing";
import { folderOfCells } from "./folder";
import CSS from "./style.css";
import { speak } from "./texts";
import { FormsView } from "./view";

const ICON = icon(
  "forms",
  '<path d="M4 4h16v4H4zm2 1.500v1h12v-1zM4 10h16v4H4zm2 1.500v1h12v-1zM4 16h9v4H4zm11 0h5v4h-5z"/>',
);

function View(properties: ViewProps): React.JSX.Element {
  const { services } = properties;
  const browse = React.useMemo(() => browser(services.documents, () => folderOfCells(services)), [services]);
  return React.createElement(FormsView, { ...properties, browse });
}

function also(services: Services, panel: Panel): void {
  const { commands, kernel, palette, t } = services;
  const open = (args: ReadonlyPartialJSONObject) => commands.execute(`mantidlab:${panel.name}`, args);
  speak(t);
  adoptStyle(document.body, CSS);
  commands.addCommand("mantidlab:form", {
    label: t.__("Open a Form"),
    caption: t.__("Fill in the call of an algorithm or a function"),
    icon: ICON,
    execute: open,
  });
  commands.addCommand("mantidlab:form-of-cell", {
    label: t.__("Open the Cell as a Form"),
    caption: t.__("Fill in the call at the caret, and write it back"),
    icon: ICON,
    execute: () => open({ fromCell: true }),
  });
  palette?.addItem({ command: "mantidlab:form-of-cell", category: t.__("MantidHub") });
  kernel.on<ReadonlyPartialJSONObject>("forms", "open", (content) => void open(content));
}

export const plugin = pluginOf({ name: "forms", icon: ICON, title: ({ t }) => t.__("Forms"), View, also });
