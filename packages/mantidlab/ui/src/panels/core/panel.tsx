// A panel of the right area: a widget that shows one React component, and can be asked for something.

import { type LabIcon, ReactWidget } from "@jupyterlab/ui-components";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import type { Message } from "@lumino/messaging";
import * as React from "react";
import { RunningStrip, restartKernel } from "../running/strip";
import { focusWhenThere } from "./focusing";
import type { Services } from "./services";

/** What a command asked a panel for: its arguments, and a number that grows, so that the same can be asked again. */
export interface Asked {
  readonly args: ReadonlyPartialJSONObject;
  readonly serial: number;
}

export interface ViewProps {
  readonly services: Services;
  readonly asked: Asked;
  /** Whether the panel is seen; one that is not need not follow anything. */
  readonly visible: boolean;
}

export interface PanelOptions {
  readonly services: Services;
  /** `documentation`, `workspaces` …: the panel is `mantidlab-NAME`, its command `mantidlab:NAME`. */
  readonly name: string;
  /** In the person's language. */
  readonly title: string;
  readonly icon: LabIcon;
  readonly View: React.ComponentType<ViewProps>;
}

export class Panel extends ReactWidget {
  readonly name: string;
  private asked: Asked = { args: {}, serial: 0 };
  private readonly options: PanelOptions;
  private stopWaiting: () => void = () => {};

  constructor(options: PanelOptions) {
    super();
    this.options = options;
    this.name = options.name;
    this.id = `mantidlab-${options.name}`;
    this.title.icon = options.icon;
    this.title.caption = options.title;
    this.addClass("mantidlab-Panel");
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", options.title);
  }

  /** Let the panel show something. */
  ask(args: ReadonlyPartialJSONObject): void {
    this.asked = { args, serial: this.asked.serial + 1 };
    this.update();
  }

  /** Put the focus where one begins, as soon as that is there. */
  focusFirst(): void {
    this.stopWaiting();
    this.stopWaiting = focusWhenThere(this.node);
  }

  protected override render(): React.JSX.Element {
    const { View, services } = this.options;
    const { shell, t } = services;
    return (
      <>
        <View services={services} asked={this.asked} visible={this.isVisible} />
        <RunningStrip runs={services.running} t={t} restart={() => restartKernel(services)} />
        <button
          type="button"
          className="mantidlab-Button mantidlab-Panel-close"
          aria-label={t.__("Close the panel")}
          onClick={() => shell?.collapseRight()}
        >
          ×
        </button>
      </>
    );
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.update();
  }

  override dispose(): void {
    this.stopWaiting();
    super.dispose();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.update();
  }
}
