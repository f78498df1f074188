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

  constructor(frame: Frame) {
    this.kernel.setAttribute("role", "status");
    frame.foot.append(this.note, this.truth, this.kernel);
  }

  /** "1 px = 37 bins" */
  showTruth(text: string): void {
    this.truth.textContent = text;
  }

  showNote(text: string): void {
    this.note.textContent = text;
  }

  showKernel(state: KernelState): void {
    const words = WORDS[state];
    this.kernel.replaceChildren(...(words === "" ? [] : [icon("wait", 14), words]));
  }
}
