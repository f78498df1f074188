// The page of one thing.

import * as React from "react";
import { Button, Notice } from "../core/frame";
import type { Services } from "../core/services";
import { sentenceOf } from "../core/trouble";
import { Examples } from "./Examples";
import { insertCall, insertExample, lostTo } from "./inserting";
import { wordFor } from "./kinds";
import { Name } from "./Name";
import { PropertyTable } from "./PropertyTable";
import { Rendered, RenderedMarkdown } from "./Rendered";
import type { Link, Thing, Usage } from "./things";

const SHORT = 160; // letters of a signature that is shown at once

interface PageProps {
  services: Services;
  thing: Thing;
  /** The property that is meant, such as the one in which the caret stands. */
  meant: string | undefined;
  onLink(of: string): void;
}

export function Page({ services, thing, meant, onLink }: PageProps): React.JSX.Element {
  const { t } = services;
  const [said, say] = React.useState<string>();
  const trying = (work: Promise<unknown>): void => {
    say(undefined);
    work.catch((problem) => say(sentenceOf(problem)));
  };
  const [question, ask] = React.useState<{ usage: Usage; lost: readonly string[] }>();
  const onInsert = (usage: Usage, run: boolean): void => {
    ask(undefined);
    trying(
      insertExample(services, usage, run).then((ran) => {
        if (ran === false) say(t.__("The example ended with an error; its cell says which one."));
      }),
    );
  };
  const onExample = (usage: Usage, run: boolean): void => {
    if (!run) {
      onInsert(usage, false);
      return;
    }
    trying(
      lostTo(services.kernel, usage).then((lost) => {
        if (lost.length > 0) ask({ usage, lost });
        else onInsert(usage, true);
      }),
    );
  };
  return (
    <article className="mantidlab-DocPage" aria-label={thing.title}>
      <Head services={services} thing={thing} />
      <Actions services={services} thing={thing} trying={trying} />
      {said && <Notice alert>{said}</Notice>}
      {thing.signature && <Signature services={services} text={thing.signature} />}
      {thing.markdown && <RenderedMarkdown services={services} markdown={thing.markdown} onLink={onLink} />}
      {thing.properties.length > 0 && (
        <Section title={thing.framework === "mantid" ? t.__("Properties") : t.__("Arguments")}>
          <PropertyTable
            services={services}
            rows={thing.properties}
            meant={meant}
            label={thing.framework === "mantid" ? t.__("Properties") : t.__("Arguments")}
            onLink={onLink}
          />
        </Section>
      )}
      {thing.returns && (
        <Section title={t.__("Returns")}>
          <Rendered services={services} html={thing.returns} onLink={onLink} />
        </Section>
      )}
      {thing.html && (
        <Section title={thing.kind === "page" ? "" : t.__("Description")}>
          <Rendered services={services} html={thing.html} onLink={onLink} />
        </Section>
      )}
      {thing.usage.length > 0 && (
        <Section title={t.__("Usage")}>
          {question && (
            <Notice alert>
              <p>
                {t.__(
                  "The example would take the place of your %1. Inserted only, it can be changed before it runs.",
                  question.lost.join(", "),
                )}
              </p>
              <div className="mantidlab-DocActions">
                <Button onClick={() => onInsert(question.usage, false)}>{t.__("Insert only")}</Button>
                <Button onClick={() => onInsert(question.usage, true)}>{t.__("Run it all the same")}</Button>
                <Button onClick={() => ask(undefined)}>{t.__("Cancel")}</Button>
              </div>
            </Notice>
          )}
          <Examples services={services} usage={thing.usage} onLink={onLink} onInsert={onExample} />
        </Section>
      )}
      <Links title={t.__("See also")} links={thing.see_also} onLink={onLink} />
      <Links title={t.__("Methods and properties")} links={thing.members} onLink={onLink} />
      <Links title={t.__("Related")} links={thing.links} onLink={onLink} />
      {thing.categories.length > 0 && (
        <Section title={t.__("Categories")}>
          <p className="mantidlab-DocQuiet">{thing.categories.join(" · ").replaceAll("\\", " › ")}</p>
        </Section>
      )}
    </article>
  );
}

function Head({ services: { t }, thing }: { services: Services; thing: Thing }): React.JSX.Element {
  return (
    <header>
      <h3 className="mantidlab-DocTitle">
        <Name text={thing.title} />
      </h3>
      <p className="mantidlab-DocQuiet">
        {wordFor(thing.kind, t)}
        {thing.environment && ` · ${thing.environment}`}
      </p>
      {thing.summary && !thing.markdown && <p>{thing.summary}</p>}
      {thing.deprecated && <Notice alert>{t.__("Deprecated: %1", thing.deprecated)}</Notice>}
    </header>
  );
}

function Actions({
  services,
  thing,
  trying,
}: {
  services: Services;
  thing: Thing;
  trying(work: Promise<unknown>): void;
}): React.JSX.Element | null {
  const { t, commands, documents } = services;
  if (!thing.call && !thing.form && !thing.file) return null;
  return (
    <div className="mantidlab-DocActions" role="toolbar" aria-label={t.__("What to do with it")}>
      {thing.call && (
        <Button primary onClick={() => trying(insertCall(services, thing))}>
          {t.__("Insert call")}
        </Button>
      )}
      {thing.form && (
        <Button onClick={() => trying(commands.execute("mantidlab:form", { of: thing.of }))}>
          {t.__("Open form")}
        </Button>
      )}
      {thing.file && (
        <Button primary onClick={() => documents.openOrReveal(thing.file)}>
          {t.__("Open the notebook")}
        </Button>
      )}
    </div>
  );
}

/** How it is called; a long one is folded, since the table below says the same in better order. */
function Signature({ services: { t }, text }: { services: Services; text: string }): React.JSX.Element {
  const code = <pre className="mantidlab-DocSignature">{text}</pre>;
  if (text.length <= SHORT) return code;
  return (
    <details>
      <summary>{t.__("Signature")}</summary>
      {code}
    </details>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }): React.JSX.Element {
  return (
    <section>
      {title && <h4 className="mantidlab-DocHeading">{title}</h4>}
      {children}
    </section>
  );
}

function Links({
  title,
  links,
  onLink,
}: {
  title: string;
  links: readonly Link[];
  onLink(of: string): void;
}): React.JSX.Element | null {
  if (links.length === 0) return null;
  return (
    <Section title={title}>
      <ul className="mantidlab-DocLinks">
        {links.map(({ title: name, of }) => (
          <li key={`${name} ${of}`}>
            {of ? (
              <button type="button" className="mantidlab-DocLink" onClick={() => onLink(of)}>
                {name}
              </button>
            ) : (
              <span className="mantidlab-DocQuiet">{name}</span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
