// Icons of panels, drawn in the colours of JupyterLab's own.

import { LabIcon } from "@jupyterlab/ui-components";

/** Return an icon from the paths of a 24 × 24 drawing. */
export function icon(name: string, paths: string): LabIcon {
  const svgstr = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">${paths}</g></svg>`;
  return new LabIcon({ name: `mantidlab:${name}`, svgstr });
}
