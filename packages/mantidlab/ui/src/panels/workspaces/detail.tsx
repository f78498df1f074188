// What is chosen: what it is, and what can be done with it, as large buttons.

import type { TranslationBundle } from "@jupyterlab/translation";
import * as React from "react";
import { Button, Notice } from "../core/frame";
import { type Action, actionsFor, labelOfAction } from "./doing";
import { type Item, kindOf, labelOf, memoryOf, sizeOf } from "./item";

export interface DetailProps {
  readonly items: readonly Item[];
  readonly t: TranslationBundle;
  /** A question that must be answered first. */
  readonly asking: React.ReactNode;
  readonly trouble: string | undefined;
  act(action: Action): void;
}

export function Detail({ items, t, asking, trouble, act }: DetailProps): React.JSX.Element {
  const [item] = items;
  return (
    <section className="mantidlab-Workspaces-detail" aria-label={t.__("What is chosen")}>
      <div className="mantidlab-Workspaces-chosen">
        <strong>{items.length > 1 ? t.__("%1 workspaces", items.length) : item ? labelOf(item) : ""}</strong>
        <span>{items.length > 1 ? memoryOf(sum(items)) : item ? told(item, t) : ""}</span>
      </div>
      {trouble ? <Notice alert>{trouble}</Notice> : null}
      {asking ?? (
        <div className="mantidlab-Workspaces-actions">
          {actionsFor(items).map((action, place) => (
            <Button key={action} primary={place === 0} onClick={() => act(action)}>
              {labelOfAction(action, items, t)}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}

function sum(items: readonly Item[]): number {
  return items.reduce((all, { memory }) => all + (memory ?? 0), 0);
}

/** All that is known of one, in one sentence's length. */
function told(item: Item, t: TranslationBundle): string {
  const dims = item.dims.length === item.shape.length && item.dims.length > 0 ? `(${item.dims.join(", ")})` : "";
  const axes = item.axes_units.filter(Boolean).join(", ");
  return [
    item.type || kindOf(item.kind, t),
    `${sizeOf(item, t)} ${dims}`.trim(),
    axes ? t.__("%1 against %2", item.unit || t.__("no unit"), axes) : item.unit,
    memoryOf(item.memory),
    item.instrument,
    item.title,
  ]
    .filter(Boolean)
    .join(" · ");
}
