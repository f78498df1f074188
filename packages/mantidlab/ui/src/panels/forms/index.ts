// The panel in which calls of algorithms and functions are filled in.

import { icon, pluginOf } from "../core";
import { FormsView } from "./view";

export const plugin = pluginOf({
  name: "forms",
  icon: icon(
    "forms",
    '<path d="M4 4h16v4H4zm2 1.500v1h12v-1zM4 10h16v4H4zm2 1.500v1h12v-1zM4 16h9v4H4zm11 0h5v4h-5z"/>',
  ),
  title: ({ t }) => t.__("Forms"),
  View: FormsView,
});
