// What can be done with rows and cells by a finger or the mouse; all of it has keys too.
import * as React from "react";
import { t } from "../../forms/texts";

export type Tool =
  | "undo"
  | "redo"
  | "insert"
  | "duplicate"
  | "delete"
  | "up"
  | "down"
  | "fill"
  | "copy"
  | "paste"
  | "settings"
  | "show"
  | "plot";

const SIGNS: Record<Tool, string> = {
  undo: "M9 5 4 10l5 5M4 10h10a6 5 0 0 1 0 10h-3",
  redo: "m15 5 5 5-5 5M20 10H10a6 5 0 0 0 0 10h3",
  insert: "M4 4h16v6H4zM12 13v8M8 17h8",
  duplicate: "M4 4h12v12H4zM8 20h12V8",
  delete: "M4 6h16M9 6V3h6v3M6 6l1 15h10l1-15M10 10v7M14 10v7",
  up: "M12 20V5M6 11l6-6 6 6",
  down: "M12 4v15M6 13l6 6 6-6",
  fill: "M4 4h16v5H4zM12 12v8M8 16l4 4 4-4",
  copy: "M8 3h11v14H8zM5 7v14h11",
  paste: "M6 5h12v16H6zM9 3h6v4H9z",
  show: "M4 4v16h16M7 15l4-5 3 3 5-7",
  plot: "M4 4v16h16M7 16c5 0 6-10 13-10M7 11c5 0 6 6 13 6",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M13 4h4v6h-4zM7 14h4v6H7z",
};

interface ToolsProperties {
  can: Readonly<Record<Tool, boolean>>;
  /** How many rows are meant. */
  count: number;
  /** How many curves a plot of them, or of all where none is meant, would have. */
  toPlot: number;
  onUse(tool: Tool): void;
}

export const Tools = React.memo(function Tools(properties: ToolsProperties): React.JSX.Element {
  const { can, count, toPlot, onUse } = properties;
  const some = (one: string, more: string) => (count > 1 ? more : one);
  const tools: [Tool, string][] = [
    ["undo", t.__("Undo (Ctrl Z)")],
    ["redo", t.__("Redo (Ctrl Shift Z)")],
    ["insert", t.__("Insert a row below (Ctrl Enter)")],
    ["duplicate", some(t.__("Duplicate the row"), t.__("Duplicate %1 rows", count))],
    ["delete", some(t.__("Delete the row (Ctrl Delete)"), t.__("Delete %1 rows (Ctrl Delete)", count))],
    ["up", some(t.__("Move the row up (Alt ↑)"), t.__("Move %1 rows up (Alt ↑)", count))],
    ["down", some(t.__("Move the row down (Alt ↓)"), t.__("Move %1 rows down (Alt ↓)", count))],
    ["fill", t.__("Fill down (Ctrl D)")],
    ["copy", t.__("Copy (Ctrl C)")],
    ["paste", t.__("Paste (Ctrl V)")],
    ["show", some(t.__("Show the result and its plots"), t.__("Show %1 results and their plots", count))],
    ["plot", plotText(count, toPlot)],
    ["settings", t.__("Settings of this row (Alt Enter)")],
  ];
  return (
    <div role="toolbar" aria-label={t.__("Rows and cells")} className="mli-tools">
      {tools.map(([tool, label]) => (
        <button
          key={tool}
          type="button"
          className={tool === "plot" ? "mlf-button mli-worded" : "mlf-button"}
          title={label}
          aria-label={label}
          disabled={!can[tool]}
          onClick={() => onUse(tool)}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d={SIGNS[tool]} />
          </svg>
          {tool === "plot" && t.__("Plot")}
        </button>
      ))}
    </div>
  );
});

/** What the button would do, or why it cannot. */
function plotText(count: number, toPlot: number): string {
  if (toPlot === 0) {
    return count > 0 ? t.__("Plot: no selected row is done yet") : t.__("Plot: no row is done yet");
  }
  if (count === 0) return t.__("Plot the curves of all rows that are done (%1)", toPlot);
  return toPlot === 1 ? t.__("Plot the curve of the row") : t.__("Plot the curves of %1 rows over each other", toPlot);
}
