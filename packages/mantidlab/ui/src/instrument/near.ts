// Detectors as what they are instead of points, where one is near enough to see it.

import { type Channel, Superseded } from "../core/channel";
import { floats, octets, wholes } from "./arrays";
import type { Drawing } from "./drawing";
import type { Layout } from "./overlay";
import type { BodyBytes, Spec } from "./state";
import type { Viewpoint } from "./viewpoint";

/** CSS pixels: a detector that is narrower is a point. */
const NEAR_ENOUGH = 2;

/** What it tells when bodies have changed, or could not be had. */
export interface Told {
  changed(): void;
  fail(error: unknown): void;
}

export class Near {
  /** For what the bodies were made that are held now; null for none. */
  private heldFor: string | null = null;
  /** Whether the bodies of a small instrument are held: an unwrapped view has rectangles in their place. */
  private solid = true;

  /** `all` are the bodies of an instrument that is small enough to be told as a whole. */
  constructor(
    private readonly drawing: Drawing,
    private readonly viewpoint: Viewpoint,
    private readonly spec: Spec,
    private readonly channel: Channel,
    private readonly all: BodyBytes | undefined,
    private readonly told: Told,
  ) {
    if (all !== undefined) this.putAll(all);
  }

  /** Whether bodies are drawn, and not points. */
  get shown(): boolean {
    if (this.viewpoint.flat) return this.heldFor !== null && this.heldFor === this.flatKey();
    if (this.viewpoint.pixels() < NEAR_ENOUGH) return false;
    return this.all === undefined ? this.heldFor === this.viewpoint.eyeKey() : this.solid;
  }

  /** Get what the view needs that is shown now. */
  refine(): void {
    if (this.viewpoint.flat) this.refineFlat();
    else if (this.viewpoint.pixels() < NEAR_ENOUGH) return;
    else if (this.all === undefined) void this.askForNear();
    else if (!this.solid) this.putAll(this.all);
  }

  private putAll({ sizes, rotations, kinds }: BodyBytes): void {
    this.drawing.setBodies(null, floats(sizes), floats(rotations), octets(kinds));
    this.solid = true;
  }

  private async askForNear(): Promise<void> {
    const key = this.viewpoint.eyeKey();
    if (this.heldFor === key) return;
    const parameters = { matrix: this.viewpoint.matrix() };
    try {
      const { content, buffers } = await this.channel.request("near", parameters, { latest: "near" });
      const late = this.viewpoint.flat || this.viewpoint.eyeKey() !== key;
      if (late || (content.names as string[]).length === 0) return;
      this.drawing.setBodies(wholes(buffers[0]), floats(buffers[1]), floats(buffers[2]), octets(buffers[3]));
      this.heldFor = key;
      this.told.changed();
    } catch (error) {
      if (!(error instanceof Superseded)) this.told.fail(error);
    }
  }

  private refineFlat(): void {
    const layout = this.viewpoint.laidOut;
    const key = this.flatKey();
    if (layout === null || key === null || this.heldFor === key) return;
    const inside = this.inside(layout);
    if (inside === null) return;
    this.drawing.setRectangles(inside, layout.uv, layout.half);
    this.solid = false;
    this.heldFor = key;
  }

  /** The detectors within the box that is seen; null where they are too many. */
  private inside({ uv, half }: Layout): number[] | null {
    const box = this.viewpoint.box();
    if (box === null) return null;
    const [[u0, u1], [v0, v1]] = box;
    const found: number[] = [];
    for (let i = 0; i < this.spec.count && found.length <= this.spec.near; i += 1) {
      const [u, v] = [uv[2 * i]!, uv[2 * i + 1]!];
      const [hu, hv] = [half[2 * i]!, half[2 * i + 1]!];
      if (u + hu >= u0 && u - hu <= u1 && v + hv >= v0 && v - hv <= v1) found.push(i);
    }
    return found.length > this.spec.near ? null : found;
  }

  private flatKey(): string | null {
    const box = this.viewpoint.box();
    return box === null ? null : `${this.viewpoint.laidOut?.projection} ${JSON.stringify(box)}`;
  }
}
