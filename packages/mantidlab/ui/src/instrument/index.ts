// The bundle of `instrument`.

import type { Plot } from "../core/plot";
import { InstrumentPlot } from "./plot";
import { addTools } from "./tools";

const plot: Plot = {
  render(context) {
    addTools(new InstrumentPlot(context), context.signal);
    return undefined;
  },
};

export default plot;
