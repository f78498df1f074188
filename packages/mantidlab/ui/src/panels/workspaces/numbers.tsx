// A table, or the bins of one spectrum, a page at a time.

import * as React from "react";
import { Busy, Button, Notice } from "../core/frame";
import { useFetched } from "../core/hooks";
import type { Services } from "../core/services";
import { said } from "./logs";

const ROWS = 50;

interface Page {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  readonly start: number;
  readonly total: number;
  readonly spectra: number;
  readonly spectrum?: number;
  readonly name?: string;
}

export function Numbers({ name, services }: { name: string; services: Services }): React.JSX.Element {
  const { kernel, t } = services;
  const [start, setStart] = React.useState(0);
  const [spectrum, setSpectrum] = React.useState(0);
  const { value, trouble } = useFetched(
    () => kernel.ask<Page>("workspaces", "table", { name, start, rows: ROWS, spectrum }),
    [name, start, spectrum],
  );
  if (trouble !== undefined) return <Notice alert>{trouble}</Notice>;
  if (!value) return <Busy label={t.__("Reading …")} />;
  const { columns, rows, total, spectra } = value;
  const turn = (place: number): void => setSpectrum(Math.min(Math.max(0, place), spectra - 1));
  return (
    <>
      {spectra > 1 ? (
        <div className="mantidlab-Workspaces-pages">
          <Button label={t.__("Previous spectrum")} disabled={spectrum === 0} onClick={() => turn(spectrum - 1)}>
            ‹
          </Button>
          <label>
            {t.__("Spectrum")}{" "}
            <input
              className="mantidlab-Search"
              type="number"
              min={0}
              max={spectra - 1}
              value={spectrum}
              onChange={(event) => turn(event.target.valueAsNumber || 0)}
            />{" "}
            {t.__("of %1", spectra)}
          </label>
          <Button label={t.__("Next spectrum")} disabled={spectrum >= spectra - 1} onClick={() => turn(spectrum + 1)}>
            ›
          </Button>
          <span>{value.name}</span>
        </div>
      ) : null}
      <div className="mantidlab-Workspaces-numbers">
        <table className="mantidlab-Table" aria-label={t.__("Values of %1", name)}>
          <thead>
            <tr>
              <th scope="col">#</th>
              {columns.map((column) => (
                <th key={column} scope="col" className="mantidlab-mod-numeric">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place, and by nothing else
              <tr key={start + place}>
                <th scope="row">{start + place}</th>
                {row.map((cell, column) => (
                  <td key={columns[column]} className={typeof cell === "number" ? "mantidlab-mod-numeric" : undefined}>
                    {said(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {total > ROWS ? (
        <div className="mantidlab-Workspaces-pages">
          <Button disabled={start === 0} onClick={() => setStart(Math.max(0, start - ROWS))}>
            {t.__("Before")}
          </Button>
          <span>{t.__("%1 to %2 of %3", start, Math.min(start + ROWS, total) - 1, total)}</span>
          <Button disabled={start + ROWS >= total} onClick={() => setStart(start + ROWS)}>
            {t.__("After")}
          </Button>
        </div>
      ) : null}
      {total === 0 ? <Notice>{t.__("It has no rows.")}</Notice> : null}
    </>
  );
}
