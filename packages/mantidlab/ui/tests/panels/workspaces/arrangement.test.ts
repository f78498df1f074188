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

test("thousands are arranged within a frame", () => {
  const many = held(...Array.from({ length: 5000 }, (_, place) => item(`w${place}`)));
  const before = performance.now();
  expect(arranged(many, { ...WISH, text: "w49" }).length).toBe(111);
  expect(performance.now() - before).toBeLessThan(250);
});
