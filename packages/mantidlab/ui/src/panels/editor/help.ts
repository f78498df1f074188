// Explains in a few words what the pointer rests on: an algorithm or a function, and the property in its brackets.
//
// JupyterLab's own tooltip (Shift Tab) asks the kernel; this one asks the server, so that it is there while a cell runs.

import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { closeHoverTooltips, type EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import type { Services } from "../core";
import { explaining } from "./acts";
import type { Writing } from "./writing";

const RESTS = 500; // ms

/** The part of a page of documentation (`docs/thing`) that is shown here. */
export interface Thing {
  readonly of: string;
  readonly title: string;
  readonly summary: string;
  readonly properties: readonly { name: string; type: string; documentation: string }[];
}

export function helpWhereThePointerRests(writing: Writing, isWanted: () => boolean): Extension {
  return [
    hoverTooltip((view, at) => (isWanted() ? helpAt(writing, view, at) : null), {
      hoverTime: RESTS,
      hideOnChange: true,
    }),
    helpByKey(writing),
  ];
}

async function helpAt(writing: Writing, { state }: EditorView, at: number): Promise<Tooltip | null> {
  const word = state.wordAt(at);
  if (!word) return null;
  const look = await writing.look(state.doc.toString(), at);
  if (!look?.of) return null;
  const { server, kernel } = writing.services;
  try {
    const thing = await server.get<Thing>("docs/thing", { of: look.of, environment: kernel.environment });
    return tooltipOf(writing.services, word, thing, look.property);
  } catch {
    return null; // nobody asked for it
  }
}

function tooltipOf(
  services: Services,
  { from, to }: { from: number; to: number },
  thing: Thing,
  property: string | null,
): Tooltip {
  return {
    pos: from,
    end: to,
    above: true,
    create: () => ({ dom: drawing(services, thing, property) }),
  };
}

function drawing({ commands, t }: Services, thing: Thing, property: string | null): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "mantidlab-Help";
  dom.setAttribute("role", "status");
  const more = document.createElement("button");
  more.type = "button";
  more.className = "mantidlab-Button";
  more.textContent = t.__("Documentation");
  more.addEventListener("click", () => {
    void commands.execute("mantidlab:documentation", { leads_to: thing.of, property });
  });
  dom.append(...explanation(thing, property), more);
  return dom;
}

/** What is said: of the property where there is one, and else of the function. */
function explanation({ title, summary, properties }: Thing, property: string | null): HTMLElement[] {
  const named = properties.find(({ name }) => name === property);
  const head = document.createElement("strong");
  const text = document.createElement("p");
  head.textContent = named ? `${title} · ${named.name}` : title;
  text.textContent = named ? `${named.type}. ${plain(named.documentation)}` : summary;
  return [head, text];
}

/** The words of a piece of HTML, of which nothing is run or fetched. */
function plain(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent?.trim() ?? "";
}

const show = StateEffect.define<Tooltip | null>();

/** Explains what the caret is in, and takes the explanation away again; so do Escape and any change. */
function helpByKey(writing: Writing): Extension {
  const field = StateField.define<Tooltip | null>({
    create: () => null,
    update: (last, transaction) => {
      for (const effect of transaction.effects) if (effect.is(show)) return effect.value;
      return transaction.docChanged || transaction.selection ? null : last;
    },
    provide: (self) => showTooltip.from(self),
  });
  const close = (view: EditorView): boolean => {
    if (view.state.field(field) === null) return false;
    view.dispatch({ effects: show.of(null) });
    return true;
  };
  const open = (view: EditorView): boolean => {
    const { state } = view;
    void helpAt(writing, view, state.selection.main.head).then((tooltip) => {
      if (view.state.doc === state.doc) view.dispatch({ effects: [show.of(tooltip), closeHoverTooltips] });
    });
    return true;
  };
  return [field, explaining.of((view) => close(view) || open(view)), keymap.of([{ key: "Escape", run: close }])];
}
