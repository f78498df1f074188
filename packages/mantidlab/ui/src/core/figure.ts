// The dialog of a figure for a publication: how wide, which file, what size of letters; it writes a cell of matplotlib.

import type { Channel } from "./channel";
import { openDialog } from "./dialog";
import { choiceField, numberField } from "./form";
import { part } from "./frame";
import { insertCell } from "./insert";

const WIDTHS = [
  { value: "single", label: "One column" },
  { value: "double", label: "Two columns" },
] as const;
const FORMATS = [
  { value: "pdf", label: "PDF" },
  { value: "svg", label: "SVG" },
  { value: "png", label: "PNG" },
] as const;

/** Ask for the paper, then Python for the cell; `seen` is what the request says of the view besides. */
export function openFigureDialog(root: HTMLElement, channel: Channel, seen: () => Record<string, unknown>): void {
  const body = part("div", "");
  const choice: { width: "single" | "double"; format: "pdf" | "svg" | "png" } = { width: "single", format: "pdf" };
  let size: number | null = null;
  const told = part(
    "p",
    "mlp-note",
    "Writes a cell of plain matplotlib that draws this view, and keeps in the file where the data came from.",
  );
  told.setAttribute("role", "status");
  const setWidth = (value: "single" | "double"): void => {
    choice.width = value;
  };
  const setFormat = (value: "pdf" | "svg" | "png"): void => {
    choice.format = value;
  };
  const setSize = (value: number | null): void => {
    size = value;
  };
  body.append(
    choiceField("Width", WIDTHS, "single", setWidth),
    choiceField("File", FORMATS, "pdf", setFormat),
    numberField("Font size (pt)", null, setSize, "as the journal's").element,
    told,
  );
  const write = async (): Promise<void> => {
    try {
      const question = { width: choice.width, formats: [choice.format], font_size: size, ...seen() };
      const { content } = await channel.request("figure", question);
      close();
      insertCell(root, String(content.code ?? ""), "Figure as Python");
    } catch (error) {
      told.className = "mlp-problem";
      told.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const run = (): false => {
    void write();
    return false; // it stays open until the cell is there, to say what went wrong
  };
  const close = openDialog(root, { title: "Figure", body, actions: [{ label: "Write the cell", primary: true, run }] });
}
