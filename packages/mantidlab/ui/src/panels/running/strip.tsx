// What runs now: a bar, the time left, the last words, and Stop. Stands in each panel, and in the status bar.

import type { TranslationBundle } from "@jupyterlab/translation";
import * as React from "react";
import { createPortal } from "react-dom";
import { useSignal } from "../core/hooks";
import type { Services } from "../core/services";
import type { Run, Runs } from "./runs";

const SEEN_AFTER = 700; // ms; most cells have ended by then, and nothing flickers

export function RunningStrip({
  runs,
  t,
  apart,
  restart,
}: {
  runs: Runs;
  t: TranslationBundle;
  /** Whether sentences and the log stand above the page: the status bar has one line, and cuts off what sticks out. */
  apart?: boolean;
  /** Start the kernel anew, after a question. */
  restart(): void;
}): React.JSX.Element | null {
  useSignal(runs.changed);
  const [open, setOpen] = React.useState(false);
  const isLong = useLong(runs);
  const [run] = runs.now;
  if (!isLong && run === undefined && runs.sentence === "" && runs.kept === undefined) return null;
  const isBusy = runs.busy;
  const isOpenOrSaid = runs.sentence !== "" || runs.kept !== undefined || (open && isBusy);
  const said = (
    <>
      {runs.sentence ? (
        <div className="mantidlab-Running-sentence">
          <span role="status">{runs.sentence}</span>
          {runs.stuck ? (
            <div className="mantidlab-Running-choices">
              {runs.keeps ? (
                <button type="button" className="mantidlab-Button" onClick={() => void runs.keep()}>
                  {t.__("Stop, keeping what there is")}
                </button>
              ) : null}
              <button type="button" className="mantidlab-Button" onClick={restart}>
                {t.__("Restart the kernel…")}
              </button>
            </div>
          ) : null}
        </div>
      ) : null}
      {runs.kept ? <WhatWasKept runs={runs} t={t} /> : null}
      {open && isBusy ? <Log runs={runs} t={t} /> : null}
    </>
  );
  return (
    <section className="mantidlab-Running" aria-label={t.__("What runs")}>
      {isBusy ? (
        <div className="mantidlab-Running-line">
          <button
            type="button"
            className="mantidlab-Running-name"
            aria-expanded={open}
            aria-label={t.__("What it says")}
            onClick={() => setOpen(!open)}
          >
            <span aria-hidden="true">{open ? "▾" : "▸"}</span> {run?.name ?? t.__("A cell runs")}
          </button>
          <span className="mantidlab-Running-told">
            {runs.isStopping ? t.__("stopping …") : run ? told(run, t) : <Clock since={runs.since} />}
          </span>
          <StopButton runs={runs} t={t} />
        </div>
      ) : null}
      {isBusy ? <Bar run={run} t={t} /> : null}
      {apart
        ? createPortal(
            isOpenOrSaid || isBusy ? (
              <div className={`mantidlab-Running-apart${isOpenOrSaid ? "" : " mantidlab-mod-stopAlone"}`}>
                {said}
                {isBusy ? <StopButton runs={runs} t={t} /> : null}
              </div>
            ) : null,
            document.body,
          )
        : said}
    </section>
  );
}

function StopButton({ runs, t }: { runs: Runs; t: TranslationBundle }): React.JSX.Element {
  return (
    <button
      type="button"
      className="mantidlab-Button mantidlab-Running-stop"
      disabled={runs.isStopping}
      onClick={() => void runs.stop()}
    >
      {t.__("Stop")}
    </button>
  );
}

/** What the kernel has of the one that was stopped, until somebody has read it. */
function WhatWasKept({ runs, t }: { runs: Runs; t: TranslationBundle }): React.JSX.Element {
  return (
    <div className="mantidlab-Running-sentence">
      <span role="status">{runs.kept?.sentence}</span>
      {runs.kept?.left.length ? (
        <ul aria-label={t.__("What is not there, and why")}>
          {runs.kept.left.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      ) : null}
      <div className="mantidlab-Running-choices">
        <button type="button" className="mantidlab-Button" onClick={() => runs.forgetKept()}>
          {t.__("OK")}
        </button>
      </div>
    </div>
  );
}

export function Bar({ run, t }: { run: Run | undefined; t: TranslationBundle }): React.JSX.Element {
  const known = run?.fraction !== null && run?.fraction !== undefined;
  const name = run?.name ?? t.__("A cell runs");
  return (
    <progress
      className="mantidlab-Running-bar"
      aria-label={name}
      {...(known ? { value: run.fraction ?? 0, max: 1 } : {})}
    />
  );
}

function Log({ runs, t }: { runs: Runs; t: TranslationBundle }): React.JSX.Element {
  const [, ...others] = runs.now;
  const lines = runs.lines.slice(-40);
  return (
    <div className="mantidlab-Running-log">
      {others.map((run) => (
        <div key={run.id}>
          {run.name} {told(run, t)}
        </div>
      ))}
      {lines.length === 0 ? <div>{t.__("It has said nothing so far.")}</div> : null}
      {lines.map(({ level, line }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no names, and may be the same
        <div key={place} data-level={level}>
          {line}
        </div>
      ))}
    </div>
  );
}

/** JupyterLab's own command, which asks first. */
export function restartKernel({ commands }: Pick<Services, "commands">): void {
  void commands.execute("kernelmenu:restart");
}

/** 42 %, bank 2, 1 min 5 s left. */
export function told({ fraction, message, left, seconds }: Run, t: TranslationBundle): string {
  return [
    fraction === null ? "" : `${Math.round(fraction * 100)} %`,
    message,
    left === null ? t.__("for %1", duration(seconds)) : t.__("%1 left", duration(left)),
  ]
    .filter(Boolean)
    .join(" · ");
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function Clock({ since }: { since: number }): React.JSX.Element | null {
  const [, tick] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, []);
  return since > 0 ? <span>{duration((Date.now() - since) / 1000)}</span> : null;
}

/** Whether a cell has run for long enough to be worth a word. */
function useLong(runs: Runs): boolean {
  const [isLong, setLong] = React.useState(false);
  const { busy } = runs;
  React.useEffect(() => {
    if (!busy) {
      setLong(false);
      return;
    }
    const timer = setTimeout(() => setLong(true), SEEN_AFTER);
    return () => clearTimeout(timer);
  }, [busy]);
  return isLong && busy;
}
