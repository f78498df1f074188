// What the cells of the page's notebook gave, the last one first; live, with plots that can be worked with.
import type { CodeCell } from "@jupyterlab/cells";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { Widget } from "@lumino/widgets";
import * as React from "react";
import { t } from "../../forms/texts";

export function Outputs({ notebook }: { notebook: NotebookPanel }): React.JSX.Element {
  const cells = useCodeCells(notebook);
  const [opened, setOpened] = React.useState<readonly string[]>([]);
  const newest = cells[0]?.model.id;
  const place = React.useRef<HTMLElement>(null);
  const seen = React.useRef(newest);
  React.useEffect(() => {
    // What has just come out is looked at; not what a page that is loaded again still has.
    if (newest !== seen.current) {
      seen.current = newest;
      place.current?.scrollIntoView({ behavior: "smooth" });
    }
  }, [newest]);
  return (
    <section ref={place} className="mli-outputs" aria-label={t.__("Results")}>
      <h2>{t.__("Results")}</h2>
      {cells.length === 0 && <p className="mlf-quiet">{t.__("They appear here once you have run it.")}</p>}
      {cells.map((cell, index) => {
        const { id } = cell.model;
        const isOpen = id === newest || opened.includes(id);
        return (
          <article key={id} className="mli-output" data-newest={id === newest || undefined}>
            {id !== newest && (
              <button
                type="button"
                className="mlf-section-head"
                aria-expanded={isOpen}
                onClick={() => setOpened(isOpen ? opened.filter((one) => one !== id) : [...opened, id])}
              >
                <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span> {t.__("Run %1", cells.length - index)}{" "}
                <span className="mlf-quiet mli-call">{callIn(cell)}</span>
              </button>
            )}
            {isOpen && <Output cell={cell} />}
          </article>
        );
      })}
    </section>
  );
}

function Output({ cell }: { cell: CodeCell }): React.JSX.Element {
  const host = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const area = cell.cloneOutputArea();
    if (host.current) {
      Widget.attach(area, host.current);
    }
    return () => area.dispose();
  }, [cell]);
  return <div ref={host} className="mli-output-area jp-LinkedOutputView" />;
}

/** The code cells that have run, or run now; the newest first. */
function useCodeCells({ content }: NotebookPanel): readonly CodeCell[] {
  const [, again] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const cells = content.model?.cells;
    const watched = new Set<CodeCell>();
    const look = () => {
      for (const cell of codeCells(content.widgets)) {
        if (!watched.has(cell)) {
          watched.add(cell);
          cell.model.stateChanged.connect(again);
          cell.model.outputs.changed.connect(again);
        }
      }
      again();
    };
    // The notebook makes a widget of a cell after its model has told of it.
    const later = () => void Promise.resolve().then(look);
    cells?.changed.connect(later);
    look();
    return () => {
      cells?.changed.disconnect(later);
      for (const cell of watched) {
        if (!cell.isDisposed) {
          cell.model.stateChanged.disconnect(again);
          cell.model.outputs.changed.disconnect(again);
        }
      }
    };
  }, [content]);
  return codeCells(content.widgets)
    .filter(({ model }) => model.outputs.length > 0)
    .reverse();
}

function codeCells(widgets: readonly Widget[]): CodeCell[] {
  return (widgets as readonly CodeCell[]).filter(({ model }) => model?.type === "code");
}

// The line that says most: the last but one that calls anything.
function callIn(cell: CodeCell): string {
  const lines = cell.model.sharedModel.getSource().split("\n");
  return lines.find((line) => line.includes("(") && !/^\s*(from|import)\b/.test(line)) ?? "";
}
