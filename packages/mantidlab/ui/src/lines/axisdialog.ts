// The settings of one axis: scale, limits by hand, unit, grid. Each takes effect at once.
import { actionButton, openDialog } from "../core/dialog";
import { checkField, choiceField, numberField, selectField } from "../core/form";
import { part } from "../core/frame";
import type { Interval, ScaleKind } from "../core/scales";
import type { Unit, View } from "./schema";

export interface AxisSettings {
  readonly axis: "x" | "y";
  readonly title: string;
  readonly view: View;
  readonly shown: Interval;
  readonly units: readonly Unit[];
}

export interface AxisActions {
  scale(kind: ScaleKind): void;
  /** null: all of it. */
  range(range: Interval | null): void;
  unit(id: string): void;
  linearBelow(value: number): void;
  grid(on: boolean): void;
}

const SCALES: readonly { value: ScaleKind; label: string }[] = [
  { value: "linear", label: "Linear" },
  { value: "log", label: "Log" },
  { value: "symlog", label: "Symlog" },
];

/** Open it. */
export function openAxisDialog(root: HTMLElement, settings: AxisSettings, actions: AxisActions): void {
  const { axis, view, shown, units } = settings;
  const body = part("div", "");
  const problem = part("p", "mlp-problem");
  problem.setAttribute("role", "alert");
  const below = numberField(
    "Linear within ±",
    view[axis].linear_below ?? null,
    (v) => v !== null && v > 0 && actions.linearBelow(v),
  );
  below.element.hidden = view[axis].scale !== "symlog";
  below.element.style.display = below.element.hidden ? "none" : "";
  const scale = choiceField("Scale", SCALES, view[axis].scale, (kind) => {
    below.element.style.display = kind === "symlog" ? "" : "none";
    problem.textContent = "";
    actions.scale(kind);
  });
  const apply = (): void => {
    const [low, high] = [from.read(), to.read()];
    problem.textContent = problemWith(low, high);
    if (problem.textContent === "" && low !== null && high !== null) actions.range([low, high]);
  };
  const from = numberField("From", shown[0], apply);
  const to = numberField("To", shown[1], apply);
  const all = actionButton(axis === "x" ? "All of the data" : "Fit what is visible", () => {
    problem.textContent = "";
    actions.range(null);
  });
  body.append(scale, below.element, from.element, to.element, all, problem);
  if (units.length > 1) {
    const choices = units.map((u) => ({ value: u.id, label: u.unit === "" ? u.label : `${u.label} (${u.unit})` }));
    body.append(selectField("Unit", choices, view[axis].unit ?? units[0]?.id ?? "", (id) => actions.unit(id)));
  }
  body.append(checkField("Grid", view.grid, (on) => actions.grid(on)));
  openDialog(root, { title: settings.title, body, actions: [{ label: "Done", primary: true, run: () => true }] });
}

function problemWith(low: number | null, high: number | null): string {
  if (low === null || high === null) return "A limit is a number, such as 12.5 or 1e3.";
  if (low === high) return "The two limits are the same: there is nothing between them.";
  return "";
}
