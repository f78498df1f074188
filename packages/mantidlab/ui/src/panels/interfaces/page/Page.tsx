// One interface as an application: its form over the full width, and what came out below.
import type { NotebookPanel } from "@jupyterlab/notebook";
import * as React from "react";
import { Busy, Notice, type Services, useFetched } from "../../core";
import type { Surroundings } from "../../forms/surroundings";
import { t } from "../../forms/texts";
import { RunningStrip, restartKernel } from "../../running/strip";
import { Desk } from "../Desk";
import { type Heading, listed } from "../heading";
import { claimNotebook, openNotebook, pathOf } from "./notebook";
import { Outputs } from "./Outputs";

interface PageProperties {
  services: Services;
  name: string;
  browse: Surroundings["browse"];
  /** Return the address of JupyterLab with a notebook. */
  labOf(path: string): string;
}

interface Ready {
  heading: Heading;
  notebook: NotebookPanel;
  /** Of the notebook behind the page. */
  path: string;
}

export function Page({ services, name, browse, labOf }: PageProperties): React.JSX.Element {
  const { value, trouble } = useFetched<Ready>(() => ready(services, name), [services, name]);
  useSaving(services, value?.notebook);
  const path = value?.path ?? pathOf(name);
  return (
    <div className="mli-page-sheet">
      <header className="mli-page-head">
        <h1>{value?.heading.title ?? name}</h1>
        <p>{value && [value.heading.technique, value.heading.instruments.join(", ")].filter(Boolean).join(" · ")}</p>
        <a className="mlf-button mli-page-link" href={labOf(path)} title={path}>
          {t.__("Open in JupyterLab")}
        </a>
      </header>
      <RunningStrip runs={services.running} t={services.t} restart={() => restartKernel(services)} />
      <main className="mli-page-body">
        {trouble && <Notice alert>{trouble}</Notice>}
        {value === undefined && trouble === undefined && <Busy label={t.__("The page is being made ready.")} />}
        {value && (
          <>
            {path !== pathOf(name) && (
              <Notice>
                {t.__(
                  "This page is open in another window as well. What is run here is kept apart, in %1; the table of many runs is the same for both.",
                  path,
                )}
              </Notice>
            )}
            {value.heading.summary && <p className="mli-page-summary">{value.heading.summary}</p>}
            <Desk services={services} heading={value.heading} visible browse={browse} plain />
            <Outputs notebook={value.notebook} />
          </>
        )}
      </main>
    </div>
  );
}

/** Save the notebook whenever something has run: nobody sees it, so nobody would. */
function useSaving({ kernel }: Services, notebook: NotebookPanel | undefined): void {
  React.useEffect(() => {
    const save = (_: unknown, status: string) => {
      if (status === "idle" && notebook?.context.model.dirty) {
        void notebook.context.save();
      }
    };
    kernel.statusChanged.connect(save);
    return () => {
      kernel.statusChanged.disconnect(save);
    };
  }, [kernel, notebook]);
}

async function ready(services: Services, name: string): Promise<Ready> {
  const path = await claimNotebook(services, name);
  const [{ interfaces }, notebook] = await Promise.all([listed(services), openNotebook(services, path)]);
  const heading = interfaces.find((one) => one.name === name);
  if (heading === undefined) {
    throw new Error(
      t.__("There is no interface “%1” in this session's environment. Its address may be an old one.", name),
    );
  }
  return { heading, notebook, path };
}
