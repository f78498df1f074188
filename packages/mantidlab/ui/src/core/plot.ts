// What a bundle gives the loader, and what it is given to draw with.
import type { Channel } from "./channel";

/** The part of anywidget's model that plots use; the values are what Python has in the traits of the same name. */
export interface Model {
  get<Value>(name: string): Value;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, listener: (...given: never[]) => void): void;
  off(event: string, listener?: (...given: never[]) => void): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBufferView[]): void;
  /** JupyterLab's and others' manager of widgets, of which the way to the kernel is asked. */
  readonly widget_manager?: unknown;
}

/** All that one drawing of a plot has. */
export interface PlotContext {
  model: Model;
  /** Where it is drawn. */
  el: HTMLElement;
  channel: Channel;
  /** Ends when the drawing is taken off the page. */
  signal: AbortSignal;
}

/** What takes a drawing away again, where more is needed than to take its elements off the page. */
export type CleanUp = (() => void) | undefined;

/** What each bundle exports as its default. */
export interface Plot {
  render(context: PlotContext): CleanUp | Promise<CleanUp>;
}
