// The table view: the numbers behind the picture, a page at a time, for reading, copying, and screen readers.

import { actionButton, openDialog } from "./dialog";
import { part } from "./frame";
import { formatCount, formatNumber, powerOfTen } from "./numbers";

export interface TablePage {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
  readonly start: number;
  readonly total: number;
}

const PAGE = 100;

/** Open a dialog with a table whose pages come from `ask`; `choose` is an element above it (which curve), if any. */
export function openTable(
  root: HTMLElement,
  title: string,
  ask: (start: number, count: number) => Promise<TablePage>,
  choose?: (again: () => void) => HTMLElement,
): void {
  const body = part("div", "");
  const where = part("p", "mlp-note", "…");
  where.setAttribute("role", "status");
  const scroll = part("div", "mlp-scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", title);
  let start = 0;
  const show = async (): Promise<void> => {
    try {
      const page = await ask(start, PAGE);
      scroll.replaceChildren(tableOf(page));
      where.textContent = pageWords(page);
      before.disabled = start === 0;
      after.disabled = start + page.rows.length >= page.total;
    } catch (error) {
      where.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const turn = (by: number): void => {
    start = Math.max(0, start + by);
    void show();
  };
  const before = actionButton("Before", () => turn(-PAGE));
  const after = actionButton("After", () => turn(PAGE));
  const actions = part("div", "mlp-actions");
  actions.append(before, after);
  if (choose !== undefined) {
    body.append(
      choose(() => {
        start = 0;
        void show();
      }),
    );
  }
  body.append(where, scroll, actions);
  openDialog(root, { title, body, wide: true });
  void show();
}

function pageWords(page: TablePage): string {
  if (page.total === 0) return "No rows.";
  return `Rows ${formatCount(page.start + 1)} to ${formatCount(page.start + page.rows.length)} of ${formatCount(page.total)}`;
}

/** The page as an HTML table. */
export function tableOf(page: TablePage): HTMLTableElement {
  const table = part("table", "");
  const head = table.createTHead().insertRow();
  for (const name of page.columns) {
    const cell = part("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  const rows = table.createTBody();
  for (const values of page.rows) {
    const row = rows.insertRow();
    for (const value of values) row.insertCell().textContent = cellText(value);
  }
  return table;
}

function cellText(value: number | string | null): string {
  if (value === null) return "–";
  if (typeof value === "number") return formatNumber(value, 8);
  // Python writes 1.2e+06.
  return value.replace(
    /(\d)e([+-]\d+)\b/g,
    (_, digit: string, power: string) => `${digit} × ${powerOfTen(Number(power))}`,
  );
}
