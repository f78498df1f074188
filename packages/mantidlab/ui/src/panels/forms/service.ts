// What a form asks for, answered by the session's server, the kernel and the notebook.
import type { Services } from "../core";
import { keyOf } from "./opening";
import { endOf } from "./running";
import type { FormServices, Written } from "./services";

interface Problems {
  problems: Record<string, string>;
}

/** Return what forms ask for in JupyterLab. */
export function formServices(services: Services): FormServices {
  const { server, kernel, cells, memory } = services;
  const environment = () => kernel.environment;
  return {
    write: (request, cell) => server.post<Written>("forms/write", { ...request, ...cell, environment: environment() }),
    check: async (request) =>
      (await server.post<Problems>("forms/check", { ...request, environment: environment() })).problems,
    validate: async ({ of, values }) => {
      if (kernel.status !== "idle") {
        return {}; // the validators run between cells; a form does not wait for a long one
      }
      // A kernel that cannot say is not a mistake of the person's.
      return kernel.ask<Problems>("forms", "validate", { of, values }).then(
        ({ problems }) => problems,
        () => ({}),
      );
    },
    insert: async (source, run) => endOf(await cells.insert(source, { run })),
    remember: (spec, values) => memory.set(keyOf(spec.of), values as never),
  };
}
