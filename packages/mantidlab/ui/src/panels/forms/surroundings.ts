// What the fields of a form find around them: the kernel's workspaces and the session's files.
import * as React from "react";
import type { Held } from "./accepting";
import type { Meant } from "./meant";
import type { Field, FormSpec, Value } from "./spec";

export type Browsed = "file" | "files" | "save-file" | "folder";

export interface Surroundings {
  framework: FormSpec["framework"];
  /** What the kernel holds; null where there is no kernel to ask. */
  held: readonly Held[] | null;
  /** Let the person look for files; nothing where they changed their mind. */
  browse(kind: Browsed, extensions: readonly string[]): Promise<readonly string[]>;
  /** Say which files a value means, as the call will find them; null where nobody can be asked. */
  meant(field: Field, value: Value, signal: AbortSignal): Promise<Meant | null>;
}

export const SurroundingsContext = React.createContext<Surroundings>({
  framework: "python",
  held: null,
  browse: async () => [],
  meant: async () => null,
});
