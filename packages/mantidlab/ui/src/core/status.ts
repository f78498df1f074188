// The line below a plot: what a pixel stands for, and whether the kernel answers.

import { type Frame, part } from "./frame";
import { icon } from "./icons";

/** As `Channel.state` says. */
export type KernelState = "idle" | "waiting" | "busy-kernel" | "no-kernel";

const WORDS: Readonly<Record<KernelState, string>> = {
  idle: "",
  waiting: "",
  "busy-kernel": "kernel busy: picture not refined",
  "no-kernel": "no kernel: the last view",
};

export class Status {
  private readonly truth = part("span", "mlp-foot-truth");
  private readonly kernel = part("span", "mlp-foot-busy");
  private readonly note = part("span", "mlp-foot-note");
  private readonly problem = part("span", "mlp-problem");

  constructor(frame: Frame) {
    this.kernel.setAttribute("role", "status");
    this.problem.setAttribute("role", "status");
    frame.foot.append(this.truth, this.kernel, this.problem, this.note);
  }

  /** "1 px = 37 bins" */
  showTruth(text: string): void {
    this.truth.textContent = text;
  }

  /** What was done to the data before they are shown; stays. */
  showNote(text: string): void {
    this.note.textContent = text;
  }

  /** Why something could not be done; empty when all is well. */
  showProblem(text: string): void {
    this.problem.textContent = text;
  }

  showKernel(state: KernelState): void {
    const words = WORDS[state];
    this.kernel.replaceChildren(...(words === "" ? [] : [icon("wait", 14), words]));
  }
}
