// Numbers that came from Python as bytes.

export type Bytes = DataView | ArrayBuffer | Uint8Array | undefined;

/** The bytes as an array of one kind, copied where they do not lie on its boundaries. */
function placed(bytes: Bytes, width: number): { buffer: ArrayBuffer; offset: number; length: number } {
  if (bytes === undefined) return { buffer: new ArrayBuffer(0), offset: 0, length: 0 };
  const view =
    bytes instanceof ArrayBuffer
      ? new Uint8Array(bytes)
      : new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  const aligned = view.byteOffset % width === 0;
  const whole = aligned ? view : view.slice();
  return {
    buffer: whole.buffer as ArrayBuffer,
    offset: whole.byteOffset,
    length: Math.floor(whole.byteLength / width),
  };
}

export function floats(bytes: Bytes): Float32Array {
  const { buffer, offset, length } = placed(bytes, 4);
  return new Float32Array(buffer, offset, length);
}

export function doubles(bytes: Bytes): Float64Array {
  const { buffer, offset, length } = placed(bytes, 8);
  return new Float64Array(buffer, offset, length);
}

export function wholes(bytes: Bytes): Uint32Array {
  const { buffer, offset, length } = placed(bytes, 4);
  return new Uint32Array(buffer, offset, length);
}

export function octets(bytes: Bytes): Uint8Array {
  const { buffer, offset, length } = placed(bytes, 1);
  return new Uint8Array(buffer, offset, length);
}
