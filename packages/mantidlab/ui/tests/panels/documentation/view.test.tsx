// The documentation panel outside of a browser: searching by keyboard, pages, going back, following the caret.

import { Signal } from "@lumino/signaling";
import * as React from "react";
import { act } from "react";
import { expect, test, vi } from "vitest";
import type { Services } from "../../../src/panels/core";
import type { Hit, Thing } from "../../../src/panels/documentation/things";
import { DocumentationView } from "../../../src/panels/documentation/view";
import { button, choose, click, mount, pass, press, type } from "../forms/mounting";

const HITS: Hit[] = ["ConvertUnits", "ConvertToYSpace", "SANSConvert"].map((name) => ({
  kind: "algorithm",
  name,
  title: `${name} v1`,
  snippet: `Does ${name}.`,
  leads_to: `algorithm/${name}-v1`,
}));

function thingOf(of: string): Thing {
  const name = of.replace("algorithm/", "").replace("-v1", "");
  const row = { type: "string", direction: "Input", default: "", required: true, choices: [], unit: "" };
  return {
    of,
    kind: "algorithm",
    title: `${name} v1`,
    summary: `Does ${name}.`,
    framework: "mantid",
    html: '<p>Like <a href="#of=algorithm/Rebin-v1">Rebin</a>.</p>',
    markdown: "",
    signature: "(InputWorkspace)",
    returns: "",
    deprecated: "",
    property: "",
    properties: [{ ...row, name: "Target", documentation: "<p>Unit</p>" }],
    usage: [
      {
        title: "One",
        code: "x()",
        runs: "import y\n\nx()",
        output: "1",
        tested: true,
        needs: "mantid",
        html: "<p>It needs <b>files</b>.</p>",
      },
    ],
    see_also: [{ title: "Rebin", of: "algorithm/Rebin-v1" }],
    members: [],
    categories: ["Transforms\\Units"],
    links: [],
    file: "",
    call: { imports: "from m import f", source: "f(...)", cell: "from m import f\n\nf(...)" },
    form: true,
    environment: "Mantid",
  };
}

interface Trial {
  place: HTMLElement;
  asked: { path: string; given: Record<string, string | undefined> }[];
  inserted: [string, unknown][];
  executed: [string, unknown][];
  kept: Map<string, unknown>;
  caret: { of: string | null; property: string | null };
  move(): void;
  show(args: Record<string, string>, serial: number): void;
}

/** The panel, which can be asked for something as its command does. */
function Shown({ services, show }: { services: Services; show: { current: Trial["show"] } }): React.JSX.Element {
  const [[args, serial], set] = React.useState<[Record<string, string>, number]>([{}, 0]);
  show.current = (...next) => act(() => set(next));
  return <DocumentationView services={services} asked={{ args, serial }} visible={true} />;
}

function trial(
  answer?: (path: string, given: Record<string, string | undefined>) => unknown,
  kept = new Map<string, unknown>(),
): Trial {
  const sender = {};
  const changed = new Signal<object, void>(sender);
  const kernelChanged = new Signal<object, void>(sender);
  const made: Pick<Trial, "asked" | "inserted" | "executed" | "caret"> = {
    asked: [],
    inserted: [],
    executed: [],
    caret: { of: null, property: null },
  };
  const services = {
    t: {
      __: (text: string, ...given: string[]) => given.reduce((all, one, at) => all.replace(`%${at + 1}`, one), text),
      _n: (one: string, more: string, count: number) => (count === 1 ? one : more).replace("%1", String(count)),
    },
    server: {
      get: async (path: string, given: Record<string, string | undefined>) => {
        made.asked.push({ path, given });
        if (answer) return answer(path, given);
        if (path === "docs/tree") return { items: [] };
        return path === "docs/search" ? { hits: HITS } : thingOf(given.of ?? "");
      },
      post: async () => ({ ...made.caret, problems: [] }),
    },
    kernel: { changed: kernelChanged, environment: "mantid" },
    cells: {
      changed,
      current: () => ({ cell: {}, source: "", offset: 0 }),
      above: () => [],
      insert: async (source: string, options: unknown) => {
        made.inserted.push([source, options]);
        return { cell: undefined, ran: true };
      },
    },
    memory: { get: (key: string) => kept.get(key), set: (key: string, value: unknown) => kept.set(key, value) },
    commands: { execute: async (command: string, args: unknown) => made.executed.push([command, args]) },
    documents: { openOrReveal: () => undefined },
    rendermime: { sanitizer: { sanitize: (html: string) => html.replace(/<script>.*<\/script>/, "") } },
  } as unknown as Services;
  const show: { current: Trial["show"] } = { current: () => undefined };
  const place = mount(<Shown services={services} show={show} />);
  return {
    ...made,
    place,
    kept,
    show: (...next) => show.current(...next),
    move: () => act(() => changed.emit()),
  } as Trial;
}

