import { beforeEach, describe, expect, it } from "vitest";
import {
  type Clock,
  DOUBLE_TAP,
  type Drag,
  GestureMachine,
  type GestureTarget,
  LONG_PRESS,
  type Modifiers,
  type PanStep,
  type Point,
  type PointerInput,
  type PointerKind,
  wheelFactor,
  type Zone,
  type ZoomStep,
} from "../src/core/gestures";

/** A clock that stands still until it is told to go on. */
class Time implements Clock {
  time = 0;
  private waiting: { at: number; call: () => void }[] = [];

  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.time + milliseconds, call };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.waiting.filter((entry) => entry.at <= this.time);
    this.waiting = this.waiting.filter((entry) => entry.at > this.time);
    for (const entry of due) entry.call();
  }
}

/** Writes down what it is told. */
class Recorder implements GestureTarget {
  readonly pans: PanStep[] = [];
  readonly zooms: ZoomStep[] = [];
  readonly said: string[] = [];
  reading: Point | null = null;
  toGrab: Drag | null = null;

  grab(): Drag | null {
    return this.toGrab;
  }
  pan(step: PanStep): void {
    this.pans.push(step);
  }
  zoom(step: ZoomStep): void {
    this.zooms.push(step);
  }
  read(at: Point | null, how: string): void {
    this.reading = at;
    if (at !== null) this.said.push(`read by ${how}`);
  }
  tap(_: Point, zone: Zone): void {
    this.said.push(`tap ${zone}`);
  }
  doubleTap(_: Point, zone: Zone): void {
    this.said.push(`double tap ${zone}`);
  }
  begin(): void {
    this.said.push("begin");
  }
  settle(): void {
    this.said.push("settle");
  }

  get panned(): Point {
    return this.pans.reduce((sum, { dx, dy }) => ({ x: sum.x + dx, y: sum.y + dy }), { x: 0, y: 0 });
  }
  get magnified(): Point {
    return this.zooms.reduce((product, { fx, fy }) => ({ x: product.x * fx, y: product.y * fy }), { x: 1, y: 1 });
  }
}

const NONE: Modifiers = { shift: false, alt: false, ctrl: false };

function pointer(id: number, x: number, y: number, zone: Zone = "inside", kind: PointerKind = "touch"): PointerInput {
  return { id, time: time.time, x, y, zone, kind, modifiers: NONE };
}

let time: Time;
let told: Recorder;
let machine: GestureMachine;

beforeEach(() => {
  time = new Time();
  told = new Recorder();
  machine = new GestureMachine(told, { pinch: "by-axis", clock: time });
});

describe("one finger", () => {
  it("pans by exactly as far as it moves, and settles when it lifts", () => {
    machine.press(pointer(1, 100, 100));
    machine.move(pointer(1, 130, 110));
    machine.move(pointer(1, 150, 90));
    machine.release(pointer(1, 150, 90));
    expect(told.panned).toEqual({ x: 50, y: -10 });
    expect(told.said).toEqual(["begin", "settle"]);
  });

  it("keeps to the axis where it began, wherever it goes", () => {
    machine.press(pointer(1, 100, 400, "x"));
    machine.move(pointer(1, 100, 200, "inside"));
    expect(told.pans.map((step) => step.zone)).toEqual(["x"]);
  });

  it("that trembles taps and does not pan", () => {
    machine.press(pointer(1, 100, 100));
    machine.move(pointer(1, 104, 103));
    machine.release(pointer(1, 104, 103));
    expect(told.pans).toEqual([]);
    expect(told.said).toEqual(["tap inside"]);
  });

  it("that rests reads out, follows, and does not tap", () => {
    machine.press(pointer(1, 100, 100));
    time.pass(LONG_PRESS);
    machine.move(pointer(1, 160, 100));
    expect(told.reading).toMatchObject({ x: 160, y: 100 });
    machine.release(pointer(1, 160, 100));
    expect(told.pans).toEqual([]);
    expect(told.said).toEqual(["read by press", "read by press"]);
  });

  it("that moves before the long press is over does not read out later", () => {
    machine.press(pointer(1, 100, 100));
    machine.move(pointer(1, 150, 100));
    time.pass(LONG_PRESS * 2);
    expect(told.said).toEqual(["begin"]);
  });

  it("double taps in the same place and soon, else taps twice", () => {
    const tap = (x: number): void => {
      machine.press(pointer(1, x, 100));
      machine.release(pointer(1, x, 100));
    };
    tap(100);
    time.pass(DOUBLE_TAP - 10);
    tap(104);
    time.pass(DOUBLE_TAP + 10);
    tap(100);
    time.pass(DOUBLE_TAP + 10);
    tap(100);
    time.pass(10);
    tap(200);
    expect(told.said).toEqual(["tap inside", "double tap inside", "tap inside", "tap inside", "tap inside"]);
  });

  it("are a double tap when they were quick, however late a busy page hears of the second", () => {
    const late = (input: PointerInput, made: number): PointerInput => ({ ...input, time: made });
    machine.press(late(pointer(1, 100, 100), 0));
    machine.release(late(pointer(1, 100, 100), 60));
    time.pass(2000);
    machine.press(late(pointer(1, 100, 100), 180));
    machine.release(late(pointer(1, 100, 100), 240));
    expect(told.said).toEqual(["tap inside", "double tap inside"]);
  });
});

