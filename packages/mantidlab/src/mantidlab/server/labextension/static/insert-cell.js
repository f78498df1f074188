/*
 * Puts the Python that a plot writes into the notebook: as a new code cell below the cell that shows the plot.
 *
 * A plot asks with an event, `mantidlab:insert-cell` with `detail: {text}`, and offers the text to be copied if nobody
 * says with `preventDefault` that there is a cell now. So plots need to know nothing of JupyterLab.
 */

const EVENT = "mantidlab:insert-cell";

/** Return where in the notebook the cell stands that shows *element*, or nothing. */
function cellWith(panel, element) {
  return panel.content.widgets.find(({ node }) => node.contains(element));
}

/** Return the notebook and the cell of an output that is shown in a tab of its own ("Create New View for Output"). */
function cellOfView(shell, panels, element) {
  for (const tab of shell.widgets("main")) {
    const { path, index } = tab.content ?? tab;
    if (typeof path === "string" && Number.isInteger(index) && tab.node.contains(element)) {
      const panel = panels.find(({ context }) => context.path === path);
      return { panel, cell: panel?.content.widgets[index] };
    }
  }
  return {};
}

function find(shell, panels, element) {
  for (const panel of panels) {
    const cell = panel.node.contains(element) ? cellWith(panel, element) : undefined;
    if (cell) {
      return { panel, cell };
    }
  }
  return cellOfView(shell, panels, element);
}

/** Return the index for a new cell: below *cell*, and below what was put there on its behalf before. */
function placeBelow(cells, cell, origins) {
  let index = cells.indexOf(cell) + 1;
  while (index < cells.length && origins.get(cells[index].model.sharedModel) === cell.model.sharedModel) {
    index += 1;
  }
  return index;
}

/** Insert a cell, select it and bring it into view. JupyterLab's own undo takes it away again. */
function insert({ content: notebook, context }, cell, text, origins) {
  const index = placeBelow(notebook.widgets, cell, origins);
  const made = notebook.model.sharedModel.insertCell(index, {
    cell_type: "code",
    source: text,
    metadata: { trusted: true }, // it has no outputs that anybody else could have written
  });
  origins.set(made, cell.model.sharedModel);
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  notebook.mode = "command";
  if (notebook.node.contains(document.activeElement)) {
    notebook.activate(); // the keys that follow, such as those of undo, are for the cell
  }
  void context.ready.then(() => notebook.scrollToItem(index, "smart"));
}

export default function makePlugin() {
  return {
    id: "mantidlab:insert-cell",
    description: "Puts the Python that plots write into new cells.",
    autoStart: true,
    activate: ({ docRegistry, shell }) => {
      const panels = new Set();
      const origins = new WeakMap(); // of each cell that was inserted: the one with the plot

      docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel) => {
          panels.add(panel);
          panel.disposed.connect(() => panels.delete(panel));
        },
      });
      document.addEventListener(EVENT, (event) => {
        const text = event.detail?.text;
        const [element] = event.composedPath();
        if (typeof text !== "string" || !(element instanceof Node)) {
          return;
        }
        const { panel, cell } = find(shell, [...panels], element);
        if (cell && !panel.content.model.readOnly) {
          event.preventDefault();
          insert(panel, cell, text, origins);
        }
      });
    },
  };
}
