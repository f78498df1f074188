// The panel: the list of what the kernel holds, and below it what is chosen and what can be done with it.

import { Menu } from "@lumino/widgets";
import * as React from "react";
import { Busy, Button, Notice, PanelFrame, SearchBox } from "../core/frame";
import { useSignal } from "../core/hooks";
import type { ViewProps } from "../core/panel";
import type { Services } from "../core/services";
import { sentenceOf } from "../core/trouble";
import { arranged, ORDERS, type Order, type Row } from "./arrangement";
import { Detail } from "./detail";
import { type Action, actionsFor, labelOfAction } from "./doing";
import { History } from "./history";
import { Inventory } from "./inventory";
import { type Item, kindOf, labelOf, memoryOf } from "./item";
import { List } from "./list";
import { Logs } from "./logs";
import { Numbers } from "./numbers";
import { Deletion, NewName, Saving } from "./questions";
import { doneTo, type Undoable, useUndoable } from "./undoing";

const PAGES = ["table", "logs", "history"] as const;
type Page = (typeof PAGES)[number];
const SHOWN: readonly Action[] = ["plot", "slice", "instrument"];
const COVERS_BELOW = 700; // px of the window, as in the panels' style
const QUESTIONS: readonly Action[] = ["rename", "group", "save", "delete"];

export function WorkspacesView({ services, asked, visible }: ViewProps): React.JSX.Element {
  const { t } = services;
  const inventory = useInventory(services, visible);
  const choice = useChoice(inventory, asked);
  const [page, setPage] = React.useState<{ page: Page; name: string } | undefined>();
  if (page && inventory.items.has(page.name)) {
    return (
      <PanelFrame
        label={titleOf(page, inventory.items, services)}
        toolbar={<Button onClick={() => setPage(undefined)}>{t.__("Back to the list")}</Button>}
      >
        {page.page === "table" ? <Numbers name={page.name} services={services} /> : null}
        {page.page === "logs" ? <Logs name={page.name} services={services} /> : null}
        {page.page === "history" ? <History name={page.name} services={services} /> : null}
      </PanelFrame>
    );
  }
  return <Overview {...{ services, inventory, choice }} look={(next, name) => setPage({ page: next, name })} />;
}

function titleOf(
  { page, name }: { page: Page; name: string },
  items: ReadonlyMap<string, Item>,
  { t }: Services,
): string {
  const item = items.get(name);
  const label = item ? labelOf(item) : name;
  return {
    table: t.__("Values of %1", label),
    logs: t.__("Logs of %1", label),
    history: t.__("How %1 was made", label),
  }[page];
}

function Overview({
  services,
  inventory,
  choice,
  look,
}: {
  services: Services;
  inventory: Inventory;
  choice: Choice;
  look(page: Page, name: string): void;
}): React.JSX.Element {
  const { t, kernel } = services;
  const wish = useWish(services);
  const { text, kind, order, down, open } = wish;
  const held = inventory.items;
  const rows = React.useMemo(
    () => arranged(held, { text, kind, order, down, open }),
    [held, text, kind, order, down, open],
  );
  const items = [...choice.chosen].map((name) => inventory.items.get(name)).filter((item) => item !== undefined);
  const [question, setQuestion] = React.useState<Action | undefined>();
  const [trouble, setTrouble] = React.useState<string | undefined>();
  const [undoable, setUndoable] = useUndoable(services);
  const search = React.useRef<HTMLDivElement>(null);
  const key = [...choice.chosen].join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: a question is about what was chosen when it was asked
  React.useEffect(() => {
    setQuestion(undefined);
    setTrouble(undefined);
  }, [key]);
  const leave = (action: Action, about: readonly Item[], options: object): void => {
    setQuestion(undefined);
    setTrouble(undefined);
    // A panel that covers the notebook would cover what was asked for.
    if (SHOWN.includes(action) && globalThis.innerWidth < COVERS_BELOW) services.shell?.collapseRight();
    doneTo(services, action, about, options).then(
      (done) => done && setUndoable(done),
      (problem) => setTrouble(sentenceOf(problem)),
    );
  };
  const undo = (): void => {
    if (!undoable) return;
    setTrouble(undefined);
    undoable.undo().then(
      () => setUndoable(undefined),
      (problem) => setTrouble(sentenceOf(problem)),
    );
  };
  const forget = (): void => {
    setUndoable(undefined);
    if (undoable?.keeps) void kernel.ask("workspaces", "forget", {}).catch(() => undefined);
  };
  const act = (action: Action, about: readonly Item[] = items): void => {
    const [item] = about;
    if (!item || !actionsFor(about).includes(action)) return;
    if (PAGES.includes(action as Page)) look(action as Page, item.name);
    else if (QUESTIONS.includes(action)) setQuestion(action);
    else leave(action, about, {});
  };
  const asking = question && items.length > 0 && (
    <Asking
      {...{ question, items, services }}
      answer={(options) => leave(question, items, options)}
      cancel={() => setQuestion(undefined)}
    />
  );
  return (
    <PanelFrame
      label={t.__("Workspaces")}
      toolbar={
        <Toolbar
          {...{ wish, services, choice }}
          rows={rows}
          search={search}
          total={[...held.values()].filter(({ parent }) => parent === null).length}
        />
      }
    >
      <div className="mantidlab-Workspaces">
        {undoable && <Undo {...{ undoable, services, undo, forget }} />}
        {trouble && items.length === 0 ? <Notice alert>{trouble}</Notice> : null}
        <Standing inventory={inventory} rows={rows} services={services} wish={wish} />
        {rows.length > 0 ? (
          <List
            {...{ rows, t }}
            chosen={choice.chosen}
            at={choice.at}
            several={choice.several}
            choose={choice.choose}
            fold={wish.fold}
            menu={(item, at) => {
              const about = choice.chosen.has(item.name) ? items : [item];
              if (about.length === 1) choice.choose(new Set([item.name]), item.name);
              openMenu(about, at, services, (action) => act(action, about));
            }}
            command={(name) => {
              const [show] = actionsFor(items);
              if (name === "filter") search.current?.querySelector("input")?.focus();
              else if (name === "undo") undo();
              else if (name !== "show") act(name as Action);
              else if (show) act(show);
            }}
          />
        ) : null}
        {items.length > 0 ? <Detail {...{ items, t, trouble, act }} asking={asking || undefined} /> : null}
        <span className="mantidlab-Workspaces-status" role="status">
          {kernel.status === "busy" ? t.__("A cell runs. Lines that you leave run after it.") : ""}
        </span>
      </div>
    </PanelFrame>
  );
}

