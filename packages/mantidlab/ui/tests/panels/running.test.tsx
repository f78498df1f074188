import { nullTranslator } from "@jupyterlab/translation";
import axe from "axe-core";
import * as React from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Trouble } from "../../src/panels/core/trouble";
import { Runs } from "../../src/panels/running/runs";
import { duration, RunningStrip, told } from "../../src/panels/running/strip";
import { createStandaloneKernel, type StandaloneKernel } from "./workspaces/standalone";

const t = nullTranslator.load("mantidlab");
const REBIN = { id: "1", name: "Rebin", fraction: 0.42, message: "bank 2", seconds: 3, left: 65 };

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const restart = vi.fn();

async function shown(answers: Record<string, () => unknown> = {}) {
  const kernel = createStandaloneKernel({ "running/now": () => ({ runs: [] }), ...answers });
  const runs = new Runs(kernel, t);
  const place = document.createElement("div");
  document.body.append(place);
  flushSync(() => createRoot(place).render(<RunningStrip runs={runs} t={t} restart={restart} />));
  await pass(0);
  return { kernel, runs, place };
}

const pass = (milliseconds: number) => React.act(() => vi.advanceTimersByTimeAsync(milliseconds));

function become(kernel: StandaloneKernel, status: string): void {
  kernel.status = status;
  kernel.statusChanged.emit(status);
}

const stop = (place: HTMLElement) => [...place.querySelectorAll("button")].find((each) => each.textContent === "Stop");

test("a run is told with its part, its words and the time left", async () => {
  const { kernel, place } = await shown();
  kernel.push("running", "progress", REBIN);
  await pass(0);
  expect(place.textContent).toContain("Rebin");
  expect(place.textContent).toContain("42 % · bank 2 · 1 min 5 s left");
  expect(place.querySelector("progress")?.value).toBeCloseTo(0.42);
  kernel.push("running", "ended", { id: "1", how: "done", message: "" });
  await pass(0);
  expect(place.textContent).toBe("");
});

test("a short cell does not flicker, a long one can be stopped", async () => {
  const { kernel, place } = await shown();
  become(kernel, "busy");
  await pass(500);
  expect(place.textContent).toBe("");
  await pass(1000);
  expect(place.textContent).toContain("A cell runs");
  expect(place.querySelector("progress")?.hasAttribute("value")).toBe(false);
  become(kernel, "idle");
  await pass(0);
  expect(place.textContent).toBe("");
});

test("what has not stopped after a second is said so, with what can be done", async () => {
  const { kernel, place } = await shown({ "running/stop": () => new Promise(() => {}) });
  become(kernel, "busy");
  kernel.push("running", "progress", REBIN);
  await pass(0);
  stop(place)?.click();
  await pass(10);
  expect(place.querySelector("[role=status]")?.textContent).toBe("Stopping …");
  expect(stop(place)?.disabled).toBe(true);
  await pass(1000);
  expect(place.querySelector("[role=status]")?.textContent).toContain("It has not stopped yet");
  expect(kernel.interrupted).toBe(0);
  await pass(2000);
  expect(kernel.interrupted).toBe(1);
  become(kernel, "idle");
  await pass(0);
  expect(place.textContent).toBe("");
});

test("a kernel that knows nothing of panels is interrupted as JupyterLab does it", async () => {
  const { kernel, runs } = await shown();
  become(kernel, "busy");
  await runs.stop();
  expect(kernel.interrupted).toBe(1);
});

test("a kernel that is stuck can be started anew, whoever asked it to stop", async () => {
  const { kernel, place } = await shown();
  become(kernel, "busy");
  await pass(1000);
  kernel.push("running", "waiting", { message: "The cell is in scipy since 2 s." });
  await pass(0);
  expect(place.querySelector("[role=status]")?.textContent).toContain("in scipy");
  [...place.querySelectorAll("button")].find((each) => each.textContent?.startsWith("Restart"))?.click();
  expect(restart).toHaveBeenCalledTimes(1);
  become(kernel, "idle");
  await pass(0);
  expect(place.textContent).toBe("");
});

test("in the status bar, sentences stand above the page, since the bar cuts off what sticks out of it", async () => {
  const kernel = createStandaloneKernel({ "running/now": () => ({ runs: [REBIN] }) });
  const place = document.createElement("div");
  flushSync(() => createRoot(place).render(<RunningStrip apart runs={new Runs(kernel, t)} t={t} restart={restart} />));
  await pass(0);
  kernel.push("running", "waiting", { message: "It waits for numpy." });
  await pass(0);
  expect(place.textContent).not.toContain("numpy");
  expect(document.querySelector(".mantidlab-Running-apart")?.textContent).toContain("It waits for numpy.");
});

test("why it cannot be stopped is the kernel's own sentence", async () => {
  const { kernel, place } = await shown({ "running/stop": () => ({ stopped: [], reason: "It computes in C++." }) });
  kernel.status = "busy";
  kernel.push("running", "progress", REBIN);
  await pass(0);
  stop(place)?.click();
  await pass(1500);
  expect(place.querySelector("[role=status]")?.textContent).toBe("It computes in C++.");
});

