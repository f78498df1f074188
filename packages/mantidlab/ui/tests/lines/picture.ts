// Answers to `window` as Python sends them, for tests.
import { decode, type Picture, type Trace } from "../../src/lines/pictures";
import type { CurveContent, WindowContent } from "../../src/lines/schema";

type Parts = Record<string, readonly number[]>;

const WIDE = new Set(["x"]);

/** A picture of curves given by their parts. */
export function picture(
  curves: readonly { id: number; mode: "exact" | "envelope"; base?: number; masked?: boolean; parts: Parts }[],
  x: readonly [number, number] = [0, 10],
  pixels = 10,
): Picture {
  const buffers: DataView[] = [];
  const contents = curves.map(({ id, mode, base = 0, masked, parts }): CurveContent => {
    const described = Object.entries(parts).map(([name, values]) => {
      const dtype = name === "mask" ? "uint8" : WIDE.has(name) ? "float64" : "float32";
      buffers.push(bufferOf(values, dtype));
      return { name, dtype };
    });
    const n = (parts.y ?? parts.first ?? []).length;
    return { id, mode, base, n, bins_per_pixel: 1, parts: described, ...(masked === undefined ? {} : { masked }) };
  });
  const content: WindowContent = { x, pixels, scale: { kind: "linear", linear_below: null }, curves: contents };
  return decode(content, buffers, "key", false);
}

/** As it comes in a message: somewhere in a larger buffer, at an address that arrays of floats cannot begin at. */
function bufferOf(values: readonly number[], dtype: string): DataView {
  const array =
    dtype === "uint8"
      ? Uint8Array.from(values)
      : dtype === "float64"
        ? Float64Array.from(values)
        : Float32Array.from(values);
  const message = new Uint8Array(array.byteLength + 7);
  message.set(new Uint8Array(array.buffer), 3);
  return new DataView(message.buffer, 3, array.byteLength);
}

/** The traces of a picture, in the order of its curves. */
export function tracesOf(...given: Parameters<typeof picture>): Trace[] {
  return [...picture(...given).traces.values()].flat();
}
