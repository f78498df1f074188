// Dialogs of a plot of lines: the table of a curve, a curve to add, the figure for a publication.
import { openDialog } from "../core/dialog";
import { choiceField, numberField, selectField } from "../core/form";
import { part } from "../core/frame";
import { insertCell } from "../core/insert";
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

/** A cell of plain matplotlib that draws exactly this view. */
export function openFigure(plot: LinesPlot): void {
  const body = part("div", "");
  const choice = { width: "single", format: "pdf" };
  let size: number | null = null;
  const widths = [
    { value: "single", label: "One column" },
    { value: "double", label: "Two columns" },
  ] as const;
  const formats = [
    { value: "pdf", label: "PDF" },
    { value: "svg", label: "SVG" },
    { value: "png", label: "PNG" },
  ] as const;
  const told = part(
    "p",
    "mlp-note",
    "Writes a cell of plain matplotlib that draws this view, and keeps in the file where the data came from.",
  );
  told.setAttribute("role", "status");
  body.append(
    choiceField("Width", widths, "single", (value) => (choice.width = value)),
    choiceField("File", formats, "pdf", (value) => (choice.format = value)),
    numberField("Font size (pt)", null, (value) => (size = value), "as the journal's").element,
    told,
  );
  const write = async (close: () => void): Promise<void> => {
    try {
      const question = { width: choice.width, formats: [choice.format], font_size: size, view: plot.view };
      const { content } = await plot.channel.request("figure", question);
      close();
      insertCell(plot.frame.root, String((content as { code?: unknown }).code ?? ""), "Figure as Python");
    } catch (error) {
      told.className = "mlp-problem";
      told.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const close = openDialog(plot.frame.root, {
    title: "Figure",
    body,
    actions: [{ label: "Write the cell", primary: true, run: () => stayOpen(write(() => close())) }],
  });
}

/** A dialog stays open until what it began has been done, so that it can say what went wrong. */
function stayOpen(_: Promise<void>): false {
  return false;
}
