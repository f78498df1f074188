// A form that is open, with what the session gives it: the kernel's workspaces, files, and where its call goes.
import * as React from "react";
import type { Services } from "../core";
import { Form } from "./Form";
import { useHeld } from "./held";
import { useLoader } from "./loader";
import { meantBy } from "./meant";
import type { Opened } from "./opening";
import { Results } from "./Results";
import { formServices } from "./service";
import { type Surroundings, SurroundingsContext } from "./surroundings";
import { t } from "./texts";

interface OpenFormProperties {
  services: Services;
  visible: boolean;
  opened: Opened;
  browse: Surroundings["browse"];
  plain?: boolean;
}

/** What a function of the notebook's own is called by, of which no environment has a page. */
const OWN = "kernel/";

export function OpenForm({ services, visible, opened, browse, plain = false }: OpenFormProperties): React.JSX.Element {
  const held = useHeld(services, visible);
  const { start, cell, note } = opened;
  const [file, setFile] = React.useState(start.values.Filename);
  const { spec, said } = useLoader(services, opened.spec, file);
  const own = React.useMemo(() => formServices(services, spec), [services, spec]);
  const surroundings = React.useMemo(
    () => ({ framework: spec.framework, held, browse, meant: meantBy(services, spec) }),
    [services, spec, held, browse],
  );
  // Of interfaces all results are called the same.
  const taken = React.useMemo(
    () => new Set(spec.framework === "interface" ? (held ?? []).map(({ variable, name }) => variable ?? name) : []),
    [spec, held],
  );
  return (
    <SurroundingsContext.Provider value={surroundings}>
      {!plain && (
        <div className="mlf-about">
          <p>{spec.summary}</p>
          {!spec.of.startsWith(OWN) && (
            <button
              type="button"
              className="mlf-link"
              onClick={() => void services.commands.execute("mantidlab:documentation", { leads_to: spec.of })}
            >
              {t.__("Documentation")}
            </button>
          )}
        </div>
      )}
      <Form
        spec={spec}
        start={start}
        services={own}
        cell={cell}
        note={note}
        said={said === "" ? undefined : { Filename: said }}
        onValues={(values) => setFile(values.Filename)}
        plain={plain}
        taken={taken}
        after={spec.framework === "interface" ? shown : undefined}
      >
        {(targets) => <Results services={services} held={held} targets={targets} />}
      </Form>
    </SurroundingsContext.Provider>
  );
}

// What an interface returns is shown at once, with its plots.
function shown(targets: readonly string[]): readonly string[] {
  return targets.map((name) => `${name}.show()`);
}
