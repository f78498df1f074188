// The panel of the range: its two ends as numbers, and what lies between them for each curve.
import type { Channel } from "../core/channel";
import { Superseded } from "../core/channel";
import { numberField } from "../core/form";
import { type Frame, part } from "../core/frame";
import { openPanel } from "../core/panel";
import type { Interval } from "../core/scales";
import { type TablePage, tableOf } from "../core/table";
import type { View } from "./schema";

export class RangePanel {
  private readonly table = part("div", "mlp-scroll");
  private readonly note = part("p", "mlp-note");
  private readonly from = numberField("From", null, () => this.typed());
  private readonly to = numberField("To", null, () => this.typed());
  private range: Interval | null = null;

  constructor(
    private readonly frame: Frame,
    private readonly channel: Channel,
    private readonly change: (range: Interval) => void,
  ) {
    this.table.tabIndex = 0;
    this.table.setAttribute("role", "region");
    this.table.setAttribute("aria-label", "Numbers of the range");
    this.note.setAttribute("role", "status");
  }

  open(onClose: () => void): void {
    const body = part("div", "");
    body.append(this.from.element, this.to.element, this.table, this.note);
    openPanel(this.frame, "range", "Range", body, onClose);
  }

  /** Show the ends at once, while they move. */
  ends(range: Interval | null): void {
    this.range = range;
    if (document.activeElement !== this.from.input) this.from.write(range?.[0] ?? null);
    if (document.activeElement !== this.to.input) this.to.write(range?.[1] ?? null);
  }

  /** Ask for the numbers. */
  async ask(view: View, ids: readonly number[] | null): Promise<void> {
    if (this.range === null) return;
    try {
      const question = { range: this.range, curves: ids, view };
      const { content } = await this.channel.request("integrate", question, { latest: "integrate" });
      const page = content as unknown as Pick<TablePage, "columns" | "rows"> & { note?: string };
      this.table.replaceChildren(tableOf({ ...page, start: 0, total: page.rows.length }));
      this.note.textContent = page.note ?? "";
    } catch (error) {
      if (!(error instanceof Superseded))
        this.note.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  private typed(): void {
    const [low, high] = [this.from.read(), this.to.read()];
    if (low !== null && high !== null && low !== high) this.change([Math.min(low, high), Math.max(low, high)]);
  }
}
