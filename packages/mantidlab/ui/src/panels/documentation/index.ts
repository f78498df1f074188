// The panel in which one searches and reads the documentation of this environment.

import { icon, pluginOf } from "../core";
import { DocumentationView } from "./view";

export const plugin = pluginOf({
  name: "documentation",
  icon: icon(
    "documentation",
    '<path d="M5 3h11a3 3 0 0 1 3 3v15H7a3 3 0 0 1-3-3V4a1 1 0 0 1 1-1zm1 2v10.2A3 3 0 0 1 7 15h10V6a1 1 0 0 0-1-1zm1 12a1 1 0 0 0 0 2h10v-2zM8 7h6v2H8zm0 3h6v2H8z"/>',
  ),
  title: ({ t }) => t.__("Documentation"),
  View: DocumentationView,
});