/** What was deleted or renamed last, as long as it can be taken back. */
function Undo({
  undoable: { said, keeps },
  services: { t },
  undo,
  forget,
}: {
  undoable: Undoable;
  services: Services;
  undo(): void;
  forget(): void;
}): React.JSX.Element {
  return (
    <div className="mantidlab-Workspaces-undo" role="status">
      <span>{said}</span>
      <Button onClick={undo}>{t.__("Undo")}</Button>
      <Button label={keeps ? t.__("Do not keep it: free its memory") : t.__("Close")} onClick={forget}>
        ×
      </Button>
    </div>
  );
}

function Asking({
  question,
  items,
  services: { t, kernel },
  answer,
  cancel,
}: {
  question: Action;
  items: readonly Item[];
  services: Services;
  answer(options: object): void;
  cancel(): void;
}): React.JSX.Element {
  const props = { items, t, kernel, answer, cancel };
  if (question === "save") return <Saving {...props} />;
  if (question === "delete") return <Deletion {...props} />;
  return <NewName {...props} group={question === "group"} />;
}

/** What stands where there is no list, or besides. */
function Standing({
  inventory: { state, trouble, items },
  rows,
  services: { t, kernel },
  wish,
}: {
  inventory: Inventory;
  rows: readonly Row[];
  services: Services;
  wish: { clear(): void };
}): React.JSX.Element | null {
  if (state === "nothing" || kernel.status === "none") {
    return (
      <Notice>{t.__("There is no kernel. Open a notebook or a console: what its kernel holds is listed here.")}</Notice>
    );
  }
  if (kernel.status === "dead") {
    return (
      <Notice alert>
        {t.__("The kernel has died, and what it held is gone. Start it again, and run the notebook.")}
      </Notice>
    );
  }
  if (state === "trouble") return <Notice alert>{trouble}</Notice>;
  if (state === "loading") return <Busy label={t.__("Asking the kernel what it holds …")} />;
  if (items.size === 0) {
    return (
      <Notice>
        {t.__(
          "The kernel holds no data yet. What you load or make in a cell appears here at once: spectra, images, tables, groups.",
        )}
      </Notice>
    );
  }
  if (rows.length > 0) return null;
  return (
    <>
      <Notice>{t.__("Nothing of the %1 workspaces fits the filter.", items.size)}</Notice>
      <Button onClick={wish.clear}>{t.__("Show all")}</Button>
    </>
  );
}

