// One text that is written: a cell, the input of a console, or a Python file.

import type { CodeEditor } from "@jupyterlab/codeeditor";
import { type Look, lookAt, type Services } from "../core";

export class Writing {
  constructor(
    readonly services: Services,
    readonly model: CodeEditor.IModel,
  ) {}

  /** Look at one place of it; null where it is not Python, or where nothing is called. */
  async look(source: string, offset: number): Promise<Look | null> {
    if (!this.isPython || !source.includes("(")) return null;
    const { server, cells, kernel } = this.services;
    const before = cells.above(this);
    try {
      return await lookAt(server, { source, offset, before, environment: kernel.environment });
    } catch {
      // Nobody asked for it, so nobody is told that it cannot be had.
      return null;
    }
  }

  private get isPython(): boolean {
    return this.model.mimeType.includes("python");
  }
}
