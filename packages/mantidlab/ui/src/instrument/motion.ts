// How much is drawn while a finger moves the picture: as many detectors as the screen keeps up with.

/** Milliseconds between two pictures that still look like motion. */
const SLOW = 45;
const QUICK = 22;
const MOST = 64;
/** Below so many detectors everything is always drawn. */
const ALL_BELOW = 60_000;

/** Watches the time between pictures and says of how many detectors one is drawn while things move. */
export class Motion {
  private part: number;
  private last: number | null = null;

  constructor(private readonly count: number) {
    // A guess before anything was measured: graphics in software draws some hundred thousand in a frame.
    this.part = Math.max(1, Math.min(MOST, count / 300_000));
  }

  get thinned(): number {
    return this.count <= ALL_BELOW ? 1 : this.part;
  }

  /** A picture begins at this moment; the time since the one before is what it took. */
  tick(now: number): void {
    const took = this.last === null ? null : now - this.last;
    this.last = now;
    if (took === null || took > 1000) return;
    if (took > SLOW) this.part = Math.min(MOST, this.part * Math.min(2, took / SLOW));
    else if (took < QUICK) this.part = Math.max(1, this.part / 1.15);
  }

  /** Nothing moves any more: the time until the next picture says nothing. */
  rest(): void {
    this.last = null;
  }
}
