import type { Plot } from "../core/plot";

const plot: Plot = {
  render({ el }) {
    el.dataset.plot = "instrument";
    return undefined;
  },
};

export default plot;
