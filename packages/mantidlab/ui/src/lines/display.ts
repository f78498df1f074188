// The panel of how curves are shown: errors, masks, normalisation, division by width, waterfall, colours, grid.
import { checkField, choiceField, selectField, sliderField } from "../core/form";
import { type Frame, part } from "../core/frame";
import { openPanel } from "../core/panel";
import type { Spec, View } from "./schema";

const NORMALISATIONS = [
  { id: "none", label: "None" },
  { id: "maximum", label: "Maximum is 1" },
  { id: "area", label: "Area is 1" },
];

/** Open it; `change` is called with what differs, at once, and `settle` when a slider was let go. */
export function openDisplayPanel(frame: Frame, spec: Spec, view: View, change: (part: Partial<View>) => void): void {
  const body = part("div", "");
  const errors = spec.curves.some((curve) => curve.has_errors);
  if (errors) {
    const choices = [
      { value: "none", label: "None" },
      { value: "bars", label: "Bars" },
      { value: "band", label: "Band" },
    ] as const;
    body.append(choiceField("Errors", choices, view.errors, (value) => change({ errors: value })));
  }
  if (spec.can.normalise !== false) {
    const choices = (spec.normalisations ?? NORMALISATIONS).map(({ id, label }) => ({ value: id, label }));
    body.append(selectField("Normalise", choices, view.normalise, (value) => change({ normalise: value })));
  }
  if (spec.can.divide_by_width === true) {
    body.append(checkField("Divide by bin width", view.divide_by_width, (on) => change({ divide_by_width: on })));
  }
  if (spec.curves.some((curve) => curve.masked > 0)) {
    body.append(
      checkField("Show masked bins", view.masked === "shown", (on) => change({ masked: on ? "shown" : "hidden" })),
    );
  }
  body.append(...waterfall(view, change, spec.curves.length), colours(view, change));
  body.append(checkField("Grid", view.grid, (on) => change({ grid: on })));
  openPanel(frame, "display", "Display", body);
}

function waterfall(view: View, change: (part: Partial<View>) => void, curves: number): HTMLElement[] {
  if (curves < 2) return [];
  const now = { ...view.waterfall };
  const percent = (v: number): string => `${Number((100 * v).toFixed(1))} %`;
  const most = Math.min(0.5, 2 / (curves - 1));
  const set = (axis: "x" | "y") => (value: number) => {
    now[axis] = value;
    change({ waterfall: { ...now } });
  };
  const span = { from: 0, to: most, step: most / 200 };
  return [
    sliderField("Offset up", now.y, span, set("y"), percent),
    sliderField("Offset right", now.x, span, set("x"), percent),
  ];
}

function colours(view: View, change: (part: Partial<View>) => void): HTMLElement {
  const choices = [
    { value: "auto", label: "Auto" },
    { value: "palette", label: "Palette" },
    { value: "gradient", label: "Gradient" },
  ] as const;
  return choiceField("Colours", choices, view.colours, (value) => change({ colours: value }));
}
