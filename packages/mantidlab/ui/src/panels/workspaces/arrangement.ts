// In which order workspaces are shown, and which of them: filtered, sorted, groups folded.

import { type Item, labelOf } from "./item";

export const ORDERS = ["name", "kind", "size", "unit", "memory", "newest"] as const;
export type Order = (typeof ORDERS)[number];

export interface Wish {
  /** Words, each of which must be found. */
  readonly text: string;
  /** Empty for all kinds. */
  readonly kind: string;
  readonly order: Order;
  readonly down: boolean;
  /** Groups that are unfolded. */
  readonly open: ReadonlySet<string>;
}

export interface Row {
  readonly item: Item;
  readonly level: number;
  /** Undefined for what is no group. */
  readonly open: boolean | undefined;
  readonly place: number;
  readonly siblings: number;
}

const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const elements = (item: Item): number => item.events ?? item.shape.reduce((all, length) => all * length, 1);
const COMPARE: Record<Order, (one: Item, other: Item) => number> = {
  name: () => 0,
  kind: (one, other) => one.kind.localeCompare(other.kind),
  size: (one, other) => elements(one) - elements(other),
  unit: (one, other) => one.unit.localeCompare(other.unit),
  memory: (one, other) => (one.memory ?? -1) - (other.memory ?? -1),
  newest: (one, other) => other.fresh - one.fresh,
};

/** The rows to show. A filter unfolds the groups in which it finds something, and puts first what is called so. */
export function arranged(items: ReadonlyMap<string, Item>, wish: Wish): Row[] {
  const members = new Map<string | null, Item[]>();
  for (const item of items.values()) {
    const parent = item.parent !== null && items.has(item.parent) ? item.parent : null;
    const siblings = members.get(parent);
    if (siblings === undefined) members.set(parent, [item]);
    else siblings.push(item);
  }
  const words = wish.text.toLowerCase().split(/\s+/).filter(Boolean);
  const filtered = words.length > 0 || wish.kind !== "";
  const found = new Set<string>();
  if (filtered) for (const item of items.values()) if (fits(item, words, wish.kind)) keep(item, items, found);
  const rows: Row[] = [];
  const add = (parent: string | null, level: number): void => {
    const shown = (members.get(parent) ?? []).filter(({ name }) => !filtered || found.has(name));
    shown.sort(comparison(wish, words));
    shown.forEach((item, place) => {
      const open = members.has(item.name) ? wish.open.has(item.name) || filtered : undefined;
      rows.push({ item, level, open, place: place + 1, siblings: shown.length });
      if (open) add(item.name, level + 1);
    });
  };
  add(null, 1);
  return rows;
}

function fits(item: Item, words: readonly string[], kind: string): boolean {
  if (kind !== "" && item.kind !== kind) return false;
  const text = [item.name, item.title, item.type, item.kind, item.unit, item.instrument].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

function keep(item: Item, items: ReadonlyMap<string, Item>, found: Set<string>): void {
  for (let at: Item | undefined = item; at && !found.has(at.name); at = items.get(at.parent ?? "")) found.add(at.name);
}

function comparison({ order, down }: Wish, words: readonly string[]): (one: Item, other: Item) => number {
  const isCalledSo = (item: Item) => Number(words.every((word) => labelOf(item).toLowerCase().includes(word)));
  return (one, other) =>
    isCalledSo(other) - isCalledSo(one) ||
    (down ? -1 : 1) * (COMPARE[order](one, other) || byName.compare(labelOf(one), labelOf(other)));
}
