// HTML of the documentation on the page: through JupyterLab's sanitiser, formulas typeset as in notebooks, links that lead on.

import * as React from "react";
import type { Services } from "../core";
import { leadsTo } from "./things";

interface Rendering {
  services: Services;
  onLink(of: string): void;
  className?: string;
}

export const Rendered = React.memo(function Rendered({
  services: { rendermime },
  html,
  onLink,
  className,
}: Rendering & { html: string }): React.JSX.Element {
  const place = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const node = place.current;
    if (!node) return;
    node.innerHTML = rendermime.sanitizer.sanitize(html);
    if (html.includes("\\")) rendermime.latexTypesetter?.typeset(node);
  }, [html, rendermime]);
  return <Linked place={place} className={className} onLink={onLink} />;
});

/** Text of a notebook, drawn as JupyterLab draws it. */
export const RenderedMarkdown = React.memo(function RenderedMarkdown({
  services: { rendermime },
  markdown,
  onLink,
  className,
}: Rendering & { markdown: string }): React.JSX.Element {
  const place = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const renderer = rendermime.createRenderer("text/markdown");
    const model = rendermime.createModel({ data: { "text/markdown": markdown } });
    place.current?.replaceChildren(renderer.node);
    void renderer.renderModel(model);
    return () => renderer.dispose();
  }, [markdown, rendermime]);
  return <Linked place={place} className={className} onLink={onLink} />;
});

function Linked({
  place,
  className,
  onLink,
}: {
  place: React.RefObject<HTMLDivElement>;
  className: string | undefined;
  onLink(of: string): void;
}): React.JSX.Element {
  React.useEffect(() => {
    const node = place.current;
    // Links of the page are what is clicked, by keyboard too.
    const onClick = (event: MouseEvent): void => {
      const link = (event.target as Element).closest("a");
      const of = leadsTo(link?.getAttribute("href") ?? null);
      if (of === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      onLink(of);
    };
    node?.addEventListener("click", onClick);
    return () => node?.removeEventListener("click", onClick);
  }, [place, onLink]);
  return <div ref={place} className={`mantidlab-DocText ${className ?? ""}`} />;
}
