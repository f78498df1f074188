// Draws pictures with WebGL 2: one context for all plots of a page, since browsers take away all but the last sixteen.

import { type Layer, type Look, paint, STRIPE } from "./painting";
import type { Picture } from "./picture";
import FRAGMENT from "./pixels.glsl";

const VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

const KINDS = { linear: 0, log: 1, symlog: 2 } as const;

interface Textures {
  readonly values: WebGLTexture;
  readonly flags: WebGLTexture;
}

/** Draw layers, the later over the earlier, into a rectangle of a 2-D canvas; sizes in pixels of the canvas. */
export function drawLayers(
  context: CanvasRenderingContext2D,
  at: { readonly x: number; readonly y: number },
  layers: readonly Layer[],
  look: Look,
): void {
  if (look.width < 1 || look.height < 1) return;
  const card = Graphics.ofThePage();
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  if (card?.draw(layers, look)) {
    // The rectangle lies in the lower left corner of the shared canvas.
    const { canvas } = card;
    const top = canvas.height - look.height;
    context.drawImage(canvas, 0, top, look.width, look.height, at.x, at.y, look.width, look.height);
  } else {
    drawWithout(context, at, layers, look);
  }
  context.restore();
}

/** Free what the graphics card keeps of a picture that is not drawn any more. */
export function releasePicture(picture: Picture | null): void {
  if (picture !== null) Graphics.ofThePage()?.forget(picture);
}

function drawWithout(
  context: CanvasRenderingContext2D,
  at: { readonly x: number; readonly y: number },
  layers: readonly Layer[],
  look: Look,
): void {
  const image = context.getImageData(at.x, at.y, look.width, look.height);
  for (const layer of layers) paint(image.data, layer, look);
  context.putImageData(image, at.x, at.y);
}

class Graphics {
  private static made: Graphics | null | undefined;
  readonly canvas: HTMLCanvasElement;
  private program: WebGLProgram | null = null;
  private places = new Map<string, WebGLUniformLocation | null>();
  private textures = new WeakMap<Picture, Textures>();
  private lookups: { columns: WebGLTexture; rows: WebGLTexture; table: WebGLTexture } | null = null;
  private lost = false;

  static ofThePage(): Graphics | null {
    if (Graphics.made === undefined) {
      const canvas = document.createElement("canvas");
      const gl = canvas.getContext("webgl2", { alpha: true, antialias: false, depth: false, premultipliedAlpha: true });
      Graphics.made = gl === null ? null : new Graphics(canvas, gl);
    }
    return Graphics.made;
  }

