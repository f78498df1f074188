// The properties of an algorithm, or the arguments of a function.

import * as React from "react";
import type { Services } from "../core";
import { Name } from "./Name";
import { Rendered } from "./Rendered";
import type { PropertyRow } from "./things";

export function PropertyTable({
  services,
  rows,
  meant,
  label,
  onLink,
}: {
  services: Services;
  rows: readonly PropertyRow[];
  /** The property that was looked for, or in which the caret stands. */
  meant: string | undefined;
  label: string;
  onLink(of: string): void;
}): React.JSX.Element {
  const { t } = services;
  const body = React.useRef<HTMLTableSectionElement>(null);
  React.useEffect(() => {
    if (!meant) return;
    const row = [...(body.current?.rows ?? [])].find(({ dataset }) => dataset.name === meant);
    row?.scrollIntoView?.({ block: "nearest" });
  }, [meant]);
  return (
    <table className="mantidlab-Table mantidlab-DocProperties" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t.__("Name")}</th>
          <th scope="col">{t.__("What it is")}</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row) => {
          const name = row.name.replace(/^\*+/, "");
          return (
            <tr key={row.name} data-name={name} aria-current={name === meant ? "true" : undefined}>
              <th scope="row">
                <code>
                  <Name text={row.name} />
                </code>
                {row.required && <span className="mantidlab-DocRequired">{t.__("required")}</span>}
                {row.direction !== "Input" && (
                  <span className="mantidlab-DocQuiet">
                    {row.direction === "Output" ? t.__("output") : t.__("changed in place")}
                  </span>
                )}
              </th>
              <td>
                <Rendered services={services} html={row.documentation} onLink={onLink} />
                <Facts row={row} services={services} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Facts({ row, services: { t } }: { row: PropertyRow; services: Services }): React.JSX.Element {
  return (
    <div className="mantidlab-DocQuiet">
      {row.type && <span className="mantidlab-DocType">{row.type}</span>}
      {row.unit && <span>{t.__("in %1", row.unit)}</span>}
      {row.default && (
        <span>
          {t.__("default")} <code>{row.default}</code>
        </span>
      )}
      {row.choices.length > 0 && (
        <details open={row.choices.length <= 8}>
          <summary>{t._n("%1 value", "%1 values", row.choices.length)}</summary>
          {row.choices.map((choice) => (
            <code key={choice}>{choice}</code>
          ))}
        </details>
      )}
    </div>
  );
}
