// How each curve looks in a view: colour, width, whether it is shown, and where the waterfall puts it.
import { curveColour, curveDash, PALETTE_FOR } from "../core/colours";
import type { Rect } from "../core/frame";
import type { Theme } from "../core/theme";
import type { Style } from "./painter";
import type { Curve, Spec, View } from "./schema";

/** Looks of all curves; made anew when view, spec or theme change. */
export class Looks {
  private readonly places = new Map<number, { readonly curve: Curve; readonly place: number }>();
  private readonly hidden: ReadonlySet<number>;
  private readonly total: number;

  constructor(
    spec: Spec,
    private readonly view: View,
    private readonly theme: Theme,
  ) {
    this.hidden = new Set(view.hidden);
    this.total = totalColours(spec, view);
    let place = 0;
    for (const curve of spec.curves) {
      this.places.set(curve.id, { curve, place });
      // Hidden curves leave no gap in a waterfall.
      if (!this.hidden.has(curve.id)) place += 1;
    }
  }

  readonly visible = (id: number): boolean => this.places.has(id) && !this.hidden.has(id);

  colour(id: number): string {
    const index = this.places.get(id)?.curve.colour ?? 0;
    return curveColour(index, this.total, this.theme.dark);
  }

  dash(id: number): readonly number[] {
    return curveDash(this.places.get(id)?.curve.colour ?? 0, this.total);
  }

  /** How far the waterfall moves a curve, in pixels. */
  shift(id: number, area: Rect): { readonly x: number; readonly y: number } {
    const place = this.places.get(id)?.place ?? 0;
    const { x, y } = this.view.waterfall;
    return x === 0 && y === 0 ? NO_SHIFT : { x: place * x * area.width, y: -place * y * area.height };
  }

  style(id: number, area: Rect): Style {
    const { highlighted } = this.view;
    const [isIt, isOther] = [highlighted === id, highlighted !== null && highlighted !== id];
    return {
      colour: this.colour(id),
      dash: this.dash(id),
      width: isIt ? 2.4 : this.total > PALETTE_FOR ? 1 : 1.3,
      opacity: isOther ? 0.18 : 1,
      mark: this.places.get(id)?.curve.mark ?? "line",
      errors: isOther ? "none" : this.view.errors,
      showMasked: this.view.masked === "shown",
      quiet: this.theme.quiet,
      paper: this.theme.paper,
      shift: this.shift(id, area),
    };
  }
}

const NO_SHIFT = { x: 0, y: 0 };

function totalColours(spec: Spec, view: View): number {
  const most = Math.max(spec.curves.length, ...spec.curves.map((curve) => curve.colour + 1));
  if (view.colours === "palette") return Math.min(PALETTE_FOR, most);
  if (view.colours === "gradient") return Math.max(PALETTE_FOR + 1, most);
  return most;
}
