import { Signal } from "@lumino/signaling";
import { expect, test } from "vitest";
import { unlessGone } from "../../../src/panels/core/gone";

function kernel() {
  const sender = {};
  const statusChanged = new Signal<object, string>(sender);
  return { statusChanged, become: (status: string) => statusChanged.emit(status) };
}

test.each(["dead", "autorestarting", "restarting", "terminating", "starting"])(
  "nobody waits for a kernel that is %s",
  async (status) => {
    const one = kernel();
    const waits = unlessGone(one, new Promise<boolean>(() => undefined));
    one.become("busy");
    one.become(status);
    await expect(waits).rejects.toThrow("The kernel died or was started anew meanwhile");
  },
);

test("what ends before is what counts, also as it ended", async () => {
  const one = kernel();
  const begun = unlessGone(one, new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 10)));
  one.become("starting"); // a notebook that was just made
  expect(await begun).toBe(true);
  const ran = unlessGone(one, Promise.resolve(false));
  expect(await ran).toBe(false);
  one.become("dead");
  expect(await ran).toBe(false);
  await expect(unlessGone(kernel(), Promise.reject(new Error("no")))).rejects.toThrow("no");
});
