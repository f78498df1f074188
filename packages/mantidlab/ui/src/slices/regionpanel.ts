// The panel of the region or line that is chosen: what it holds, its numbers to edit, profiles, and cells that take it out.

import { actionButton } from "../core/dialog";
import { numberField, selectField } from "../core/form";
import { type Frame, part } from "../core/frame";
import { formatCount, formatNumber, formatWithError } from "../core/numbers";
import { openPanel } from "../core/panel";
import { makeScale } from "../core/scales";
import type { Held, Live } from "./live";
import { drawProfile, stepWords } from "./profiles";
import { hasExtent, inOrder } from "./shapes";
import { hiddenDimensions, lineOnPlane, type Outline, onPlane, type Pair, type Region } from "./state";
import type { Store } from "./store";

const ELSEWHERE = "This region lies on a plane of other dimensions.";

export interface RegionActions {
  /** Write a cell: "sum", "profile x", "cut" … */
  cell(what: string): void;
  remove(): void;
}

/** Shows the chosen region or line beside the picture, and keeps up with it. */
export class RegionPanel {
  private readonly numbers = part("div", "mlp-region-numbers");
  private readonly fields = part("div", "");
  private readonly further = part("div", "");
  private readonly actions = part("div", "mlp-actions");
  private shape = "";
  private shown = "";
  private close: (() => void) | null = null;

  constructor(
    private readonly frame: Frame,
    private readonly store: Store,
    private readonly live: Live,
    private readonly doing: RegionActions,
  ) {
    this.numbers.setAttribute("role", "status");
  }

  open(): void {
    if (this.close !== null) return;
    const body = part("div", "");
    body.append(this.numbers, this.further, this.fields, this.actions);
    this.shape = this.shown = "";
    this.close = openPanel(this.frame, "region", "Region", body, () => {
      this.close = null;
    });
    this.update();
  }

  shut(): void {
    this.close?.();
  }

  update(): void {
    const { view } = this.store;
    if (this.close === null) return;
    const line = view.profiles === "line" ? lineOnPlane(view) : null;
    const region = view.regions.find(({ name }) => name === view.selected);
    if (line === null && region === undefined) {
      this.shut();
      return;
    }
    this.updateFields(line === null ? region : undefined);
    const elsewhere = region !== undefined && line === null && onPlane(region, view) === null;
    this.numbers.replaceChildren(
      ...(elsewhere ? [part("p", "mlp-note", ELSEWHERE)] : line === null ? heldWords(this.live) : lineWords(this.live)),
    );
    this.drawHidden();
  }

  private updateFields(region: Region | undefined): void {
    const { view, spec } = this.store;
    const key = JSON.stringify([region ?? view.line, view.x, view.y, view.regions.map(({ name }) => name)]);
    if (key === this.shape || this.fields.contains(document.activeElement)) return;
    this.shape = key;
    const [x, y] = [spec.dims[view.x]?.label ?? "x", spec.dims[view.y]?.label ?? "y"];
    if (region === undefined) {
      this.fields.replaceChildren(...this.lineFields(x, y));
      this.actions.replaceChildren(
        actionButton("Cell: cut", () => this.doing.cell("cut"), true),
        actionButton("Remove", this.doing.remove),
      );
      return;
    }
    const choose = selectField(
      "Region",
      view.regions.map(({ name }) => ({ value: name, label: name })),
      region.name,
      (selected) => this.store.commit({ selected }),
    );
    const shape = onPlane(region, view);
    this.fields.replaceChildren(choose, ...(shape === null ? [] : this.shapeFields(region, shape, x, y)));
    this.actions.replaceChildren(...this.regionActions(x, y));
  }

  private regionActions(x: string, y: string): HTMLElement[] {
    const { view, spec } = this.store;
    const hidden = hiddenDimensions(spec, view).flatMap((number) => spec.dims[number] ?? []);
    return [
      actionButton("Cell: sum", () => this.doing.cell("sum"), true),
      actionButton(`Cell: profile along ${x}`, () => this.doing.cell("profile x")),
      actionButton(`Cell: profile along ${y}`, () => this.doing.cell("profile y")),
      ...hidden.map(({ name, label }) =>
        actionButton(`Cell: profile along ${label}`, () => this.doing.cell(`profile ${name}`)),
      ),
      actionButton("Cell: part of the image", () => this.doing.cell("image")),
      actionButton("Remove", this.doing.remove),
    ];
  }

  private shapeFields(region: Region, shape: Outline, x: string, y: string): HTMLElement[] {
    const set = (next: Outline): void => {
      if (!hasExtent(next)) return;
      const { view } = this.store;
      const changed: Region = { name: region.name, dims: [view.x, view.y], ...inOrder(next) };
      this.store.commit({ regions: view.regions.map((one) => (one.name === region.name ? changed : one)) });
    };
    const field = (label: string, value: number, next: (value: number) => Outline): HTMLElement =>
      numberField(label, value, (typed) => typed !== null && set(next(typed))).element;
    switch (shape.kind) {
      case "rectangle":
        return [
          field(`${x} from`, shape.x[0], (value) => ({ ...shape, x: [value, shape.x[1]] })),
          field("to", shape.x[1], (value) => ({ ...shape, x: [shape.x[0], value] })),
          field(`${y} from`, shape.y[0], (value) => ({ ...shape, y: [value, shape.y[1]] })),
          field("to", shape.y[1], (value) => ({ ...shape, y: [shape.y[0], value] })),
        ];
      case "ellipse":
        return [
          field(`Centre, ${x}`, shape.centre[0], (value) => ({ ...shape, centre: [value, shape.centre[1]] })),
          field(`Centre, ${y}`, shape.centre[1], (value) => ({ ...shape, centre: [shape.centre[0], value] })),
          field(`Radius, ${x}`, shape.radii[0], (value) => ({ ...shape, radii: [Math.abs(value), shape.radii[1]] })),
          field(`Radius, ${y}`, shape.radii[1], (value) => ({ ...shape, radii: [shape.radii[0], Math.abs(value)] })),
        ];
      case "polygon":
        return shape.points.flatMap((point, i) => {
          const move = (to: Pair): Outline => ({
            ...shape,
            points: shape.points.map((one, k) => (k === i ? to : one)),
          });
          return [
            field(`Corner ${i + 1}, ${x}`, point[0], (value) => move([value, point[1]])),
            field(`Corner ${i + 1}, ${y}`, point[1], (value) => move([point[0], value])),
          ];
        });
    }
  }

