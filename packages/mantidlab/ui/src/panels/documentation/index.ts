// The panel in which one searches and reads the documentation of this environment.

import { adoptStyle } from "../../core/style";
import { icon, pluginOf, type Services } from "../core";
import { insertCall } from "./inserting";
import CSS from "./style.css";
import type { Thing } from "./things";
import { DocumentationView } from "./view";

function also(services: Services): void {
  const { commands, server, kernel, t } = services;
  adoptStyle(document.body, CSS);
  commands.addCommand("mantidlab:insert-call", {
    label: t.__("Insert a Call"),
    caption: t.__("Insert the call of an algorithm or a function, with all that must be given"),
    execute: async ({ of }) => {
      const asked = { of: String(of), environment: kernel.environment };
      await insertCall(services, await server.get<Thing>("docs/thing", asked));
    },
  });
}

export const plugin = pluginOf({
  name: "documentation",
  icon: icon(
    "documentation",
    '<path d="M5 3h11a3 3 0 0 1 3 3v15H7a3 3 0 0 1-3-3V4a1 1 0 0 1 1-1zm1 2v10.2A3 3 0 0 1 7 15h10V6a1 1 0 0 0-1-1zm1 12a1 1 0 0 0 0 2h10v-2zM8 7h6v2H8zm0 3h6v2H8z"/>',
  ),
  title: ({ t }) => t.__("Documentation"),
  View: DocumentationView,
  also,
});
