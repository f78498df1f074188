// What runs now, in JupyterLab's status bar, so that it is seen without a panel; and the command that stops it.

import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IStatusBar } from "@jupyterlab/statusbar";
import { ReactWidget } from "@jupyterlab/ui-components";
import * as React from "react";
import { adoptStyle } from "../../core/style";
import { IServices, type Services } from "../core";
import { RunningStrip, restartKernel } from "./strip";
import CSS from "./style.css";

const COMMAND = "mantidlab:stop";

export const plugin: JupyterFrontEndPlugin<void> = {
  id: "mantidlab:running",
  description: "What the kernel works on, how long it takes, and Stop.",
  autoStart: true,
  requires: [IServices],
  optional: [IStatusBar],
  activate: (_app, services: Services, status: IStatusBar | null) => {
    adoptStyle(document.body, CSS);
    addCommand(services);
    const item = ReactWidget.create(
      <RunningStrip apart runs={services.running} t={services.t} restart={() => restartKernel(services)} />,
    );
    item.addClass("mantidlab-Running-status");
    status?.registerStatusItem("mantidlab:running", { item, align: "middle", rank: 0 });
  },
};

function addCommand({ commands, palette, running, t }: Services): void {
  commands.addCommand(COMMAND, {
    label: t.__("Stop what the kernel runs"),
    caption: t.__("Stop the running algorithm, interface or cell"),
    isEnabled: () => running.busy,
    execute: () => running.stop(),
  });
  running.changed.connect(() => commands.notifyCommandChanged(COMMAND));
  palette?.addItem({ command: COMMAND, category: t.__("MantidHub") });
}
