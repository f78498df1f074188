// The workspaces that came out of a call, to be opened.
import * as React from "react";
import type { Services } from "../core";
import { describe, type Held } from "./accepting";
import { t } from "./texts";

interface ResultsProperties {
  services: Services;
  held: readonly Held[] | null;
  targets: readonly string[];
}

export function Results({ services, held, targets }: ResultsProperties): React.JSX.Element | null {
  const results = (held ?? []).filter(({ name, variable }) => targets.includes(variable ?? name));
  if (results.length === 0) {
    return null;
  }
  return (
    <div className="mlf-results">
      {results.map((result) => (
        <button
          key={result.name}
          type="button"
          className="mlf-button"
          onClick={() => void services.commands.execute("mantidlab:workspaces", { name: result.name })}
        >
          {t.__("Show %1", result.variable ?? result.name)} <span className="mlf-quiet">{describe(result)}</span>
        </button>
      ))}
    </div>
  );
}
