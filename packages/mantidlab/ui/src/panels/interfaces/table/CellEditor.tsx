// The field of the form in a cell, as long as somebody works on that cell.
import * as React from "react";
import type { Field, Value } from "../../forms/spec";
import { t } from "../../forms/texts";
import { Widget } from "../../forms/widgets";
import { cellText, readCell } from "./cells";

/** Where the focus goes when a cell is done. */
export type Onward = "down" | "up" | "right" | "left" | "stay";

interface CellEditorProperties {
  field: Field;
  label: string;
  text: string;
  /** A letter that began it, and takes the place of what stood there. */
  begun: string | null;
  onDone(text: string, onward: Onward): void;
  /** The focus went elsewhere. */
  onLeave(text: string): void;
  onCancel(): void;
}

const ARROWS: Record<string, Onward> = {
  ArrowDown: "down",
  ArrowUp: "up",
  ArrowLeft: "left",
  ArrowRight: "right",
};

export function CellEditor(properties: CellEditorProperties): React.JSX.Element {
  const { field, label, begun, onDone, onLeave, onCancel } = properties;
  const first = begun === null ? properties.text : beginning(field, begun);
  const [value, setValue] = React.useState(() => valueIn(field, first));
  const [problem, setProblem] = React.useState<string | null>(null);
  const text = React.useRef(first);
  const isDone = React.useRef(false);
  const root = React.useRef<HTMLDivElement>(null);
  const id = React.useId().replaceAll(":", "");
  React.useEffect(() => {
    const input = root.current?.querySelector<HTMLElement>("input, select, textarea");
    input?.focus({ preventScroll: true });
    root.current?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
    if (input instanceof HTMLInputElement && input.type === "text") {
      if (begun === null) input.select();
      else input.setSelectionRange(input.value.length, input.value.length);
    }
  }, [begun]);
  const finish = (task: () => void) => {
    if (isDone.current) return;
    isDone.current = true;
    task();
  };
  const done = (onward: Onward) => finish(() => onDone(text.current, onward));
  const onKey = (event: React.KeyboardEvent) => {
    const list = listOf(event.target);
    const onward = onwardOf(event, begun !== null && list === null);
    if (event.key === "Escape" && list !== "open" && list !== "chosen") {
      event.preventDefault();
      finish(onCancel);
    } else if (onward !== undefined && list === "chosen" && event.key === "Enter") {
      setTimeout(() => done(onward)); // once the list has taken what is chosen in it
    } else if (onward !== undefined) {
      event.preventDefault();
      done(onward);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears keys of the field in it that mean something to the table
    <div
      ref={root}
      className="mli-editor"
      data-widget={field.widget}
      onKeyDownCapture={onKey}
      onBlur={({ relatedTarget }) => {
        if (root.current?.contains(relatedTarget)) return;
        // Not while somebody looks for a file in JupyterLab's dialog.
        setTimeout(() => document.querySelector(".jp-Dialog") === null && finish(() => onLeave(text.current)));
      }}
    >
      <label className="mlf-hidden" htmlFor={id}>
        {label}
      </label>
      <Widget
        field={field}
        value={value}
        typed={value === undefined ? first : undefined}
        id={id}
        describedBy={problem ? `${id}-problem` : undefined}
        invalid={problem !== null}
        disabled={false}
        onFill={(next) => {
          text.current = cellText(field, next);
          setValue(next);
          setProblem(null);
        }}
        onMisread={(sentence, typed) => {
          text.current = typed;
          setProblem(sentence);
        }}
      />
      {problem && (
        <p id={`${id}-problem`} className="mlf-problem" role="status">
          {problem}
        </p>
      )}
      {field.widget === "choices" && (
        <button type="button" className="mlf-button" onClick={() => done("stay")}>
          {t.__("Done")}
        </button>
      )}
    </div>
  );
}

// Keys choose in a short list by its first letters.
function beginning(field: Field, letter: string): string {
  if (field.widget !== "choice" || field.open) return field.widget === "choices" ? "" : letter;
  const found = field.choices.find(({ label }) => label.toLowerCase().startsWith(letter.toLowerCase()));
  return found ? cellText(field, found.value) : letter;
}

function valueIn(field: Field, text: string): Value | undefined {
  const read = readCell(field, text);
  return "value" in read ? read.value : undefined;
}

function listOf(target: EventTarget): "open" | "chosen" | "closed" | null {
  if (!(target instanceof HTMLElement)) return null;
  if (target instanceof HTMLSelectElement) return "closed";
  if (target.getAttribute("role") !== "combobox") return null;
  if (target.getAttribute("aria-expanded") !== "true") return "closed";
  return target.hasAttribute("aria-activedescendant") ? "chosen" : "open";
}

function onwardOf({ key, shiftKey, altKey, target }: React.KeyboardEvent, byArrows: boolean): Onward | undefined {
  if (key === "Enter" && !(target instanceof HTMLButtonElement) && !altKey) return shiftKey ? "up" : "down";
  if (key === "Tab") return shiftKey ? "left" : "right";
  return byArrows ? ARROWS[key] : undefined;
}