describe("a mouse", () => {
  it("hovers to read out and holding it still does nothing", () => {
    machine.move(pointer(1, 50, 50, "inside", "mouse"));
    machine.press(pointer(1, 50, 50, "inside", "mouse"));
    time.pass(LONG_PRESS * 2);
    expect(told.said).toEqual(["read by hover"]);
    machine.release(pointer(1, 50, 50, "inside", "mouse"));
    machine.leave();
    expect(told.reading).toBeNull();
  });
});

describe("two fingers", () => {
  const pinch = (from: readonly [Point, Point], to: readonly [Point, Point], zone: Zone = "inside"): void => {
    from.forEach((at, i) => {
      machine.press(pointer(i, at.x, at.y, zone));
    });
    to.forEach((at, i) => {
      machine.move(pointer(i, at.x, at.y, zone));
    });
  };

  it("side by side zoom x alone", () => {
    pinch(
      [
        { x: 100, y: 100 },
        { x: 200, y: 105 },
      ],
      [
        { x: 50, y: 90 },
        { x: 250, y: 120 },
      ],
    );
    expect(told.magnified.x).toBeCloseTo(2);
    expect(told.magnified.y).toBe(1);
    expect(told.panned.y).toBe(0);
  });

  it("one above the other zoom y alone", () => {
    pinch(
      [
        { x: 100, y: 100 },
        { x: 105, y: 200 },
      ],
      [
        { x: 100, y: 125 },
        { x: 105, y: 175 },
      ],
    );
    expect(told.magnified.x).toBe(1);
    expect(told.magnified.y).toBeCloseTo(0.5);
  });

  it("on a slant zoom both alike", () => {
    pinch(
      [
        { x: 100, y: 100 },
        { x: 200, y: 200 },
      ],
      [
        { x: 50, y: 50 },
        { x: 250, y: 250 },
      ],
    );
    expect(told.magnified.x).toBeCloseTo(2);
    expect(told.magnified.y).toBeCloseTo(2);
  });

  it("on an axis zoom that axis, however they lie", () => {
    pinch(
      [
        { x: 20, y: 100 },
        { x: 60, y: 300 },
      ],
      [
        { x: 20, y: 50 },
        { x: 60, y: 350 },
      ],
      "y",
    );
    expect(told.magnified.x).toBe(1);
    expect(told.magnified.y).toBeCloseTo(1.5, 1);
  });

  it("moved together pan", () => {
    pinch(
      [
        { x: 100, y: 100 },
        { x: 200, y: 200 },
      ],
      [
        { x: 130, y: 120 },
        { x: 230, y: 220 },
      ],
    );
    expect(told.panned).toEqual({ x: 30, y: 20 });
    expect(told.magnified.x).toBeCloseTo(1);
  });

  it("become one, which goes on panning from where it is", () => {
    pinch(
      [
        { x: 100, y: 100 },
        { x: 200, y: 100 },
      ],
      [
        { x: 100, y: 100 },
        { x: 220, y: 100 },
      ],
    );
    machine.release(pointer(1, 220, 100));
    const before = told.panned;
    machine.move(pointer(0, 110, 104));
    expect(told.panned.x - before.x).toBe(10);
    expect(told.panned.y - before.y).toBe(4);
    machine.release(pointer(0, 110, 104));
    expect(told.said.filter((word) => word === "begin")).toHaveLength(1);
    expect(told.said.at(-1)).toBe("settle");
  });

  it("after a long press end the read-out and zoom", () => {
    machine.press(pointer(0, 100, 100));
    time.pass(LONG_PRESS);
    machine.press(pointer(1, 200, 100));
    expect(told.reading).toBeNull();
    machine.move(pointer(1, 300, 100));
    expect(told.magnified.x).toBeCloseTo(2);
  });

  it("that touch never magnify without end", () => {
    pinch(
      [
        { x: 100, y: 100 },
        { x: 101, y: 100 },
      ],
      [
        { x: 100, y: 100 },
        { x: 148, y: 100 },
      ],
    );
    expect(told.magnified.x).toBeCloseTo(2);
  });
});

describe("a drag that the target takes", () => {
  const drag = (): { calls: string[]; drag: Drag } => {
    const calls: string[] = [];
    return {
      calls,
      drag: {
        move: (at) => calls.push(`move ${at.x}`),
        end: (at) => calls.push(`end ${at.x}`),
        cancel: () => calls.push("cancel"),
      },
    };
  };

  it("pans nothing and ends where the finger lifts", () => {
    const { calls, drag: taken } = drag();
    told.toGrab = taken;
    machine.press(pointer(1, 100, 100));
    machine.move(pointer(1, 140, 100));
    machine.release(pointer(1, 140, 100));
    expect(calls).toEqual(["move 140", "end 140"]);
    expect(told.pans).toEqual([]);
  });

  it.each(["a second finger", "the system"])("goes back when %s takes the pointer", (by) => {
    const { calls, drag: taken } = drag();
    told.toGrab = taken;
    machine.press(pointer(1, 100, 100));
    machine.move(pointer(1, 140, 100));
    if (by === "the system") machine.cancel(1);
    else machine.press(pointer(2, 200, 200));
    expect(calls.at(-1)).toBe("cancel");
  });
});

describe("the wheel", () => {
  it("back and forth is where it was", () => {
    expect(wheelFactor(100, 0, false) * wheelFactor(-100, 0, false)).toBeCloseTo(1);
    expect(wheelFactor(-100, 0, false)).toBeGreaterThan(1);
  });

  it("counts lines as more than pixels, and no jump as more than a notch or two", () => {
    expect(wheelFactor(-3, 1, false)).toBeCloseTo(wheelFactor(-48, 0, false));
    expect(wheelFactor(-5000, 0, false)).toBeLessThan(1.5);
  });
});
