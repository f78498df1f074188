// The order in which detectors are drawn: mixed, so that the first few of them are a fair sample of the instrument.

/** Maps places in the drawing to detectors and back; a permutation by steps of one length. */
export class Order {
  private readonly step: number;
  private readonly back: number;

  constructor(readonly count: number) {
    this.step = coprimeStep(count);
    this.back = inverse(this.step, count);
  }

  /** The detector that is drawn at this place. */
  detector(place: number): number {
    return (place * this.step) % Math.max(1, this.count);
  }

  /** The place at which this detector is drawn. */
  place(detector: number): number {
    return (detector * this.back) % Math.max(1, this.count);
  }

  /** Values of `width` numbers for each detector, put into the order of drawing. */
  arrange(values: Float32Array | Uint8Array, width: number, into: Float32Array): Float32Array {
    for (let place = 0, detector = 0; place < this.count; place += 1) {
      for (let part = 0; part < width; part += 1) into[place * width + part] = values[detector * width + part] ?? 0;
      detector += this.step;
      if (detector >= this.count) detector -= this.count;
    }
    return into;
  }
}

/** A step near the golden section of `count` that shares no factor with it: multiples of it fall everywhere evenly. */
export function coprimeStep(count: number): number {
  if (count < 3) return 1;
  let step = Math.max(1, Math.round(count * 0.6180339887));
  while (commonDivisor(step, count) !== 1) step += 1;
  return step % count;
}

function commonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** The number whose product with `step` leaves 1 when divided by `count`. */
function inverse(step: number, count: number): number {
  let [r0, r1, t0, t1] = [count, step % Math.max(1, count), 0, 1];
  while (r1 !== 0) {
    const whole = Math.floor(r0 / r1);
    [r0, r1] = [r1, r0 - whole * r1];
    [t0, t1] = [t1, t0 - whole * t1];
  }
  return count < 2 ? 1 : ((t0 % count) + count) % count;
}
