import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import * as React from "react";
import { act } from "react";
import { describe, expect, test, vi } from "vitest";
import type { Held } from "../../../src/panels/forms/accepting";
import { Form } from "../../../src/panels/forms/Form";
import { type Filled, filledWith } from "../../../src/panels/forms/filled";
import type { Checked, FormServices, OpenedCell } from "../../../src/panels/forms/services";
import type { FormSpec, Values } from "../../../src/panels/forms/spec";
import { SurroundingsContext } from "../../../src/panels/forms/surroundings";
import { button, choose, click, mount, pass, press, redraw, type } from "./mounting";
import { field, form, recorded } from "./specs";

const LATE = 300; // ms after which what is asked while typing has been answered

function session(given: Partial<FormServices> = {}) {
  return {
    write: vi.fn(async ({ values }) => ({
      source: `call(${JSON.stringify(values)})`,
      span: [0, 0] as [number, number],
      imports: ["import thing"],
    })),
    check: vi.fn(async () => ({ problems: {} })),
    validate: vi.fn(async () => ({})),
    insert: vi.fn(async () => ({ ok: true, message: "It ran to its end." })),
    remember: vi.fn(),
    ...given,
  } satisfies FormServices;
}

interface Options {
  services?: FormServices;
  start?: Filled;
  cell?: OpenedCell;
  held?: readonly Held[];
}

function show(spec: FormSpec, { services = session(), start = filledWith(spec), cell, held = [] }: Options = {}) {
  const browse = vi.fn(async () => ["data/LOQ74024.nxs"]);
  const meant = async () => null;
  const drawn = (now: readonly Held[]) => (
    <SurroundingsContext.Provider value={{ framework: spec.framework, held: now, browse, meant }}>
      <Form spec={spec} start={start} services={services} cell={cell ?? null} />
    </SurroundingsContext.Provider>
  );
  const place = mount(drawn(held));
  const hold = (now: readonly Held[]) => redraw(place, drawn(now));
  const entry = (name: string) => {
    const found = place.querySelector(`[data-field="${name}"] :is(input, select, textarea)`);
    if (!found) throw new Error(`The form has no field ${name}.`);
    return found;
  };
  const values = () => (vi.mocked(services.write).mock.lastCall?.[0].values ?? {}) as Values;
  return { place, entry, values, browse, services, hold };
}

test("what is filled in is what is written, checked and run", async () => {
  const { place, entry, values, services } = show(recorded("rebin"));
  type(entry("InputWorkspace"), "ws");
  type(entry("Params"), "0, 100, 20000");
  click(entry("PreserveEvents"));
  await pass(LATE);
  expect(values()).toEqual({ InputWorkspace: "ws", Params: [0, 100, 20000], PreserveEvents: false });
  expect(services.check).toHaveBeenLastCalledWith(expect.objectContaining({ values: values() }));
  click(button(place, "Run"));
  await pass(0);
  const source = `import thing\ncall(${JSON.stringify(values())})`;
  expect(services.insert).toHaveBeenCalledExactlyOnceWith(source, true);
  expect(services.remember).toHaveBeenCalledExactlyOnceWith(expect.anything(), values());
  expect(place.querySelector(".mlf-outcome")?.textContent).toBe("It ran to its end.");
});

test("who types the last value and runs at once is not held to what was wrong before", async () => {
  const check = vi.fn(
    async ({ values }: { values: Values }): Promise<Checked> => ({
      problems: "Params" in values ? {} : { Params: "Params is needed." },
    }),
  );
  const services = session({ check });
  const { entry, place } = show(recorded("rebin"), { services });
  type(entry("InputWorkspace"), "ws");
  await pass(LATE);
  type(entry("Params"), "1");
  click(button(place, "Run"));
  await pass(0);
  expect(services.insert).toHaveBeenCalledOnce();
});

