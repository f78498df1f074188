// What a form asks of the session: its server, its kernel and its notebook.
import type { CallInCell, FormSpec, Values } from "./spec";

export interface Request {
  of: string;
  values: Values;
  targets: readonly string[];
}

export interface Written {
  /** The call; or the whole cell with the call in its place, where a cell was given. */
  source: string;
  /** Where in it the call stands. */
  span: [number, number];
  /** Lines that a new cell needs above it. */
  imports?: readonly string[];
}

/** Sentences by field. */
export interface Checked {
  problems: Readonly<Record<string, string>>;
  /** What is not wrong, but good to know: the files that run numbers stand for. */
  notes?: Readonly<Record<string, string>>;
}

/** How a cell ended. */
export interface Outcome {
  ok: boolean;
  message: string;
}

/** A call that stands in a cell of the notebook and can be put back there. */
export interface OpenedCell extends CallInCell {
  /** Where it stands, in words: "cell 3". */
  place: string;
  /** Put a new source in the place of the one that is in the cell, and run it or not. */
  writeBack(before: string, source: string, run: boolean): Promise<Outcome>;
}

export interface FormServices {
  write(request: Request, cell: CallInCell | null): Promise<Written>;
  /** What the server finds wrong, and what it has to say besides. */
  check(request: Request): Promise<Checked>;
  /** Those of the kernel's own validators; empty where there is no kernel that could say. */
  validate(request: Request): Promise<Record<string, string>>;
  insert(source: string, run: boolean): Promise<Outcome>;
  /** Keep what ran for the next time. */
  remember(spec: FormSpec, values: Values): void;
}
