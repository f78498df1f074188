// Where the person works: the notebook or console that was used last.

import type { ISessionContext } from "@jupyterlab/apputils";
import type { ConsolePanel, IConsoleTracker } from "@jupyterlab/console";
import type { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";
import { type ISignal, Signal } from "@lumino/signaling";

/** A notebook or a console. */
export type Desk = { notebook: NotebookPanel; console?: undefined } | { notebook?: undefined; console: ConsolePanel };

/** The one that was used last, also while a panel has the focus. */
export class Place {
  readonly changed: ISignal<this, void>;
  private readonly moved = new Signal<this, void>(this);
  private last: Desk | undefined;

  constructor(
    private readonly notebooks: INotebookTracker,
    private readonly consoles: IConsoleTracker | null,
  ) {
    this.changed = this.moved;
    notebooks.currentChanged.connect((_, notebook) => this.move(notebook ? { notebook } : this.another()));
    consoles?.currentChanged.connect((_, panel) => this.move(panel ? { console: panel } : this.another()));
    this.last = this.another();
  }

  get desk(): Desk | undefined {
    return this.last;
  }

  get notebook(): NotebookPanel | undefined {
    return this.last?.notebook;
  }

  get session(): ISessionContext | undefined {
    return this.last?.notebook?.sessionContext ?? this.last?.console?.sessionContext;
  }

  private another(): Desk | undefined {
    if (this.notebooks.currentWidget) return { notebook: this.notebooks.currentWidget };
    return this.consoles?.currentWidget ? { console: this.consoles.currentWidget } : undefined;
  }

  private move(desk: Desk | undefined): void {
    this.last = desk;
    this.moved.emit();
  }
}
