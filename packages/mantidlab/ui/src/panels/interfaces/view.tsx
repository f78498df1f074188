// What the panel shows: the list of interfaces, or the one that is open.
import * as React from "react";
import { Busy, Button, Notice, PanelFrame, SearchBox, useFetched, type ViewProps } from "../core";
import type { Surroundings } from "../forms/surroundings";
import { t } from "../forms/texts";
import { Desk } from "./Desk";
import { byTechnique, fitting, type Heading, type Listed, listed, type Wanted, wordsOf } from "./heading";

interface InterfacesViewProperties extends ViewProps {
  browse: Surroundings["browse"];
}

const CHOSEN = "interfaces/chosen";
const NONE: Listed = { interfaces: [], broken: [] };

export function InterfacesView({ services, asked, visible, browse }: InterfacesViewProperties): React.JSX.Element {
  const [serial, again] = React.useReducer((count: number) => count + 1, 0);
  const [name, setName] = React.useState("");
  const { value, trouble } = useFetched(
    () => (visible ? listed(services) : undefined),
    [services, visible, serial, asked],
  );
  const found = value ?? NONE;
  const open = found.interfaces.find((heading) => heading.name === name);
  React.useEffect(() => {
    if (typeof asked.args.name === "string") {
      setName(asked.args.name);
    }
  }, [asked]);
  React.useEffect(() => {
    services.kernel.changed.connect(again);
    return () => {
      services.kernel.changed.disconnect(again);
    };
  }, [services]);
  return (
    <PanelFrame
      label={open?.title ?? t.__("Interfaces")}
      toolbar={
        open && (
          <>
            <Button onClick={() => setName("")}>{t.__("All")}</Button>
            <a
              className="mantidlab-Button mli-page-link"
              href={services.server.address(`interfaces/${encodeURIComponent(open.name)}`)}
              target="_blank"
              rel="noreferrer"
            >
              {t.__("As a page")}
            </a>
          </>
        )
      }
    >
      {trouble && <Notice alert>{trouble}</Notice>}
      {value === undefined && trouble === undefined && <Busy label={t.__("The interfaces are being listed.")} />}
      {open ? (
        <Desk key={open.name} services={services} heading={open} visible={visible} browse={browse} />
      ) : (
        value && <List services={services} found={found} onOpen={setName} />
      )}
      {!open && name !== "" && value && (
        <Notice alert>{t.__("There is no interface “%1” in this environment or notebook.", name)}</Notice>
      )}
    </PanelFrame>
  );
}

interface ListProperties {
  services: ViewProps["services"];
  found: Listed;
  onOpen(name: string): void;
}

function List({ services, found: { interfaces, broken }, onOpen }: ListProperties): React.JSX.Element {
  const [text, setText] = React.useState("");
  const [chosen, setChosen] = React.useState(() =>
    services.memory.get<{ instrument: string; technique: string }>(CHOSEN),
  );
  const choose = (part: Partial<Wanted>) => {
    const next = { instrument: "", technique: "", ...chosen, ...part };
    setChosen(next);
    services.memory.set(CHOSEN, next);
  };
  const instruments = wordsOf(interfaces, (heading) => heading.instruments);
  const techniques = wordsOf(interfaces, ({ technique }) => [technique]);
  const instrument = known(chosen?.instrument, instruments);
  const technique = known(chosen?.technique, techniques);
  const shown = byTechnique(fitting(interfaces, { text, instrument, technique }), t.__("Other"));
  return (
    <>
      <div className="mlf-search">
        <SearchBox label={t.__("Search interfaces")} placeholder={t.__("Search…")} value={text} onChange={setText} />
      </div>
      <div className="mli-filters">
        <Filter
          label={t.__("Instrument")}
          words={instruments}
          value={instrument}
          onChange={(word) => choose({ instrument: word })}
        />
        <Filter
          label={t.__("Technique")}
          words={techniques}
          value={technique}
          onChange={(word) => choose({ technique: word })}
        />
      </div>
      {shown.map(([group, headings]) => (
        <section key={group} aria-label={group}>
          <h3 className="mli-technique">{group}</h3>
          <ul className="mlf-things">
            {headings.map((heading) => (
              <Item key={heading.name} heading={heading} onOpen={onOpen} />
            ))}
          </ul>
        </section>
      ))}
      {shown.length === 0 && (
        <Notice>{interfaces.length === 0 ? t.__("There are no interfaces yet.") : t.__("No interface fits.")}</Notice>
      )}
      {broken.map(({ origin, message }) => (
        <Notice key={origin} alert>
          {message}
        </Notice>
      ))}
    </>
  );
}

function known(word: string | undefined, words: readonly string[]): string {
  return word !== undefined && words.includes(word) ? word : "";
}

interface FilterProperties {
  label: string;
  words: readonly string[];
  value: string;
  onChange(word: string): void;
}

function Filter({ label, words, value, onChange }: FilterProperties): React.JSX.Element {
  return (
    <label>
      <span className="mlf-quiet">{label}</span>
      <select className="mlf-input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t.__("any")}</option>
        {words.map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

function Item({ heading, onOpen }: { heading: Heading; onOpen(name: string): void }): React.JSX.Element {
  const { name, title, instruments, summary, kind } = heading;
  const notes = [
    instruments.join(", "),
    kind === "notebook" && t.__("of this notebook"),
    kind === "person" && t.__("yours"),
  ];
  return (
    <li>
      <button type="button" className="mlf-thing" onClick={() => onOpen(name)}>
        <strong>{title}</strong>
        <span>{summary}</span>
        <small className="mlf-quiet">{notes.filter(Boolean).join(" · ")}</small>
      </button>
    </li>
  );
}