  private constructor(
    canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
  ) {
    this.canvas = canvas;
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault(); // so that it is given back
      this.lost = true;
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.lost = false;
      this.program = null;
      this.lookups = null;
      this.textures = new WeakMap();
    });
  }

  /** Draw; false where the card has taken its context away, or is not able to. */
  draw(layers: readonly Layer[], look: Look): boolean {
    const { gl, canvas } = this;
    if (this.lost || gl.isContextLost() || !this.prepare()) return false;
    const most = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
    const longest = layers.map(({ picture, columns }) => Math.max(picture.columns, picture.rows, columns.length / 2));
    if (Math.max(look.width, look.height, ...longest) > most) return false;
    if (canvas.width < look.width) canvas.width = look.width;
    if (canvas.height < look.height) canvas.height = look.height;
    gl.viewport(0, 0, look.width, look.height);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(0, 0, look.width, look.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(this.program);
    for (const layer of layers) this.drawLayer(layer, look);
    return true;
  }

  private drawLayer(layer: Layer, look: Look): void {
    const { gl } = this;
    const { picture } = layer;
    if (picture.columns < 1 || picture.rows < 1 || this.lookups === null) return;
    const { values, flags } = this.texturesOf(picture);
    const { columns, rows, table } = this.lookups;
    [values, flags, columns, rows, table].forEach((texture, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    });
    gl.activeTexture(gl.TEXTURE2);
    this.fillLookup(layer.columns);
    gl.activeTexture(gl.TEXTURE3);
    this.fillLookup(layer.rows);
    gl.activeTexture(gl.TEXTURE4);
    this.fill(gl.RGB8, 256, 1, gl.RGB, gl.UNSIGNED_BYTE, look.table);
    this.setUniforms(layer, look);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  private setUniforms(layer: Layer, look: Look): void {
    const { gl } = this;
    const { colouring } = look;
    const { factor, stands } = layer.picture;
    ["values", "flags", "columns", "rows", "table"].forEach((name, unit) => {
      gl.uniform1i(this.place(name), unit);
    });
    gl.uniform1i(this.place("kind"), KINDS[colouring.kind]);
    gl.uniform1f(this.place("low"), colouring.low / factor);
    gl.uniform1f(this.place("high"), colouring.high / factor);
    gl.uniform1f(this.place("constant"), colouring.constant / factor);
    gl.uniform1f(this.place("shear"), layer.shear);
    gl.uniform1f(this.place("shift"), layer.shift);
    gl.uniform1f(this.place("stripe"), STRIPE);
    gl.uniform1i(this.place("mean"), stands === "mean" ? 1 : 0);
    gl.uniform3f(this.place("masked"), ...share(look.masked));
    gl.uniform3f(this.place("nothing"), ...share(look.nothing));
    gl.uniform2f(this.place("corner"), 0, 0);
    gl.uniform2i(this.place("lengths"), layer.columns.length / 2, layer.rows.length / 2);
  }

  private texturesOf(picture: Picture): Textures {
    const known = this.textures.get(picture);
    if (known !== undefined) return known;
    const { gl } = this;
    const { columns, rows } = picture;
    const [values, flags] = [this.texture(), this.texture()];
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, values);
    this.fill(gl.R32F, columns, rows, gl.RED, gl.FLOAT, picture.values);
    gl.bindTexture(gl.TEXTURE_2D, flags);
    this.fill(gl.R8UI, columns, rows, gl.RED_INTEGER, gl.UNSIGNED_BYTE, picture.flags);
    const made = { values, flags };
    this.textures.set(picture, made);
    return made;
  }

  private fillLookup(lookup: Int16Array): void {
    const { gl } = this;
    this.fill(gl.RG16I, lookup.length / 2, 1, gl.RG_INTEGER, gl.SHORT, lookup);
  }

  private fill(
    inside: number,
    width: number,
    height: number,
    format: number,
    type: number,
    data: ArrayBufferView,
  ): void {
    this.gl.texImage2D(this.gl.TEXTURE_2D, 0, inside, width, height, 0, format, type, data);
  }

  private texture(): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
    }
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
      gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    }
    return texture;
  }

  /** Free what the card keeps of a picture; it can be drawn again, and is then sent again. */
  forget(picture: Picture): void {
    const known = this.textures.get(picture);
    if (known === undefined) return;
    this.textures.delete(picture);
    this.gl.deleteTexture(known.values);
    this.gl.deleteTexture(known.flags);
  }

  private place(name: string): WebGLUniformLocation | null {
    if (!this.places.has(name) && this.program !== null) {
      this.places.set(name, this.gl.getUniformLocation(this.program, name));
    }
    return this.places.get(name) ?? null;
  }

  private prepare(): boolean {
    if (this.program !== null) return true;
    const { gl } = this;
    const program = gl.createProgram();
    for (const [type, text] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ] as const) {
      const shader = gl.createShader(type);
      if (shader === null) return false;
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) {
      console.error("The pictures are drawn without the graphics card:", gl.getProgramInfoLog(program));
      return false;
    }
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    this.places.clear();
    this.program = program;
    this.lookups = { columns: this.texture(), rows: this.texture(), table: this.texture() };
    return true;
  }
}

function share([r, g, b]: readonly [number, number, number]): [number, number, number] {
  return [r / 255, g / 255, b / 255];
}
