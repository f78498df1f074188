// Dialogs of a plot of lines: the table of a curve, a curve to add.
import { openDialog } from "../core/dialog";
import { selectField } from "../core/form";
import { part } from "../core/frame";
import { openTable, type TablePage } from "../core/table";
import type { LinesPlot } from "./plot";

/** The values of a curve, a page at a time; another can be chosen. */
export function openCurveTable(plot: LinesPlot, first: number): void {
  let curve = first;
  const ask = async (start: number, count: number): Promise<TablePage> => {
    const { content } = await plot.channel.request(
      "table",
      { curve, start, count, view: plot.view },
      { latest: "table" },
    );
    return content as unknown as TablePage;
  };
  const { curves } = plot.spec;
  const choose = (again: () => void): HTMLElement =>
    selectField(
      "Curve",
      curves.map((c) => ({ value: String(c.id), label: c.name })),
      String(first),
      (id) => {
        curve = Number(id);
        again();
      },
    );
  openTable(plot.frame.root, "Table of the values", ask, curves.length > 1 ? choose : undefined);
}

/** Overlay something else, by the name it has in Python. */
export function openAdd(plot: LinesPlot): void {
  const body = part("div", "");
  const input = part("input", "mlp-search");
  input.type = "text";
  input.setAttribute("aria-label", "Name");
  input.placeholder = "sample, SANS2D00022048, …";
  const told = part("p", "mlp-note", "The name of a variable, a workspace, or a file.");
  told.setAttribute("role", "status");
  body.append(told, input);
  const add = async (close: () => void): Promise<void> => {
    try {
      await plot.channel.request("add", { name: input.value.trim() });
      close();
    } catch (error) {
      told.className = "mlp-problem";
      told.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const close = openDialog(plot.frame.root, {
    title: "Add to the plot",
    body,
    actions: [{ label: "Add", primary: true, run: () => stayOpen(add(() => close())) }],
  });
}

/** A dialog stays open until what it began has been done, so that it can say what went wrong. */
function stayOpen(_: Promise<void>): false {
  return false;
}