test("a result takes no name that something else has; the same form makes it again; after a failure no old one is offered", async () => {
  const spec = form([], { call: { function: "f", import: "", target: "result", returns: [] } });
  let ok = true;
  const services = session({ insert: vi.fn(async () => ({ ok, message: "" })) });
  const drawn = (taken: string[]) => (
    <Form spec={spec} start={filledWith(spec)} services={services} cell={null} taken={new Set(taken)}>
      {(targets) => <output>{targets.join()}</output>}
    </Form>
  );
  const place = mount(drawn(["result", "result_2"]));
  const made = () => vi.mocked(services.write).mock.lastCall?.[0].targets;
  click(button(place, "Run"));
  await pass(0);
  expect(made()).toEqual(["result_3"]);
  redraw(place, drawn(["result", "result_2", "result_3"]));
  expect(place.querySelector("output")?.textContent).toBe("result_3");
  ok = false;
  click(button(place, "Run"));
  await pass(0);
  expect(made()).toEqual(["result_3"]);
  expect(place.querySelector("output")?.textContent).toBe("");
});

test("an empty form says nothing is wrong until somebody wants to run it, and then where", async () => {
  const { place, services, entry } = show(recorded("rebin"));
  await pass(LATE);
  expect(place.querySelector(".mlf-problem")).toBeNull();
  click(button(place, "Run"));
  await pass(10);
  expect(services.insert).not.toHaveBeenCalled();
  expect([...place.querySelectorAll(".mlf-summary li")].map((item) => item.textContent)).toEqual([
    "Input workspace Choose a workspace.",
    "Params This is needed.",
  ]);
  expect(document.activeElement).toBe(entry("InputWorkspace"));
});

test("what the server and the kernel find wrong stands at the field, and a second press runs it all the same", async () => {
  const validate = async () => ({ Params: "Steps must not be zero." });
  const { place, entry, services } = show(recorded("rebin"), { services: session({ validate }) });
  type(entry("InputWorkspace"), "ws");
  type(entry("Params"), "0, 0, 1");
  await pass(LATE);
  const sentence = place.querySelector('[data-field="Params"] .mlf-problem');
  expect(sentence?.textContent).toBe("Steps must not be zero.");
  expect(entry("Params").getAttribute("aria-describedby")).toContain(sentence?.id);
  expect(entry("Params").getAttribute("aria-invalid")).toBe("true");
  click(button(place, "Run"));
  await pass(0);
  expect(services.insert).not.toHaveBeenCalled();
  click(button(place, "Run"));
  await pass(0);
  expect(services.insert).toHaveBeenCalledOnce();
});

test("what is half typed stays as it is typed and never runs", async () => {
  const spec = form([field({ name: "x", widget: "number" })]);
  const { place, entry, services } = show(spec);
  type(entry("x"), "1e");
  expect((entry("x") as HTMLInputElement).value).toBe("1e");
  expect(place.querySelector(".mlf-problem")?.textContent).toContain("“1e” is not a number");
  click(button(place, "Run"));
  await pass(0);
  expect(services.insert).not.toHaveBeenCalled();
  type(entry("x"), "1e3");
  expect(place.querySelector(".mlf-problem")).toBeNull();
});

test("one field and all fields can be reset", async () => {
  const { place, entry, values } = show(recorded("rebin"), {
    start: filledWith(recorded("rebin"), { Params: [1], InputWorkspace: "ws" }),
  });
  click(button(place, "Reset Params"));
  await pass(LATE);
  expect(values()).toEqual({ InputWorkspace: "ws" });
  expect((entry("Params") as HTMLInputElement).value).toBe("");
  click(button(place, "Reset all"));
  await pass(LATE);
  expect(values()).toEqual({});
});

test("any field can be filled in as Python, beginning with what stands there", async () => {
  const { place, entry, values } = show(recorded("rebin"), {
    start: filledWith(recorded("rebin"), { Params: [1, 2] }),
  });
  click(button(place, "About Params"));
  click(button(place, "Fill in as Python"));
  expect((entry("Params") as HTMLInputElement).value).toBe("[1, 2]");
  type(entry("Params"), "edges(ws)");
  await pass(LATE);
  expect(values().Params).toEqual({ expression: "edges(ws)" });
});

test("the documentation of a field is a tap away", () => {
  const { place } = show(recorded("rebin"));
  const about = button(place, "About Params");
  click(about);
  expect(about.getAttribute("aria-expanded")).toBe("true");
  expect(place.querySelector('[data-field="Params"] .mlf-explanation')?.textContent).toContain("first bin boundary");
});

