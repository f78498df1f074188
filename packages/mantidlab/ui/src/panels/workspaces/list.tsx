// The list of workspaces: a tree of which only the rows in sight are drawn, so that thousands cost nothing.

import type { TranslationBundle } from "@jupyterlab/translation";
import * as React from "react";
import type { Row } from "./arrangement";
import { type Item, kindOf, labelOf, memoryOf, sizeOf } from "./item";
import { Sparkline } from "./sparkline";

const BEYOND = 6; // rows drawn above and below what is seen
const TAP_WITHIN = 10; // px that a finger may move
const LONG_PRESS = 550; // ms

export interface ListProps {
  readonly rows: readonly Row[];
  readonly chosen: ReadonlySet<string>;
  /** The row that keys move. */
  readonly at: string | undefined;
  /** Whether a tap adds to what is chosen. */
  readonly several: boolean;
  readonly t: TranslationBundle;
  choose(names: ReadonlySet<string>, at: string): void;
  fold(name: string, open: boolean): void;
  menu(item: Item, at: { x: number; y: number }): void;
  /** F2, Delete, Ctrl Z and so on. */
  command(name: string): void;
}

export function List(props: ListProps): React.JSX.Element {
  const { rows, chosen, at, t } = props;
  const box = React.useRef<HTMLDivElement>(null);
  const height = rowHeight();
  const { first, last, onScroll } = useWindow(box, rows, height);
  useInSight(box, rows, at, height);
  const press = usePress(props);
  return (
    <div
      ref={box}
      className="mantidlab-Workspaces-list"
      role="tree"
      tabIndex={0}
      aria-label={t.__("Workspaces")}
      aria-multiselectable="true"
      aria-activedescendant={at === undefined ? undefined : idOf(at)}
      onScroll={onScroll}
      onKeyDown={(event) => onKey(event, props, box.current)}
    >
      <div role="presentation" style={{ height: rows.length * height, position: "relative" }}>
        {rows.slice(first, last).map((row, place) => (
          <TreeRow
            key={row.item.name}
            row={row}
            top={(first + place) * height}
            height={height}
            isChosen={chosen.has(row.item.name)}
            active={row.item.name === at}
            press={press}
            list={props}
          />
        ))}
      </div>
    </div>
  );
}

function TreeRow({
  row: { item, level, open, place, siblings },
  top,
  height,
  isChosen,
  active,
  press,
  list: { several, t, fold, command },
}: {
  readonly row: Row;
  readonly top: number;
  readonly height: number;
  readonly isChosen: boolean;
  readonly active: boolean;
  readonly press: Press;
  readonly list: ListProps;
}): React.JSX.Element {
  const told = [kindOf(item.kind, t), sizeOf(item, t), item.unit, memoryOf(item.memory)].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and says which row is active
    <div
      id={idOf(item.name)}
      role="treeitem"
      aria-level={level}
      aria-expanded={open}
      aria-selected={isChosen}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-label={[labelOf(item), ...told].join(", ")}
      className={`mantidlab-Workspaces-row${active ? " mantidlab-mod-active" : ""}`}
      style={{ top, height, paddingLeft: 4 + (level - 1) * 18 }}
      title={[item.type, item.title].filter(Boolean).join(" · ")}
      onPointerDown={(event) => press.down(event, item)}
      onPointerMove={press.move}
      onPointerUp={(event) => press.up(event, item)}
      onPointerCancel={press.cancel}
      onContextMenu={(event) => press.menu(event, item)}
      onDoubleClick={() => command("show")}
    >
      {several ? (
        <span className="mantidlab-Workspaces-tick" aria-hidden="true" data-on={isChosen || undefined} />
      ) : null}
      <span
        className="mantidlab-Workspaces-fold"
        aria-hidden="true"
        onPointerDown={(event) => event.stopPropagation()}
        onPointerUp={(event) => {
          event.stopPropagation();
          if (open !== undefined) fold(item.name, !open);
        }}
      >
        {open === undefined ? "" : open ? "▾" : "▸"}
      </span>
      <span className="mantidlab-Workspaces-name">{labelOf(item)}</span>
      {item.sparkline?.length ? <Sparkline values={item.sparkline} /> : null}
      <span className="mantidlab-Workspaces-told">{told.join(" · ")}</span>
    </div>
  );
}

export function idOf(name: string): string {
  return `mantidlab-workspace-${encodeURIComponent(name).replaceAll("%", "-")}`;
}

function rowHeight(): number {
  return globalThis.matchMedia?.("(pointer: coarse)").matches ? 56 : 44;
}

/** Which rows are drawn; what is read stays where it is while rows come and go above it. */
function useWindow(
  box: React.RefObject<HTMLDivElement>,
  rows: readonly Row[],
  height: number,
): { first: number; last: number; onScroll(): void } {
  const [[top, seen], setSeen] = React.useState<readonly [number, number]>([0, 600]);
  const held = React.useRef<{ name: string; offset: number } | undefined>(undefined);
  const measure = React.useCallback((): void => {
    const element = box.current;
    if (element) setSeen([element.scrollTop, element.clientHeight || 600]);
  }, [box]);
  React.useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const place = rows.findIndex(({ item }) => item.name === held.current?.name);
    if (held.current && place >= 0 && element.scrollTop > 0) {
      const wanted = place * height + held.current.offset;
      if (Math.abs(wanted - element.scrollTop) >= 1) element.scrollTop = wanted;
    }
    measure();
  }, [rows, height, box, measure]);
  React.useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, measure]);
  const onScroll = (): void => {
    const element = box.current;
    const row = element ? rows[Math.floor(element.scrollTop / height)] : undefined;
    held.current = element && row ? { name: row.item.name, offset: element.scrollTop % height } : undefined;
    measure();
  };
  const first = Math.max(0, Math.floor(top / height) - BEYOND);
  return { first, last: Math.ceil((top + seen) / height) + BEYOND, onScroll };
}

