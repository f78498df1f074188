// Looks for what a form can be opened of: algorithms, functions, interfaces.
import * as React from "react";
import { Notice, SearchBox, type Services } from "../core";
import { t } from "./texts";
import { useLate } from "./useLate";

export interface Thing {
  of: string;
  title: string;
  summary: string;
}

interface Hit {
  kind: string;
  name: string;
  title: string;
  snippet: string;
  leads_to: string;
}

const RECENT = "forms/recent";
const MOST_RECENT = 12;
const NONE: readonly Thing[] = [];

interface ThingSearchProperties {
  services: Services;
  onChoose(thing: Thing): void;
}

export function ThingSearch({ services, onChoose }: ThingSearchProperties): React.JSX.Element {
  const [sought, seek] = React.useState("");
  const [active, setActive] = React.useState(0);
  const found = useLate(sought.trim(), sought.trim(), (text) => find(services, text), NONE);
  const isSearching = sought.trim() !== "";
  const shown = isSearching ? found.answer : recentThings(services);
  const listId = React.useId();
  // Enter before the answer is there takes the first of it.
  const [isHasty, hasten] = React.useState(false);
  React.useEffect(() => {
    if (isHasty && !found.isLate) {
      hasten(false);
      if (found.answer[0]) {
        onChoose(found.answer[0]);
      }
    }
  }, [isHasty, found.isLate, found.answer, onChoose]);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(shown.length - 1, active + step)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isSearching && found.isLate) {
        hasten(true);
      } else if (shown[active]) {
        onChoose(shown[active]);
      }
    }
  };
  return (
    <div className="mlf-search">
      <SearchBox
        label={t.__("Form of…")}
        placeholder={t.__("Algorithm, function or interface…")}
        value={sought}
        onChange={(text) => {
          seek(text);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        aria-controls={listId}
        aria-activedescendant={shown[active] && isSearching ? `${listId}-${active}` : undefined}
      />
      {found.trouble && isSearching && <Notice alert>{found.trouble}</Notice>}
      <ul id={listId} className="mlf-things" aria-label={isSearching ? t.__("Found") : t.__("Opened last")}>
        {shown.map((thing, index) => (
          <li key={thing.of} id={`${listId}-${index}`}>
            <button
              type="button"
              className="mlf-thing"
              data-active={isSearching && index === active ? true : undefined}
              onClick={() => onChoose(thing)}
            >
              <strong>{thing.title}</strong>
              <span className="mlf-quiet">{thing.summary}</span>
            </button>
          </li>
        ))}
      </ul>
      {isSearching && !found.isLate && found.trouble === null && shown.length === 0 && (
        <Notice>{t.__("Nothing that has a form is called so.")}</Notice>
      )}
      {!isSearching && shown.length === 0 && (
        <Notice>
          {t.__(
            "Every algorithm and every typed Python function has a form. Search for one, or put the caret into a call and open the cell as a form.",
          )}
        </Notice>
      )}
    </div>
  );
}

async function find({ server, kernel }: Services, text: string): Promise<readonly Thing[]> {
  if (text === "") {
    return NONE;
  }
  const { hits } = await server.get<{ hits: Hit[] }>("docs/search", {
    q: text,
    limit: "30",
    kinds: "algorithm,python,interface",
    environment: kernel.environment,
  });
  return hits.map(({ leads_to, name, title, snippet }) => ({ of: leads_to, title: name || title, summary: snippet }));
}

function recentThings({ memory }: Services): readonly Thing[] {
  return (memory.get(RECENT) as Thing[] | undefined) ?? NONE;
}

/** Keep that a form was opened, to be offered where nothing is searched for. */
export function keepRecent(services: Services, thing: Thing): void {
  const others = recentThings(services).filter(({ of }) => of !== thing.of);
  services.memory.set(RECENT, [thing, ...others].slice(0, MOST_RECENT) as never);
}