function Toolbar({
  wish,
  services: { t },
  choice,
  rows,
  search,
  total,
}: {
  wish: ReturnType<typeof useWish>;
  services: Services;
  choice: Choice;
  rows: readonly Row[];
  search: React.RefObject<HTMLDivElement>;
  total: number;
}): React.JSX.Element {
  const orders: Record<Order, string> = {
    name: t.__("name"),
    kind: t.__("kind"),
    size: t.__("size"),
    unit: t.__("unit"),
    memory: t.__("memory"),
    newest: t.__("newest first"),
  };
  const memory = rows.reduce((all, { item, level }) => all + (level === 1 ? (item.memory ?? 0) : 0), 0);
  return (
    <div className="mantidlab-Workspaces-toolbar" ref={search}>
      <SearchBox
        value={wish.text}
        onChange={wish.setText}
        label={t.__("Filter")}
        placeholder={t.__("Filter (press /)")}
      />
      <select aria-label={t.__("Kind")} value={wish.kind} onChange={(event) => wish.setKind(event.target.value)}>
        <option value="">{t.__("all kinds")}</option>
        {["spectra", "events", "image", "table", "peaks", "group"].map((kind) => (
          <option key={kind} value={kind}>
            {kindOf(kind, t)}
          </option>
        ))}
      </select>
      <select
        aria-label={t.__("Sort by")}
        value={wish.order}
        onChange={(event) => wish.setOrder(event.target.value as Order)}
      >
        {ORDERS.map((order) => (
          <option key={order} value={order}>
            {t.__("by %1", orders[order])}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="mantidlab-Button"
        aria-pressed={wish.down}
        aria-label={t.__("The other way round")}
        onClick={wish.turn}
      >
        {wish.down ? "↓" : "↑"}
      </button>
      <button type="button" className="mantidlab-Button" aria-pressed={choice.several} onClick={choice.toggleSeveral}>
        {t.__("Several")}
      </button>
      <small>{[t._n("%1 workspace", "%1 workspaces", total), memoryOf(memory)].join(", ")}</small>
    </div>
  );
}

function openMenu(
  items: readonly Item[],
  at: { x: number; y: number },
  services: Services,
  act: (action: Action) => void,
): void {
  const { commands, t } = services;
  const menu = new Menu({ commands });
  menu.title.label = t.__("Workspace");
  menu.addClass("mantidlab-Menu");
  const added = actionsFor(items).map((action) => {
    const command = `mantidlab:workspaces-menu-${action}`;
    menu.addItem({ command });
    return commands.hasCommand(command)
      ? undefined
      : commands.addCommand(command, { label: labelOfAction(action, items, t), execute: () => act(action) });
  });
  menu.aboutToClose.connect(() => {
    // The command that was chosen runs after the menu has closed.
    setTimeout(() => {
      for (const each of added) each?.dispose();
      menu.dispose();
    }, 0);
  });
  menu.open(at.x, at.y);
}

/** One inventory for as long as the page lives; it is asked for anew when the panel is seen again. */
function useInventory({ kernel }: Services, visible: boolean): Inventory {
  const [inventory] = React.useState(() => new Inventory(kernel));
  useSignal(inventory.changed);
  useSignal(kernel.statusChanged);
  React.useEffect(() => {
    if (visible && inventory.state === "trouble") void inventory.load();
  }, [inventory, visible]);
  return inventory;
}

interface Choice {
  readonly chosen: ReadonlySet<string>;
  readonly at: string | undefined;
  readonly several: boolean;
  choose(names: ReadonlySet<string>, at: string): void;
  toggleSeveral(): void;
}

/** What is chosen: it follows new names, and forgets what is gone. */
function useChoice(inventory: Inventory, asked: ViewProps["asked"]): Choice {
  const [chosen, setChosen] = React.useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = React.useState<string | undefined>();
  const [several, setSeveral] = React.useState(false);
  React.useEffect(() => {
    const follow = (_: unknown, [before, after]: readonly [string, string]): void => {
      setChosen((names) =>
        names.has(before) ? new Set([...names].map((name) => (name === before ? after : name))) : names,
      );
      setAt((name) => (name === before ? after : name));
    };
    inventory.renamed.connect(follow);
    return () => {
      inventory.renamed.disconnect(follow);
    };
  }, [inventory]);
  React.useEffect(() => {
    const { name } = asked.args;
    if (typeof name !== "string") return;
    setChosen(new Set([name]));
    setAt(name);
  }, [asked]);
  return {
    chosen,
    at: at !== undefined && inventory.items.has(at) ? at : undefined,
    several,
    choose: (names, next) => {
      setChosen(names);
      setAt(next);
    },
    toggleSeveral: () => setSeveral(!several),
  };
}

/** What the person wants to see, remembered. */
function useWish({ memory }: Services) {
  const [text, setText] = React.useState("");
  const [kind, setKind] = React.useState("");
  const [order, setOrder] = React.useState<Order>(() => {
    const kept = memory.get<string>("workspaces.order");
    return ORDERS.find((each) => each === kept) ?? "name";
  });
  const [down, setDown] = React.useState(() => memory.get<boolean>("workspaces.down") ?? false);
  const [open, setOpen] = React.useState<ReadonlySet<string>>(new Set());
  return {
    text,
    kind,
    order,
    down,
    open,
    setText,
    setKind,
    setOrder: (next: Order) => {
      memory.set("workspaces.order", next);
      setOrder(next);
    },
    turn: () => {
      memory.set("workspaces.down", !down);
      setDown(!down);
    },
    fold: (name: string, unfold: boolean) => {
      const next = new Set(open);
      if (unfold) next.add(name);
      else next.delete(name);
      setOpen(next);
    },
    clear: () => {
      setText("");
      setKind("");
    },
  };
}
