// The renderers that all instruments of a page share: browsers take away all WebGL contexts but the last sixteen.

import { WebGLRenderer } from "three";

/** Draws in a corner of its own canvas, and copies what it drew to the canvas of whoever asked. */
export class SharedRenderer {
  private static readonly made = new Map<boolean, SharedRenderer>();
  readonly three: WebGLRenderer;
  private readonly waiting = new Set<() => void>();

  /**
   * The one of this page.
   *
   * @param smooth Whether edges are smoothed, which takes time where there are many detectors.
   * @throws If the browser gives no WebGL 2.
   */
  static ofThePage(smooth: boolean): SharedRenderer {
    const kept = SharedRenderer.made.get(smooth) ?? new SharedRenderer(smooth);
    SharedRenderer.made.set(smooth, kept);
    return kept;
  }

  private constructor(smooth: boolean) {
    this.three = new WebGLRenderer({ antialias: smooth, alpha: false });
    this.three.autoClear = false;
    this.three.setPixelRatio(1);
    // three.js has listened before, so that all is ready when plots draw again.
    this.three.domElement.addEventListener("webglcontextrestored", () => {
      for (const draw of this.waiting) draw();
    });
  }

  /** Call a function when pictures can be drawn again after the graphics card was taken away; returns how to end that. */
  onRestored(draw: () => void): () => void {
    this.waiting.add(draw);
    return () => this.waiting.delete(draw);
  }

  /** Fill a 2-D canvas with what `render` draws; it keeps its picture while there is no graphics card. */
  fill(canvas: HTMLCanvasElement, render: () => void): void {
    const { three } = this;
    if (three.getContext().isContextLost()) return;
    const { width, height } = canvas;
    const own = three.domElement;
    if (own.width < width || own.height < height) {
      three.setSize(Math.max(own.width, width), Math.max(own.height, height), false);
    }
    three.setRenderTarget(null);
    three.setViewport(0, 0, width, height);
    three.setScissor(0, 0, width, height);
    three.setScissorTest(true);
    render();
    three.setScissorTest(false);
    canvas.getContext("2d")?.drawImage(own, 0, own.height - height, width, height, 0, 0, width, height);
  }
}
