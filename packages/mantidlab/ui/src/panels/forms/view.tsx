// What the panel shows.

import * as React from "react";
import { Notice, PanelFrame, type ViewProps } from "../core";

export function FormsView({ services: { t } }: ViewProps): React.JSX.Element {
  return (
    <PanelFrame label={t.__("Forms")}>
      <Notice>{t.__("Algorithms and functions will be filled in here.")}</Notice>
    </PanelFrame>
  );
}
