import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Frame } from "../../src/core/frame";
import { LONG_PRESS } from "../../src/core/gestures";
import { LIGHT } from "../../src/core/theme";
import { Legend, type LegendActions } from "../../src/lines/legend";
import { Looks } from "../../src/lines/looks";
import type { Curve, Spec, View } from "../../src/lines/schema";
import { complete } from "../../src/lines/views";

const CURVES: Curve[] = Array.from({ length: 12 }, (_, i) => ({
  id: i,
  name: `spectrum ${i + 1}`,
  source: i < 6 ? "sample" : "vanadium",
  mark: "steps",
  colour: i,
  has_errors: false,
  masked: 0,
  size: 10,
}));
const SPEC: Spec = {
  title: "",
  note: "",
  x: { label: "x", unit: "", units: [], kind: "number" },
  y: { label: "y", unit: "" },
  curves: CURVES,
  can: {},
};

let frame: Frame;
let legend: Legend;
let done: string[];

function show(change: Partial<View> = {}): void {
  const view = { ...complete({}), ...change };
  legend.update(SPEC, view, new Looks(SPEC, view, LIGHT));
}

beforeEach(() => {
  const root = document.createElement("div");
  const side = document.createElement("div");
  root.append(side);
  document.body.append(root);
  frame = { root, side } as unknown as Frame;
  done = [];
  const actions: LegendActions = {
    highlight: (id) => done.push(`highlight ${id}`),
    isolate: (id) => done.push(`isolate ${id}`),
    toggle: (id) => done.push(`toggle ${id}`),
    showAll: () => done.push("show all"),
    commands: () => [{ label: "Fit", run: () => done.push("fit") }],
  };
  legend = new Legend(frame, actions);
  show();
});

afterEach(() => {
  vi.useRealTimers();
  frame.root.remove();
});

const names = (): HTMLButtonElement[] => [...frame.side.querySelectorAll<HTMLButtonElement>(".mlp-legend-name")];
const keys = (): HTMLButtonElement[] => [...frame.side.querySelectorAll<HTMLButtonElement>(".mlp-legend-key")];
const visible = (): string[] =>
  names()
    .filter((n) => !n.parentElement!.hidden)
    .map((n) => n.textContent ?? "");

describe("the legend", () => {
  it("highlights with a tap, and shows alone with a second one soon after", () => {
    names()[3]!.click();
    names()[3]!.click();
    expect(done).toEqual(["highlight 3", "isolate 3"]);
  });

  it("lets go of what is highlighted with a tap", () => {
    show({ highlighted: 3 });
    names()[3]!.click();
    expect(done).toEqual(["highlight null"]);
    expect(names()[3]!.getAttribute("aria-pressed")).toBe("true");
  });

  it("hides with a tap on the line, which then says how to show it", () => {
    keys()[2]!.click();
    expect(done).toEqual(["toggle 2"]);
    show({ hidden: [2] });
    expect(keys()[2]!.getAttribute("aria-label")).toBe("Show spectrum 3");
  });

  it("finds curves by words of their name and source", () => {
    const search = frame.side.querySelector("input")!;
    search.value = "vanadium 1";
    search.dispatchEvent(new Event("input"));
    expect(visible()).toEqual(["spectrum 10", "spectrum 11", "spectrum 12"]);
  });

  it("has one stop for the Tab key, and arrows between its rows", () => {
    expect(names().filter((name) => name.tabIndex === 0)).toHaveLength(1);
    names()[0]!.focus();
    names()[0]!.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
    expect(document.activeElement).toBe(names()[1]);
    names()[1]!.dispatchEvent(new KeyboardEvent("keydown", { key: "o", bubbles: true }));
    expect(done).toEqual(["isolate 1"]);
  });

  it("opens its menu by a long press of a finger, not of a mouse", () => {
    vi.useFakeTimers();
    const row = names()[4]!.parentElement!;
    row.dispatchEvent(new PointerEvent("pointerdown", { pointerType: "mouse", bubbles: true }));
    vi.advanceTimersByTime(LONG_PRESS * 2);
    expect(frame.root.querySelector("[role=menu]")).toBeNull();
    row.dispatchEvent(new PointerEvent("pointerdown", { pointerType: "touch", bubbles: true }));
    vi.advanceTimersByTime(LONG_PRESS);
    const items = [...frame.root.querySelectorAll("[role^=menuitem]")].map((item) => item.textContent);
    expect(items).toEqual(["Highlight", "Show only this", "Hide", "Show all", "Fit"]);
  });

  it("is away for one curve, unless asked for", () => {
    const one: Spec = { ...SPEC, curves: CURVES.slice(0, 1) };
    const view = complete({});
    legend.update(one, view, new Looks(one, view, LIGHT));
    expect(frame.side.childElementCount).toBe(0);
    const asked: View = { ...view, legend: "shown" };
    legend.update(one, asked, new Looks(one, asked, LIGHT));
    expect(names()).toHaveLength(1);
  });
});
