import type { ILabShell } from "@jupyterlab/application";
import { beforeEach, describe, expect, it } from "vitest";
import { SettingsMemory } from "../../../src/panels/core/memory";
import { shareNarrowWindows } from "../../../src/panels/core/narrow";

/** The left area, and the listeners of the layout. */
class Areas {
  leftCollapsed = false;
  private readonly listeners: (() => void)[] = [];
  readonly layoutModified = { connect: (listener: () => void) => this.listeners.push(listener) };
  collapseLeft(): void {
    this.leftCollapsed = true;
  }
  expandLeft(): void {
    this.leftCollapsed = false;
  }
  fit(): void {}
  modified(): void {
    for (const listener of this.listeners) listener();
  }
}

describe("The left area", () => {
  const memory = new SettingsMemory(undefined);
  const panel = { isVisible: false };

  /** Open a page whose layout JupyterLab has kept. */
  async function opened(width: number, leftCollapsed: boolean): Promise<Areas> {
    Object.defineProperty(window, "innerWidth", { value: width, configurable: true });
    const areas = new Areas();
    areas.leftCollapsed = leftCollapsed;
    const panels = new Set([panel]) as never;
    shareNarrowWindows(areas as unknown as ILabShell, Promise.resolve(), panels, memory);
    await Promise.resolve();
    return areas;
  }

  beforeEach(() => {
    panel.isVisible = false;
    memory.set("leftAreaMadeRoom", false);
  });

  it("begins closed on a telephone, and is back in a wide window", async () => {
    expect((await opened(390, false)).leftCollapsed).toBe(true);
    expect((await opened(1280, true)).leftCollapsed).toBe(false);
  });

  it("makes room for a panel in a narrow window, and is back in a wide one", async () => {
    const areas = await opened(900, false);
    expect(areas.leftCollapsed).toBe(false);
    panel.isVisible = true;
    areas.modified();
    expect(areas.leftCollapsed).toBe(true);
    expect((await opened(1280, true)).leftCollapsed).toBe(false);
  });

  it("is back also at the second time, when JupyterLab could not keep that it was opened", async () => {
    await opened(390, false);
    await opened(1280, true);
    expect((await opened(1280, true)).leftCollapsed).toBe(false);
  });

  it("stays closed where somebody closes it in a wide window", async () => {
    await opened(390, false);
    const areas = await opened(1280, true);
    areas.collapseLeft();
    areas.modified();
    expect((await opened(1280, true)).leftCollapsed).toBe(true);
  });

  it("stays closed where somebody closed it", async () => {
    expect((await opened(390, true)).leftCollapsed).toBe(true);
    expect((await opened(1280, true)).leftCollapsed).toBe(true);
  });
});
