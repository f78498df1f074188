// The heads of columns, which stay where they are while rows pass below them, and the edges that make columns wider.
import * as React from "react";
import type { FormSpec } from "../../forms/spec";
import { t } from "../../forms/texts";
import { fieldOf, labelOf } from "../runs";
import { type Widths, widthOf, within } from "./widths";

interface GridHeadProperties {
  spec: FormSpec;
  columns: readonly string[];
  names: readonly string[];
  widths: Widths;
  checked: "all" | "some" | "none";
  onCheck(on: boolean): void;
  onWidth(column: string, width: number): void;
  onTakeAway(column: string): void;
}

export const GridHead = React.memo(function GridHead(properties: GridHeadProperties): React.JSX.Element {
  const { spec, columns, names, checked, onCheck, onTakeAway } = properties;
  return (
    <thead>
      <tr>
        <th scope="col">
          <label className="mli-select">
            <input
              type="checkbox"
              aria-label={t.__("Select all")}
              checked={checked === "all"}
              ref={(box) => {
                if (box) box.indeterminate = checked === "some";
              }}
              onChange={({ target }) => onCheck(target.checked)}
            />
          </label>
        </th>
        <th scope="col">{t.__("State")}</th>
        {columns.map((column) => {
          const field = fieldOf(spec, column);
          return (
            <th key={column} scope="col" title={field?.documentation} data-head={column}>
              <span className="mli-head">
                <span className="mli-title">
                  {labelOf(spec, column)}
                  {field?.unit && <span className="mlf-unit"> [{field.unit}]</span>}
                </span>
                {!field?.required && (
                  <button
                    type="button"
                    className="mlf-icon"
                    aria-label={t.__("Take the column %1 away", labelOf(spec, column))}
                    title={t.__("Take this column away")}
                    onClick={() => onTakeAway(column)}
                  >
                    ×
                  </button>
                )}
              </span>
              <Edge {...properties} column={column} />
            </th>
          );
        })}
        {names.map((name) => (
          <th key={name} scope="col" className="mli-result" title={name}>
            <span className="mli-title">{name}</span>
          </th>
        ))}
        <th scope="col">
          <span className="mlf-hidden">{t.__("What can be done")}</span>
        </th>
      </tr>
    </thead>
  );
});

function Edge({ spec, column, widths, onWidth }: GridHeadProperties & { column: string }): React.JSX.Element {
  const from = React.useRef<{ x: number; width: number } | null>(null);
  return (
    <span
      className="mli-edge"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width: widthOf(column, fieldOf(spec, column), widths) };
      }}
      onPointerMove={({ clientX }) => {
        if (from.current) onWidth(column, within(from.current.width + clientX - from.current.x));
      }}
      onPointerUp={() => {
        from.current = null;
      }}
      onPointerCancel={() => {
        from.current = null;
      }}
    />
  );
}
