import { describe, expect, it } from "vitest";
import type { Answer, Channel, RequestOptions } from "../../src/core/channel";
import { makeScale } from "../../src/core/scales";
import { Refiner, type Wanted } from "../../src/lines/refiner";
import { complete, withAxis } from "../../src/lines/views";

/** A channel whose questions are answered when the test says so. */
class Asked implements Channel {
  readonly state = "idle";
  readonly questions: {
    parameters: Record<string, unknown>;
    answer: (answer: Answer) => void;
    fail: (e: Error) => void;
  }[] = [];

  request(_: string, parameters: Record<string, unknown> = {}, _options?: RequestOptions): Promise<Answer> {
    return new Promise((answer, fail) => this.questions.push({ parameters, answer, fail }));
  }
  on(): () => void {
    return () => undefined;
  }
  onState(): () => void {
    return () => undefined;
  }
}

function wanted(range: readonly [number, number] | null): Wanted {
  const view = withAxis(complete({}), "x", { range });
  const x = makeScale("linear", range ?? [0, 100], [0, 500]);
  return { view, x, full: [0, 100], all: range === null, width: 500, pixelRatio: 1, ids: [1], everyone: true };
}

/** An envelope of one curve over this window. */
function envelope(x: readonly [number, number], pixels: number): Answer {
  const parts = ["column", "first", "last", "low", "high"].map((name) => ({ name, dtype: "float32" }));
  const buffers = parts.map(() => new DataView(new Float32Array([0]).buffer));
  const curve = { id: 1, mode: "envelope", n: 1, base: 0, bins_per_pixel: 9, parts };
  return { content: { x, pixels, scale: { kind: "linear", linear_below: null }, curves: [curve] }, buffers };
}

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("the refiner", () => {
  it("asks for the window with room at both sides, and is content with the answer", async () => {
    const channel = new Asked();
    const refiner = new Refiner(channel, () => undefined);
    refiner.want(wanted(null));
    channel.questions[0]?.answer(envelope([0, 100], 500));
    await later();
    refiner.want(wanted([40, 60]));
    expect(channel.questions[1]?.parameters).toMatchObject({ x: [30, 70], pixels: 1000 });
    channel.questions[1]?.answer(envelope([30, 70], 1000));
    await later();
    expect(refiner.satisfied(wanted([40, 60]))).toBe(true);
    refiner.want(wanted([35, 55])); // still within the answer, and as fine
    expect(channel.questions).toHaveLength(2);
  });

  it("asks one thing at a time, and then for what is wanted by then", async () => {
    const channel = new Asked();
    const refiner = new Refiner(channel, () => undefined);
    refiner.want(wanted(null));
    refiner.want(wanted([10, 20]));
    refiner.want(wanted([50, 52]));
    expect(channel.questions).toHaveLength(1);
    channel.questions[0]?.answer(envelope([0, 100], 500));
    await later();
    expect(channel.questions).toHaveLength(2);
    expect(channel.questions[1]?.parameters).toMatchObject({ x: [49, 53] });
  });

  it("asks for nothing where there are no data", async () => {
    const channel = new Asked();
    const refiner = new Refiner(channel, () => undefined);
    refiner.want(wanted(null));
    channel.questions[0]?.answer(envelope([0, 100], 500));
    await later();
    expect(refiner.satisfied(wanted([-20, 120]))).toBe(true);
  });

  it("asks again when the picture is too coarse for what is wanted", async () => {
    const channel = new Asked();
    const refiner = new Refiner(channel, () => undefined);
    refiner.want(wanted(null));
    channel.questions[0]?.answer(envelope([0, 100], 500));
    await later();
    expect(refiner.satisfied(wanted([0, 50]))).toBe(false);
  });

  it("keeps what it has and says why, when there is no answer", async () => {
    const channel = new Asked();
    let told = 0;
    const refiner = new Refiner(channel, () => {
      told += 1;
    });
    refiner.want(wanted(null));
    channel.questions[0]?.answer(envelope([0, 100], 500));
    await later();
    refiner.want(wanted([40, 60]));
    channel.questions[1]?.fail(new Error("The kernel is gone."));
    await later();
    expect(refiner.problem).toBe("The kernel is gone.");
    expect(refiner.pictures(wanted([40, 60]).view)).toHaveLength(1);
    expect(told).toBe(2);
    refiner.want(wanted([40, 60])); // not again and again
    expect(channel.questions).toHaveLength(2);
    refiner.want(wanted([41, 60]));
    expect(channel.questions).toHaveLength(3);
  });
});
