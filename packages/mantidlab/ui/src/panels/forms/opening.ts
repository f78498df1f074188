// How a form gets open: by the name of a thing, from a call in a cell, or as the kernel made it.
import type { CodeCell } from "@jupyterlab/cells";
import { type Services, Trouble } from "../core";
import { difference } from "./difference";
import { type Filled, filledWith } from "./filled";
import { endOf } from "./running";
import type { OpenedCell } from "./services";
import { type CallInCell, type FormSpec, LOAD, type Values } from "./spec";
import { t } from "./texts";

/** A form that is open, and where its values come from. */
export interface Opened {
  spec: FormSpec;
  start: Filled;
  cell: OpenedCell | null;
  note?: string;
}

interface ReadCall {
  of: string;
  values: Values;
  targets: string[];
  span: [number, number];
  form: FormSpec;
}

/** Return the form of an algorithm, a function or an interface, filled in as it was the last time unless with *values*. */
export async function openThing(services: Services, of: string, values?: Values): Promise<Opened> {
  const spec = await formOf(services, of);
  return openForm(services, spec, values);
}

export async function formOf({ server, kernel }: Services, of: string): Promise<FormSpec> {
  const name = of.slice(of.indexOf("/") + 1);
  const { environment } = kernel;
  if (of.startsWith("kernel/")) {
    return kernel.ask<FormSpec>("forms", "form", { name });
  }
  return of.startsWith("interface/")
    ? server.get<FormSpec>("interfaces/form", { name, environment })
    : server.get<FormSpec>("forms/form", { of, environment });
}

/** Open a form that is known already. */
export function openForm(services: Services, spec: FormSpec, values?: Values, targets?: readonly string[]): Opened {
  if (values !== undefined && Object.keys(values).length > 0) {
    return { spec, start: filledWith(spec, values, targets), cell: null };
  }
  const last = fitting(spec, services.memory.get(keyOf(spec.of)) as Values | undefined);
  return Object.keys(last).length > 0
    ? { spec, start: filledWith(spec, last), cell: null, note: t.__("Filled in as you ran it last.") }
    : { spec, start: filledWith(spec), cell: null };
}

// Of an older version, with fields that are no more.
function fitting(spec: FormSpec, values: Values = {}): Values {
  if (spec.of === LOAD) {
    return values; // options of a loader get their fields when the file is known
  }
  const names = new Set(spec.fields.map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

/** Return the key under which the last values of a thing are remembered. */
export function keyOf(of: string): string {
  return `forms/values/${of}`;
}

/** Return the form of the call at the caret. */
export async function openCell(services: Services): Promise<Opened> {
  const caret = services.cells.current();
  if (caret === null) {
    throw new Trouble(t.__("No code cell is current. Click into the call that you want as a form."));
  }
  const { cell, source, offset } = caret;
  const context = services.cells.above(cell).join("\n");
  const asked = { source, offset, context, environment: services.kernel.environment };
  const read = await readCall(services, asked);
  return {
    spec: read.form,
    start: filledWith(read.form, read.values, read.targets),
    cell: openedCell(services, cell, { source, span: read.span, context }),
    note: t.__("Read from the cell; Write back puts it there."),
  };
}

interface Asked {
  source: string;
  offset: number;
  context: string;
  environment: string | undefined;
}

/** Read the call at the caret; of a function that only the notebook knows, the kernel makes the form. */
async function readCall({ server, kernel }: Services, asked: Asked): Promise<ReadCall> {
  try {
    return await server.post<ReadCall>("forms/read", asked);
  } catch (problem) {
    for (const name of calledIn(problem)) {
      const form = await kernel.ask<FormSpec>("forms", "form", { name }).catch(() => undefined);
      if (form !== undefined) {
        return server.post<ReadCall>("forms/read", { ...asked, form });
      }
    }
    throw problem;
  }
}

function calledIn(problem: unknown): readonly string[] {
  const { called } = ((problem as Trouble | undefined)?.answer ?? {}) as { called?: unknown };
  return Array.isArray(called) ? called.filter((name) => typeof name === "string") : [];
}

function openedCell(services: Services, cell: CodeCell, call: CallInCell): OpenedCell {
  return {
    ...call,
    place: t.__("the cell"),
    writeBack: async (source, text, run) => {
      const now = cell.isDisposed ? undefined : cell.model.sharedModel.getSource();
      if (now !== source) {
        throw new Trouble(
          t.__("The cell was changed or deleted meanwhile. Open it as a form again, or insert the call as a new cell."),
        );
      }
      const [start, end] = difference(source, text);
      return endOf(
        await services.cells.replace(cell, [start, source.length - end], text.slice(start, text.length - end), { run }),
      );
    },
  };
}
