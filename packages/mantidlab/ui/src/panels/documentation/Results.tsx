// What was found, best first: a list that arrow keys walk through while the search box keeps the focus.

import type { TranslationBundle } from "@jupyterlab/translation";
import * as React from "react";
import { wordFor } from "./kinds";
import { Name } from "./Name";
import type { Hit } from "./things";

export function Results({
  hits,
  active,
  id,
  t,
  onChoose,
}: {
  hits: readonly Hit[];
  active: number;
  id: string;
  t: TranslationBundle;
  onChoose(hit: Hit): void;
}): React.JSX.Element {
  const list = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    list.current?.querySelector(`[data-index="${active}"]`)?.scrollIntoView?.({ block: "nearest" });
  }, [active]);
  return (
    <div ref={list} id={id} role="listbox" aria-label={t.__("Found")} className="mantidlab-DocResults">
      {hits.map((hit, index) => (
        <button
          key={hit.leads_to}
          id={`${id}-${index}`}
          data-index={index}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className="mantidlab-DocResult"
          onClick={() => onChoose(hit)}
        >
          <span className="mantidlab-DocResult-title">
            <Name text={hit.title} />
          </span>
          <span className="mantidlab-DocKind">{wordFor(hit.kind, t)}</span>
          {hit.snippet && <span className="mantidlab-DocResult-text">{hit.snippet}</span>}
        </button>
      ))}
    </div>
  );
}
