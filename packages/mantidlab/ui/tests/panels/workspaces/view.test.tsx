import { nullTranslator } from "@jupyterlab/translation";
import { CommandRegistry } from "@lumino/commands";
import axe from "axe-core";
import * as React from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import type { Services } from "../../../src/panels/core/services";
import type { Item } from "../../../src/panels/workspaces/item";
import { WorkspacesView } from "../../../src/panels/workspaces/view";
import { createStandaloneKernel, item } from "./items";

const GROUP = item("both", { kind: "group", members: ["up"], sparkline: null });
const UP = item('both["up"]', { parent: "both", label: "up" });
const places: HTMLElement[] = [];

afterEach(() => {
  for (const place of places.splice(0)) place.remove();
});

async function shown(items: readonly Item[], more: Record<string, (params: never) => unknown> = {}) {
  const kernel = createStandaloneKernel({
    "workspaces/list": () => ({ items }),
    "workspaces/line": ({ action, names }: { action: string; names: string[] }) => ({
      source: `${action}(${names.join(", ")})`,
    }),
    "workspaces/keep": () => ({ seconds: 600 }),
    "workspaces/restore": () => ({}),
    "workspaces/forget": () => ({}),
    ...more,
  } as never);
  const insert = vi.fn(async (source: string) => ({ cell: { source }, ran: true }));
  const remove = vi.fn();
  const kept = new Map<string, unknown>();
  const services = {
    kernel,
    cells: { insert, remove, current: () => null },
    memory: { get: (key: string) => kept.get(key), set: (key: string, value: unknown) => void kept.set(key, value) },
    t: nullTranslator.load("mantidlab"),
    commands: new CommandRegistry(),
  } as unknown as Services;
  const place = document.createElement("div");
  document.body.append(place);
  places.push(place);
  flushSync(() =>
    createRoot(place).render(<WorkspacesView services={services} asked={{ args: {}, serial: 0 }} visible />),
  );
  await settled();
  return { place, kernel, insert, remove, rows: () => [...place.querySelectorAll<HTMLElement>("[role=treeitem]")] };
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
};

async function tap(element: Element | null | undefined): Promise<void> {
  if (!element) throw new Error("There is nothing to tap.");
  for (const type of ["pointerdown", "pointerup"]) {
    element.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerType: "touch" }));
  }
  (element as HTMLElement).click();
  await settled();
}

async function press(place: HTMLElement, key: string, more: KeyboardEventInit = {}): Promise<void> {
  place.querySelector("[role=tree]")?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
  await settled();
}

const button = (place: HTMLElement, label: string): HTMLButtonElement | undefined =>
  [...place.querySelectorAll("button")].find(({ textContent }) => textContent === label);

test("a tap chooses, and a button leaves a line in a cell that runs", async () => {
  const { place, rows, insert } = await shown([item("a"), item("b")]);
  expect(rows().map((row) => row.getAttribute("aria-label"))).toEqual([
    "a, spectra, 3 × 100, counts, 2.4 kB",
    "b, spectra, 3 × 100, counts, 2.4 kB",
  ]);
  await tap(rows()[1]);
  expect(rows()[1]?.getAttribute("aria-selected")).toBe("true");
  await tap(button(place, "Plot"));
  expect(insert).toHaveBeenCalledWith("plot(b)", { run: true });
});

test("several are chosen with fingers and drawn together", async () => {
  const { place, rows, insert } = await shown([item("a"), item("b"), item("c")]);
  await tap(button(place, "Several"));
  await tap(rows()[0]);
  await tap(rows()[2]);
  await tap(button(place, "Plot together"));
  expect(insert).toHaveBeenCalledWith("plot(a, c)", { run: true });
});

test("keys move, unfold, rename and delete, and nothing is lost without a yes", async () => {
  const { place, rows, insert, kernel } = await shown([item("a"), GROUP, UP]);
  await press(place, "ArrowDown");
  await press(place, "ArrowDown");
  await press(place, "ArrowRight");
  expect(rows().map(({ ariaLevel }) => ariaLevel ?? "")).toHaveLength(3);
  await press(place, "ArrowDown");
  const active = place.querySelector("[role=tree]")?.getAttribute("aria-activedescendant");
  expect(
    rows()
      .find(({ id }) => id === active)
      ?.getAttribute("aria-label"),
  ).toMatch(/^up, /);
  await press(place, "ArrowLeft");
  await press(place, "Delete");
  expect(insert).not.toHaveBeenCalled();
  expect(place.textContent).toContain("You can take it back for ten minutes");
  await tap(button(place, "Delete"));
  expect(insert).toHaveBeenCalledWith("delete(both)", { run: true });
  await press(place, "Home");
  await press(place, "F2");
  const field = place.querySelector<HTMLInputElement>("form input");
  expect(field?.value).toBe("a");
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, "better");
  field?.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  await tap(button(place, "Rename"));
  expect(kernel.asked.at(-1)).toEqual({
    kind: "line",
    params: { action: "rename", names: ["a"], options: { to: "better" } },
  });
});

