// Examples of use: the code, what it prints, and a button that runs it in a cell.

import * as React from "react";
import { Button } from "../core/frame";
import type { Services } from "../core/services";
import { Rendered } from "./Rendered";
import type { Usage } from "./things";

export function Examples({
  services,
  usage,
  onLink,
  onInsert,
}: {
  services: Services;
  usage: readonly Usage[];
  onLink(of: string): void;
  onInsert(usage: Usage, run: boolean): void;
}): React.JSX.Element {
  const { t } = services;
  return (
    <>
      {usage.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: examples of one page never change their order
        <section key={index} className="mantidlab-DocExample" aria-label={one.title}>
          <h4>
            {one.title}
            {one.tested && (
              <span className="mantidlab-DocKind" title={t.__("The documentation's own tests run it.")}>
                {t.__("tested")}
              </span>
            )}
          </h4>
          {one.html && <Rendered services={services} html={one.html} onLink={onLink} />}
          <pre>
            <code>{one.code}</code>
          </pre>
          {one.output && (
            <details>
              <summary>{t.__("What it prints")}</summary>
              <pre>{one.output}</pre>
            </details>
          )}
          <div className="mantidlab-DocActions">
            <Button onClick={() => onInsert(one, true)} label={t.__("Run the example: %1", one.title)}>
              {t.__("Run the example")}
            </Button>
            <Button onClick={() => onInsert(one, false)} label={t.__("Insert the example: %1", one.title)}>
              {t.__("Insert")}
            </Button>
          </div>
        </section>
      ))}
    </>
  );
}
