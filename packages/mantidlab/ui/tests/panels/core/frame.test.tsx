import * as React from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { Notice, Table } from "../../../src/panels/core/frame";

function draw(element: React.JSX.Element): HTMLElement {
  const place = document.createElement("div");
  flushSync(() => createRoot(place).render(element));
  return place;
}

const ROWS = [
  { name: "vanadium", spectra: 3 },
  { name: "sample", spectra: 10 },
];
const COLUMNS = [
  { name: "name", label: "Name", cell: ({ name }: (typeof ROWS)[0]) => name },
  {
    name: "spectra",
    label: "Spectra",
    numeric: true,
    cell: ({ spectra }: (typeof ROWS)[0]) => spectra,
    order: (one: (typeof ROWS)[0], other: (typeof ROWS)[0]) => one.spectra - other.spectra,
  },
];

test("a table is sorted by the head that is tapped, and the other way round by the next tap", () => {
  const place = draw(<Table columns={COLUMNS} rows={ROWS} keyOf={({ name }) => name} label="Workspaces" />);
  const names = () => [...place.querySelectorAll("tbody tr")].map((row) => row.firstElementChild?.textContent);
  const button = place.querySelector("th button") as HTMLButtonElement;
  expect(names()).toEqual(["vanadium", "sample"]);
  flushSync(() => button.click());
  expect(names()).toEqual(["vanadium", "sample"]);
  expect(button.closest("th")?.getAttribute("aria-sort")).toBe("ascending");
  flushSync(() => button.click());
  expect(names()).toEqual(["sample", "vanadium"]);
});

test("what went wrong is said to those who do not see it", () => {
  expect(draw(<Notice alert>It failed.</Notice>).querySelector("[role=alert]")?.textContent).toBe("It failed.");
});
