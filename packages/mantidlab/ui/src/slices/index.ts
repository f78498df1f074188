import type { Plot } from "../core/plot";

const plot: Plot = {
  render({ el }) {
    el.dataset.plot = "slices";
    return undefined;
  },
};

export default plot;
