// The sample logs of one workspace, with small pictures of those that run over time.

import * as React from "react";
import { Busy, Notice, SearchBox } from "../core/frame";
import { useFetched } from "../core/hooks";
import type { Services } from "../core/services";
import { Curve } from "./sparkline";

export interface LogLine {
  readonly name: string;
  readonly unit: string;
  readonly value: string | number | boolean | null;
  readonly problem?: string;
  readonly entries?: number;
  readonly from?: string;
  readonly to?: string;
  readonly least?: number;
  readonly most?: number;
  readonly mean?: number;
  readonly points?: readonly (readonly [number, number])[];
}

export function Logs({ name, services }: { name: string; services: Services }): React.JSX.Element {
  const { kernel, t } = services;
  const [text, setText] = React.useState("");
  const { value, trouble } = useFetched(
    () => kernel.ask<{ logs: readonly LogLine[]; left_out: number }>("workspaces", "logs", { name }),
    [name],
  );
  if (trouble !== undefined) return <Notice alert>{trouble}</Notice>;
  if (!value) return <Busy label={t.__("Reading the logs …")} />;
  if (value.logs.length === 0) return <Notice>{t.__("%1 has no sample logs.", name)}</Notice>;
  const shown = value.logs.filter((log) => log.name.toLowerCase().includes(text.toLowerCase()));
  return (
    <>
      <SearchBox
        value={text}
        onChange={setText}
        label={t.__("Filter the logs")}
        placeholder={t.__("Filter the logs")}
      />
      <ul className="mantidlab-Workspaces-logs" aria-label={t.__("Sample logs")}>
        {shown.map((log) => (
          <Line key={log.name} log={log} services={services} />
        ))}
      </ul>
      {shown.length === 0 ? <Notice>{t.__("No log has “%1” in its name.", text)}</Notice> : null}
      {value.left_out > 0 ? <Notice>{t.__("%1 more are not shown.", value.left_out)}</Notice> : null}
    </>
  );
}

function Line({ log, services: { t } }: { log: LogLine; services: Services }): React.JSX.Element {
  const { name, unit, value, problem, points, least, most, mean, entries, from, to } = log;
  const range = [least, mean, most].every((each) => each !== undefined)
    ? t.__("%1 … %2, mean %3", said(least), said(most), said(mean))
    : "";
  return (
    <li>
      <span className="mantidlab-Workspaces-logName">{name}</span>
      <span className="mantidlab-Workspaces-logValue">
        {problem ?? [said(value), unit].filter((each) => each !== "").join(" ")}
      </span>
      {points && points.length > 1 && least !== most ? (
        <Curve points={points} label={t.__("%1 over time: %2", name, range)} />
      ) : null}
      {entries !== undefined && entries > 1 ? (
        <small>
          {[t.__("%1 entries", entries), range, from && to ? `${from} – ${to}` : ""].filter(Boolean).join(" · ")}
        </small>
      ) : null}
    </li>
  );
}

/** A value as people read it: six digits are what a log has. */
export function said(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e9 ? String(Number(value.toPrecision(6))) : value.toExponential(5);
}
