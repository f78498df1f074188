// The panel of what is chosen: a spectrum for each choice, compared in one small plot, and what can be done with them.

import { axisMargins, drawAxes } from "../core/axes";
import type { Channel } from "../core/channel";
import { curveColour } from "../core/colours";
import { actionButton } from "../core/dialog";
import { type Frame, part } from "../core/frame";
import { insertCell } from "../core/insert";
import { formatCount, formatNumber } from "../core/numbers";
import { closePanel, openPanel, panelIsOpen } from "../core/panel";
import { makeScale, padded, type ScaleKind } from "../core/scales";
import { doubles, wholes } from "./arrays";
import type { View } from "./state";

const PANEL = "chosen";

interface Told {
  readonly name: string;
  readonly detectors: number;
  readonly spectra: number;
  readonly sum: number;
  readonly ids: string;
  readonly edges?: boolean;
  readonly log?: boolean;
  readonly errors?: boolean;
}

interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly edges: boolean;
  readonly log: boolean;
}

export interface ChosenActions {
  remove(which: number): void;
  clear(): void;
  /** The detectors of all choices, for halos. */
  mark(detectors: Uint32Array): void;
  fail(error: unknown): void;
}

export class Chosen {
  private told: readonly Told[] = [];
  private curves: (Curve | null)[] = [];
  private axis = { label: "", unit: "" };
  private readonly canvas = part("canvas", "mli-spectrum");
  private readonly list = part("div", "mli-choices");
  private readonly body = part("div", "mli-chosen");
  private logarithmic = false;
  private asked = 0;

  constructor(
    private readonly frame: Frame,
    private readonly channel: Channel,
    private readonly unit: string,
    private readonly actions: ChosenActions,
  ) {
    this.canvas.setAttribute("role", "img");
    const buttons = part("div", "mlp-actions");
    buttons.append(
      actionButton("Plot", () => this.cell("plot", "Plot the spectra"), true),
      actionButton("Mask", () => this.cell("mask", "Mask these detectors")),
      actionButton("Numbers", () => this.cell("detectors", "Numbers of these detectors")),
      actionButton("log", () => this.toggleLog()),
      actionButton("Clear", () => this.actions.clear()),
    );
    this.body.append(this.canvas, this.list, buttons);
    const observer = new ResizeObserver(() => this.draw());
    observer.observe(this.canvas);
  }

  /** Ask for what a view's choices hold, and show it; without choices the panel goes. */
  async update(view: View): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    if (view.selection.length === 0) {
      this.actions.mark(new Uint32Array());
      closePanel(this.frame, PANEL);
      return;
    }
    try {
      const { content, buffers } = await this.channel.request("chosen", { view }, { latest: "chosen" });
      if (mine !== this.asked) return;
      this.take(content as { choices: Told[]; label: string; unit: string }, buffers);
    } catch (error) {
      this.actions.fail(error);
    }
  }

  private take(content: { choices: Told[]; label: string; unit: string }, buffers: DataView[]): void {
    const left = [...buffers];
    const marked: Uint32Array[] = [];
    this.told = content.choices;
    this.axis = { label: content.label, unit: content.unit };
    this.curves = this.told.map((one) => {
      marked.push(wholes(left.shift()));
      if (one.edges === undefined) return null;
      const curve = { x: doubles(left.shift()), y: doubles(left.shift()), edges: one.edges, log: one.log === true };
      if (one.errors === true) left.shift();
      return curve;
    });
    const all = new Uint32Array(marked.reduce((sum, some) => sum + some.length, 0));
    let at = 0;
    for (const some of marked) {
      all.set(some, at);
      at += some.length;
    }
    this.actions.mark(all);
    this.fill();
    if (!panelIsOpen(this.frame, PANEL)) openPanel(this.frame, PANEL, "Chosen", this.body);
    this.draw();
  }

  private fill(): void {
    const rows = this.told.map((one, which) => {
      const row = part("div", "mli-choice");
      const key = part("span", "mlp-key");
      key.style.background = this.colour(which);
      const words = part("span", "");
      const plural = one.detectors === 1 ? "" : `${formatCount(one.detectors)} detectors, `;
      words.append(part("b", "", one.name), ` ${plural}${formatNumber(one.sum, 7)} ${this.unit}`.trimEnd());
      words.title = one.ids;
      const remove = actionButton("✕", () => this.actions.remove(which));
      remove.setAttribute("aria-label", `Remove ${one.name}`);
      row.append(key, words, remove);
      return row;
    });
    this.list.replaceChildren(...rows);
  }

  private colour(which: number): string {
    return curveColour(which, this.told.length, this.frame.theme.dark);
  }

  private toggleLog(): void {
    this.logarithmic = !this.logarithmic;
    this.draw();
  }

  /** Draw the spectra; again when theme or size have changed. */
  draw(): void {
    const { canvas, frame } = this;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width === 0 || height === 0) return;
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const context = canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const curves = this.curves.filter((one): one is Curve => one !== null && one.x.length > 0);
    const low = curves.reduce((least, { x }) => Math.min(least, x[0]!), Infinity);
    const high = curves.reduce((most, { x }) => Math.max(most, x[x.length - 1]!), -Infinity);
    const kindX: ScaleKind = curves.some((one) => one.log) && low > 0 ? "log" : "linear";
    const y = {
      scale: makeScale(this.logarithmic ? "log" : "linear", this.ends(curves), [height - 50, 10]),
      label: "",
      unit: "",
    };
    const margins = axisMargins(context, frame.theme, y, width);
    const area = { x: margins.left - 12, y: 10, width: Math.max(10, width - margins.left), height: height - 60 };
    const x = { scale: makeScale(kindX, [low, high], [area.x, area.x + area.width]), ...this.axis };
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.width, area.height);
    context.clip();
    this.curves.forEach((curve, which) => {
      if (curve === null) return;
      context.strokeStyle = this.colour(which);
      context.lineWidth = 1.25;
      context.beginPath();
      for (let i = 0; i < curve.y.length; i += 1) {
        const py = this.logarithmic && !(curve.y[i]! > 0) ? area.y + area.height + 5 : y.scale.toPixel(curve.y[i]!);
        context.lineTo(x.scale.toPixel(curve.x[i]!), py);
        if (curve.edges) context.lineTo(x.scale.toPixel(curve.x[i + 1]!), py);
      }
      context.stroke();
    });
    context.restore();
    drawAxes(context, area, x, y, frame.theme);
    canvas.setAttribute("aria-label", `Spectra of ${this.told.map((one) => one.name).join(", ")}`);
  }

  private ends(curves: readonly Curve[]): readonly [number, number] {
    let [low, high] = [Infinity, -Infinity];
    for (const { y } of curves) {
      for (const value of y) {
        if (!Number.isFinite(value) || (this.logarithmic && value <= 0)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    if (!(low <= high)) return this.logarithmic ? [0.1, 1] : [0, 1];
    return padded(this.logarithmic ? "log" : "linear", [this.logarithmic ? low : Math.min(0, low), high], 0.04);
  }

  private cell(what: string, title: string): void {
    this.channel
      .request("cell", { what })
      .then(({ content }) => insertCell(this.frame.root, String(content.text), title))
      .catch((error) => this.actions.fail(error));
  }
}
