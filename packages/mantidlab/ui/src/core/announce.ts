// Says to screen readers what changed, and keeps a summary of the plot for them.

/** A polite live region and a described-by summary, both invisible. */
export class Announcer {
  readonly element: HTMLElement;
  readonly summaryId: string;
  private readonly live: HTMLElement;
  private readonly summary: HTMLElement;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    // Plots of three programs share a page, so a count of each would name three of them alike.
    this.summaryId = `mlp-summary-${Math.random().toString(36).slice(2)}`;
    this.element = document.createElement("div");
    this.element.className = "mlp-unseen";
    this.live = document.createElement("div");
    this.live.setAttribute("aria-live", "polite");
    this.live.setAttribute("role", "status");
    this.summary = document.createElement("p");
    this.summary.id = this.summaryId;
    this.element.append(this.summary, this.live);
  }

  /** What the plot shows, in sentences; read when the plot is focused. */
  describe(text: string): void {
    if (this.summary.textContent !== text) this.summary.textContent = text;
  }

  /** Say it once things are quiet: a pan of fifty steps is one announcement. */
  say(text: string): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.live.textContent = text;
    }, 250);
  }
}
