// The panel of the techniques that instrument scientists declare.

import { icon, pluginOf } from "../core";
import { InterfacesView } from "./view";

export const plugin = pluginOf({
  name: "interfaces",
  icon: icon("interfaces", '<path d="M3 4h18v16H3zm2 4v10h14V8zm2 2h4v6H7zm6 0h4v2h-4zm0 4h4v2h-4z"/>'),
  title: ({ t }) => t.__("Interfaces"),
  View: InterfacesView,
});