test("what is chosen stays so while the kernel tells of others, and follows a new name", async () => {
  const { rows, kernel } = await shown([item("b")]);
  await tap(rows()[0]);
  kernel.push("workspaces", "changed", { changed: [item("a")] });
  kernel.push("workspaces", "changed", { renamed: [["b", "z"]] });
  await settled();
  expect(rows().map((row) => row.getAttribute("aria-selected"))).toEqual(["false", "true"]);
});

test("of thousands only those in sight are drawn", async () => {
  const { rows } = await shown(Array.from({ length: 3000 }, (_, place) => item(`w${place}`)));
  expect(rows().length).toBeGreaterThan(5);
  expect(rows().length).toBeLessThan(60);
  expect(rows()[0]?.getAttribute("aria-setsize")).toBe("3000");
});

test("formats that fit are offered, and the line says only what is needed", async () => {
  const formats = [
    { name: "nexus", label: "NeXus", extension: ".nxs", keeps: "" },
    { name: "scipp", label: "scipp's HDF5", extension: ".h5", keeps: "" },
    { name: "nxcansas", label: "NXcanSAS", extension: ".h5", keeps: "" },
  ];
  const { place, rows, kernel } = await shown([item("iq")], { "workspaces/formats": () => ({ formats }) });
  await tap(rows()[0]);
  await tap(button(place, "Save…"));
  const choice = place.querySelector<HTMLSelectElement>("form select");
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value")?.set?.call(choice, "nxcansas");
  choice?.dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
  await tap(button(place, "Save"));
  expect(kernel.asked.at(-1)?.params).toEqual({
    action: "save",
    names: ["iq"],
    options: { path: "iq.h5", format: "nxcansas" },
  });
});

test("what cannot be done is said in the panel", async () => {
  const { place, rows } = await shown([item("a")], {
    "workspaces/line": () => {
      throw new Error("There is a b already.");
    },
  });
  await tap(rows()[0]);
  await tap(button(place, "Plot"));
  expect(place.querySelector("[role=alert]")?.textContent).toBe("There is a b already.");
});

test("an empty kernel and a filter that finds nothing help on", async () => {
  const empty = await shown([]);
  expect(empty.place.textContent).toContain("appears here at once");
  const { place } = await shown([item("a")]);
  const field = place.querySelector<HTMLInputElement>("input[type=search]");
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, "zzz");
  field?.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  await tap(button(place, "Show all"));
  expect(place.querySelectorAll("[role=treeitem]")).toHaveLength(1);
});

test("assistive techniques can use it", async () => {
  const { place, rows } = await shown([item("a"), GROUP, UP]);
  await tap(rows()[0]);
  const found = await axe.run(place, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});

test("what was deleted is taken back with its cell, by a button or Ctrl Z", async () => {
  const { place, rows, insert, remove, kernel } = await shown([item("a"), item("b")]);
  const ask = vi.spyOn(kernel, "ask");
  const remove_a = async () => {
    await tap(rows()[0]);
    await press(place, "Delete");
    await tap(button(place, "Delete"));
  };
  await remove_a();
  expect(place.querySelector(".mantidlab-Workspaces-undo")?.textContent).toContain("Deleted a");
  await tap(button(place, "Undo"));
  expect(ask).toHaveBeenCalledWith("workspaces", "restore", {});
  expect(remove).toHaveBeenLastCalledWith({ source: "delete(a)" }, "delete(a)");
  expect(place.querySelector(".mantidlab-Workspaces-undo")).toBeNull();
  await remove_a();
  await press(place, "z", { ctrlKey: true });
  expect(remove).toHaveBeenCalledTimes(2);
  await remove_a();
  await tap(place.querySelector('[aria-label="Do not keep it: free its memory"]'));
  expect(ask).toHaveBeenCalledWith("workspaces", "forget", {});
  expect(insert).toHaveBeenCalledTimes(3);
});

test("a name is taken back by the cell that gives the old one again, and both cells go", async () => {
  const { place, rows, insert, remove } = await shown([item("a")]);
  await tap(rows()[0]);
  await press(place, "F2");
  const field = place.querySelector<HTMLInputElement>("form input");
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, "better");
  field?.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  await tap(button(place, "Rename"));
  expect(place.textContent).toContain("Renamed a to better");
  await tap(button(place, "Undo"));
  expect(insert.mock.calls.map(([source]) => source)).toEqual(["rename(a)", "rename(better)"]);
  expect(remove.mock.calls.map(([, source]) => source)).toEqual(["rename(better)", "rename(a)"]);
});

test("what Mantid holds, or what is large, is said to be gone for good", async () => {
  for (const given of [{ framework: "mantid" }, { memory: 6e8 }]) {
    const { place, rows } = await shown([item("a", given)]);
    await tap(rows()[0]);
    await press(place, "Delete");
    expect(place.textContent).toContain("It cannot be undone");
  }
});
