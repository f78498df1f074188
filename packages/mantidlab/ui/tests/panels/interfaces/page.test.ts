import { afterEach, expect, test, vi } from "vitest";
import type { Services } from "../../../src/panels/core/services";
import { claimNotebook } from "../../../src/panels/interfaces/page/notebook";

vi.mock("../../../src/panels/core", async () => import("../../../src/panels/core/trouble"));

afterEach(() => {
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

/** A session in which some notebooks are open, by how many connections their kernels have. */
function session(running: Record<string, number>): Services {
  const models = Object.entries(running).map(([path, connections]) => ({ path, kernel: { connections } }));
  const sessions = { refreshRunning: async () => undefined, running: () => models.values() };
  return { documents: { services: { sessions } } } as unknown as Services;
}

/** The locks of a browser, of which other windows have some. */
function locks(...taken: string[]): void {
  const request = async (name: string, _: object, use: (lock: object | null) => unknown) =>
    use(taken.includes(name) ? null : {});
  vi.stubGlobal("navigator", { locks: { request } });
}

test("the first page of an interface has its notebook, the second one of its own, and each again after a reload", async () => {
  locks();
  expect(await claimNotebook(session({ "runs/iq.ipynb": 0 }), "iq")).toBe("runs/iq.ipynb");
  expect(await claimNotebook(session({ "runs/iq.ipynb": 1 }), "iq")).toBe("runs/iq.ipynb"); // its own
  sessionStorage.clear(); // another device
  expect(await claimNotebook(session({ "runs/iq.ipynb": 1 }), "iq")).toBe("runs/iq-2.ipynb");
  expect(await claimNotebook(session({ "runs/iq.ipynb": 0 }), "iq")).toBe("runs/iq-2.ipynb");
  expect(await claimNotebook(session({}), "powder")).toBe("runs/powder.ipynb");
});

test("a window that was copied with its memory gets another notebook all the same", async () => {
  sessionStorage.setItem("mantidlab:page:iq", "runs/iq.ipynb");
  locks("mantidlab:page:runs/iq.ipynb");
  expect(await claimNotebook(session({}), "iq")).toBe("runs/iq-2.ipynb");
});

test("where the browser has no locks, what the server says counts", async () => {
  vi.stubGlobal("navigator", {});
  expect(await claimNotebook(session({ "runs/iq.ipynb": 2, "runs/iq-2.ipynb": 1 }), "iq")).toBe("runs/iq-3.ipynb");
});
