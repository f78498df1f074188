// How a workspace was made, as a tree, and the way to a script or to cells.

import * as React from "react";
import { Busy, Button, Notice } from "../core/frame";
import { useFetched } from "../core/hooks";
import type { Services } from "../core/services";
import { sentenceOf } from "../core/trouble";
import { openScript } from "./script";

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly is_default: boolean;
  readonly direction: string;
}

export interface Step {
  readonly title: string;
  readonly kind: string;
  readonly source: string;
  readonly version: number;
  readonly started: string | null;
  readonly seconds: number | null;
  readonly parameters: readonly Parameter[];
  readonly children: readonly Step[];
}

interface Told {
  readonly name: string;
  readonly framework: string;
  readonly entries: readonly Step[];
  readonly files: readonly { name: string; sha256: string; size: number }[];
  readonly notes: readonly string[];
  readonly script: string;
  readonly cells: readonly string[];
}

export function History({ name, services }: { name: string; services: Services }): React.JSX.Element {
  const { kernel, t } = services;
  const [problem, setProblem] = React.useState<string | undefined>();
  const { value, trouble } = useFetched(() => kernel.ask<Told>("workspaces", "history", { name }), [name]);
  if (trouble !== undefined) return <Notice alert>{trouble}</Notice>;
  if (!value) return <Busy label={t.__("Looking how it was made …")} />;
  const run = (task: Promise<unknown>): void => {
    setProblem(undefined);
    task.catch((error) => setProblem(sentenceOf(error)));
  };
  return (
    <>
      {value.entries.length > 0 ? (
        <div className="mantidlab-Workspaces-actions">
          <Button primary onClick={() => run(openScript(services, value.script, name))}>
            {t.__("As a script")}
          </Button>
          <Button onClick={() => run(insertAll(services, value.cells))}>{t.__("As cells")}</Button>
        </div>
      ) : null}
      {problem ? <Notice alert>{problem}</Notice> : null}
      {value.notes.map((note) => (
        <Notice key={note}>{note}</Notice>
      ))}
      <ol className="mantidlab-Workspaces-history" aria-label={t.__("How %1 was made", name)}>
        {value.entries.map((entry, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no names of their own, and do not move
          <Entry key={place} entry={entry} services={services} />
        ))}
      </ol>
      {value.files.map((file) => (
        <p key={file.name} className="mantidlab-Workspaces-file">
          {t.__("Reads %1", file.name)}
          {file.sha256 ? <small> SHA-256 {file.sha256.slice(0, 16)}…</small> : null}
        </p>
      ))}
    </>
  );
}

function Entry({ entry, services }: { entry: Step; services: Services }): React.JSX.Element {
  const { t } = services;
  const { title, kind, source, version, seconds, started, parameters, children } = entry;
  if (kind === "lines") {
    return (
      <li>
        <pre>{source}</pre>
      </li>
    );
  }
  const when = [
    version > 1 ? t.__("version %1", version) : "",
    seconds === null ? "" : `${seconds.toFixed(2)} s`,
    started?.slice(0, 19).replace("T", " ") ?? "",
  ];
  return (
    <li>
      <details>
        <summary>
          <strong>{title}</strong> <small>{when.filter(Boolean).join(" · ")}</small>
        </summary>
        <dl>
          {parameters
            .filter(({ is_default }) => !is_default)
            .map(({ name, value }) => (
              <React.Fragment key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </React.Fragment>
            ))}
        </dl>
        {children.length > 0 ? (
          <ol>
            {children.map((child, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <Entry key={place} entry={child} services={services} />
            ))}
          </ol>
        ) : null}
      </details>
    </li>
  );
}

async function insertAll({ cells }: Services, sources: readonly string[]): Promise<void> {
  for (const source of sources) await cells.insert(source);
}
