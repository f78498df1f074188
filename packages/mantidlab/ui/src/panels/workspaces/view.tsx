// What the panel shows.

import * as React from "react";
import { Notice, PanelFrame, type ViewProps } from "../core";

export function WorkspacesView({ services: { t } }: ViewProps): React.JSX.Element {
  return (
    <PanelFrame label={t.__("Workspaces")}>
      <Notice>{t.__("What the kernel holds will be listed here.")}</Notice>
    </PanelFrame>
  );
}
