// The panel of fits: choose curve and model, see where it begins, fit, read the parameters with their errors.
import { type Channel, Superseded } from "../core/channel";
import { actionButton } from "../core/dialog";
import { type NumberField, numberField, selectField } from "../core/form";
import { type Frame, part } from "../core/frame";
import { formatNumber, formatWithError } from "../core/numbers";
import { openPanel } from "../core/panel";
import type { Interval } from "../core/scales";
import { tableOf } from "../core/table";
import type { Fit, FitModel, Parameter, Spec, View } from "./schema";

/** A function's line, and what it leaves over where it was fitted. */
export interface FittedLine {
  readonly curve: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly residual: Float64Array | null;
  readonly residualLabel: string;
  /** Only where the fit would begin: drawn dashed. */
  readonly preview: boolean;
}

export interface FittingHost {
  readonly view: () => View;
  readonly spec: () => Spec;
  /** The range of the handles. */
  readonly range: () => Interval | null;
  /** Another line to draw, or none. */
  readonly show: (line: FittedLine | null) => void;
  readonly keep: (fit: Fit) => void;
  /** Forget the fit of a curve. */
  readonly drop: (curve: number) => void;
  readonly insert: (code: string) => void;
}

const NO_BACKGROUND = { id: "none", label: "None" };

export class FittingPanel {
  private readonly form = part("div", "");
  private readonly starts = part("div", "");
  private readonly result = part("div", "");
  private readonly told = part("p", "mlp-note");
  private curve = -1;
  private model: FitModel | null = null;
  private background = "";
  private fields: NumberField[] = [];

  constructor(
    private readonly frame: Frame,
    private readonly channel: Channel,
    private readonly host: FittingHost,
  ) {
    this.told.setAttribute("role", "status");
  }

  /** Open it for a curve. */
  open(curve: number, onClose: () => void): void {
    this.curve = curve;
    const models = this.host.spec().fit_models ?? [];
    this.model = this.model ?? models[0] ?? null;
    this.background = this.background || (this.model?.backgrounds[0]?.id ?? "none");
    this.buildForm();
    const body = part("div", "");
    const actions = part("div", "mlp-actions");
    actions.append(
      actionButton("Start again", () => {
        this.host.drop(this.curve);
        void this.begin();
      }),
      actionButton("Fit", () => void this.fit(), true),
    );
    const details = part("details", "mlp-details");
    details.open = true;
    details.append(part("summary", "", "Where it begins"), this.starts);
    body.append(this.form, actions, this.told, this.result, details);
    openPanel(this.frame, "fit", "Fit", body, () => {
      this.host.show(null);
      onClose();
    });
    void this.begin();
  }

  /** The handles have come to rest elsewhere. */
  rangeChanged(): void {
    void this.begin();
  }

  private buildForm(): void {
    const spec = this.host.spec();
    const models = spec.fit_models ?? [];
    this.form.replaceChildren();
    if (spec.curves.length > 1) {
      const choices = spec.curves.map((c) => ({ value: String(c.id), label: c.name }));
      this.form.append(selectField("Curve", choices, String(this.curve), (id) => this.choose({ curve: Number(id) })));
    }
    const choices = models.map((m) => ({ value: m.id, label: m.label }));
    this.form.append(selectField("Model", choices, this.model?.id ?? "", (id) => this.choose({ model: id })));
    const backgrounds = this.model?.backgrounds ?? [];
    if (backgrounds.length > 1) {
      const under = backgrounds.map((b) => ({ value: b.id, label: b.label }));
      this.form.append(selectField("Background", under, this.background, (id) => this.choose({ background: id })));
    }
    this.form.append(part("p", "mlp-note", "Drag the two handles in the plot to where the model holds."));
  }

  private choose(choice: { curve?: number; model?: string; background?: string }): void {
    if (choice.curve !== undefined) this.curve = choice.curve;
    if (choice.model !== undefined) {
      this.model = this.host.spec().fit_models?.find((m) => m.id === choice.model) ?? null;
      this.background = (this.model?.backgrounds[0] ?? NO_BACKGROUND).id;
      this.buildForm();
    }
    if (choice.background !== undefined) this.background = choice.background;
    void this.begin();
  }

  private question(): Record<string, unknown> {
    return {
      curve: this.curve,
      model: this.model?.id,
      background: this.background,
      range: this.host.range(),
      view: this.host.view(),
    };
  }

