// Pictures of plots for those who have no kernel: answers `mantidlab:snapshot` events with a PNG.

export interface SnapshotRequest {
  /** Call with the picture, or with null when there is none yet. */
  readonly answer: (picture: Promise<Blob | null>) => void;
}

/** Answer each `mantidlab:snapshot` event on `root` with `take`'s picture. */
export function answerSnapshots(root: HTMLElement, take: () => Promise<Blob | null>, signal: AbortSignal): void {
  root.addEventListener(
    "mantidlab:snapshot",
    (event) => {
      const request = (event as CustomEvent<SnapshotRequest | null>).detail;
      if (typeof request?.answer === "function") request.answer(take());
      event.stopPropagation();
    },
    { signal },
  );
}

/** A canvas's picture as PNG. */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
