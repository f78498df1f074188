// The table itself: heads that stay, a first column that stays, the rows that go on and those that failed.
import * as React from "react";
import type { FormSpec } from "../../forms/spec";
import { t } from "../../forms/texts";
import { fieldOf, type Row } from "../runs";
import type { RowState } from "../states";
import type { Problems } from "./checking";
import { GridHead } from "./GridHead";
import { GridRow } from "./GridRow";
import type { Grid as Worked } from "./useGrid";
import { type Widths, widthOf } from "./widths";

interface GridProperties {
  spec: FormSpec;
  columns: readonly string[];
  good: readonly Row[];
  failed: readonly Row[];
  numbers: ReadonlyMap<number, number>;
  names: readonly string[];
  grid: Worked;
  checked: ReadonlySet<number>;
  widths: Widths;
  stateOf(row: Row): RowState | undefined;
  resultsOf(row: Row): Readonly<Record<string, string>> | undefined;
  problemsOf(row: Row): Problems;
  onCheckAll(on: boolean): void;
  onWidth(column: string, width: number): void;
  onTakeAway(column: string): void;
}

const RESULT_WIDTH = 96;

export function Grid(properties: GridProperties): React.JSX.Element {
  const { spec, columns, good, failed, names, grid, checked, widths, onCheckAll, onWidth, onTakeAway } = properties;
  const { selection, block, editing, at } = grid;
  const chosen = new Set(block.keys);
  const [from, to] = [columns.indexOf(block.columns[0] ?? ""), columns.indexOf(block.columns.at(-1) ?? "")];
  const count = good.length + failed.length;
  const rowsOf = (rows: readonly Row[]) =>
    rows.map((row) => (
      <GridRow
        key={row.key}
        spec={spec}
        columns={columns}
        row={row}
        number={properties.numbers.get(row.key) ?? 0}
        state={properties.stateOf(row)}
        names={names}
        results={properties.resultsOf(row)}
        problems={properties.problemsOf(row)}
        isChecked={checked.has(row.key)}
        from={chosen.has(row.key) ? from : -1}
        to={chosen.has(row.key) ? to : -1}
        at={at?.key === row.key ? at.column : null}
        editing={selection?.at.key === row.key ? editing : null}
        isReached={at?.key === row.key}
        act={grid.act}
      />
    ));
  return (
    <div className="mli-scroll" ref={grid.root} {...grid.pointing}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA pattern of a grid that is a table */}
      <table className="mli-table" role="grid" aria-rowcount={count + 1} aria-multiselectable="true">
        <caption className="mlf-hidden">
          {t.__("Runs. Enter fills in a cell, F2 too; Escape and then Tab leaves the table.")}
        </caption>
        <colgroup>
          <col className="mli-col-number" />
          <col className="mli-col-state" />
          {columns.map((column) => (
            <col key={column} style={{ width: widthOf(column, fieldOf(spec, column), widths) }} />
          ))}
          {names.map((name) => (
            <col key={name} style={{ width: RESULT_WIDTH }} />
          ))}
          <col className="mli-col-actions" />
        </colgroup>
        <GridHead
          {...{ spec, columns, names, widths, onWidth, onTakeAway }}
          checked={checked.size === 0 ? "none" : checked.size === count ? "all" : "some"}
          onCheck={onCheckAll}
        />
        <tbody>{rowsOf(good)}</tbody>
        {failed.length > 0 && (
          <tbody className="mli-failed">
            <tr>
              <th colSpan={columns.length + names.length + 3} scope="rowgroup">
                <span>{t.__("Failed")}</span>
              </th>
            </tr>
            {rowsOf(failed)}
          </tbody>
        )}
      </table>
    </div>
  );
}
