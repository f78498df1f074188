import axe from "axe-core";
import * as React from "react";
import { expect, test, vi } from "vitest";
import { dateText, type Meant, type MeantFile, sizeText, summaryOf } from "../../../src/panels/forms/meant";
import type { Field, Value } from "../../../src/panels/forms/spec";
import { type Surroundings, SurroundingsContext } from "../../../src/panels/forms/surroundings";
import { Files } from "../../../src/panels/forms/widgets/Files";
import { click, mount, pass, type } from "./mounting";
import { field } from "./specs";

const SOON = 500; // ms: a pause in typing, and the answer

function file(number: number, more: Partial<MeantFile> = {}): MeantFile {
  const name = `LOQ000${number}.nxs`;
  const modified = "2026-03-01T14:30:00+00:00";
  return { asked: String(number), name, path: `/data/${name}`, size: 4_160_000, modified, others: [], ...more };
}

function answer(more: Partial<Meant>): Meant {
  return { asked: 0, found: 0, lacking: 0, files: [], missing: [], looking: "", problem: "", ...more };
}

const RUNS = { ...field({ name: "runs", widget: "files" }), runs: true };

function Row({ meant }: { meant: Surroundings["meant"] }): React.JSX.Element {
  const [value, fill] = React.useState<Value | undefined>(undefined);
  return (
    <SurroundingsContext.Provider value={{ framework: "interface", held: [], browse: async () => [], meant }}>
      <label htmlFor="runs">Runs</label>
      <Files
        field={RUNS}
        value={value}
        id="runs"
        describedBy={undefined}
        invalid={false}
        disabled={false}
        onFill={fill}
        onMisread={() => undefined}
      />
    </SurroundingsContext.Provider>
  );
}

function show(meant: Surroundings["meant"]) {
  const place = mount(<Row meant={meant} />);
  const input = place.querySelector("input") as HTMLInputElement;
  const said = () => place.querySelector('[role="status"]')?.textContent ?? "";
  const items = () => [...place.querySelectorAll(".mlf-meant-list > li")].map((one) => one.textContent);
  return { place, input, said, items };
}

test("one file is said with its size and date, politely", async () => {
  const meant = vi.fn(async () => answer({ asked: 1, found: 1, files: [file(74024)] }));
  const { place, input, said } = show(meant);
  expect(said()).toBe("");
  type(input, "74024");
  await pass(SOON);
  expect(said()).toBe(`LOQ00074024.nxs · 4.16 MB · ${dateText("2026-03-01T14:30:00+00:00")}`);
  expect(place.querySelector('[role="status"]')?.getAttribute("aria-live")).toBe("polite");
  expect(meant.mock.lastCall?.slice(0, 2)).toMatchObject([{ name: "runs" }, ["74024"]]);
});

test("of many the first three are shown, and the others on demand", async () => {
  const files = [1, 2, 3, 4, 5].map((number) => file(74020 + number));
  const { place, input, said, items } = show(async () => answer({ asked: 5, found: 5, files }));
  type(input, "74021-74025");
  await pass(SOON);
  expect(said()).toBe("5 files, 20.8 MB");
  expect(items()).toHaveLength(3);
  const more = place.querySelector<HTMLElement>("button[aria-expanded]");
  click(more);
  expect(items()).toHaveLength(5);
  expect(more?.getAttribute("aria-expanded")).toBe("true");
  const found = await axe.run(place, { rules: { region: { enabled: false }, "color-contrast": { enabled: false } } });
  expect(found.violations).toEqual([]);
});

test("a number without a file is said with where was looked", async () => {
  const sentence = "LOQ has no run 74026 in /data/LOQ. It has 74024, 74025; 74025 is nearest.";
  const missing = [{ asked: "74026", sentence, candidates: [] }];
  const { input, said, items } = show(async () =>
    answer({ asked: 2, found: 1, lacking: 1, files: [file(74024)], missing }),
  );
  type(input, "74024, 74026");
  await pass(SOON);
  expect(said()).toBe("1 of 2 found.");
  expect(items()[0]).toBe(sentence);
  expect(items()[1]).toContain("LOQ00074024.nxs");
});

test("of several files of a run it is said which is taken", async () => {
  const files = [file(74024, { others: ["/data/other/LOQ74024.h5"] })];
  const { place, input } = show(async () => answer({ asked: 1, found: 1, files }));
  type(input, "74024");
  await pass(SOON);
  expect(place.querySelector("summary")?.textContent).toBe("74024 has 2 files; /data/LOQ00074024.nxs is taken");
});

test("while a large archive is looked through it is asked again, until somebody types on", async () => {
  const signals: AbortSignal[] = [];
  const meant = vi.fn(async (_field: Field, value: Value, signal: AbortSignal) => {
    signals.push(signal);
    const isKnown = (value as string[])[0] === "2";
    return isKnown
      ? answer({ asked: 1, found: 1, files: [file(2)] })
      : answer({ asked: 1, looking: "1 200 files so far." });
  });
  const { input, said } = show(meant);
  type(input, "1");
  await pass(SOON);
  expect(said()).toBe("1 200 files so far.");
  await pass(800);
  expect(meant).toHaveBeenCalledTimes(2);
  type(input, "2");
  expect(signals[0]?.aborted).toBe(true);
  await pass(1500);
  expect(said()).toContain("LOQ0002.nxs");
  expect(meant).toHaveBeenCalledTimes(3);
});

test("a server that cannot say takes nothing from the field", async () => {
  const { input, said } = show(async () => Promise.reject(new Error("no")));
  type(input, "74024");
  await pass(SOON);
  expect(said()).toBe("");
});

test("sizes are short", () => {
  expect([0, 999, 1000, 12_345, 999_600, 4_160_224, 2e9].map(sizeText)).toEqual([
    ...["0 B", "999 B", "1.00 kB", "12.3 kB", "1.00 MB", "4.16 MB", "2.00 GB"],
  ]);
});

test("the size of many files is not said of those that are listed alone", () => {
  expect(summaryOf(answer({ asked: 1000, found: 1000, files: [file(1), file(2)] }))).toBe("1000 files");
});
