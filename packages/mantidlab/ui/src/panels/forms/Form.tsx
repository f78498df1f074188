// A form that is filled in: fields, the Python that comes of it, and what can be done with that.
import * as React from "react";
import { FormBody, focusField } from "./FormBody";
import { type Change, changed, type Filled, filledWith, isTouched, problemsOf, targetsOf } from "./filled";
import { Preview } from "./Preview";
import type { Checked, FormServices, OpenedCell, Outcome, Written } from "./services";
import { type FormSpec, type Values, valuesFor } from "./spec";
import { Targets } from "./Targets";
import { t } from "./texts";
import { sentenceOf, useLate } from "./useLate";

interface FormProperties {
  spec: FormSpec;
  start: Filled;
  services: FormServices;
  cell: OpenedCell | null;
  /** Says where the values at the start come from. */
  note?: string;
  /** What is known of fields besides, by field. */
  said?: Readonly<Record<string, string>>;
  /** Told what is filled in, whenever it changes. */
  onValues?: (values: Values) => void;
  /** Nothing of cells and Python is shown: a page that looks like an application. */
  plain?: boolean;
  /** Names that the result does not get by itself, since something else has them. */
  taken?: ReadonlySet<string>;
  /** What is written below the call in a new cell. */
  after?: (targets: readonly string[]) => readonly string[];
  /** What is shown below while and after it runs: progress, the workspace that appeared. */
  children?: (targets: readonly string[]) => React.ReactNode;
}

type Doing = "nothing" | "running";

const NOTHING: Readonly<Record<string, string>> = {};
const NOT_CHECKED: Checked = { problems: NOTHING };

