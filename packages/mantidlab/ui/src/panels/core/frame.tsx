// What panels are put together from: frame, notice, search box, table. Targets of fingers are 44 px where there is no mouse.

import * as React from "react";

/** The frame of a panel: a head that stays, and a body that scrolls. */
export function PanelFrame({
  label,
  toolbar,
  children,
}: {
  label: string;
  /** Stands in the head, below the title where there is no room beside it. */
  toolbar?: React.ReactNode;
  children: React.ReactNode;
}): React.JSX.Element {
  return (
    <div className="mantidlab-Frame">
      <div className="mantidlab-Frame-head">
        <h2 className="mantidlab-Frame-title">{label}</h2>
        {toolbar}
      </div>
      <div className="mantidlab-Frame-body">{children}</div>
    </div>
  );
}

/** A sentence for the person; `alert` for what went wrong. */
export function Notice({ children, alert }: { children: React.ReactNode; alert?: boolean }): React.JSX.Element {
  return (
    <div className={`mantidlab-Said${alert ? " mantidlab-mod-alert" : ""}`} role={alert ? "alert" : "status"}>
      {children}
    </div>
  );
}

/** Says that something is being worked on, once it has taken a moment. */
export function Busy({ label }: { label: string }): React.JSX.Element {
  return (
    <div className="mantidlab-Busy" role="status">
      {label}
    </div>
  );
}

/** A button. */
export function Button({
  children,
  onClick,
  primary,
  disabled,
  label,
}: {
  children: React.ReactNode;
  onClick(): void;
  primary?: boolean;
  disabled?: boolean;
  /** For those who do not see what stands on it. */
  label?: string;
}): React.JSX.Element {
  return (
    <button
      type="button"
      className={`mantidlab-Button${primary ? " mantidlab-mod-primary" : ""}`}
      onClick={onClick}
      disabled={disabled}
      aria-label={label}
    >
      {children}
    </button>
  );
}

/** A field to search in, with what its arrow and Enter keys mean. */
export function SearchBox({
  value,
  onChange,
  onKeyDown,
  placeholder,
  label,
  ...rest
}: {
  value: string;
  onChange(value: string): void;
  onKeyDown?(event: React.KeyboardEvent): void;
  placeholder?: string;
  label: string;
} & React.AriaAttributes): React.JSX.Element {
  return (
    <input
      type="search"
      className="mantidlab-Search"
      data-first
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
      placeholder={placeholder}
      aria-label={label}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      enterKeyHint="search"
      {...rest}
    />
  );
}

export interface Column<Row> {
  readonly name: string;
  readonly label: string;
  readonly numeric?: boolean;
  cell(row: Row): React.ReactNode;
  /** Without it the table cannot be sorted by the column. */
  order?(one: Row, other: Row): number;
}

/** A table that can be sorted by its heads. */
export function Table<Row>({
  columns,
  rows,
  keyOf,
  label,
}: {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
  label: string;
}): React.JSX.Element {
  const [sorted, setSorted] = React.useState<{ by: string; down: boolean } | undefined>();
  const order = columns.find(({ name }) => name === sorted?.by)?.order;
  const shown = order ? [...rows].sort((one, other) => (sorted?.down ? -1 : 1) * order(one, other)) : rows;
  return (
    <table className="mantidlab-Table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.name} column={column} sorted={sorted} onSort={setSorted} />
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ name, numeric, cell }) => (
              <td key={name} className={numeric ? "mantidlab-mod-numeric" : undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Head<Row>({
  column: { name, label, numeric, order },
  sorted,
  onSort,
}: {
  column: Column<Row>;
  sorted: { by: string; down: boolean } | undefined;
  onSort(sorted: { by: string; down: boolean }): void;
}): React.JSX.Element {
  const direction = sorted?.by === name ? (sorted.down ? "descending" : "ascending") : undefined;
  return (
    <th
      scope="col"
      aria-sort={order ? (direction ?? "none") : undefined}
      className={numeric ? "mantidlab-mod-numeric" : undefined}
    >
      {order ? (
        <button
          type="button"
          className="mantidlab-Table-sort"
          onClick={() => onSort({ by: name, down: direction === "ascending" })}
        >
          {label}
          <span aria-hidden="true">{direction === "ascending" ? " ▲" : direction === "descending" ? " ▼" : ""}</span>
        </button>
      ) : (
        label
      )}
    </th>
  );
}
