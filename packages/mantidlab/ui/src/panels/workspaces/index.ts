// The panel that lists what the kernel holds.

import { adoptStyle } from "../../core/style";
import { icon, pluginOf } from "../core";
import CSS from "./style.css";
import { WorkspacesView } from "./view";

export const plugin = pluginOf({
  name: "workspaces",
  icon: icon(
    "workspaces",
    '<path d="M12 2 3 6.5v11L12 22l9-4.5v-11zm0 2.2 6 3-6 3-6-3zM5 9l6 3v7l-6-3zm8 10v-7l6-3v7z"/>',
  ),
  title: ({ t }) => t.__("Workspaces"),
  View: WorkspacesView,
  also: () => adoptStyle(document.body, CSS),
});
