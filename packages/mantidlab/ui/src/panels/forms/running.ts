// How a cell ended, in a sentence.
import type { ICodeCellModel } from "@jupyterlab/cells";
import type { Outcome as CellOutcome } from "../core";
import type { Outcome } from "./services";
import { t } from "./texts";

interface ErrorOutput {
  ename?: unknown;
  evalue?: unknown;
}

/** Return whether a cell ran to its end, and if not, what it said. */
export function endOf({ cell, ran }: CellOutcome): Outcome {
  if (ran !== false) {
    return { ok: true, message: ran === undefined ? "" : t.__("It ran to its end.") };
  }
  const outputs = (cell?.model as ICodeCellModel | undefined)?.outputs;
  for (let index = (outputs?.length ?? 0) - 1; index >= 0; index -= 1) {
    const output = outputs?.get(index);
    if (output?.type === "error") {
      return { ok: false, message: errorText(output.toJSON() as ErrorOutput) };
    }
  }
  return { ok: false, message: t.__("It did not run to its end. The cell says why.") };
}

function errorText({ ename, evalue }: ErrorOutput): string {
  if (ename === "KeyboardInterrupt") {
    return t.__("It was stopped.");
  }
  // A sentence says all; the name of a class of Python does not add to it.
  if (typeof evalue === "string" && /\S\s.*[.!?]$/s.test(evalue.trim())) {
    return evalue.trim();
  }
  return [ename, evalue].filter((part) => typeof part === "string" && part !== "").join(": ");
}
