// The loader that Mantid takes for the file of a call of Load, whose options are fields of the form then.
import * as React from "react";
import type { Services } from "../core";
import { type FormSpec, isExpression, LOAD, type Value } from "./spec";
import { t } from "./texts";

const PAUSE = 400; // ms, while somebody types

interface Answer {
  /** Of the file; null where it is not known. */
  path: string | null;
  loader: string | null;
  /** In words, by what it was guessed; empty where Mantid said it. */
  guessed_by: string;
  form: FormSpec;
}

interface Said {
  loader: string | null;
  version: number | null;
}

interface WithLoader {
  spec: FormSpec;
  /** What to say of it below the file's name. */
  said: string;
}

/** Return the form with the options of the loader, as soon as the file of a Load is known; any other form as it is. */
export function useLoader(services: Services, spec: FormSpec, file: Value | undefined): WithLoader {
  const [found, setFound] = React.useState<WithLoader>({ spec, said: "" });
  const key = JSON.stringify(file ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the file is another one
  React.useEffect(() => {
    if (spec.of !== LOAD || file === undefined || file === null || isExpression(file)) {
      setFound({ spec, said: "" });
      return;
    }
    const given = new AbortController();
    const timer = setTimeout(async () => {
      // Load works without its options; that nobody can say them is no trouble of the person's.
      const answer = await loaderOf(services, spec, file, given.signal).catch(() => null);
      if (!given.signal.aborted && answer !== null) {
        setFound(answer);
      }
    }, PAUSE);
    return () => {
      given.abort();
      clearTimeout(timer);
    };
  }, [services, spec, key]);
  return found;
}

async function loaderOf(services: Services, spec: FormSpec, file: Value, signal: AbortSignal): Promise<WithLoader> {
  const { server, kernel, cells } = services;
  const asked = { of: spec.of, value: file, path: cells.path, environment: kernel.environment };
  const guess = await server.post<Answer>("forms/loader", asked, { signal });
  const said = guess.path === null || kernel.status !== "idle" ? null : await mantidSays(services, guess.path);
  if (said?.loader) {
    const answer = await server.post<Answer>("forms/loader", { ...asked, ...said }, { signal });
    return { spec: answer.form, said: t.__("Mantid takes %1 for this file.", said.loader) };
  }
  if (guess.loader === null) {
    return { spec, said: "" };
  }
  return {
    spec: guess.form,
    said: t.__("Mantid will probably take %1 for this file, going by %2.", guess.loader, guess.guessed_by),
  };
}

async function mantidSays({ kernel }: Services, path: string): Promise<Said | null> {
  return kernel.ask<Said>("forms", "loader", { path }, { latest: "forms/loader" }).catch(() => null);
}
