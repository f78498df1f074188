// The panel of the techniques that instrument scientists declare.

import * as React from "react";
import { adoptStyle } from "../../core/style";
import { icon, pluginOf, type ViewProps } from "../core";
import { browser } from "../forms/browsing";
import { folderOfCells } from "../forms/folder";
import CSS from "./style.css";
import TABLE_CSS from "./table/style.css";
import { InterfacesView } from "./view";

function View(properties: ViewProps): React.JSX.Element {
  const { services } = properties;
  const browse = React.useMemo(() => browser(services.documents, () => folderOfCells(services)), [services]);
  return React.createElement(InterfacesView, { ...properties, browse });
}

export const plugin = pluginOf({
  name: "interfaces",
  icon: icon("interfaces", '<path d="M3 4h18v16H3zm2 4v10h14V8zm2 2h4v6H7zm6 0h4v2h-4zm0 4h4v2h-4z"/>'),
  title: ({ t }) => t.__("Interfaces"),
  View,
  also: () => {
    adoptStyle(document.body, CSS);
    adoptStyle(document.body, TABLE_CSS);
  },
});