  /** Where would a fit begin? */
  private async begin(): Promise<void> {
    if (this.model === null) return;
    this.result.replaceChildren();
    await this.asking(async () => {
      const { content } = await this.channel.request("fit_start", this.question(), { latest: "fit_start" });
      this.showStarts((content as { parameters?: Parameter[] }).parameters ?? []);
      await this.preview();
    });
  }

  private showStarts(parameters: readonly Parameter[]): void {
    this.fields = parameters.map((p) => {
      const label = p.unit === "" ? p.label : `${p.label} (${p.unit})`;
      return numberField(label, p.value ?? null, () => void this.asking(() => this.preview()));
    });
    this.starts.replaceChildren(...this.fields.map((field) => field.element));
  }

  private values(): number[] | null {
    const values = this.fields.map((field) => field.read());
    return values.every((v): v is number => v !== null) ? values : null;
  }

  private async preview(): Promise<void> {
    const values = this.values();
    if (values === null) return;
    const { buffers } = await this.channel.request(
      "fit_curve",
      { ...this.question(), values },
      { latest: "fit_curve" },
    );
    const [x, y] = buffers.map(floats);
    if (x === undefined || y === undefined) return;
    this.host.show({ curve: this.curve, x, y, residual: null, residualLabel: "", preview: true });
  }

  private async fit(): Promise<void> {
    const [range, model] = [this.host.range(), this.model];
    if (model === null || range === null) return;
    this.told.textContent = "Fitting …";
    await this.asking(async () => {
      const question = { ...this.question(), start: this.values() };
      const { content, buffers } = await this.channel.request("fit", question, { latest: "fit" });
      const found = content as unknown as Result;
      this.showResult(found);
      const [x, y, residual] = buffers.map(floats);
      if (x !== undefined && y !== undefined) {
        const label = found.residual_label ?? "Residual";
        this.host.show({ curve: this.curve, x, y, residual: residual ?? null, residualLabel: label, preview: false });
      }
      const { parameters, derived, reduced_chi2, key } = found;
      const extra = {
        ...(derived ? { derived } : {}),
        ...(reduced_chi2 === undefined ? {} : { reduced_chi2 }),
        ...(key === undefined ? {} : { key }),
      };
      this.host.keep({ curve: this.curve, model: model.id, background: this.background, range, parameters, ...extra });
    });
  }

  private showResult(found: Result): void {
    this.told.textContent = found.message ?? "";
    const row = (p: Parameter): (string | null)[] => {
      const value = p.value === undefined ? null : formatWithError(p.value, p.error);
      return [p.label, value === null ? null : `${value}${p.unit === "" ? "" : ` ${p.unit}`}`];
    };
    const rows = [...found.parameters, ...(found.derived ?? [])].map(row);
    if (found.reduced_chi2 !== undefined && found.reduced_chi2 !== null) {
      const freedom = found.dof === undefined ? "" : ` (${found.dof} degrees of freedom)`;
      rows.push([`χ² / ν${freedom}`, formatNumber(found.reduced_chi2, 4)]);
    }
    const table = tableOf({ columns: ["Parameter", "Value ± error"], rows, start: 0, total: rows.length });
    this.result.replaceChildren(table);
    const panel = this.result.closest<HTMLElement>(".mlp-panel");
    if (panel !== null) panel.scrollTop = this.told.offsetTop - 60; // the page itself stays where it is
    const { code } = found;
    if (code !== undefined) this.result.append(actionButton("Insert as a cell", () => this.host.insert(code)));
    // The values found are where the next fit begins.
    for (const [i, parameter] of found.parameters.entries()) this.fields[i]?.write(parameter.value ?? null);
  }

  private async asking(question: () => Promise<void>): Promise<void> {
    try {
      await question();
      if (this.told.textContent === "Fitting …") this.told.textContent = "";
      this.told.className = "mlp-note";
    } catch (error) {
      if (error instanceof Superseded) return;
      this.told.className = "mlp-problem";
      this.told.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}

interface Result {
  readonly parameters: readonly Parameter[];
  readonly derived?: readonly Parameter[];
  readonly reduced_chi2?: number | null;
  readonly dof?: number;
  readonly key?: string;
  readonly message?: string;
  readonly residual_label?: string;
  readonly code?: string;
}

function floats(view: DataView): Float64Array {
  return new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