test("workspaces are chosen with the keyboard from what the kernel holds; what does not fit cannot be", async () => {
  const held = ["first", "second", "table"].map((name) => ({
    name,
    variable: name === "second" ? "ws" : null,
    framework: "mantid",
    kind: "spectra",
    type: name === "table" ? "TableWorkspace" : "Workspace2D",
    shape: [10, 100],
    unit: "counts",
    parent: null,
  }));
  const { place, entry, values } = show(recorded("rebin"), { held });
  const box = entry("InputWorkspace");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"]) press(box, key);
  const active = document.getElementById(box.getAttribute("aria-activedescendant") ?? "");
  expect(active?.textContent).toBe("ws (second)Workspace2D · 10 × 100 · counts");
  const refused = [...place.querySelectorAll('[role="option"]')].at(2);
  expect(refused?.getAttribute("aria-disabled")).toBe("true");
  click(refused);
  press(box, "Enter");
  await pass(LATE);
  expect(values().InputWorkspace).toEqual({ expression: "ws" });
  expect(box.getAttribute("aria-expanded")).toBe("false");
});

test("workspaces that come late can be chosen with the keys that were pressed before", async () => {
  const late: Held = {
    name: "late",
    variable: "late",
    framework: "mantid",
    kind: "spectra",
    type: "Workspace2D",
    shape: [1],
    unit: null,
    parent: null,
  };
  const { entry, values, hold } = show(recorded("rebin"), { held: [] });
  const box = entry("InputWorkspace");
  for (const key of ["ArrowDown", "ArrowDown"]) press(box, key);
  hold([late]);
  expect(document.getElementById(box.getAttribute("aria-activedescendant") ?? "")?.textContent).toContain("late");
  hold([{ ...late, name: "earlier", variable: "earlier" }, late]);
  press(box, "Enter");
  await pass(LATE);
  expect(values().InputWorkspace).toEqual({ expression: "late" });
});

test("a long list of choices is searched, a short one is the browser's", async () => {
  const choices = Array.from({ length: 40 }, (_, index) => ({ value: `v${index}`, label: `Value ${index}` }));
  const spec = form([
    field({ name: "long", widget: "choice", choices }),
    field({ name: "short", widget: "choice", choices: choices.slice(0, 3), default: "v1", unset: false }),
  ]);
  const { place, entry, values } = show(spec);
  type(entry("long"), "value 3");
  expect(place.querySelectorAll('[role="option"]')).toHaveLength(13);
  click(place.querySelectorAll('[role="option"]')[3]);
  choose(entry("short"), "2");
  await pass(LATE);
  expect(values()).toEqual({ long: "v30", short: "v2" });
  type(entry("long"), "value x");
  expect(place.querySelector(".mlf-problem")?.textContent).toContain("not one of the 40");
});

test("names with values, quantities, several choices and files become what Python gets", async () => {
  const choices = ["a", "b", "c"].map((value) => ({ value, label: value }));
  const spec = form([
    field({ name: "pairs", widget: "dictionary" }),
    field({ name: "cut", widget: "quantity", unit: "Å" }),
    field({ name: "some", widget: "choices", choices }),
    field({ name: "file", widget: "file", extensions: [".nxs"] }),
  ]);
  const { place, entry, values, browse } = show(spec);
  click(button(place, "Add a name"));
  const [name, value] = place.querySelectorAll('[data-field="pairs"] input');
  type(name!, "height");
  type(value!, "1.5");
  type(entry("cut"), "6");
  for (const box of [...place.querySelectorAll('[data-field="some"] input')].slice(1)) click(box);
  click(button(place, "Browse for file"));
  await pass(0);
  await pass(LATE);
  expect(browse).toHaveBeenCalledWith("file", [".nxs"]);
  expect(values()).toEqual({
    pairs: { height: 1.5 },
    cut: { value: 6, unit: "Å" },
    some: ["b", "c"],
    file: "data/LOQ74024.nxs",
  });
});

test("groups fold, and open by themselves where something is to be mended", async () => {
  const many = Array.from({ length: 14 }, (_, index) => field({ name: `f${index}`, widget: "text", group: "g" }));
  const wrong = field({ name: "x", widget: "text", group: "g" });
  const spec = form([...many, wrong], { groups: [{ name: "g", label: "Grouped" }] });
  const start = filledWith(spec);
  const { place } = show(spec, { start });
  const head = place.querySelector(".mlf-section-head");
  expect(head?.getAttribute("aria-expanded")).toBe("false");
  expect(place.querySelector('[data-field="x"]')).toBeNull();
  click(head);
  expect(place.querySelector('[data-field="x"]')).not.toBeNull();
});

