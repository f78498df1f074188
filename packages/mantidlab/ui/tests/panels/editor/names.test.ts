import { diagnosticCount, forceLinting } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { afterEach, expect, test, vi } from "vitest";
import type { Look, Services } from "../../../src/panels/core";
import { mending } from "../../../src/panels/editor/acts";
import { namesOfProperties, problemAtCaret } from "../../../src/panels/editor/names";
import type { Writing } from "../../../src/panels/editor/writing";

const views: EditorView[] = [];
afterEach(() => {
  for (const view of views.splice(0)) view.destroy();
});

/** An editor with a server that knows one wrong name, as `docs/look` answers. */
function editor(doc: string, { isWanted = true } = {}): EditorView {
  const look = async (source: string): Promise<Look> => {
    const start = source.indexOf("Parms");
    const problem = {
      start,
      end: start + 5,
      name: "Parms",
      message: "Rebin has no property Parms.",
      offers: ["Params"],
    };
    return { of: "Rebin", property: null, problems: start < 0 ? [] : [problem] };
  };
  const services = { t: { __: (text: string) => text } } as unknown as Services;
  const extensions = namesOfProperties({ services, look } as unknown as Writing, () => isWanted);
  const view = new EditorView({ state: EditorState.create({ doc, extensions }), parent: document.body });
  views.push(view);
  return view;
}

async function checked(view: EditorView): Promise<void> {
  view.dispatch({ changes: { from: view.state.doc.length, insert: " " } });
  forceLinting(view);
  await vi.waitFor(() => expect(diagnosticCount(view.state)).toBe(1));
}

test("a name that the function does not have is underlined, and offered while the caret is in it", async () => {
  const view = editor("Rebin(Parms=1)");
  await checked(view);
  expect(problemAtCaret(view.state)).toBeUndefined();
  view.dispatch({ selection: { anchor: 8 } });
  expect(problemAtCaret(view.state)?.offering.message).toBe("Rebin has no property Parms.");
});

test("the command takes the first offer, in one change that can be undone", async () => {
  const view = editor("Rebin(Parms=1)");
  await checked(view);
  view.dispatch({ selection: { anchor: 8 } });
  expect(view.state.facet(mending).map((mend) => mend(view))).toEqual([true]);
  expect(view.state.doc.toString()).toBe("Rebin(Params=1) ");
  expect(view.state.selection.main.head).toBe("Rebin(Params".length);
});

test("what is typed before the answer is there moves the underline along", async () => {
  const view = editor("Rebin(Parms=1)");
  await checked(view);
  view.dispatch({ changes: { from: 0, insert: "ws = " }, selection: { anchor: 13 } });
  expect(problemAtCaret(view.state)).toMatchObject({ from: 11, to: 16 });
});

test("what nobody has touched is not asked about", async () => {
  const view = editor("Rebin(Parms=1)");
  forceLinting(view);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(diagnosticCount(view.state)).toBe(0);
});

test("who does not want it is left alone", async () => {
  const view = editor("Rebin(Parms=1)", { isWanted: false });
  view.dispatch({ changes: { from: 0, insert: " " } });
  forceLinting(view);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(diagnosticCount(view.state)).toBe(0);
});
