import { expect, test, vi } from "vitest";
import { Trouble } from "../../../src/panels/core/trouble";
import { Inventory } from "../../../src/panels/workspaces/inventory";
import { createStandaloneKernel, item } from "./items";

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("it is what the kernel lists, and what it tells from then on", async () => {
  const kernel = createStandaloneKernel({ "workspaces/list": () => ({ items: [item("a"), item("b")] }) });
  const inventory = new Inventory(kernel);
  expect(inventory.state).toBe("loading");
  await settled();
  expect([...inventory.items.keys()]).toEqual(["a", "b"]);
  const changed = vi.fn();
  const renamed = vi.fn();
  inventory.changed.connect(changed);
  inventory.renamed.connect((_, pair) => renamed(pair));
  kernel.push("workspaces", "changed", { changed: [item("c")], removed: ["b"], renamed: [["a", "z"]] });
  expect([...inventory.items.keys()].sort()).toEqual(["c", "z"]);
  expect(inventory.items.get("z")?.name).toBe("z");
  expect(changed).toHaveBeenCalledTimes(1);
  expect(renamed).toHaveBeenCalledWith(["a", "z"]);
});

test("another kernel's things are not this one's", async () => {
  let answer: (value: unknown) => void = () => {};
  const kernel = createStandaloneKernel({
    "workspaces/list": () => new Promise((resolve) => (answer = resolve)),
  });
  const inventory = new Inventory(kernel);
  const late = answer;
  kernel.changed.emit();
  late({ items: [item("of the kernel before")] });
  await settled();
  expect(inventory.items.size).toBe(0);
  answer({ items: [item("now")] });
  await settled();
  expect([...inventory.items.keys()]).toEqual(["now"]);
});

test("without a kernel there is nothing, and why it cannot be had is said", async () => {
  const kernel = createStandaloneKernel({
    "workspaces/list": () => {
      throw new Trouble("It does not answer.");
    },
  });
  const inventory = new Inventory(kernel);
  await settled();
  expect([inventory.state, inventory.trouble]).toEqual(["trouble", "It does not answer."]);
  kernel.status = "none";
  kernel.changed.emit();
  expect(inventory.state).toBe("nothing");
});
