// The panel of colours: scale, limits by hand or automatic, colour map, what a pixel stands for.

import { COLOUR_MAPS } from "../core/colours";
import { actionButton } from "../core/dialog";
import { choiceField, numberField, selectField } from "../core/form";
import { type Frame, part } from "../core/frame";
import { openPanel } from "../core/panel";
import type { ScaleKind } from "../core/scales";
import type { Limits, Pair, Stands } from "./state";
import type { Store } from "./store";

const SCALES: readonly { value: ScaleKind; label: string }[] = [
  { value: "linear", label: "Linear" },
  { value: "log", label: "Log" },
  { value: "symlog", label: "Symlog" },
];

const AUTOMATIC: readonly { value: "minmax" | "sigma" | "percentile" | "hand"; label: string }[] = [
  { value: "minmax", label: "Min–max" },
  { value: "sigma", label: "3 sigma" },
  { value: "percentile", label: "0.5–99.5 %" },
  { value: "hand", label: "By hand" },
];

const STANDS: readonly { value: Stands; label: string }[] = [
  { value: "max", label: "Largest" },
  { value: "mean", label: "Mean" },
  { value: "sum", label: "Sum" },
];

/** What the panel needs to know of the picture: the limits that are drawn, and those of what is in sight. */
export interface ColourFacts {
  limits(): Pair;
  seen(): Pair | null;
}

export function openColourPanel(frame: Frame, store: Store, facts: ColourFacts): void {
  const body = part("div", "");
  const fill = (): void => body.replaceChildren(...fields(store, facts, fill));
  fill();
  openPanel(frame, "colours", "Colours", body);
}

function fields(store: Store, facts: ColourFacts, again: () => void): HTMLElement[] {
  const { colour, stands } = store.view;
  const set = (part: Partial<typeof colour>): void => {
    store.commit({ colour: { ...store.view.colour, ...part } });
    again();
  };
  const [low, high] = facts.limits();
  const byHand = (next: Pair): void => {
    if (next[0] < next[1]) set({ limits: next });
  };
  const kind = typeof colour.limits === "string" ? colour.limits : "hand";
  const seen = actionButton("Limits of what is in sight", () => {
    const limits = facts.seen();
    if (limits !== null) byHand(limits);
  });
  return [
    choiceField("Scale", SCALES, colour.scale, (scale) => set({ scale })),
    choiceField("Limits", AUTOMATIC, kind, (chosen) =>
      set({ limits: chosen === "hand" ? facts.limits() : (chosen as Limits) }),
    ),
    numberField("From", low, (value) => value !== null && byHand([value, high])).element,
    numberField("To", high, (value) => value !== null && byHand([low, value])).element,
    seen,
    selectField(
      "Colour map",
      COLOUR_MAPS.map(({ id, label }) => ({ value: id, label })),
      colour.map,
      (map) => set({ map }),
    ),
    part("p", "mlp-note", "All but the last read right for the colour-blind and in grey."),
    choiceField("A pixel of several bins shows their", STANDS, stands, (next) => {
      store.commit({ stands: next });
      again();
    }),
  ];
}
