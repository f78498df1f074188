// Lets panels of the right area and the notebook share a narrow window.

import type { ILabShell } from "@jupyterlab/application";
import type { Widget } from "@lumino/widgets";

/** Below this, the left area makes room for a panel. */
export const NARROW = 1000; // CSS pixels
/** Below this, the file browser does not open by itself. */
const TABLET = 800;

/** Let the left area make room whenever a panel opens in a narrow window; on tablets it begins closed. */
export function shareNarrowWindows(shell: ILabShell, restored: Promise<unknown>, panels: ReadonlySet<Widget>): void {
  let wasOpen = false;
  const look = (): void => {
    const isOpen = [...panels].some((panel) => panel.isVisible);
    document.body.classList.toggle("mantidlab-mod-panelOpen", isOpen);
    if (isOpen && !wasOpen && window.innerWidth < NARROW && !shell.leftCollapsed) shell.collapseLeft();
    wasOpen = isOpen;
  };
  shell.layoutModified.connect(look);
  void restored.then(() => {
    if (window.innerWidth < TABLET && !shell.leftCollapsed) shell.collapseLeft();
    look();
  });
  // Lumino asks for the least and the largest width of an area when the area says that they changed.
  window.addEventListener("resize", () => shell.fit());
}
