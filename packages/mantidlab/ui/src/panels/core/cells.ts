// The cells of the current notebook: what stands at the caret, new cells, and changes of one.

import type { Cell, CodeCell } from "@jupyterlab/cells";
import { type Notebook, NotebookActions, type NotebookPanel } from "@jupyterlab/notebook";
import type { CommandRegistry } from "@lumino/commands";
import { type ISignal, Signal } from "@lumino/signaling";
import { unlessGone } from "./gone";
import type { Place } from "./place";
import { Trouble } from "./trouble";

const SETTLED_AFTER = 150; // ms without a keystroke

/** The code cell that the caret is in. */
export interface Caret {
  panel: NotebookPanel;
  cell: CodeCell;
  source: string;
  /** Characters (UTF-16) from the beginning of the source. */
  offset: number;
}

/** How a new cell ended. */
export interface Outcome {
  /** Undefined where the code went into a console. */
  cell: Cell | undefined;
  /** Whether it ran to its end without an error; undefined if it was not run. */
  ran: boolean | undefined;
}

export interface Cells {
  /** The caret of the current notebook; null outside of code cells. */
  current(): Caret | null;
  /** Of the current notebook, below the session's folder; undefined where there is none. */
  readonly path: string | undefined;
  /** Caret, cell or text are other ones, and have stayed so for 150 ms. */
  readonly changed: ISignal<Cells, void>;
  /**
   * Put code below the current cell, or into it where nothing is written in it; where there is no notebook, into a new one.
   * Run, it resolves when the cell ended.
   */
  insert(source: string, options?: { run?: boolean }): Promise<Outcome>;
  /** Put text in the place of a part of a cell, in one step of undo. */
  replace(cell: CodeCell, span: readonly [number, number], text: string, options?: { run?: boolean }): Promise<Outcome>;
  /** Take a cell away that still says what it said; return whether it did. One step of the notebook's own undo. */
  remove(cell: Cell, source: string): boolean;
  /** The sources of the code cells above one, of the current notebook; none for a cell that is not of it. */
  above(cell: { model: { sharedModel: unknown } }): string[];
}

export class NotebookCells implements Cells {
  readonly changed = new Signal<this, void>(this);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watched: Cell | null = null;
  private panel: NotebookPanel | undefined;

  constructor(
    private readonly place: Place,
    private readonly commands: CommandRegistry,
  ) {
    place.changed.connect(this.onPlace);
    this.onPlace();
  }

  get path(): string | undefined {
    return this.place.notebook?.context.localPath;
  }

  current(): Caret | null {
    const panel = this.place.notebook;
    const cell = panel?.content.activeCell;
    const editor = cell?.editor;
    if (!panel || !cell || cell.model.type !== "code" || !editor) return null;
    const source = cell.model.sharedModel.getSource();
    return { panel, cell: cell as CodeCell, source, offset: editor.getOffsetAt(editor.getCursorPosition()) };
  }

  above(cell: { model: { sharedModel: unknown } }): string[] {
    const widgets = this.place.notebook?.content.widgets ?? [];
    const index = widgets.findIndex(({ model }) => model.sharedModel === cell.model.sharedModel);
    const before = widgets.slice(0, Math.max(0, index));
    return before.filter(({ model }) => model.type === "code").map(({ model }) => model.sharedModel.getSource());
  }

  async insert(source: string, { run = false } = {}): Promise<Outcome> {
    const { console } = this.place.desk ?? {};
    if (console) {
      if (run) await console.console.inject(source);
      else console.console.replaceSelection(source);
      return { cell: undefined, ran: run ? true : undefined };
    }
    const panel = this.place.notebook ?? (await this.newNotebook());
    await panel.context.ready;
    const { content: notebook } = panel;
    if (notebook.model === null || notebook.model.readOnly) {
      throw new Trouble("This notebook can only be read. Open one of yours, and try again.");
    }
    const { activeCell } = notebook;
    const cell = isBlank(activeCell) ? fill(activeCell, source) : await putBelow(notebook, source);
    return { cell, ran: run && cell ? await runCell(panel, cell) : undefined };
  }

  async replace(
    cell: CodeCell,
    [start, end]: readonly [number, number],
    text: string,
    { run = false } = {},
  ): Promise<Outcome> {
    const panel = this.place.notebook;
    if (!panel || cell.isDisposed || !panel.content.widgets.includes(cell)) {
      throw new Trouble("The cell is not in the notebook any more. Insert the call as a new cell.");
    }
    const shared = cell.model.sharedModel;
    // What is written within half a second would be one step with it.
    (shared as { undoManager?: { stopCapturing(): void } | null }).undoManager?.stopCapturing();
    shared.transact(() => shared.updateSource(start, end, text));
    return { cell, ran: run ? await runCell(panel, cell) : undefined };
  }

  remove(cell: Cell, source: string): boolean {
    const notebook = this.place.notebook?.content;
    const index = notebook?.widgets.indexOf(cell) ?? -1;
    if (index < 0 || cell.isDisposed || cell.model.sharedModel.getSource() !== source) return false;
    notebook?.model?.sharedModel.deleteCell(index);
    return true;
  }

  private async newNotebook(): Promise<NotebookPanel> {
    const made = (await this.commands.execute("notebook:create-new", {})) as NotebookPanel | undefined;
    if (!made) throw new Trouble("No notebook could be made for the call. Open one, and try again.");
    await made.sessionContext.ready;
    return made;
  }

  private readonly onPlace = (): void => {
    const panel = this.place.notebook;
    if (panel === this.panel) return;
    if (this.panel && !this.panel.isDisposed) this.panel.content.activeCellChanged.disconnect(this.onCell);
    this.panel = panel;
    panel?.content.activeCellChanged.connect(this.onCell);
    this.onCell();
  };

  private readonly onCell = (): void => {
    const before = this.watched;
    if (before && !before.isDisposed) {
      before.editor?.model.selections.changed.disconnect(this.onMoved);
      before.model.contentChanged.disconnect(this.onMoved);
    }
    const cell = this.panel && !this.panel.isDisposed ? this.panel.content.activeCell : null;
    this.watched = cell;
    cell?.model.contentChanged.connect(this.onMoved);
    // A cell gets its editor when it is scrolled into view.
    void cell?.ready.then(() => {
      if (this.watched === cell) cell.editor?.model.selections.changed.connect(this.onMoved);
    });
    this.onMoved();
  };

  private readonly onMoved = (): void => {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed.emit(), SETTLED_AFTER);
  };
}

/** Whether it is a code cell in which nobody has written anything. */
function isBlank(cell: Cell | null): cell is CodeCell {
  return cell?.model.type === "code" && cell.model.sharedModel.getSource().trim() === "";
}

function fill(cell: CodeCell, source: string): Cell {
  cell.model.sharedModel.setSource(source);
  return cell;
}

async function putBelow(notebook: Notebook, source: string): Promise<Cell | undefined> {
  const index = Math.min(notebook.activeCellIndex + 1, notebook.widgets.length);
  notebook.model?.sharedModel.insertCell(index, { cell_type: "code", source, metadata: { trusted: true } });
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  await notebook.scrollToItem(index, "smart");
  return notebook.widgets[index];
}

async function runCell({ content, sessionContext }: NotebookPanel, cell: Cell): Promise<boolean> {
  return unlessGone(sessionContext, NotebookActions.runCells(content, [cell], sessionContext));
}
