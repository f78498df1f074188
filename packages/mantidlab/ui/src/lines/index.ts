// The bundle of `plot`.
import type { Plot } from "../core/plot";
import { answerSnapshots } from "../core/snapshot";
import { Controls } from "./controls";
import { snapshot } from "./picture";
import { LinesPlot } from "./plot";

const plot: Plot = {
  render({ model, el, channel, signal }) {
    const lines = new LinesPlot(el, model, channel, signal);
    new Controls(lines, signal);
    answerSnapshots(lines.frame.root, () => snapshot(lines), signal);
    lines.frame.drawNow();
    return () => lines.frame.root.remove();
  },
};

export default plot;
