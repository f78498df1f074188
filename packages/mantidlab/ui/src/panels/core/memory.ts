// What a person chose in the panels, kept with their settings of JupyterLab, so that it outlasts sessions.

import type { ISettingRegistry } from "@jupyterlab/settingregistry";
import type { ReadonlyJSONValue } from "@lumino/coreutils";

const PLUGIN = "mantidlab:memory";
const WRITTEN_AFTER = 800; // ms; letters of a search come faster

export interface Memory {
  /** What was kept last under a key; undefined if nothing was. */
  get<T extends ReadonlyJSONValue>(key: string): T | undefined;
  /** Keep something. It is there at once, and in the person's home a moment later. */
  set(key: string, value: ReadonlyJSONValue): void;
}

/** The part of JupyterLab's settings of one plugin that is used here. */
export type Store = Pick<ISettingRegistry.ISettings, "get" | "set">;

/** Return the memory in the registry's settings; one that lasts as long as the page where they cannot be read. */
export async function openMemory(registry: Pick<ISettingRegistry, "load">): Promise<Memory> {
  try {
    return new SettingsMemory(await registry.load(PLUGIN));
  } catch (problem) {
    console.warn("mantidlab: what is chosen in panels is kept as long as this page.", problem);
    return new SettingsMemory(undefined);
  }
}

export class SettingsMemory implements Memory {
  private readonly fresh = new Map<string, ReadonlyJSONValue>();
  private readonly unwritten = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: Store | undefined) {
    // What was chosen in the last second before a page is closed.
    globalThis.addEventListener?.("pagehide", () => void this.write());
  }

  get<T extends ReadonlyJSONValue>(key: string): T | undefined {
    return (this.fresh.get(key) ?? this.store?.get(key).user) as T | undefined;
  }

  set(key: string, value: ReadonlyJSONValue): void {
    if (JSON.stringify(this.get(key)) === JSON.stringify(value)) return;
    this.fresh.set(key, value);
    this.unwritten.add(key);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.write(), WRITTEN_AFTER);
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    const keys = [...this.unwritten];
    this.unwritten.clear();
    for (const key of keys) {
      try {
        await this.store?.set(key, this.fresh.get(key) as never);
      } catch {
        // A home that cannot be written: it stays as long as the page.
      }
    }
  }
}
