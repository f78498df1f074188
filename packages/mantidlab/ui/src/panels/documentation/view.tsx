// What the panel shows.

import * as React from "react";
import { Notice, PanelFrame, type ViewProps } from "../core";

export function DocumentationView({ services: { t } }: ViewProps): React.JSX.Element {
  return (
    <PanelFrame label={t.__("Documentation")}>
      <Notice>{t.__("The documentation of this session's environment will be searched here.")}</Notice>
    </PanelFrame>
  );
}
