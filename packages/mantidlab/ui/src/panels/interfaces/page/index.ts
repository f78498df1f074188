// Puts an interface before everything else in a page of its own, with JupyterLab behind it.
//
// The address BASE/mantidlab/interfaces/NAME leads to JupyterLab in a workspace of that interface. The notebook, its
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
import { pathOf } from "./notebook";
import { Page } from "./Page";
import CSS from "./style.css";

const WORKSPACE = /^interface-(.+)$/;

/** Return the interface that this page is of; undefined for JupyterLab as a whole. */
export function interfaceOf(workspace: string): string | undefined {
  return WORKSPACE.exec(workspace)?.[1];
}

export const plugin: JupyterFrontEndPlugin<void> = {
  id: "mantidlab:interface-page",
  description: "An interface as a page of its own.",
  autoStart: true,
  requires: [IServices],
  activate: (app, services: Services) => {
    const name = interfaceOf(PageConfig.getOption("workspace"));
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
  const lab = URLExt.join(PageConfig.getBaseUrl(), "lab", "tree", pathOf(name));
  const page = ReactWidget.create(React.createElement(Page, { services, name, browse, lab }));
  page.addClass("mli-page");
  Widget.attach(page, document.body);
  keepAddress(name);
  // JupyterLab writes the path of the notebook behind it into the address.
  shell.currentChanged?.connect(() => setTimeout(() => keepAddress(name)));
}

function keepAddress(name: string): void {
  const address = URLExt.join(PageConfig.getBaseUrl(), "mantidlab", "interfaces", encodeURIComponent(name));
  history.replaceState(history.state, "", address);
}
