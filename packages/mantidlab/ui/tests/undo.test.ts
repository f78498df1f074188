import { describe, expect, it } from "vitest";
import { History } from "../src/core/undo";

describe("the history of views", () => {
  it("goes back and forth, and not beyond its ends", () => {
    const history = new History("a");
    history.push("b");
    history.push("c");
    expect([history.undo(), history.undo(), history.undo()]).toEqual(["b", "a", null]);
    expect([history.redo(), history.redo(), history.redo()]).toEqual(["b", "c", null]);
  });

  it("forgets what was ahead when one goes elsewhere", () => {
    const history = new History("a");
    history.push("b");
    history.undo();
    history.push("c");
    expect(history.canRedo).toBe(false);
    expect(history.undo()).toBe("a");
  });

  it("does not remember the same twice", () => {
    const history = new History({ x: [0, 1] });
    history.push({ x: [0, 1] });
    expect(history.canUndo).toBe(false);
  });

  it("is not longer than its depth, and keeps the newest", () => {
    const history = new History(0, 3);
    for (const state of [1, 2, 3, 4]) history.push(state);
    expect([history.undo(), history.undo(), history.undo()]).toEqual([3, 2, null]);
  });
});
