import { afterEach, beforeEach, expect, test } from "vitest";
import { focusWhenThere } from "../../../src/panels/core/focusing";

let panel: HTMLElement;

beforeEach(() => {
  panel = document.body.appendChild(document.createElement("section"));
});

afterEach(() => document.body.replaceChildren());

function field(name: string, isFirst = false): HTMLElement {
  const input = document.createElement("input");
  input.name = name;
  input.toggleAttribute("data-first", isFirst);
  return input;
}

// Observers are told after the code that changed something.
async function append(...elements: HTMLElement[]): Promise<void> {
  panel.append(...elements);
  await Promise.resolve();
}

test("the focus goes where one begins", async () => {
  const first = field("search", true);
  await append(field("other"), first);
  focusWhenThere(panel);
  expect(document.activeElement).toBe(first);
});

test("what is typed goes to the panel from the moment it is opened, and to its first field once that is there", async () => {
  focusWhenThere(panel);
  expect(document.activeElement).toBe(panel);
  await append(document.createElement("p"));
  expect(document.activeElement).toBe(panel);
  const first = field("search");
  await append(first);
  expect(document.activeElement).toBe(first);
});

test("who has gone elsewhere meanwhile stays there", async () => {
  focusWhenThere(panel);
  const elsewhere = document.body.appendChild(field("elsewhere"));
  elsewhere.focus();
  await append(field("search"));
  expect(document.activeElement).toBe(elsewhere);
});

test("nothing is waited for any more when that is said", async () => {
  const stop = focusWhenThere(panel);
  stop();
  await append(field("search"));
  expect(document.activeElement).toBe(panel);
});
