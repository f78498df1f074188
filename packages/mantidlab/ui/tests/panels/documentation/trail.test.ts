// Going back and forward between pages, links of pages, and imports that need not be inserted again.

import { expect, test } from "vitest";
import { isImported, replacedBy } from "../../../src/panels/documentation/inserting";
import { leadsTo } from "../../../src/panels/documentation/things";
import { BEGINNING, canGo, go, shownOf, visit } from "../../../src/panels/documentation/trail";

const visited = (...names: string[]) => names.reduce((trail, of) => visit(trail, { of }), BEGINNING);

test("a new page forgets those ahead", () => {
  const back = go(go(visited("a", "b", "c"), -1), -1);
  expect(shownOf(back)?.of).toBe("a");
  const other = visit(back, { of: "d" });
  expect(other.places.map(({ of }) => of)).toEqual(["a", "d"]);
  expect(canGo(other, 1)).toBe(false);
  expect(go(other, 1)).toBe(other);
});

test("the same page again is no step, but another property of it is shown", () => {
  const trail = visit(visited("a"), { of: "a", property: "p" });
  expect(trail.places).toHaveLength(1);
  expect(shownOf(trail)?.property).toBe("p");
});

test("pages to which the caret led take one another's place, those that were chosen stay", () => {
  let trail = visit(visited("chosen"), { of: "a", followed: true });
  trail = visit(trail, { of: "b", followed: true });
  expect(trail.places.map(({ of }) => of)).toEqual(["chosen", "b"]);
  trail = visit(trail, { of: "b" });
  trail = visit(trail, { of: "c", followed: true });
  expect(trail.places.map(({ of }) => of)).toEqual(["chosen", "b", "c"]);
});

test("a trail does not grow for ever", () => {
  const trail = visited(...Array.from({ length: 500 }, (_, number) => String(number)));
  expect(trail.places).toHaveLength(100);
  expect(shownOf(trail)?.of).toBe("499");
});

test.each([
  ["#of=python/scipp.bin", "python/scipp.bin"],
  ["#of=page/a%20b.html", "page/a b.html"],
  ["#of=%", undefined],
  ["#other", undefined],
  ["https://example.org/#of=x", undefined],
  [null, undefined],
])("the link %s leads to %s", (href, of) => {
  expect(leadsTo(href)).toBe(of);
});

test.each([
  ["", [], true],
  ["import scipp as sc", ["x = 1\n  import scipp as sc"], true],
  ["import scipp as sc", ["# import scipp as sc x"], false],
  ["from mantid.simpleapi import Rebin", ["from mantid.simpleapi import *"], true],
  ["from mantid.simpleapi import Rebin", ["from mantid.simpleapi import Load"], false],
])("%j is imported by %j: %s", (imports, sources, expected) => {
  expect(isImported(imports, sources)).toBe(expected);
});

test("an example says which of one's own data it would take the place of", () => {
  const code = "import scipp as sc\nda = sc.arange('x', 3)\nx, y = da, da\nif x == y:\n    inner = 1\nsc.plot(z=da)";
  expect(replacedBy(code, ["da", "y", "inner", "z", "sc", 'group["da"]'])).toEqual(["da", "y"]);
});
