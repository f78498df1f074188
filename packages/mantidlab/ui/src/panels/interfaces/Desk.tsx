// One interface: its form for one run, and its table for many.
import { PageConfig, URLExt } from "@jupyterlab/coreutils";
import * as React from "react";
import { Busy, Notice, type Services, useFetched } from "../core";
import { OpenForm } from "../forms/OpenForm";
import { openForm } from "../forms/opening";
import type { FormSpec } from "../forms/spec";
import type { Surroundings } from "../forms/surroundings";
import { t } from "../forms/texts";
import { sentenceOf } from "../forms/useLate";
import { formOf, type Heading } from "./heading";
import { RunsTable } from "./RunsTable";

interface DeskProperties {
  services: Services;
  heading: Heading;
  visible: boolean;
  browse: Surroundings["browse"];
  /** Nothing of cells and Python is shown. */
  plain?: boolean;
}

export function Desk(properties: DeskProperties): React.JSX.Element {
  const { services, heading } = properties;
  const { value: spec, trouble } = useFetched(() => formOf(services, heading), [services, heading.name, heading.kind]);
  if (trouble !== undefined) {
    return <Notice alert>{trouble}</Notice>;
  }
  return spec === undefined ? (
    <Busy label={t.__("The form is being opened.")} />
  ) : (
    <Sheets {...properties} spec={spec} />
  );
}

type Sheet = "one" | "many";

function Sheets({
  services,
  heading,
  visible,
  browse,
  plain,
  spec,
}: DeskProperties & { spec: FormSpec }): React.JSX.Element {
  const [sheet, turn] = React.useState<Sheet>("one");
  const [trouble, setTrouble] = React.useState<string | null>(null);
  const opened = React.useMemo(() => openForm(services, spec), [services, spec]);
  const id = React.useId();
  const sheets: [Sheet, string][] = [
    ["one", t.__("One run")],
    ["many", t.__("Many runs")],
  ];
  const openResult = async (folder: string) => {
    setTrouble(null);
    try {
      await openAsNotebook(services, folder, plain);
    } catch (problem) {
      setTrouble(sentenceOf(problem));
    }
  };
  return (
    <div className="mli-desk">
      <div role="tablist" className="mli-tabs" aria-label={heading.title}>
        {sheets.map(([name, label]) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={sheet === name}
            aria-controls={`${id}-sheet`}
            tabIndex={sheet === name ? 0 : -1}
            onClick={() => turn(name)}
            onKeyDown={(event) => {
              if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
                const other = name === "one" ? "many" : "one";
                turn(other);
                document.getElementById(`${id}-${other}`)?.focus();
              }
            }}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-sheet`} aria-labelledby={`${id}-${sheet}`}>
        {sheet === "one" ? (
          <OpenForm services={services} visible={visible} opened={opened} browse={browse} plain={plain} />
        ) : (
          <RunsTable
            services={services}
            spec={spec}
            name={heading.name}
            browse={browse}
            onOpen={(folder) => void openResult(folder)}
          />
        )}
        {trouble && <Notice alert>{trouble}</Notice>}
      </div>
    </div>
  );
}

/** Let the session write the notebook that repeats a result, and open it; from a page in a window of its own. */
async function openAsNotebook({ server, documents }: Services, folder: string, apart = false): Promise<void> {
  const made = await server.post<{ path: string }>("interfaces/notebook", { result: folder });
  if (apart) {
    window.open(URLExt.join(PageConfig.getBaseUrl(), "lab", "tree", URLExt.encodeParts(made.path)), "_blank");
  } else {
    documents.openOrReveal(made.path);
  }
}