  private lineFields(x: string, y: string): HTMLElement[] {
    const line = lineOnPlane(this.store.view);
    if (line === null) return [];
    const field = (label: string, value: number, part: (value: number) => object): HTMLElement =>
      numberField(label, value, (typed) => {
        if (typed !== null) this.store.commit({ line: { ...line, ...part(typed) } });
      }).element;
    const { start, end } = line;
    return [
      field(`From ${x}`, start[0], (value) => ({ start: [value, start[1]] })),
      field(`From ${y}`, start[1], (value) => ({ start: [start[0], value] })),
      field(`To ${x}`, end[0], (value) => ({ end: [value, end[1]] })),
      field(`To ${y}`, end[1], (value) => ({ end: [end[0], value] })),
      field("Width", line.width, (value) => ({ width: Math.max(0, value) })),
    ];
  }

  // Profiles that have no place beside the picture: along dimensions that are not drawn, and along the line.
  private drawHidden(): void {
    const { spec } = this.store;
    const found = [...this.live.profiles.values()].filter(({ name }) => name !== "x" && name !== "y");
    const key = found.map(({ name }) => name).join();
    if (key !== this.shown) {
      this.shown = key;
      this.further.replaceChildren(
        ...found.map(({ name }) => {
          const figure = part("figure", "mlp-profile");
          const dimension = spec.dims[Number(name)];
          const along = name === "line" ? "the line" : (dimension?.label ?? name);
          const unit = name === "line" || !dimension?.unit ? "" : ` (${dimension.unit})`;
          const canvas = document.createElement("canvas");
          canvas.setAttribute("role", "img");
          canvas.setAttribute("aria-label", `Profile along ${along}`);
          figure.append(canvas, part("figcaption", "mlp-note", `Along ${along}${unit}`));
          return figure;
        }),
      );
    }
    const canvases = [...this.further.querySelectorAll("canvas")];
    found.forEach((profile, i) => {
      const canvas = canvases[i];
      if (canvas !== undefined) this.drawInto(canvas, profile);
    });
  }

  private drawInto(canvas: HTMLCanvasElement, profile: Parameters<typeof drawProfile>[2]): void {
    const [width, height] = [canvas.clientWidth || 260, 130];
    const ratio = this.frame.pixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d");
    if (context === null || profile.edges.length < 2) return;
    context.scale(ratio, ratio);
    const area = { x: 44, y: 6, width: width - 50, height: height - 26 };
    const ends = [profile.edges[0] ?? 0, profile.edges[profile.edges.length - 1] ?? 1] as const;
    const along = makeScale("linear", ends, [area.x, area.x + area.width]);
    drawProfile(context, area, profile, along, this.frame.theme.accent, this.frame.theme, false);
    context.fillStyle = this.frame.theme.quiet;
    context.font = `11px ${this.frame.theme.font}`;
    context.textBaseline = "top";
    context.textAlign = "left";
    context.fillText(formatNumber(ends[0], 5), area.x, area.y + area.height + 5);
    context.textAlign = "right";
    context.fillText(formatNumber(ends[1], 5), area.x + area.width, area.y + area.height + 5);
    canvas.title = stepWords(profile);
  }
}

function heldWords(live: Live): HTMLElement[] {
  if (live.problem !== "") return [part("p", "mlp-problem", live.problem)];
  const { held } = live;
  return held === null ? [part("p", "mlp-note", "…")] : [heldTable(held)];
}

function lineWords(live: Live): HTMLElement[] {
  return live.problem === "" ? [] : [part("p", "mlp-problem", live.problem)];
}

function heldTable(held: Held): HTMLElement {
  const unit = held.unit === "" ? "" : ` ${held.unit}`;
  const number = (value: number | null): string => (value === null ? "no value" : formatNumber(value, 7));
  const rows: (readonly [string, string])[] = [
    [
      held.integral ? "Integral" : "Sum",
      held.sum === null ? "no value" : `${formatWithError(held.sum, held.error)}${unit}`,
    ],
    ["Mean", `${number(held.mean)}${unit}`],
    ["Largest", `${number(held.largest)}${unit}`],
    ["Bins", formatCount(held.bins)],
  ];
  if (held.leftOut > 0) rows.push(["Masked or not finite", formatCount(held.leftOut)]);
  const table = part("table", "");
  for (const [name, value] of rows) {
    const row = table.insertRow();
    const head = part("th", "", name);
    head.scope = "row";
    row.append(head, part("td", "", value));
  }
  return table;
}
