// The range that is selected, and the two panels that use it: its numbers, and fits.
import { insertCell } from "../core/insert";
import { closePanel, panelIsOpen } from "../core/panel";
import type { Interval } from "../core/scales";
import { FittingPanel } from "./fitting";
import type { LinesPlot } from "./plot";
import { RangeHandles } from "./range";
import { RangePanel } from "./rangepanel";
import type { Fit } from "./schema";

export class Selecting {
  private readonly handles: RangeHandles;
  private readonly numbers: RangePanel;
  private readonly fitting: FittingPanel;

  constructor(
    private readonly plot: LinesPlot,
    /** A panel has opened or closed. */
    private readonly changed: () => void,
  ) {
    const { frame, channel } = plot;
    this.handles = new RangeHandles(frame, {
      change: (range) => this.select(range, false),
      settle: () => this.select(plot.view.selection, true),
    });
    this.numbers = new RangePanel(frame, channel, (range) => this.select(range, true));
    this.fitting = new FittingPanel(frame, channel, {
      view: () => plot.view,
      spec: () => plot.spec,
      range: () => plot.view.selection,
      show: (line) => plot.showFit(line),
      keep: (fit) => this.keepFits([...this.fitsOfOthers(fit.curve), fit]),
      drop: (curve) => this.keepFits(this.fitsOfOthers(curve)),
      insert: (code) => insertCell(frame.root, code, "This fit as Python"),
    });
    plot.drawn.push(() => this.handles.update(plot.view.selection, plot.scales.x));
  }

  get rangeIsOpen(): boolean {
    return panelIsOpen(this.plot.frame, "range");
  }

  get fitIsOpen(): boolean {
    return panelIsOpen(this.plot.frame, "fit");
  }

  toggleRange(): void {
    const { frame } = this.plot;
    if (this.rangeIsOpen) {
      closePanel(frame, "range");
      return;
    }
    closePanel(frame, "fit");
    this.numbers.open(() => this.closed());
    this.select(this.someRange(), true);
  }

  toggleFit(): void {
    const { frame, view, visibleIds } = this.plot;
    if (this.fitIsOpen) closePanel(frame, "fit");
    else this.openFit(view.highlighted ?? visibleIds[0] ?? 0);
  }

  openFit(curve: number): void {
    closePanel(this.plot.frame, "range");
    this.select(this.someRange(), true);
    this.fitting.open(curve, () => this.closed());
    this.changed();
  }

  private select(selection: Interval | null, settled: boolean): void {
    this.plot.show({ ...this.plot.view, selection }, settled);
    this.numbers.ends(selection);
    if (!settled || selection === null) return;
    if (this.rangeIsOpen) void this.numbers.ask(this.plot.view, this.plot.visibleIds);
    if (this.fitIsOpen) this.fitting.rangeChanged();
  }

  /** The range that is there, or the middle of what is seen. */
  private someRange(): Interval {
    const { x } = this.plot.scales;
    if (this.plot.view.selection !== null) return this.plot.view.selection;
    const at = (share: number): number => x.toValue(x.range[0] + share * (x.range[1] - x.range[0]));
    return [at(0.3), at(0.7)];
  }

  private closed(): void {
    if (!this.rangeIsOpen && !this.fitIsOpen) this.select(null, true);
    this.changed();
  }

  private fitsOfOthers(curve: number): Fit[] {
    return this.plot.view.fits.filter((fit) => fit.curve !== curve);
  }

  private keepFits(fits: readonly Fit[]): void {
    this.plot.show({ ...this.plot.view, fits }, true);
  }
}
