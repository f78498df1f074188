// What the server says of things: hits of a search, and pages.

/** Something found. */
export interface Hit {
  readonly kind: string;
  readonly name: string;
  readonly title: string;
  readonly snippet: string;
  /** What opens it. */
  readonly leads_to: string;
}

/** A way to something else; without `of` this environment has no such thing. */
export interface Link {
  readonly title: string;
  readonly of: string;
}

/** A property, parameter or argument. `documentation` is HTML. */
export interface PropertyRow {
  readonly name: string;
  readonly type: string;
  readonly direction: string;
  readonly default: string;
  readonly required: boolean;
  readonly documentation: string;
  readonly choices: readonly string[];
  readonly unit: string;
}

export interface Usage {
  readonly title: string;
  readonly code: string;
  /** What runs by itself: with imports, and the steps before. */
  readonly runs: string;
  readonly output: string;
  readonly tested: boolean;
  readonly needs: string;
  /** What is said of it. */
  readonly html: string;
}

/** A page. */
export interface Thing {
  readonly of: string;
  readonly kind: string;
  readonly title: string;
  readonly summary: string;
  readonly framework: string;
  readonly html: string;
  readonly markdown: string;
  readonly signature: string;
  readonly returns: string;
  readonly deprecated: string;
  readonly property: string;
  readonly properties: readonly PropertyRow[];
  readonly usage: readonly Usage[];
  readonly see_also: readonly Link[];
  readonly members: readonly Link[];
  readonly categories: readonly string[];
  readonly links: readonly Link[];
  /** A notebook below the person's home. */
  readonly file: string;
  readonly call: { readonly imports: string; readonly source: string; readonly cell: string } | null;
  readonly form: boolean;
  /** What people call the environment that it belongs to. */
  readonly environment: string;
}

/** How an address in a page begins that leads to another thing. */
export const OF = "#of=";

/** What the address of a link leads to; undefined if it leads out of the documentation. */
export function leadsTo(href: string | null): string | undefined {
  if (!href?.startsWith(OF)) return undefined;
  try {
    return decodeURIComponent(href.slice(OF.length));
  } catch {
    return undefined;
  }
}
