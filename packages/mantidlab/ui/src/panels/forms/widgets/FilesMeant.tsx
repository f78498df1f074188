// Below a field for files: which files it means, what has none, and where was looked.
import * as React from "react";
import { dateText, type Meant, type MeantFile, sizeText, summaryOf } from "../meant";
import type { Field, Value } from "../spec";
import { isExpression } from "../spec";
import { SurroundingsContext } from "../surroundings";
import { t } from "../texts";
import type { WidgetProperties } from "./properties";

const PAUSE = 350; // ms, while somebody types
const AGAIN = 700; // ms, while a large archive is looked through
const FIRST = 3;

/** Ask which files a value means, a moment after it was typed, and again while folders are being looked through. */
function useMeant(field: Field, value: Value | undefined): Meant | null {
  const { meant } = React.useContext(SurroundingsContext);
  const [answer, setAnswer] = React.useState<Meant | null>(null);
  const key = JSON.stringify(value ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the value is another one
  React.useEffect(() => {
    if (value === undefined || value === null || isExpression(value)) {
      setAnswer(null);
      return;
    }
    const given = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      // A server that cannot say is not the person's mistake; the call finds its files itself.
      const said = await meant(field, value, given.signal).catch(() => null);
      if (!given.signal.aborted) {
        setAnswer(said);
        if (said !== null && said.looking !== "") {
          timer = setTimeout(() => void ask(), AGAIN);
        }
      }
    };
    timer = setTimeout(() => void ask(), PAUSE);
    return () => {
      given.abort();
      clearTimeout(timer);
    };
  }, [field, key, meant]);
  return answer;
}

export function FilesMeant({ field, value, id, invalid }: WidgetProperties): React.JSX.Element {
  const meant = useMeant(field, value);
  // What is wrong with the field is said at the field already.
  const shown = invalid || meant === null || (meant.asked === 0 && meant.problem === "") ? null : meant;
  return (
    <div className="mlf-meant" id={`${id}-meant`}>
      <p role="status" aria-live="polite" className={shown && isTrouble(shown) ? "mlf-problem" : "mlf-quiet"}>
        {shown && summaryOf(shown)}
      </p>
      {shown && <Missing meant={shown} />}
      {shown && (shown.found > 1 || (shown.found > 0 && shown.lacking > 0)) && (
        <Found meant={shown} label={field.label} />
      )}
      {shown?.found === 1 && shown.lacking === 0 && <Others files={shown.files} />}
    </div>
  );
}

function isTrouble({ lacking, problem, looking }: Meant): boolean {
  return looking === "" && (lacking > 0 || problem !== "");
}

function Missing({ meant: { missing, lacking } }: { meant: Meant }): React.JSX.Element | null {
  if (missing.length === 0) {
    return null;
  }
  const [first, ...rest] = missing.map(({ asked, sentence, candidates }) => (
    <li key={asked} title={candidates.join("\n") || undefined}>
      {sentence}
    </li>
  ));
  return (
    <>
      <ul className="mlf-meant-list mlf-problem">{first}</ul>
      {rest.length > 0 && (
        <Folded label={t.__("%1 more that are not there", lacking - 1)}>
          <ul className="mlf-meant-list">
            {rest}
            {lacking > missing.length && <li>{t.__("… and %1 more", lacking - missing.length)}</li>}
          </ul>
        </Folded>
      )}
    </>
  );
}

function Found({ meant: { files, found }, label }: { meant: Meant; label: string }): React.JSX.Element {
  const [isWhole, setWhole] = React.useState(false);
  const shown = isWhole ? files : files.slice(0, FIRST);
  return (
    <>
      <ul className="mlf-meant-list mlf-quiet" aria-label={t.__("Files of %1", label)}>
        {shown.map((file) => (
          <li key={`${file.asked} ${file.path}`} title={file.path}>
            <span className="mlf-meant-name">{file.name}</span> · {sizeText(file.size)} · {dateText(file.modified)}
          </li>
        ))}
        {isWhole && found > files.length && <li>{t.__("… and %1 more", found - files.length)}</li>}
      </ul>
      {found > FIRST && (
        <button type="button" className="mlf-link" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? t.__("Show the first %1", FIRST) : t.__("Show all %1 files", found)}
        </button>
      )}
      <Others files={files} />
    </>
  );
}

// Of several files of one run one is taken; that must not stay unsaid.
function Others({ files }: { files: readonly MeantFile[] }): React.JSX.Element | null {
  const several = files.filter(({ others }) => others.length > 0);
  if (several.length === 0) {
    return null;
  }
  const label =
    several.length === 1
      ? t.__("%1 has %2 files; %3 is taken", several[0]!.asked, several[0]!.others.length + 1, several[0]!.path)
      : t.__("%1 runs have several files", several.length);
  return (
    <Folded label={label}>
      <ul className="mlf-meant-list">
        {several.flatMap(({ path, others }) =>
          others.map((other) => <li key={other}>{t.__("%1 is taken, not %2", path, other)}</li>),
        )}
      </ul>
    </Folded>
  );
}

function Folded({ label, children }: { label: string; children: React.ReactNode }): React.JSX.Element {
  return (
    <details className="mlf-meant-more">
      <summary className="mlf-link">{label}</summary>
      {children}
    </details>
  );
}
