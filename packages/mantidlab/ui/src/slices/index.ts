// The bundle of `slices`.
import type { Plot } from "../core/plot";
import { answerSnapshots } from "../core/snapshot";
import { Controls } from "./controls";
import { SlicesPlot } from "./plot";
import { snapshot } from "./snapshot";

const plot: Plot = {
  render({ model, el, channel, signal }) {
    const slices = new SlicesPlot(el, model, channel, signal);
    new Controls(slices, signal);
    answerSnapshots(slices.frame.root, () => snapshot(slices), signal);
    slices.frame.drawNow();
    return () => slices.frame.root.remove();
  },
};

export default plot;
