import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openMemory, SettingsMemory, type Store } from "../../../src/panels/core/memory";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function storeWith(kept: Record<string, unknown>) {
  const written: [string, unknown][] = [];
  const store = {
    get: (key: string) => ({ user: kept[key], composite: kept[key] }),
    set: async (key: string, value: unknown) => void written.push([key, value]),
  } as unknown as Store;
  return { store, written };
}

test("what was kept in an earlier session is there", () => {
  expect(new SettingsMemory(storeWith({ search: "rebin" }).store).get("search")).toBe("rebin");
});

test("what is set is there at once, and written once, after the last letter", async () => {
  const { store, written } = storeWith({});
  const memory = new SettingsMemory(store);
  for (const text of ["r", "re", "reb"]) memory.set("search", text);
  expect(memory.get("search")).toBe("reb");
  expect(written).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(written).toEqual([["search", "reb"]]);
});

test("what was chosen just before the page goes away is written", async () => {
  const { store, written } = storeWith({});
  new SettingsMemory(store).set("filter", { kind: "events" });
  window.dispatchEvent(new Event("pagehide"));
  await vi.advanceTimersByTimeAsync(0);
  expect(written).toEqual([["filter", { kind: "events" }]]);
});

test("settings that cannot be read leave a memory as long as the page", async () => {
  const complained = vi.spyOn(console, "warn").mockImplementation(() => {});
  const memory = await openMemory({ load: () => Promise.reject(new Error("no home")) });
  memory.set("search", "sum");
  await vi.advanceTimersByTimeAsync(1000);
  expect(memory.get("search")).toBe("sum");
  expect(complained).toHaveBeenCalledOnce();
});