test("a page that is loaded while something runs shows it, and the log when it is asked for", async () => {
  const { kernel, place } = await shown({ "running/now": () => ({ runs: [REBIN] }) });
  kernel.push("running", "log", { id: "1", level: "warning", line: "3 empty bins" });
  await pass(0);
  place.querySelector<HTMLButtonElement>("[aria-expanded]")?.click();
  await pass(0);
  expect(place.querySelector("[data-level=warning]")?.textContent).toBe("3 empty bins");
  kernel.push("running", "ended", { id: "1", how: "failed", message: "No events." });
  await pass(0);
  expect(place.querySelector("[role=status]")?.textContent).toBe("Rebin: No events.");
});

test("times are said as people say them", () => {
  expect([0.4, 59, 61, 3700].map(duration)).toEqual(["0 s", "59 s", "1 min 1 s", "1 h 1 min"]);
  expect(told({ ...REBIN, fraction: null, left: null, message: "" }, t)).toBe("for 3 s");
});

test("assistive techniques can use it", async () => {
  const { kernel, place } = await shown();
  kernel.push("running", "progress", REBIN);
  await pass(0);
  vi.useRealTimers();
  const found = await axe.run(place, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(found.violations.map(({ id }) => id)).toEqual([]);
});

const button = (place: HTMLElement, name: string) =>
  [...place.querySelectorAll("button")].find((each) => each.textContent === name);
const KEEP = "Stop, keeping what there is";

test("what nothing can interrupt is ended with what there is by one tap, and what is there again is said", async () => {
  const { kernel, place } = await shown({
    "running/stop": () => ({ stopped: [], reason: "It waits for sort.", keeps: true }),
    "running/keep": () => ({ ends: true }),
  });
  become(kernel, "busy");
  kernel.push("running", "progress", REBIN);
  await pass(0);
  stop(place)?.click();
  await pass(10);
  expect(place.textContent).toContain("It waits for sort.");
  button(place, KEEP)?.click();
  await pass(10);
  expect(kernel.asked.at(-1)?.kind).toBe("keep");
  expect(kernel.restarted).toBe(1);
  become(kernel, "idle");
  kernel.push("running", "kept", { sentence: "It has 2 of 3 variables again.", left: ["fig: it lives in the page"] });
  await pass(10);
  expect(place.querySelector("[role=status]")?.textContent).toBe("It has 2 of 3 variables again.");
  expect(place.querySelector("li")?.textContent).toBe("fig: it lives in the page");
  button(place, "OK")?.click();
  await pass(10);
  expect(place.textContent).toBe("");
});

test("what cannot be kept is told, and nothing is restarted", async () => {
  const { kernel, place } = await shown({
    "running/stop": () => ({ stopped: [], reason: "It waits for sort.", keeps: true }),
    "running/keep": () => Promise.reject(new Trouble("No copy of the kernel could be made.")),
  });
  become(kernel, "busy");
  kernel.push("running", "progress", REBIN);
  await pass(0);
  stop(place)?.click();
  await pass(10);
  button(place, KEEP)?.click();
  await pass(10);
  expect(place.textContent).toContain("No copy of the kernel could be made.");
  expect(button(place, KEEP)).toBeUndefined();
  expect(button(place, "Restart the kernel…")).toBeDefined();
  expect(kernel.restarted).toBe(0);
});

test("the time left is not told of what is being stopped", async () => {
  const { kernel, place } = await shown({ "running/stop": () => new Promise(() => {}) });
  become(kernel, "busy");
  kernel.push("running", "progress", REBIN);
  await pass(0);
  stop(place)?.click();
  await pass(10);
  expect(place.textContent).not.toContain("left");
});

test("an answer that a stopped cell waited for is not waited for any more", async () => {
  const { kernel, place } = await shown({ "running/stop": () => ({ stopped: ["the cell"] }) });
  kernel.waitsForInput = true;
  become(kernel, "busy");
  kernel.push("running", "progress", REBIN);
  await pass(0);
  stop(place)?.click();
  await pass(10);
  expect(kernel.waitsForInput).toBe(false);
});

test("a stop that is answered late or never does not interrupt the next cell", async () => {
  let refuse: (problem: Trouble) => void = () => {};
  const { kernel, place } = await shown({
    "running/stop": () =>
      new Promise((_, reject) => {
        refuse = reject;
      }),
  });
  become(kernel, "busy");
  kernel.push("running", "progress", REBIN);
  await pass(0);
  stop(place)?.click();
  await pass(500);
  become(kernel, "idle");
  become(kernel, "busy");
  await pass(5000);
  refuse(new Trouble("The kernel has not answered for 30 s."));
  await pass(10);
  expect(kernel.interrupted).toBe(0);
});
