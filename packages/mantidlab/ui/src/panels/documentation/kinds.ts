// What a search can be narrowed to.

import type { TranslationBundle } from "@jupyterlab/translation";

export interface Choice {
  /** As it is remembered. */
  readonly name: string;
  readonly label: string;
  /** The kinds that the server is asked for; none for all. */
  readonly kinds: readonly string[];
}

export function choicesOf(t: TranslationBundle): readonly Choice[] {
  return [
    { name: "all", label: t.__("Everything"), kinds: [] },
    { name: "algorithms", label: t.__("Algorithms"), kinds: ["algorithm"] },
    { name: "properties", label: t.__("Properties and arguments"), kinds: ["property", "argument", "fit parameter"] },
    { name: "functions", label: t.__("Fit functions"), kinds: ["fit function"] },
    { name: "python", label: t.__("Python functions and classes"), kinds: ["python"] },
    { name: "pages", label: t.__("Pages"), kinds: ["page"] },
    { name: "examples", label: t.__("Examples"), kinds: ["example"] },
    { name: "interfaces", label: t.__("Interfaces"), kinds: ["interface"] },
  ];
}

/** What a kind is called in a list. */
export function wordFor(kind: string, t: TranslationBundle): string {
  const words: Readonly<Record<string, string>> = {
    algorithm: t.__("algorithm"),
    property: t.__("property"),
    "fit function": t.__("fit function"),
    "fit parameter": t.__("parameter"),
    python: t.__("Python"),
    argument: t.__("argument"),
    page: t.__("page"),
    example: t.__("example"),
    interface: t.__("interface"),
    function: t.__("function"),
    class: t.__("class"),
    method: t.__("method"),
    module: t.__("module"),
    type: t.__("type"),
  };
  return words[kind] ?? kind;
}
