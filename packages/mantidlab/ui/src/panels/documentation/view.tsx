// What the panel shows: a search box, and below it what was found, a page, or what was read last.

import * as React from "react";
import { Busy, Notice, PanelFrame, SearchBox } from "../core/frame";
import { useFetched, useSignal, useTopic } from "../core/hooks";
import type { ViewProps } from "../core/panel";
import type { Services } from "../core/services";
import { type Choice, choicesOf, wordFor } from "./kinds";
import { Page } from "./Page";
import { Results } from "./Results";
import { keepRecent, recentPages } from "./recent";
import { type Search, useSearch } from "./searching";
import { Tree } from "./Tree";
import type { Hit, Thing } from "./things";
import { BEGINNING, canGo, go, type Place, shownOf, type Trail, visit } from "./trail";

const FOLLOW = "documentation/follow";
const FILTER = "documentation/filter";

export function DocumentationView({ services, asked, visible }: ViewProps): React.JSX.Element {
  const { t, memory, commands, kernel } = services;
  useSignal(kernel.changed);
  const [text, setText] = React.useState("");
  const [active, setActive] = React.useState(0);
  const [trail, setTrail] = React.useState<Trail>(BEGINNING);
  const [isReading, setReading] = React.useState(false);
  const [follows, setFollows] = React.useState(() => memory.get<boolean>(FOLLOW) ?? true);
  const [filter, setFilter] = React.useState(() => memory.get<string>(FILTER) ?? "all");
  const choices = choicesOf(t);
  const choice = choices.find(({ name }) => name === filter) ?? (choices[0] as Choice);
  const search = useSearch(services, text, choice.kinds);
  const place = shownOf(trail);
  const id = React.useId();

  const read = React.useCallback((next: Place): void => {
    setTrail((last) => visit(last, next));
    setReading(true);
  }, []);
  const onLink = React.useCallback((of: string): void => read({ of }), [read]);
  const choose = (hit: Hit): void => {
    if (hit.kind === "interface") void commands.execute("mantidlab:interfaces", { name: hit.name });
    else read({ of: hit.leads_to });
  };

  useAsked(asked, read, (wanted) => {
    setText(wanted);
    setReading(false);
  });
  const isSearching = text.trim() !== "" && !isReading;
  const topic = useTopic(services, follows && visible);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a search that ends is no move of the caret
  React.useEffect(() => {
    if (topic?.of && follows && !isSearching) {
      read({ of: topic.of, property: topic.property ?? undefined, followed: true });
    }
  }, [topic, follows, read]);

  const step = (by: -1 | 1): void => {
    setTrail((last) => go(last, by));
    setReading(true);
  };
  // Who types quickly presses Enter before the answer is there: what then comes first is opened.
  const [entered, setEntered] = React.useState<string>();
  const isCurrent = search.text === text.trim() && !search.waits;
  React.useEffect(() => {
    if (entered === undefined || !isCurrent) return;
    setEntered(undefined);
    const [first] = search.hits;
    if (first && entered === search.text) choose(first);
  });
  const onSearchKey = (event: React.KeyboardEvent): void => {
    const moves = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const hit = search.hits[active];
    if (moves !== undefined) {
      setReading(false);
      setActive(Math.max(0, Math.min(search.hits.length - 1, active + moves)));
    } else if (event.key === "Enter" && text.trim() !== "" && !isCurrent) setEntered(text.trim());
    else if (event.key === "Enter" && text.trim() !== "" && hit) choose(hit);
    else if (event.key === "Escape" && isSearching && place) setReading(true);
    else if (event.key === "Escape" && text !== "") setText("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onKey = (event: React.KeyboardEvent): void => {
    const by = event.altKey ? { ArrowLeft: -1 as const, ArrowRight: 1 as const }[event.key] : undefined;
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of whatever has the focus within
    <div className="mantidlab-Doc" onKeyDown={onKey}>
      <PanelFrame
        label={t.__("Documentation")}
        toolbar={
          <>
            <div className="mantidlab-DocTools">
              <Step label={t.__("Back")} sign="←" enabled={canGo(trail, -1)} onClick={() => step(-1)} />
              <Step label={t.__("Forward")} sign="→" enabled={canGo(trail, 1)} onClick={() => step(1)} />
              <label className="mantidlab-DocFollow" title={t.__("Show what stands at the caret of the notebook")}>
                <input
                  type="checkbox"
                  checked={follows}
                  onChange={({ target: { checked } }) => {
                    setFollows(checked);
                    memory.set(FOLLOW, checked);
                  }}
                />
                {t.__("Follow the cursor")}
              </label>
            </div>
            <SearchBox
              value={text}
              label={t.__("Search the documentation")}
              placeholder={t.__("Search, as far as you remember")}
              onChange={(typed) => {
                setText(typed);
                setActive(0);
                setReading(false);
              }}
              onKeyDown={onSearchKey}
              aria-controls={isSearching && search.hits.length > 0 ? id : undefined}
              aria-activedescendant={isSearching && search.hits[active] ? `${id}-${active}` : undefined}
            />
            {isSearching && (
              <select
                className="mantidlab-DocFilter"
                aria-label={t.__("Show only")}
                value={choice.name}
                onChange={({ target: { value } }) => {
                  setFilter(value);
                  setActive(0);
                  memory.set(FILTER, value);
                }}
              >
                {choices.map(({ name, label }) => (
                  <option key={name} value={name}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </>
        }
      >
        {isSearching ? (
          <Found services={services} search={search} choice={choice} active={active} id={id} onChoose={choose} />
        ) : place && isReading ? (
          <Read services={services} place={place} onLink={onLink} />
        ) : (
          <Begin services={services} onLink={onLink} isSeen={visible} />
        )}
      </PanelFrame>
    </div>
  );
}

/** Do what the command asked for, once for each time that it did. */
function useAsked(asked: ViewProps["asked"], read: (place: Place) => void, search: (text: string) => void): void {
  const done = React.useRef(0);
  React.useEffect(() => {
    if (asked.serial === done.current) return;
    done.current = asked.serial;
    const { leads_to, property, search: text } = asked.args;
    if (typeof leads_to === "string")
      read({ of: leads_to, property: typeof property === "string" ? property : undefined });
    else if (typeof text === "string") search(text);
  });
}

function Step({
  label,
  sign,
  enabled,
  onClick,
}: {
  label: string;
  sign: string;
  enabled: boolean;
  onClick(): void;
}): React.JSX.Element {
  return (
    <button
      type="button"
      className="mantidlab-Button mantidlab-DocStep"
      aria-label={label}
      title={label}
      disabled={!enabled}
      onClick={onClick}
    >
      {sign}
    </button>
  );
}

function Found({
  services: { t },
  search: { hits, trouble, waits, text },
  choice,
  active,
  id,
  onChoose,
}: {
  services: Services;
  search: Search;
  choice: Choice;
  active: number;
  id: string;
  onChoose(hit: Hit): void;
}): React.JSX.Element {
  if (trouble) return <Notice alert>{trouble}</Notice>;
  if (hits.length > 0) return <Results hits={hits} active={active} id={id} t={t} onChoose={onChoose} />;
  if (waits) return <Busy label={t.__("Searching …")} />;
  const where =
    choice.kinds.length > 0
      ? t.__("Nothing is found for “%1” among: %2.", text, choice.label)
      : t.__("Nothing is found for “%1”.", text);
  return <Notice>{where}</Notice>;
}

function Read({
  services,
  place,
  onLink,
}: {
  services: Services;
  place: Place;
  onLink(of: string): void;
}): React.JSX.Element {
  const { server, kernel, memory, t } = services;
  const { environment } = kernel;
  const body = React.useRef<HTMLDivElement>(null);
  const { value: thing, trouble } = useFetched(
    () => server.get<Thing>("docs/thing", { of: place.of, environment }),
    [server, place.of, environment],
  );
  React.useEffect(() => {
    if (!thing) return;
    keepRecent(memory, thing);
    body.current?.parentElement?.scrollTo?.({ top: 0 });
  }, [thing, memory]);
  return (
    <div ref={body}>
      {trouble && <Notice alert>{trouble}</Notice>}
      {!thing && !trouble && <Busy label={t.__("Opening the page …")} />}
      {thing && (
        <Page
          key={thing.of}
          services={services}
          thing={thing}
          meant={place.property || thing.property || undefined}
          onLink={onLink}
        />
      )}
    </div>
  );
}

function Begin({
  services,
  onLink,
  isSeen,
}: {
  services: Services;
  onLink(of: string): void;
  isSeen: boolean;
}): React.JSX.Element {
  const { memory, t } = services;
  const recent = recentPages(memory);
  return (
    <>
      <Notice>
        {t.__(
          "Search algorithms, properties, fit functions, Python functions, pages, examples and interfaces; mistakes do not matter. Or put the caret into a call of your notebook.",
        )}
      </Notice>
      {recent.length > 0 && (
        <section>
          <h3 className="mantidlab-DocHeading">{t.__("Read last")}</h3>
          <div className="mantidlab-DocResults">
            {recent.map(({ of, title, kind }) => (
              <button key={of} type="button" className="mantidlab-DocResult" onClick={() => onLink(of)}>
                <span className="mantidlab-DocResult-title">{title}</span>
                <span className="mantidlab-DocKind">{wordFor(kind, t)}</span>
              </button>
            ))}
          </div>
        </section>
      )}
      {isSeen && (
        <section>
          <h3 className="mantidlab-DocHeading">{t.__("All that there is")}</h3>
          <Tree services={services} onRead={onLink} />
        </section>
      )}
    </>
  );
}
