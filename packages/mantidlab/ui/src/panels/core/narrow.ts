// Lets panels of the right area and the notebook share a narrow window.

import type { ILabShell } from "@jupyterlab/application";
import type { Widget } from "@lumino/widgets";
import type { Memory } from "./memory";

/** Below this, the left area makes room for a panel. */
export const NARROW = 1000; // CSS pixels
/** Below this, the file browser does not open by itself. */
const TABLET = 800;

/** What is kept while the left area is closed because a window was narrow, and not because somebody closed it. */
const MADE_ROOM = "leftAreaMadeRoom";

/**
 * Let the left area make room whenever a panel opens in a narrow window; on tablets it begins closed.
 *
 * JupyterLab keeps the layout for the person and not for the window: what made room on a telephone comes back where there
 * is room again.
 */
export function shareNarrowWindows(
  shell: ILabShell,
  restored: Promise<unknown>,
  panels: ReadonlySet<Widget>,
  memory: Memory,
): void {
  let wasOpen = false;
  const makeRoom = (): void => {
    if (shell.leftCollapsed) return;
    shell.collapseLeft();
    memory.set(MADE_ROOM, true);
  };
  const look = (): void => {
    const isOpen = [...panels].some((panel) => panel.isVisible);
    document.body.classList.toggle("mantidlab-mod-panelOpen", isOpen);
    if (isOpen && !wasOpen && window.innerWidth < NARROW) makeRoom();
    wasOpen = isOpen;
  };
  void restored.then(() => {
    if (window.innerWidth < TABLET) makeRoom();
    else if (window.innerWidth >= NARROW && memory.get(MADE_ROOM) === true && shell.leftCollapsed) shell.expandLeft();
    look();
    shell.layoutModified.connect(() => {
      look();
      // Not when it was opened: JupyterLab may not have kept that yet when the page goes.
      if (window.innerWidth >= NARROW && shell.leftCollapsed) memory.set(MADE_ROOM, false);
    });
  });
  // Lumino asks for the least and the largest width of an area when the area says that they changed.
  window.addEventListener("resize", () => shell.fit());
}
