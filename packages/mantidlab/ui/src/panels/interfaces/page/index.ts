// Puts an interface before everything else in a page of its own, with JupyterLab behind it.
//
// The address BASE/mantidlab/interfaces/NAME leads to JupyterLab with the name of that interface. The notebook, its
// kernel and its widgets are JupyterLab's own; they lie behind the page, which holds what a person needs.

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig, URLExt } from "@jupyterlab/coreutils";
import { ReactWidget } from "@jupyterlab/ui-components";
import { Widget } from "@lumino/widgets";
import * as React from "react";
import { adoptStyle } from "../../../core/style";
import { IServices, type Services } from "../../core";
import { browser } from "../../forms/browsing";
import { folderOfCells } from "../../forms/folder";
import { Page } from "./Page";
import CSS from "./style.css";

/** Return the interface that an address asks for; undefined for JupyterLab as a whole. */
export function interfaceIn(search: string): string | undefined {
  return new URLSearchParams(search).get("interface") ?? undefined;
}

const SETTLED = 1000; // ms; by then JupyterLab has written what it writes

export const plugin: JupyterFrontEndPlugin<void> = {
  id: "mantidlab:interface-page",
  description: "An interface as a page of its own.",
  autoStart: true,
  requires: [IServices],
  activate: (app, services: Services) => {
    const name = interfaceIn(location.search);
    if (name === undefined) {
      return;
    }
    adoptStyle(document.body, CSS);
    document.body.classList.add("mantidlab-mod-page");
    void app.restored.then(() => put(app, services, name));
  },
};

function put({ shell }: JupyterFrontEnd, services: Services, name: string): void {
  const browse = browser(services.documents, () => folderOfCells(services));
  const labOf = (path: string) => URLExt.join(PageConfig.getBaseUrl(), "lab", "tree", URLExt.encodeParts(path));
  const page = ReactWidget.create(React.createElement(Page, { services, name, browse, labOf }));
  page.addClass("mli-page");
  Widget.attach(page, document.body);
  keepAddress(name);
  // JupyterLab writes the path of the notebook behind it into the address.
  shell.currentChanged?.connect(() => setTimeout(() => keepAddress(name), SETTLED));
  setTimeout(() => keepAddress(name), SETTLED);
}

function keepAddress(name: string): void {
  const address = URLExt.join(PageConfig.getBaseUrl(), "mantidlab", "interfaces", encodeURIComponent(name));
  history.replaceState(history.state, "", address);
}
