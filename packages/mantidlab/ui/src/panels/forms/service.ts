// What a form asks for, answered by the session's server, the kernel and the notebook.
import type { Services } from "../core";
import { keyOf } from "./opening";
import { endOf } from "./running";
import type { Checked, FormServices, Request, Written } from "./services";
import { type FormSpec, formFor } from "./spec";

/** Return what a form asks for in JupyterLab. */
export function formServices(services: Services, spec: FormSpec): FormServices {
  const { server, kernel, cells, memory } = services;
  const about = (request: Request) => ({
    ...request,
    ...formFor(spec),
    context: sourcesSoFar(services),
    path: cells.path,
    environment: kernel.environment,
  });
  return {
    write: (request, cell) =>
      server.post<Written>("forms/write", {
        ...about(request),
        ...(cell === null ? {} : { source: cell.source, span: cell.span, context: cell.context }),
      }),
    check: (request) => server.post<Checked>("forms/check", about(request)),
    validate: async ({ of, values }) => {
      if (spec.framework !== "mantid" || kernel.status !== "idle") {
        return {}; // the validators run between cells; a form does not wait for a long one
      }
      // A kernel that cannot say is not a mistake of the person's.
      return kernel.ask<Checked>("forms", "validate", { of, values }, { latest: "forms/validate" }).then(
        ({ problems }) => problems,
        () => ({}),
      );
    },
    insert: async (source, run) => endOf(await cells.insert(source, { run })),
    remember: (of, values) => memory.set(keyOf(of.of), values as never),
  };
}

/** Return the code of the notebook down to the current cell, by whose imports a call is written. */
function sourcesSoFar({ cells }: Services): string {
  const caret = cells.current();
  return caret === null ? "" : [...cells.above(caret.cell), caret.source].join("\n");
}
