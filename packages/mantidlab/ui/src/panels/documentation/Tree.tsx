// All that there is to look through, for who does not know what to search for (the ARIA pattern of a tree).

import type { TranslationBundle } from "@jupyterlab/translation";
import * as React from "react";
import { Busy, Notice } from "../core/frame";
import type { Services } from "../core/services";
import { above, type Row, useBranches } from "./branches";

export function Tree({ services, onRead }: { services: Services; onRead(of: string): void }): React.JSX.Element {
  const { t } = services;
  const { rows, trouble, isThere, fold } = useBranches(services);
  const [at, setAt] = React.useState<string>();
  const id = React.useId();
  const box = React.useRef<HTMLDivElement>(null);
  const place = Math.max(
    0,
    rows.findIndex(({ path }) => path === at),
  );
  const current = rows[place];
  React.useEffect(() => {
    if (at !== undefined) box.current?.querySelector(`[data-place="${place}"]`)?.scrollIntoView?.({ block: "nearest" });
  }, [at, place]);
  if (trouble) return <Notice alert>{trouble}</Notice>;
  if (!isThere) return <Busy label={t.__("Reading what there is …")} />;
  const choose = (row: Row): void => {
    setAt(row.path);
    if (row.count > 0) fold(row.path, !row.isOpen);
    else onRead(row.of);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || !current) return;
    const next = placeAfter(event.key, rows, place);
    if (next !== undefined) setAt(rows[next]?.path);
    else if (event.key === "ArrowRight" && current.count > 0 && !current.isOpen) fold(current.path, true);
    else if (event.key === "ArrowLeft" && current.isOpen) fold(current.path, false);
    else if (event.key === "Enter" && current.of) onRead(current.of);
    else if (event.key === "Enter" || event.key === " ") choose(current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={box}
      role="tree"
      className="mantidlab-DocTree"
      aria-label={t.__("All that there is")}
      aria-activedescendant={current ? `${id}-${place}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
    >
      {rows.map((row, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the tree keeps the focus; it names the active item
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard by the tree
        <div
          key={row.path}
          id={`${id}-${index}`}
          data-place={index}
          role="treeitem"
          aria-level={row.level}
          aria-posinset={row.place}
          aria-setsize={row.siblings}
          aria-expanded={row.count > 0 ? row.isOpen : undefined}
          aria-selected={index === place}
          className="mantidlab-DocTree-item"
          style={{ paddingInlineStart: 8 + 14 * (row.level - 1) }}
          onClick={() => choose(row)}
        >
          <span className="mantidlab-DocTree-sign" aria-hidden="true">
            {row.count === 0 ? "" : row.isOpen ? "▾" : "▸"}
          </span>
          <span className="mantidlab-DocTree-title">{titleOf(row, t)}</span>
          {row.count > 0 && <span className="mantidlab-DocKind">{row.count}</span>}
          {row.count > 0 && row.of && (
            <button
              type="button"
              tabIndex={-1}
              className="mantidlab-Button mantidlab-DocTree-page"
              aria-label={t.__("Page of %1", row.title)}
              onClick={(event) => {
                event.stopPropagation();
                onRead(row.of);
              }}
            >
              {t.__("Page")}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

function titleOf({ title, level }: Row, t: TranslationBundle): string {
  const trunk: Record<string, string> = {
    algorithms: t.__("Algorithms"),
    functions: t.__("Fit functions"),
    python: t.__("Python packages"),
    pages: t.__("Pages"),
  };
  return (level === 1 && trunk[title]) || title;
}

const PAGE = 10; // rows

/** Return where a key leads; undefined for any other key, and where it does something else to the row. */
function placeAfter(key: string, rows: readonly Row[], place: number): number | undefined {
  const row = rows[place];
  const last = rows.length - 1;
  switch (key) {
    case "ArrowDown":
      return Math.min(last, place + 1);
    case "ArrowUp":
      return Math.max(0, place - 1);
    case "PageDown":
      return Math.min(last, place + PAGE);
    case "PageUp":
      return Math.max(0, place - PAGE);
    case "Home":
      return 0;
    case "End":
      return last;
    case "ArrowRight":
      return row?.isOpen ? Math.min(last, place + 1) : undefined;
    case "ArrowLeft": {
      const parent = row && !row.isOpen ? rows.findIndex(({ path }) => path === above(row.path)) : -1;
      return parent < 0 ? undefined : parent;
    }
    default:
      return key.length === 1 && key !== " " ? startingWith(key, rows, place) : undefined;
  }
}

function startingWith(letter: string, rows: readonly Row[], place: number): number | undefined {
  const order = [...rows.keys()].map((index) => (place + 1 + index) % rows.length);
  return order.find((index) => rows[index]?.title.toLowerCase().startsWith(letter.toLowerCase()));
}