export function Form(properties: FormProperties): React.JSX.Element {
  const {
    spec,
    services,
    note,
    said: known = NOTHING,
    onValues,
    plain = false,
    taken = NONE_TAKEN,
    after = nothingAfter,
    children,
  } = properties;
  const [filled, change] = React.useReducer(changed, properties.start);
  // What stands in the cell: another text once it was written back.
  const [cell, setCell] = React.useState(properties.cell);
  const [start, setStart] = React.useState(properties.start);
  const [isTried, setTried] = React.useState(false);
  const [doing, setDoing] = React.useState<Doing>("nothing");
  const [outcome, setOutcome] = React.useState<Outcome | null>(null);
  const root = React.useRef<HTMLFormElement>(null);
  const said = React.useRef<HTMLDivElement>(null);
  const formId = React.useId().replaceAll(":", "");
  // The name that nobody chose; what this form has made it may make again.
  const [given, setGiven] = React.useState<string | null>(null);
  const isGiven = cell === null && filled.targets === spec.call.target;
  const targetsText = isGiven ? (given ?? freeName(filled.targets, taken)) : filled.targets;
  const named = targetsOf(targetsText);
  const targets = "targets" in named ? named.targets : [];

  // Keys go on in the form; its first field would bring up the keyboard of a tablet.
  React.useEffect(() => root.current?.focus({ preventScroll: true }), []);

  // What went wrong is said below the buttons, which may be out of sight.
  React.useEffect(() => {
    if (outcome?.ok === false) {
      said.current?.scrollIntoView?.({ block: "nearest" });
    }
  }, [outcome]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: who is told is another function at each drawing
  React.useEffect(() => onValues?.(filled.values), [filled.values]);

  const own = problemsOf(spec, filled);
  const request = { of: spec.of, values: valuesFor(spec, filled.values), targets };
  const key = JSON.stringify([request, spec.groups.length]);
  const preview = useLate(request, key, (asked) => services.write(asked, cell), null as Written | null);
  const checked = useLate(request, key, (asked) => services.check(asked), NOT_CHECKED);
  const validated = useLate(request, key, (asked) => services.validate(asked), NOTHING);
  const others = { ...validated.answer, ...checked.answer.problems };
  const shown = seen({ ...others, ...own }, spec, filled, isTried);

  const onChange = React.useCallback((next: Change) => {
    setOutcome(null);
    change(next);
  }, []);
  // Who types the last value and presses Enter at once is not held to what was wrong before.
  const othersNow = async (): Promise<Readonly<Record<string, string>>> => {
    const asked = checked.isLate ? services.check(request).catch(() => NOT_CHECKED) : checked.answer;
    return { ...(validated.isLate ? NOTHING : validated.answer), ...(await asked).problems };
  };
  const act = async (task: () => Promise<Outcome | null>) => {
    const wrong = Object.keys({ ...own, ...(isTried ? {} : await othersNow()) });
    setTried(true);
    if (wrong.length > 0 || !("targets" in named)) {
      const first = spec.fields.find(({ name }) => wrong.includes(name));
      setTimeout(() => first && root.current && focusField(root.current, formId, first.name));
      return;
    }
    setDoing("running");
    setOutcome(null);
    try {
      setOutcome(await task());
    } catch (problem) {
      setOutcome({ ok: false, message: sentenceOf(problem) });
    } finally {
      setDoing("nothing");
    }
  };
  const insert = (run: boolean) =>
    act(async () => {
      const written = await services.write(request, null);
      services.remember(spec, filled.values);
      if (isGiven && run) setGiven(targetsText);
      const ended = await services.insert(
        [...(written.imports ?? []), written.source, ...after(targets)].join("\n"),
        run,
      );
      return run ? ended : { ok: true, message: t.__("It stands in the notebook; nothing has run.") };
    });
  const writeBack = (run: boolean) =>
    act(async () => {
      const written = await services.write(request, cell);
      services.remember(spec, filled.values);
      const ended = await cell!.writeBack(cell!.source, written.source, run);
      setCell({ ...cell!, source: written.source, span: written.span });
      setStart(filled);
      return run ? ended : { ok: true, message: t.__("Written back into %1.", cell!.place) };
    });

  return (
    <form
      ref={root}
      className="mlf-form"
      tabIndex={-1}
      aria-label={t.__("Form of %1", spec.title)}
      onSubmit={(event) => {
        event.preventDefault();
        void (cell ? writeBack(true) : insert(true));
      }}
    >
      {note && <p className="mlf-note">{note}</p>}
      <FormBody
        spec={spec}
        filled={filled}
        problems={shown}
        notes={{ ...known, ...checked.answer.notes }}
        formId={formId}
        onChange={onChange}
      />
      {spec.call.target !== null && !plain && (
        <Targets
          id={`${formId}-targets`}
          text={targetsText}
          problem={"problem" in named ? named.problem : null}
          onText={(text) => onChange({ do: "targets", text })}
        />
      )}
      <Summary spec={spec} problems={shown} onGo={(name) => root.current && focusField(root.current, formId, name)} />
      {!plain && (
        <Preview source={previewText(preview.answer, cell === null ? after(targets) : [])} trouble={preview.trouble} />
      )}
      <div className="mlf-actions">
        {cell ? (
          <>
            <button type="submit" className="mlf-button mlf-primary" disabled={doing === "running"}>
              {t.__("Write back and run")}
            </button>
            <button
              type="button"
              className="mlf-button"
              disabled={doing === "running"}
              onClick={() => void writeBack(false)}
            >
              {t.__("Write back")}
            </button>
          </>
        ) : (
          <>
            <button type="submit" className="mlf-button mlf-primary" disabled={doing === "running"}>
              {doing === "running" ? t.__("Running…") : t.__("Run")}
            </button>
            {!plain && (
              <button
                type="button"
                className="mlf-button"
                disabled={doing === "running"}
                onClick={() => void insert(false)}
              >
                {t.__("Insert only")}
              </button>
            )}
          </>
        )}
        <button
          type="button"
          className="mlf-button"
          onClick={() => {
            setTried(false);
            onChange({ do: "set all", filled: cell ? start : filledWith(spec) });
          }}
        >
          {cell ? t.__("As in the cell") : t.__("Reset all")}
        </button>
      </div>
      <div ref={said} role="status" className="mlf-outcome" data-ok={outcome?.ok}>
        {outcome?.message}
      </div>
      {children?.(outcome?.ok === false ? [] : targets)}
    </form>
  );
}

const NONE_TAKEN: ReadonlySet<string> = new Set();

/** Return a name, or the first of `name_2`, `name_3` … that nothing has. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
  return free;
}

const nothingAfter = (): readonly string[] => [];

function previewText(written: Written | null, after: readonly string[]): string {
  return written === null ? "" : [...(written.imports ?? []), written.source, ...after].join("\n");
}

// Nobody is told at once that an empty form is empty.
function seen(
  problems: Readonly<Record<string, string>>,
  spec: FormSpec,
  filled: Filled,
  all: boolean,
): Record<string, string> {
  const fields = spec.fields.filter((field) => all || isTouched(field, filled));
  const pairs = fields.map(({ name }) => [name, problems[name]]).filter(([, sentence]) => sentence !== undefined);
  return Object.fromEntries(pairs);
}

interface SummaryProperties {
  spec: FormSpec;
  problems: Readonly<Record<string, string>>;
  onGo(name: string): void;
}

function Summary({ spec, problems, onGo }: SummaryProperties): React.JSX.Element | null {
  const wrong = spec.fields.filter(({ name }) => problems[name] !== undefined);
  if (wrong.length === 0) {
    return null;
  }
  return (
    <section className="mlf-summary" aria-label={t.__("To mend")}>
      <p>{wrong.length === 1 ? t.__("One thing to mend:") : t.__("%1 things to mend:", wrong.length)}</p>
      <ul>
        {wrong.map(({ name, label }) => (
          <li key={name}>
            <button type="button" className="mlf-link" onClick={() => onGo(name)}>
              {label}
            </button>{" "}
            {problems[name]}
          </li>
        ))}
      </ul>
    </section>
  );
}
