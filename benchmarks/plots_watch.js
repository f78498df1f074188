// Watches plots in a page: when one is first drawn, when it draws again after a gesture, and when it is refined.
// Ours says so by attributes of its root; of others the picture itself is looked at, once in every frame.
(() => {
  const ours = () => document.querySelector("[data-plot][data-drawn]");

  /** A number that changes when a canvas shows something else; 0 for an empty one. */
  const looks = (canvas) => {
    const small = document.createElement("canvas");
    small.width = 64;
    small.height = 48;
    const context = small.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0, 64, 48);
    const { data } = context.getImageData(0, 0, 64, 48);
    let sum = 0;
    let seen = false;
    for (let i = 0; i < data.length; i += 4) {
      const dark = data[i + 3] ? 765 - data[i] - data[i + 1] - data[i + 2] : 0;
      seen ||= dark > 150;
      sum = (sum * 31 + dark) % 2147483647;
    }
    return seen ? sum : 0;
  };

  const kinds = {
    ours: () => Number(ours()?.dataset.drawn ?? 0),
    matplotlib: () => {
      const canvas = document.querySelector(".jupyter-matplotlib canvas, .jupyter-matplotlib-canvas-div canvas");
      return canvas?.width ? looks(canvas) : 0;
    },
    plotly: () => {
      const ticks = [...document.querySelectorAll(".js-plotly-plot .xtick text")];
      return ticks.length ? ticks.map((tick) => tick.getAttribute("transform") + tick.textContent).join() : 0;
    },
    pythreejs: () => {
      const canvas = document.querySelector(".jupyter-threejs canvas, canvas.jupyter-threejs");
      return canvas?.width ? 1 : 0;
    },
  };

  const watch = { drawn: null, changes: [] };
  window.watchPlots = watch;

  /** Note when a plot is first there, as milliseconds of the clock that kernels have too. */
  watch.untilDrawn = (kind) => {
    watch.drawn = null;
    const look = () => {
      if (kinds[kind]()) watch.drawn = Date.now();
      else requestAnimationFrame(look);
    };
    look();
  };

  /** Note the next change after the next event of a type, and when the picture is refined. */
  watch.afterGesture = (kind, type) => {
    const noted = { frame: null, refined: null };
    watch.gesture = noted;
    const begin = (event) => {
      const from = event.timeStamp;
      const before = kinds[kind]();
      const stop = performance.now() + 5000;
      const look = () => {
        const now = performance.now();
        if (noted.frame === null && kinds[kind]() !== before) noted.frame = now - from;
        if (noted.frame !== null && (kind !== "ours" || ours().dataset.refined === "true")) {
          noted.refined = now - from;
          observer?.disconnect();
        } else if (now < stop && !observer) requestAnimationFrame(look);
      };
      let observer = null;
      if (kind === "ours") {
        observer = new MutationObserver(look);
        observer.observe(ours(), { attributes: true, attributeFilter: ["data-drawn", "data-refined"] });
      } else requestAnimationFrame(look);
    };
    window.addEventListener(type, begin, { capture: true, once: true });
  };

  /** How many pixels of a picture (base64 PNG) have about a colour. */
  watch.pixelsOfColour = async (picture, colour) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      const far = Math.abs(data[i] - colour[0]) + Math.abs(data[i + 1] - colour[1]) + Math.abs(data[i + 2] - colour[2]);
      if (far < 60) found += 1;
    }
    return found;
  };

  /** Drawings of ours in each second while something goes on. */
  watch.countDrawings = () => Number(ours()?.dataset.drawn ?? 0);
})();