test("a cell is written back whole, as often as one likes", async () => {
  const writeBack = vi.fn(async () => ({ ok: true, message: "" }));
  const source = "ws = call(1)  # why";
  const cell: OpenedCell = { source, span: [0, 12], context: "", place: "the cell", writeBack };
  const services = session({
    write: vi.fn(async ({ values }) => ({
      source: `ws = call(${values.Params})  # why`,
      span: [0, 12] as [number, number],
    })),
  });
  const { place, entry } = show(recorded("rebin"), {
    services,
    cell,
    start: filledWith(recorded("rebin"), { InputWorkspace: { expression: "ws" }, Params: [1] }, ["ws"]),
  });
  type(entry("Params"), "2");
  click(button(place, "Write back"));
  await pass(0);
  expect(services.write).toHaveBeenLastCalledWith(
    expect.objectContaining({ values: { InputWorkspace: { expression: "ws" }, Params: [2] }, targets: ["ws"] }),
    expect.objectContaining({ source }),
  );
  expect(writeBack).toHaveBeenLastCalledWith(source, "ws = call(2)  # why", false);
  expect(place.querySelector(".mlf-outcome")?.textContent).toBe("Written back into the cell.");

  type(entry("Params"), "3");
  click(button(place, "As in the cell"));
  expect((entry("Params") as HTMLInputElement).value).toBe("2");
  type(entry("Params"), "4");
  click(button(place, "Write back"));
  await pass(0);
  expect(writeBack).toHaveBeenLastCalledWith("ws = call(2)  # why", "ws = call(4)  # why", false);
});

test("what goes wrong while it runs is said", async () => {
  const insert = async () => ({ ok: false, message: "ValueError: no such run" });
  const spec = form([]);
  const { place } = show(spec, { services: session({ insert }) });
  click(button(place, "Run"));
  await pass(0);
  expect(place.querySelector(".mlf-outcome")?.textContent).toBe("ValueError: no such run");
});

const NOT_TO_BE_JUDGED_HERE = ["color-contrast", "region", "target-size"]; // by a browser that lays out

test.each(["rebin", "convert-units", "align-components", "load-event-nexus"])(
  "everybody can use the form of %s",
  async (name) => {
    const { place } = show(recorded(name));
    for (const head of place.querySelectorAll(".mlf-section-head")) click(head);
    for (const about of place.querySelectorAll('button[aria-label^="About"]')) click(about);
    const rules = Object.fromEntries(NOT_TO_BE_JUDGED_HERE.map((rule) => [rule, { enabled: false }]));
    const { violations } = await act(() => axe.run(place, { rules, resultTypes: ["violations"] }));
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  },
  30_000, // axe takes its time on a machine that is busy
);

const REPOSITORY = join(import.meta.dirname, "..", "..", "..", "..", "..", "..");
const PYTHON = join(REPOSITORY, ".venv", "bin", "python");
const RECORDED = join(
  process.env.MANTIDHUB_SHARED_MANTID ?? join(REPOSITORY, "..", "shared", "mantid"),
  "catalogue.json",
);

describe.skipIf(!existsSync(PYTHON) || !existsSync(RECORDED))(
  "of the recorded Mantid (needs .venv and shared/mantid/catalogue.json beside the checkout)",
  () => {
    test("every algorithm has a form that can be drawn, with all its fields", { timeout: 300_000 }, () => {
      const written = execFileSync(PYTHON, [join(import.meta.dirname, "every_form.py")], { maxBuffer: 2 ** 28 });
      const specs = written
        .toString()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as FormSpec);
      expect(specs.length).toBeGreaterThanOrEqual(941);
      const complaints = vi.spyOn(console, "error").mockImplementation(() => {});
      for (const spec of specs) {
        const visible = spec.fields.map((one) => ({ ...one, visible: true, depends: [] }));
        const { place } = show({ ...spec, fields: visible, call: { ...spec.call, returns: [] } });
        for (const head of place.querySelectorAll('.mlf-section-head[aria-expanded="false"]')) click(head);
        const drawn = [...place.querySelectorAll("[data-field]")].map((one) => one.getAttribute("data-field"));
        expect(drawn.sort(), spec.of).toEqual(spec.fields.map(({ name }) => name).sort());
        document.body.replaceChildren();
      }
      expect(complaints.mock.calls).toEqual([]);
    });
  },
);