const field = ({ place }: Trial): HTMLInputElement => place.querySelector("input[type=search]") as HTMLInputElement;
const title = ({ place }: Trial): string | undefined =>
  place.querySelector(".mantidlab-DocTitle")?.textContent ?? undefined;

async function search(one: Trial, text: string): Promise<void> {
  type(field(one), text);
  await pass(5);
}

test("arrow keys and Enter open what was found, Escape goes back to the page, and once more empties the field", async () => {
  const one = trial();
  await search(one, "conver");
  expect(one.asked.at(-1)?.given).toMatchObject({ q: "conver", environment: "mantid" });
  const options = () =>
    [...one.place.querySelectorAll("[role=option]")].map((each) => each.getAttribute("aria-selected"));
  expect(options()).toEqual(["true", "false", "false"]);
  press(field(one), "ArrowDown");
  expect(options()).toEqual(["false", "true", "false"]);
  expect(field(one).getAttribute("aria-activedescendant")).toBe(one.place.querySelectorAll("[role=option]")[1]?.id);
  press(field(one), "Enter");
  await pass(5);
  expect(title(one)).toBe("ConvertToYSpace v1");
  await search(one, "x");
  expect(title(one)).toBeUndefined();
  press(field(one), "Escape");
  await pass(5);
  expect(title(one)).toBe("ConvertToYSpace v1");
  press(field(one), "Escape");
  expect(field(one).value).toBe("");
});

test("an answer that comes after a later question is not shown", async () => {
  let first: (answer: unknown) => void = () => undefined;
  let count = 0;
  const one = trial(() => {
    count += 1;
    if (count === 1) return new Promise((resolve) => (first = resolve));
    return { hits: [HITS[1]] };
  });
  await search(one, "c");
  await search(one, "co");
  first({ hits: HITS });
  await pass(5);
  expect(one.place.querySelectorAll("[role=option]")).toHaveLength(1);
});

test("Enter before the answer is there opens what then comes first, and nothing of what stood there before", async () => {
  let answerLater: (answer: unknown) => void = () => undefined;
  const one = trial((path) =>
    path === "docs/thing" ? thingOf("algorithm/Late-v1") : new Promise((resolve) => (answerLater = resolve)),
  );
  await search(one, "late");
  press(field(one), "Enter");
  await pass(5);
  expect(title(one)).toBeUndefined();
  answerLater({ hits: HITS });
  await pass(5);
  await pass(5);
  expect(title(one)).toBe("Late v1");
  expect(one.asked.at(-1)?.given.of).toBe("algorithm/ConvertUnits-v1");
});

test("links of a page lead on, and one goes back and forward, by keyboard too", async () => {
  const one = trial();
  one.show({ leads_to: "algorithm/ConvertUnits-v1" }, 1);
  await pass(5);
  click(one.place.querySelector(".mantidlab-DocText a"));
  await pass(5);
  expect(title(one)).toBe("Rebin v1");
  click(button(one.place, "Back"));
  await pass(5);
  expect(title(one)).toBe("ConvertUnits v1");
  act(() => {
    field(one).dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", altKey: true, bubbles: true }));
  });
  await pass(5);
  expect(title(one)).toBe("Rebin v1");
  expect(button(one.place, "Forward").disabled).toBe(true);
  expect(one.kept.get("documentation/recent")).toMatchObject([
    { of: "algorithm/Rebin-v1" },
    { of: "algorithm/ConvertUnits-v1" },
  ]);
});

test("what is read last is offered where nothing is sought", async () => {
  const one = trial();
  one.show({ leads_to: "algorithm/ConvertUnits-v1" }, 1);
  await pass(5);
  const other = trial();
  other.kept.set("documentation/recent", one.kept.get("documentation/recent"));
  await search(other, "x");
  press(field(other), "Escape");
  click([...other.place.querySelectorAll("button")].find((each) => each.textContent?.includes("ConvertUnits")));
  await pass(5);
  expect(title(other)).toBe("ConvertUnits v1");
});

