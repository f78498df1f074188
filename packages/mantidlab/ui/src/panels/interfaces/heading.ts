// The interfaces that there are: those of the environment, of the facility and of the person, and the notebook's own.
import type { Services } from "../core";
import type { FormSpec } from "../forms/spec";

export interface Heading {
  name: string;
  title: string;
  technique: string;
  instruments: readonly string[];
  summary: string;
  /** The file or the module that declares it. */
  origin: string;
  kind: "shipped" | "package" | "facility" | "person" | "notebook";
}

/** A file of interfaces that cannot be imported, and why. */
export interface Broken {
  origin: string;
  message: string;
}

export interface Listed {
  interfaces: readonly Heading[];
  broken: readonly Broken[];
}

/** Return all interfaces; of two with one name the notebook's own counts. */
export async function listed({ server, kernel }: Services): Promise<Listed> {
  const [session, notebook] = await Promise.all([
    server.get<Listed>("interfaces", { environment: kernel.environment }),
    // Without a kernel no notebook declares any.
    kernel.ask<Listed>("interfaces", "list").catch(() => ({ interfaces: [], broken: [] })),
  ]);
  const own = notebook.interfaces.map((heading) => ({ ...heading, kind: "notebook" as const }));
  const names = new Set(own.map(({ name }) => name));
  return {
    interfaces: [...own, ...session.interfaces.filter(({ name }) => !names.has(name))],
    broken: [...session.broken, ...notebook.broken],
  };
}

/** Return the form of an interface. */
export async function formOf({ server, kernel }: Services, { name, kind }: Heading): Promise<FormSpec> {
  const spec = await (kind === "notebook"
    ? kernel.ask<FormSpec>("interfaces", "form", { name })
    : server.get<FormSpec>("interfaces/form", { name, environment: kernel.environment }));
  // Names of parameters are written small; an interface is read by people who never see them.
  return { ...spec, fields: spec.fields.map((field) => ({ ...field, label: capitalised(field.label) })) };
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

export interface Wanted {
  text: string;
  /** Empty for any. */
  instrument: string;
  technique: string;
}

/** Return the interfaces that fit what somebody looks for. One for no instrument in particular is for any. */
export function fitting(interfaces: readonly Heading[], { text, instrument, technique }: Wanted): Heading[] {
  const words = text.toLowerCase().split(/\s+/);
  return interfaces.filter((heading) => {
    const all = [heading.name, heading.title, heading.technique, heading.summary, ...heading.instruments]
      .join(" ")
      .toLowerCase();
    return (
      words.every((word) => all.includes(word)) &&
      (instrument === "" || heading.instruments.length === 0 || heading.instruments.includes(instrument)) &&
      (technique === "" || heading.technique === technique)
    );
  });
}

/** Return the interfaces by technique, in the order of the alphabet; those of none under *other*, at the end. */
export function byTechnique(interfaces: readonly Heading[], other: string): [string, Heading[]][] {
  const groups = new Map<string, Heading[]>();
  for (const heading of interfaces) {
    const name = heading.technique || other;
    groups.set(name, [...(groups.get(name) ?? []), heading]);
  }
  const place = (name: string) => (name === other ? 1 : 0);
  return [...groups].sort(([one], [another]) => place(one) - place(another) || one.localeCompare(another));
}

/** Return all words of one kind that interfaces use, in the order of the alphabet. */
export function wordsOf(interfaces: readonly Heading[], of: (heading: Heading) => readonly string[]): string[] {
  return [...new Set(interfaces.flatMap(of))]
    .filter((word) => word !== "")
    .sort((one, other) => one.localeCompare(other));
}
