// The fits that belong to a view, also those made in Python: asks for the lines that they are drawn as.
import type { Channel } from "../core/channel";
import type { FittedLine } from "./fitting";
import type { Fit, View } from "./schema";
import { valuesKey } from "./views";

export class KeptFits {
  private readonly known = new Map<string, FittedLine | null>();
  private present: readonly string[] = [];

  constructor(
    private readonly channel: Channel,
    private readonly answered: () => void,
  ) {}

  /** Ask for the lines of a view's fits that are not known yet. */
  want(view: View): void {
    // A fit of other units, or of values divided otherwise, is none of what is shown.
    const fits = view.fits.filter((fit) => fit.key === undefined || fit.key === valuesKey(view));
    this.present = fits.map((fit) => keyOf(fit, view));
    fits.forEach((fit, i) => {
      const key = this.present[i]!;
      if (this.known.has(key)) return;
      this.known.set(key, null);
      void this.ask(fit, view, key);
    });
  }

  /** The lines to draw: those of the view, but for the curve whose fit the panel shows, that one. */
  lines(shown: FittedLine | null): readonly FittedLine[] {
    const kept = this.present.map((key) => this.known.get(key) ?? null).filter((line) => line !== null);
    return shown === null ? kept : [...kept.filter((line) => line.curve !== shown.curve), shown];
  }

  private async ask(fit: Fit, view: View, key: string): Promise<void> {
    const { curve, model, background, range, parameters } = fit;
    const values = parameters.map(({ value }) => value);
    try {
      const { buffers } = await this.channel.request("fit_curve", { curve, model, background, range, values, view });
      const [x, y] = buffers.map(
        (view) => new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)),
      );
      if (x === undefined || y === undefined) return;
      this.known.set(key, { curve, x, y, residual: null, residualLabel: "", preview: false });
      this.answered();
    } catch {
      // Of a kernel that is gone: the numbers of the fit are in the view still, its line cannot be had.
    }
  }
}

function keyOf({ curve, model, background, range, parameters }: Fit, view: View): string {
  return JSON.stringify([curve, model, background, range, parameters.map(({ value }) => value), valuesKey(view)]);
}
