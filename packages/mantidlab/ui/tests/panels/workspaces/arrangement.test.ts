import { expect, test } from "vitest";
import { arranged, type Wish } from "../../../src/panels/workspaces/arrangement";
import { held, item } from "./items";

const WISH: Wish = { text: "", kind: "", order: "name", down: false, open: new Set() };
const ITEMS = held(
  item("run10", { memory: 5, fresh: 3, title: "water" }),
  item("run9", { memory: 50, fresh: 1, kind: "events", events: 10_000 }),
  item("both", { kind: "group", members: ["up"], memory: 7, fresh: 2 }),
  item('both["up"]', { parent: "both", label: "up", title: "vanadium" }),
);
const names = (wish: Partial<Wish>): string[] => arranged(ITEMS, { ...WISH, ...wish }).map((row) => row.item.name);

test("names are sorted as people count, and groups are folded", () => {
  expect(names({})).toEqual(["both", "run9", "run10"]);
  expect(names({ open: new Set(["both"]) })).toEqual(["both", 'both["up"]', "run9", "run10"]);
  expect(names({ down: true })).toEqual(["run10", "run9", "both"]);
});

test("each column sorts", () => {
  expect(names({ order: "memory", down: true })).toEqual(["run9", "both", "run10"]);
  expect(names({ order: "newest" })).toEqual(["run10", "both", "run9"]);
  expect(names({ order: "size", down: true })[0]).toBe("run9");
  expect(names({ order: "kind" })).toEqual(["run9", "both", "run10"]);
});

test("a filter looks into groups and shows where it found something", () => {
  expect(names({ text: "vana" })).toEqual(["both", 'both["up"]']);
  expect(names({ text: "water counts" })).toEqual(["run10"]);
  expect(names({ kind: "events" })).toEqual(["run9"]);
  expect(names({ text: "nothing" })).toEqual([]);
});

test("what is called so comes before what is found by its kind, title or unit", () => {
  const many = held(item("a", { kind: "spectra" }), item("ra", { kind: "image" }), item("b", { kind: "spectra" }));
  expect(arranged(many, { ...WISH, text: "ra" }).map((row) => row.item.name)).toEqual(["ra", "a", "b"]);
});

test("rows say where they stand, for those who do not see it", () => {
  const rows = arranged(ITEMS, { ...WISH, open: new Set(["both"]) });
  expect(rows.map(({ level, place, siblings, open }) => [level, place, siblings, open])).toEqual([
    [1, 1, 3, true],
    [2, 1, 1, undefined],
    [1, 2, 3, undefined],
    [1, 3, 3, undefined],
  ]);
});

test("a member whose group is gone stands by itself", () => {
  expect(arranged(held(item("x", { parent: "lost" })), WISH)).toHaveLength(1);
});

function fastest(count: number): number {
  const many = held(...Array.from({ length: count }, (_, place) => item(`w${place}`)));
  const times = Array.from({ length: 5 }, () => {
    const before = performance.now();
    arranged(many, { ...WISH, text: "w49" });
    return performance.now() - before;
  });
  return Math.min(...times);
}

test("ten times as many are arranged in some ten times as long", () => {
  expect(
    arranged(held(...Array.from({ length: 5000 }, (_, place) => item(`w${place}`))), { ...WISH, text: "w49" }).length,
  ).toBe(111);
  expect(fastest(20_000) / fastest(2_000)).toBeLessThan(40); // 100 where each is compared with each
});
