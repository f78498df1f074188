// What the kernel holds, followed as long as a form is seen that chooses from it.
import { useEffect, useState } from "react";
import type { Services } from "../core";
import type { Held } from "./accepting";

interface Changes {
  changed?: Held[];
  removed?: string[];
  renamed?: [string, string][];
}

/** Return what the kernel holds, in its order; null where no kernel says so. */
export function useHeld({ kernel }: Services, visible: boolean): readonly Held[] | null {
  const [held, setHeld] = useState<readonly Held[] | null>(null);
  useEffect(() => {
    if (!visible) {
      return;
    }
    let isCurrent = true;
    const look = () => {
      kernel.ask<{ items: Held[] }>("workspaces", "list").then(
        ({ items }) => isCurrent && setHeld(items),
        () => isCurrent && setHeld(null),
      );
    };
    const news = kernel.on<Changes>("workspaces", "changed", (changes) => {
      setHeld((before) => (before === null ? before : after(before, changes)));
    });
    kernel.changed.connect(look);
    look();
    return () => {
      isCurrent = false;
      news.dispose();
      kernel.changed.disconnect(look);
    };
  }, [kernel, visible]);
  return held;
}

/** Return what is held after some of it changed. */
export function after(before: readonly Held[], { changed = [], removed = [], renamed = [] }: Changes): Held[] {
  const names = new Map(renamed);
  const fresh = new Map(changed.map((item) => [item.name, item]));
  const kept = before
    .map((item) => ({ ...item, name: names.get(item.name) ?? item.name }))
    .filter(({ name }) => !removed.includes(name))
    .map((item) => fresh.get(item.name) ?? item);
  const known = new Set(kept.map(({ name }) => name));
  return [...kept, ...changed.filter(({ name }) => !known.has(name))];
}
