/*
 * Keeps with a notebook what its plots showed last, and shows that where there is no kernel to draw it.
 *
 * A widget's output says only which model in a kernel it is; without that kernel JupyterLab shows "model not found", and
 * GitHub nothing. So each plot's picture is put beside it in the output, as `image/png`, which every reader of notebooks
 * knows: once when the plot is new, and whenever the notebook is saved. Looking at plots changes nothing in it.
 */

const version = new URL(import.meta.url).search;
const { takePicture } = await import(new URL(`plot-pictures.js${version}`, import.meta.url).href);

const LOOKS = new URL(`last-view.css${version}`, import.meta.url).href;
const WIDGET = "application/vnd.jupyter.widget-view+json";
const PICTURE = "image/png";
const SETTLED_AFTER = 700; // ms without a new drawing, after which a picture is taken
const JUST_SAVED = 10_000; // ms, within which a picture that comes late belongs to what was saved

function loadLooks() {
  if (!document.querySelector(`link[href="${LOOKS}"]`)) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: LOOKS }));
  }
}

function figureOf({ data, metadata }) {
  const figure = document.createElement("figure");
  figure.className = "mantidlab-LastView";
  const image = document.createElement("img");
  image.src = `data:${PICTURE};base64,${[data[PICTURE]].flat().join("")}`;
  const { width, alt } = metadata?.[PICTURE] ?? {};
  image.alt = typeof alt === "string" ? alt : "The plot as it was when the notebook was saved";
  if (Number.isFinite(width)) {
    image.width = width;
  }
  const caption = document.createElement("figcaption");
  caption.textContent = "The plot as it was saved. Run the cell to work with it.";
  figure.append(image, caption);
  return figure;
}

/**
 * Let a renderer of widgets show the picture until it has a widget to show, and when there is none.
 *
 * ipywidgets finds its renderers by their class when it has a kernel for them, so this one is changed, not wrapped.
 */
function showPictureMeanwhile(renderer) {
  const render = renderer.renderModel.bind(renderer);
  let shown; // the model of the widget that is there

  renderer.renderModel = async (model) => {
    const id = model.data[WIDGET]?.model_id;
    if (id && id === shown && renderer.widgets.length > 0) {
      return; // another part of the output has changed: its picture
    }
    const figure = model.data[PICTURE] === undefined ? undefined : figureOf(model);
    const rendering = render(model);
    if (figure) {
      renderer.node.replaceChildren(figure);
    }
    await rendering;
    if (renderer.widgets.length > 0) {
      shown = id;
    } else if (figure && !renderer.isDisposed) {
      renderer.node.replaceChildren(figure); // in the place of "model not found"
    }
  };
  return renderer;
}

/** Show pictures in the outputs of one notebook; ipywidgets sets its own renderer late, and more than once. */
function showPictures(rendermime) {
  const create = rendermime.createRenderer.bind(rendermime);
  rendermime.createRenderer = (type) => {
    const renderer = create(type);
    return type === WIDGET ? showPictureMeanwhile(renderer) : renderer;
  };
}

/** Return the output model that a plot in the page belongs to, or nothing. */
function outputOf({ widgets }, plot) {
  const area = widgets.find(({ node }) => node.contains(plot))?.outputArea;
  const index = area?.layout.widgets.findIndex(({ node }) => node.contains(plot)) ?? -1;
  const output = index >= 0 && index < area.model.length ? area.model.get(index) : undefined;
  return output?.data[WIDGET] ? output : undefined;
}

function put(output, { picture, about }) {
  if (output.data[PICTURE] !== picture) {
    const data = { ...output.data, [PICTURE]: picture };
    output.setData({ data, metadata: { ...output.metadata, [PICTURE]: about } });
  }
}

/** Return the plots that have been drawn, or that came into the page with a drawing. */
function plotsIn(records) {
  const found = records.map(({ type, target, addedNodes }) =>
    type === "attributes" ? [target] : [...addedNodes].filter((node) => node instanceof Element).flatMap(plotsBelow),
  );
  return new Set(found.flat());
}

function plotsBelow(node) {
  const below = [...node.querySelectorAll("[data-drawn]")];
  return node.matches("[data-drawn]") ? [node, ...below] : below;
}

/** Take pictures of the plots of one notebook, and put them into it when it is saved. */
function keepPictures({ content, disposed, node }, context) {
  const waiting = new Map(); // plot: timer
  const taken = new Map(); // plot: picture
  const drawing = new WeakMap(); // plot: the number of the drawing that its picture is of
  const asked = new Set(); // plots that give their picture now, for which some of them draw
  let saved = -Infinity;

  /** Put the picture of a new plot beside it, without making a notebook a changed one that its person left unchanged. */
  function putFirst(output, picture) {
    if (context.model.dirty) {
      put(output, picture);
    } else if (performance.now() - saved < JUST_SAVED) {
      put(output, picture);
      void context.save(); // it was saved between the plot and its picture
    }
  }

  async function take(plot) {
    waiting.delete(plot);
    const output = outputOf(content, plot);
    asked.add(plot);
    const drawn = plot.dataset.drawn;
    const picture = output && (await takePicture(plot));
    asked.delete(plot);
    if (!picture || outputOf(content, plot) !== output) {
      return;
    }
    taken.set(plot, picture);
    drawing.set(plot, drawn);
    if (output.data[PICTURE] === undefined) {
      putFirst(output, picture);
    }
  }

  function onDrawn(records) {
    for (const plot of plotsIn(records)) {
      // JupyterLab takes cells off the page and puts them back while one scrolls.
      if (asked.has(plot) || drawing.get(plot) === plot.dataset.drawn) {
        continue;
      }
      clearTimeout(waiting.get(plot));
      waiting.set(plot, setTimeout(() => void take(plot), SETTLED_AFTER));
    }
  }

  function beforeSave() {
    for (const [plot, picture] of taken) {
      const output = outputOf(content, plot);
      if (output) {
        put(output, picture);
      } else {
        taken.delete(plot);
      }
    }
  }

  const observer = new MutationObserver(onDrawn);
  observer.observe(node, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-drawn"] });
  context.saveState.connect((_context, state) => {
    if (state === "started") {
      beforeSave();
    } else if (state === "completed") {
      saved = performance.now();
    }
  });
  disposed.connect(() => {
    observer.disconnect();
    waiting.forEach(clearTimeout);
  });
}

export default function makePlugin() {
  return {
    id: "mantidlab:last-view",
    description: "Keeps with a notebook what its plots showed last.",
    autoStart: true,
    activate: ({ docRegistry }) => {
      loadLooks();
      docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel, context) => {
          showPictures(panel.content.rendermime);
          keepPictures(panel, context);
        },
      });
    },
  };
}
