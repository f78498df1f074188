// The legend: every curve with its line; made for two as for two hundred.
//
// A tap on the name highlights, a double tap shows it alone, a long press (or the menu key) opens its menu; a tap on the line
// hides and shows. It is searched by typing.
import { type Frame, part } from "../core/frame";
import { DOUBLE_TAP, LONG_PRESS } from "../core/gestures";
import { type MenuItem, openMenu } from "../core/menu";
import type { Looks } from "./looks";
import type { Curve, Spec, View } from "./schema";

export interface LegendActions {
  highlight(id: number | null): void;
  /** Show one alone; all, if it is alone already. */
  isolate(id: number): void;
  toggle(id: number): void;
  showAll(): void;
  /** More for the menu of a curve. */
  commands(curve: Curve): readonly MenuItem[];
}

/** With more curves than this there is a field to search in. */
const SEARCH_FROM = 9;

export class Legend {
  private readonly element = part("section", "mlp-legend");
  private readonly list = part("ul", "mlp-legend-list");
  private readonly search = part("input", "mlp-search");
  private readonly rows = new Map<number, { row: HTMLElement; name: HTMLButtonElement; key: HTMLButtonElement }>();
  private spec: Spec | null = null;
  private view: View | null = null;
  private lastTap = { id: -1, time: 0 };

  constructor(
    private readonly frame: Frame,
    private readonly actions: LegendActions,
  ) {
    this.element.setAttribute("aria-label", "Legend");
    this.search.type = "search";
    this.search.placeholder = "Search curves";
    this.search.setAttribute("aria-label", "Search curves");
    this.search.addEventListener("input", () => this.filter());
    this.list.addEventListener("keydown", (event) => this.keys(event));
    this.element.append(this.search, this.list);
  }

  update(spec: Spec, view: View, looks: Looks): void {
    if (this.spec !== spec) this.build(spec);
    this.spec = spec;
    this.view = view;
    const shown = view.legend === "shown" || (view.legend === "auto" && spec.curves.length > 1);
    if (shown && !this.element.isConnected) this.frame.side.append(this.element);
    if (!shown) this.element.remove();
    if (!shown) return;
    for (const curve of spec.curves) this.paint(curve, view, looks);
  }

  private build(spec: Spec): void {
    this.rows.clear();
    this.list.replaceChildren();
    this.search.hidden = spec.curves.length < SEARCH_FROM;
    for (const curve of spec.curves) this.list.append(this.row(curve));
    const first = this.rows.values().next().value;
    if (first !== undefined) first.name.tabIndex = 0;
  }

  private row(curve: Curve): HTMLElement {
    const row = part("li", "mlp-legend-row");
    const key = part("button", "mlp-legend-key");
    key.type = "button";
    key.tabIndex = -1;
    key.addEventListener("click", () => this.actions.toggle(curve.id));
    const name = part("button", "mlp-legend-name", curve.name);
    name.type = "button";
    name.title = curve.name;
    name.tabIndex = -1;
    name.addEventListener("click", (event) => this.tap(curve.id, event.timeStamp));
    row.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.menu(curve, { x: event.clientX, y: event.clientY });
    });
    this.longPress(row, curve);
    row.append(key, name);
    this.rows.set(curve.id, { row, name, key });
    return row;
  }

  private paint(curve: Curve, view: View, looks: Looks): void {
    const found = this.rows.get(curve.id);
    if (found === undefined) return;
    const visible = looks.visible(curve.id);
    found.row.classList.toggle("mlp-legend-hidden", !visible);
    found.name.setAttribute("aria-pressed", String(view.highlighted === curve.id));
    const look = `${visible} ${looks.colour(curve.id)} ${looks.dash(curve.id).join(",")}`;
    if (found.key.dataset.look === look) return;
    found.key.dataset.look = look;
    found.key.setAttribute("aria-label", `${visible ? "Hide" : "Show"} ${curve.name}`);
    found.key.replaceChildren(swatch(looks.colour(curve.id), looks.dash(curve.id), curve.mark, visible));
  }

  private tap(id: number, time: number): void {
    const double = this.lastTap.id === id && time - this.lastTap.time < DOUBLE_TAP;
    this.lastTap = { id: double ? -1 : id, time };
    if (double) this.actions.isolate(id);
    else this.actions.highlight(this.view?.highlighted === id ? null : id);
  }

  private longPress(row: HTMLElement, curve: Curve): void {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const forget = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    };
    row.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse") return;
      timer = setTimeout(() => this.menu(curve, { x: event.clientX, y: event.clientY }), LONG_PRESS);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) row.addEventListener(end, forget);
  }

  private menu(curve: Curve, at: { x: number; y: number }): void {
    if (this.view === null || this.frame.root.querySelector(".mlp-menu") !== null) return;
    const visible = !this.view.hidden.includes(curve.id);
    const items: MenuItem[] = [
      { label: "Highlight", run: () => this.actions.highlight(curve.id), checked: this.view.highlighted === curve.id },
      { label: "Show only this", run: () => this.actions.isolate(curve.id) },
      { label: visible ? "Hide" : "Show", run: () => this.actions.toggle(curve.id) },
      { label: "Show all", run: () => this.actions.showAll() },
      ...this.actions.commands(curve),
    ];
    openMenu(this.frame.root, at, items, curve.name);
  }

  private filter(): void {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const curve of this.spec?.curves ?? []) {
      const text = `${curve.name} ${curve.source}`.toLowerCase();
      const row = this.rows.get(curve.id)?.row;
      if (row !== undefined) row.hidden = !words.every((word) => text.includes(word));
    }
  }

  private keys(event: KeyboardEvent): void {
    const names = [...this.rows.entries()].filter(([, { row }]) => !row.hidden);
    const at = names.findIndex(([, { row }]) => row.contains(event.target as Node));
    const present = names[at];
    if (present === undefined) return;
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 };
    const to = steps[event.key];
    const curve = this.spec?.curves.find((c) => c.id === present[0]);
    if (to !== undefined) this.focus(names[Math.max(0, Math.min(names.length - 1, to))]?.[1].name);
    else if (event.key === "h" || event.key === "Delete") this.actions.toggle(present[0]);
    else if (event.key === "o") this.actions.isolate(present[0]);
    else if (event.key === "m" && curve !== undefined) {
      const box = present[1].row.getBoundingClientRect();
      this.menu(curve, { x: box.left + 24, y: box.bottom });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private focus(name: HTMLButtonElement | undefined): void {
    if (name === undefined) return;
    for (const other of this.rows.values()) other.name.tabIndex = -1;
    name.tabIndex = 0;
    name.focus();
  }
}

/** The curve's line, as it is drawn, in SVG. */
function swatch(colour: string, dash: readonly number[], mark: Curve["mark"], visible: boolean): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("width", "26");
  svg.setAttribute("height", "14");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(space, mark === "points" ? "circle" : "path");
  if (mark === "points")
    for (const [k, v] of [
      ["cx", "13"],
      ["cy", "7"],
      ["r", "3.5"],
    ] as const)
      shape.setAttribute(k, v);
  else shape.setAttribute("d", mark === "steps" ? "M1 10h8V4h8v6h8" : "M1 7h24");
  shape.setAttribute("fill", mark === "points" && visible ? colour : "none");
  shape.setAttribute("stroke", visible ? colour : "currentColor");
  shape.setAttribute("stroke-opacity", visible ? "1" : "0.4");
  shape.setAttribute("stroke-width", "2");
  if (dash.length > 0) shape.setAttribute("stroke-dasharray", dash.join(" "));
  svg.append(shape);
  return svg;
}
