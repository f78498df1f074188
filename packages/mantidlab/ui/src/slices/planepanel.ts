// The panel of the plane: which dimensions are drawn, ranges by numbers, scales of the axes, what is made of several planes.

import { choiceField, numberField, selectField } from "../core/form";
import { type Frame, part } from "../core/frame";
import { openPanel } from "../core/panel";
import type { ScaleKind } from "../core/scales";
import { hiddenDimensions, type Pair, type Stands, withDimension } from "./state";
import type { Store } from "./store";

const OVER: readonly { value: Stands; label: string }[] = [
  { value: "sum", label: "Sum" },
  { value: "mean", label: "Mean" },
  { value: "max", label: "Largest" },
];

export function openPlanePanel(
  frame: Frame,
  store: Store,
  facts: { ranges(): { x: Pair; y: Pair }; upright(): boolean },
): void {
  const body = part("div", "");
  const fill = (): void => body.replaceChildren(...fields(store, facts, fill));
  fill();
  openPanel(frame, "plane", "Axes and plane", body);
}

function fields(
  store: Store,
  facts: { ranges(): { x: Pair; y: Pair }; upright(): boolean },
  again: () => void,
): HTMLElement[] {
  const { spec, view } = store;
  const names = spec.dims.map(({ label, name }, number) => ({
    value: String(number),
    label: label === name ? name : `${label} (${name})`,
  }));
  const chosen = (axis: "x" | "y") => (number: string) => {
    store.commit(withDimension(spec, store.view, axis, Number(number)));
    again();
  };
  const made = [
    selectField("Across (x)", names, String(view.x), chosen("x")),
    selectField("Up (y)", names, String(view.y), chosen("y")),
    ...rangeFields(store, facts, "x", again),
    ...rangeFields(store, facts, "y", again),
    choiceField(
      "Lengths",
      [
        { value: "free", label: "Fill the frame" },
        { value: "equal", label: "Equal units" },
      ],
      view.aspect,
      (aspect) => store.commit({ aspect: aspect as "free" | "equal", range: { x: null, y: null } }),
    ),
  ];
  if (hiddenDimensions(spec, view).length > 0) {
    made.push(choiceField("Several planes show their", OVER, view.over, (over) => store.commit({ over })));
  }
  if (spec.directions !== null)
    made.push(part("p", "mlp-note", "The axes do not stand at right angles: drawn as they do."));
  return made;
}

function rangeFields(
  store: Store,
  facts: { ranges(): { x: Pair; y: Pair }; upright(): boolean },
  axis: "x" | "y",
  again: () => void,
): HTMLElement[] {
  const dimension = store.spec.dims[store.view[axis]];
  const [low, high] = facts.ranges()[axis];
  const set = (range: Pair): void => {
    if (range[0] < range[1]) store.commit({ range: { ...store.view.range, [axis]: range } });
    again();
  };
  const unit = dimension?.unit === "" ? "" : ` (${dimension?.unit})`;
  const kinds: readonly { value: ScaleKind; label: string }[] = [
    { value: "linear", label: "Linear" },
    { value: "log", label: "Log" },
  ];
  const made = [
    numberField(`${dimension?.label} from${unit}`, low, (value) => value !== null && set([value, high])).element,
    numberField(`to${unit}`, high, (value) => value !== null && set([low, value])).element,
  ];
  if (dimension?.positive !== null && facts.upright()) {
    made.push(
      choiceField(`Scale of ${axis}`, kinds, store.view.scale[axis], (kind) => {
        store.commit({
          scale: { ...store.view.scale, [axis]: kind },
          range: { ...store.view.range, [axis]: null },
          aspect: kind === "log" ? "free" : store.view.aspect,
        });
        again();
      }),
    );
  }
  return made;
}
