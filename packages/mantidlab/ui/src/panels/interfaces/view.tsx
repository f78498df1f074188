// What the panel shows.

import * as React from "react";
import { Notice, PanelFrame, type ViewProps } from "../core";

export function InterfacesView({ services: { t } }: ViewProps): React.JSX.Element {
  return (
    <PanelFrame label={t.__("Interfaces")}>
      <Notice>{t.__("The interfaces of instruments will be listed here.")}</Notice>
    </PanelFrame>
  );
}