test("calls and examples go into cells, forms are opened", async () => {
  const one = trial();
  one.show({ leads_to: "algorithm/ConvertUnits-v1" }, 1);
  await pass(5);
  click(button(one.place, "Insert call"));
  await pass(5);
  click(button(one.place, "Run the example: One"));
  await pass(5);
  click(button(one.place, "Open form"));
  await pass(5);
  expect(one.inserted).toEqual([
    ["from m import f\n\nf(...)", undefined],
    ["import y\n\nx()", { run: true }],
  ]);
  expect(one.executed).toEqual([["mantidlab:form", { of: "algorithm/ConvertUnits-v1" }]]);
});

test("the page follows the caret, marks its property, and stays where one switches that off or searches", async () => {
  const one = trial();
  Object.assign(one.caret, { of: "algorithm/ConvertUnits-v1", property: "Target" });
  one.move();
  await pass(5);
  expect(title(one)).toBe("ConvertUnits v1");
  expect(one.place.querySelector("[aria-current=true]")?.getAttribute("data-name")).toBe("Target");
  await search(one, "x");
  Object.assign(one.caret, { of: "algorithm/Rebin-v1", property: null });
  one.move();
  await pass(5);
  expect(title(one)).toBeUndefined();
  press(field(one), "Escape");
  click(one.place.querySelector("input[type=checkbox]"));
  Object.assign(one.caret, { of: "algorithm/Load-v1" });
  one.move();
  await pass(5);
  expect(title(one)).not.toBe("Load v1");
  expect(one.kept.get("documentation/follow")).toBe(false);
});

test("a choice of kinds is asked for and remembered", async () => {
  const one = trial();
  await search(one, "x");
  choose(one.place.querySelector("select") as Element, "properties");
  await pass(5);
  expect(one.asked.at(-1)?.given.kinds).toBe("property,argument,fit parameter");
  expect(one.kept.get("documentation/filter")).toBe("properties");
});

test("what went wrong is said in a sentence, and so is what is not found", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const one = trial((path) => {
    if (path === "docs/search") return { hits: [] };
    throw new Error("This environment has no algorithm X.");
  });
  await search(one, "xyzzy");
  expect(one.place.textContent).toContain("Nothing is found for “xyzzy”.");
  one.show({ leads_to: "algorithm/X-v1" }, 1);
  await pass(5);
  expect(one.place.querySelector("[role=alert]")?.textContent).toBe("This environment has no algorithm X.");
  warn.mockRestore();
});

const TREE: Record<string, object[]> = {
  "": [
    { title: "algorithms", of: "", count: 2 },
    { title: "python", of: "", count: 1 },
  ],
  algorithms: [{ title: "Transforms", of: "", count: 2 }],
  "algorithms\nTransforms": ["ConvertUnits", "Rebin"].map((title) => ({
    title,
    of: `algorithm/${title}-v1`,
    count: 0,
  })),
  python: [{ title: "io", of: "python/io", count: 3 }],
};

test("who does not know what to search for looks through a tree by keys or fingers, and finds it unfolded again", async () => {
  const answer = (path: string, given: Record<string, string | undefined>) =>
    path === "docs/tree" ? { items: TREE[given.below ?? ""] } : thingOf(given.of ?? "");
  const one = trial(answer);
  await pass(5);
  const tree = one.place.querySelector("[role=tree]")!;
  const items = () => [...one.place.querySelectorAll("[role=treeitem]")];
  const titles = () => items().map((item) => item.querySelector(".mantidlab-DocTree-title")?.textContent);
  const active = () => titles()[items().findIndex((item) => item.getAttribute("aria-selected") === "true")];
  expect(titles()).toEqual(["Algorithms", "Python packages"]);
  press(tree, "ArrowRight");
  await pass(5);
  press(tree, "ArrowRight");
  expect(active()).toBe("Transforms");
  press(tree, "ArrowRight");
  await pass(5);
  expect(titles()).toEqual(["Algorithms", "Transforms", "ConvertUnits", "Rebin", "Python packages"]);
  expect(items()[2]?.getAttribute("aria-level")).toBe("3");
  press(tree, "r"); // goes by letters
  expect(active()).toBe("Rebin");
  press(tree, "ArrowLeft");
  expect(active()).toBe("Transforms");
  press(tree, "r");
  press(tree, "Enter");
  await pass(5);
  expect(title(one)).toBe("Rebin v1");
  expect(one.kept.get("documentation/branches")).toEqual(["algorithms", "algorithms\nTransforms"]);

  const again = trial(answer, one.kept);
  await pass(5);
  expect(again.place.querySelectorAll("[role=treeitem]")).toHaveLength(5);
  click([...again.place.querySelectorAll("[role=treeitem]")][4]);
  await pass(5);
  click(again.place.querySelector('[aria-label="Page of io"]'));
  await pass(5);
  expect(again.asked.at(-1)?.given.of).toBe("python/io");
});