/** Bring the row that keys moved to into sight. */
function useInSight(
  box: React.RefObject<HTMLDivElement>,
  rows: readonly Row[],
  at: string | undefined,
  height: number,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that come and go are no reason to scroll
  React.useLayoutEffect(() => {
    const element = box.current;
    const place = rows.findIndex(({ item }) => item.name === at);
    if (!element || place < 0) return;
    const top = place * height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + height - element.clientHeight;
    }
  }, [at]);
}

interface Press {
  down(event: React.PointerEvent, item: Item): void;
  move(event: React.PointerEvent): void;
  up(event: React.PointerEvent, item: Item): void;
  cancel(): void;
  menu(event: React.MouseEvent, item: Item): void;
}

/** A tap chooses, a long one or the right button opens the menu, a drag scrolls. */
function usePress(props: ListProps): Press {
  const pressed = React.useRef<{ x: number; y: number; timer: ReturnType<typeof setTimeout> | undefined } | undefined>(
    undefined,
  );
  const cancel = (): void => {
    clearTimeout(pressed.current?.timer);
    pressed.current = undefined;
  };
  return {
    cancel,
    down: (event, item) => {
      cancel();
      if (event.button !== 0) return;
      const { clientX: x, clientY: y } = event;
      const open = (): void => {
        pressed.current = undefined;
        props.menu(item, { x, y });
      };
      pressed.current = { x, y, timer: event.pointerType === "mouse" ? undefined : setTimeout(open, LONG_PRESS) };
    },
    move: ({ clientX, clientY }) => {
      const { x, y } = pressed.current ?? { x: clientX, y: clientY };
      if (Math.hypot(clientX - x, clientY - y) > TAP_WITHIN) cancel();
    },
    up: (event, item) => {
      if (pressed.current === undefined) return;
      cancel();
      props.choose(chosenBy(event, item.name, props), item.name);
    },
    menu: (event, item) => {
      event.preventDefault();
      event.stopPropagation();
      // A long press has opened it already; Chromium on a tablet sends this besides.
      if ((event.nativeEvent as PointerEvent).pointerType !== "touch") {
        props.menu(item, { x: event.clientX, y: event.clientY });
      }
    },
  };
}

function chosenBy(
  { shiftKey, ctrlKey, metaKey }: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean },
  name: string,
  { rows, chosen, at, several }: ListProps,
): ReadonlySet<string> {
  if (shiftKey && at !== undefined) return new Set([...chosen, ...between(rows, at, name)]);
  if (!(ctrlKey || metaKey || several)) return new Set([name]);
  const next = new Set(chosen);
  if (!next.delete(name)) next.add(name);
  return next;
}

function between(rows: readonly Row[], one: string, other: string): string[] {
  const places = [one, other].map((name) => rows.findIndex(({ item }) => item.name === name));
  return rows.slice(Math.max(0, Math.min(...places)), Math.max(...places) + 1).map(({ item }) => item.name);
}

const COMMANDS: Record<string, string> = { Enter: "show", F2: "rename", Delete: "delete", "/": "filter" };

function onKey(event: React.KeyboardEvent, props: ListProps, box: HTMLElement | null): void {
  const { rows, chosen, at, fold } = props;
  const place = rows.findIndex(({ item }) => item.name === at);
  const row = rows[place];
  const page = Math.max(1, Math.floor((box?.clientHeight ?? 0) / rowHeight()) - 1);
  const steps: Record<string, number> = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    PageDown: place + page,
    PageUp: place - page,
    Home: 0,
    End: rows.length - 1,
  };
  const to = steps[event.key];
  if (to !== undefined) {
    const target = rows[Math.min(Math.max(to, 0), rows.length - 1)];
    if (target) {
      const { name } = target.item;
      props.choose(
        event.shiftKey && at !== undefined ? new Set([...chosen, ...between(rows, at, name)]) : new Set([name]),
        name,
      );
    }
  } else if (event.key === "ArrowRight" && row?.open === false) fold(row.item.name, true);
  else if (event.key === "ArrowLeft" && row?.open) fold(row.item.name, false);
  else if (event.key === "ArrowLeft" && row?.item.parent) props.choose(new Set([row.item.parent]), row.item.parent);
  else if (event.key === " " && row)
    props.choose(chosenBy({ ...NO_KEYS, ctrlKey: true }, row.item.name, props), row.item.name);
  else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
    props.choose(new Set(rows.map(({ item }) => item.name)), at ?? rows[0]?.item.name ?? "");
  } else if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) && row) {
    const spot = box?.ownerDocument.getElementById(idOf(row.item.name))?.getBoundingClientRect();
    props.menu(row.item, { x: (spot?.left ?? 0) + 24, y: spot?.bottom ?? 0 });
  } else if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
    props.command("undo");
  } else if (event.key in COMMANDS && !event.ctrlKey && !event.metaKey && !event.altKey) {
    props.command(COMMANDS[event.key] ?? "");
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

const NO_KEYS = { shiftKey: false, ctrlKey: false, metaKey: false };
