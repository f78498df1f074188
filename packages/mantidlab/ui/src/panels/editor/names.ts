// Underlines names of properties that a call gives and the function does not have, and offers the nearest right ones.
//
// The offers stand below the name while the caret is in it, so that fingers and keys reach them, and where the pointer
// rests on it.

import { type Diagnostic, forEachDiagnostic, linter } from "@codemirror/lint";
import { type EditorState, type Extension, StateField } from "@codemirror/state";
import { EditorView, showTooltip, type Tooltip } from "@codemirror/view";
import type { Problem, Services } from "../core";
import { mending } from "./acts";
import type { Writing } from "./writing";

const CHECKED_AFTER = 350; // ms without a keystroke
const SOURCE = "mantidlab";

/** A problem with the offers, which the library of diagnostics carries along while the text changes. */
interface Offering extends Diagnostic {
  offers: readonly string[];
}

/** A problem at its present place. */
interface Placed {
  from: number;
  to: number;
  offering: Offering;
}

export function namesOfProperties(writing: Writing, isWanted: () => boolean): Extension {
  const { services } = writing;
  // A notebook that is opened makes hundreds of editors at once, which nobody has looked at.
  let isTouched = false;
  return [
    EditorView.updateListener.of(({ docChanged, focusChanged }) => {
      isTouched ||= docChanged || focusChanged;
    }),
    linter(async ({ state }) => (isTouched && isWanted() ? problemsIn(writing, state) : []), {
      delay: CHECKED_AFTER,
      needsRefresh: ({ focusChanged }) => focusChanged,
      tooltipFilter: (diagnostics, state) => diagnostics.filter((one) => one !== problemAtCaret(state)?.offering),
    }),
    offersAtCaret(services),
    mending.of(takeFirstOffer),
  ];
}

async function problemsIn(writing: Writing, state: EditorState): Promise<Diagnostic[]> {
  const look = await writing.look(state.doc.toString(), state.selection.main.head);
  const { length } = state.doc;
  const there = (look?.problems ?? []).filter(({ start, end }) => start < end && end <= length);
  return there.map((problem) => offeringOf(problem));
}

function offeringOf({ start, end, message, offers }: Problem): Offering {
  return {
    from: start,
    to: end,
    severity: "error",
    source: SOURCE,
    message,
    offers,
    actions: offers.map((name) => ({ name, apply: (view, from, to) => put(view, from, to, name) })),
  };
}

function put(view: EditorView, from: number, to: number, name: string): void {
  view.dispatch({
    changes: { from, to, insert: name },
    selection: { anchor: from + name.length },
    userEvent: "input.complete",
  });
  view.focus();
}

/** The problem that the caret is in, with nothing selected. */
export function problemAtCaret(state: EditorState): Placed | undefined {
  const { head, empty } = state.selection.main;
  let found: Placed | undefined;
  if (empty) {
    forEachDiagnostic(state, (diagnostic, from, to) => {
      if (diagnostic.source === SOURCE && from <= head && head <= to) {
        found = { from, to, offering: diagnostic as Offering };
      }
    });
  }
  return found;
}

function takeFirstOffer(view: EditorView): boolean {
  const found = problemAtCaret(view.state);
  const name = found?.offering.offers[0];
  if (!found || name === undefined) return false;
  put(view, found.from, found.to, name);
  return true;
}

/** Keeps the offers below the name that the caret is in; the same tooltip as long as it is the same problem. */
function offersAtCaret({ t }: Services): Extension {
  const field = StateField.define<{ placed: Placed | undefined; tooltip: Tooltip | null }>({
    create: () => ({ placed: undefined, tooltip: null }),
    update: (last, { state }) => {
      const placed = problemAtCaret(state);
      if (placed?.offering === last.placed?.offering && placed?.from === last.placed?.from) return { ...last, placed };
      return { placed, tooltip: placed ? tooltipOf(placed, t.__("Ctrl . takes the first")) : null };
    },
    provide: (self) => showTooltip.from(self, ({ tooltip }) => tooltip),
  });
  return field;
}

function tooltipOf({ from, offering: { message, offers } }: Placed, hint: string): Tooltip {
  return {
    pos: from,
    above: false,
    create: (view) => {
      const dom = document.createElement("div");
      dom.className = "mantidlab-Offers";
      dom.setAttribute("role", "status");
      const text = document.createElement("p");
      text.textContent = message;
      dom.append(text, ...offers.map((name) => offerButton(view, name)));
      if (offers.length > 0) dom.title = hint;
      return { dom };
    },
  };
}

function offerButton(view: EditorView, name: string): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "mantidlab-Button";
  button.textContent = name;
  // The editor keeps the focus, and on a tablet the keyboard stays as it is.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const found = problemAtCaret(view.state);
    if (found) put(view, found.from, found.to, name);
  });
  return button;
}
