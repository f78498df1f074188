// Fields of dialogs and panels: numbers, choices, switches and sliders, each with its label and at least 44 px high.

import { part } from "./frame";
import { formatNumber, parseNumber } from "./numbers";

let count = 0;

function nextId(): string {
  count += 1;
  return `mlp-field-${count}`;
}

function labelled(label: string, control: HTMLElement, id: string): HTMLElement {
  const field = part("div", "mlp-field");
  const words = part("label", "", label);
  words.htmlFor = id;
  control.id = id;
  field.append(words, control);
  return field;
}

export interface NumberField {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** The number, or null while what is there is none. */
  read(): number | null;
  write(value: number | null): void;
}

/** Let Enter finish what was typed, as leaving the field does: in a notebook the browser's own way is stopped. */
export function finishOnEnter(input: HTMLInputElement): void {
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** A number to type; `change` is called with each number that was finished. */
export function numberField(
  label: string,
  value: number | null,
  change: (value: number | null) => void = () => undefined,
  placeholder = "",
): NumberField {
  const input = part("input", "");
  input.type = "text";
  input.inputMode = "decimal";
  input.autocomplete = "off";
  input.placeholder = placeholder;
  const write = (next: number | null): void => {
    input.value = next === null ? "" : String(Number(next.toPrecision(8)));
    input.removeAttribute("aria-invalid");
  };
  write(value);
  const read = (): number | null => parseNumber(input.value);
  input.addEventListener("change", () => {
    const bad = input.value.trim() !== "" && read() === null;
    if (bad) input.setAttribute("aria-invalid", "true");
    else {
      input.removeAttribute("aria-invalid");
      change(read());
    }
  });
  finishOnEnter(input);
  return { element: labelled(label, input, nextId()), input, read, write };
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** A few choices as buttons side by side (a radio group). */
export function choiceField<Value extends string>(
  label: string,
  choices: readonly Choice<Value>[],
  value: Value,
  change: (value: Value) => void,
): HTMLElement {
  const field = part("div", "mlp-field");
  const words = part("div", "", label);
  words.id = nextId();
  const group = part("div", "mlp-choices");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-labelledby", words.id);
  const buttons = choices.map((choice) => {
    const made = part("button", "", choice.label);
    made.type = "button";
    made.setAttribute("role", "radio");
    made.addEventListener("click", () => {
      mark(choice.value);
      change(choice.value);
    });
    return made;
  });
  const mark = (chosen: Value): void =>
    buttons.forEach((b, i) => {
      const on = choices[i]?.value === chosen;
      b.setAttribute("aria-checked", String(on));
      b.tabIndex = on ? 0 : -1;
    });
  mark(value);
  group.addEventListener("keydown", (event) => {
    const step =
      event.key === "ArrowRight" || event.key === "ArrowDown"
        ? 1
        : event.key === "ArrowLeft" || event.key === "ArrowUp"
          ? -1
          : 0;
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    if (step === 0 || at < 0) return;
    const next = buttons[(at + step + buttons.length) % buttons.length];
    next?.click();
    next?.focus();
    event.preventDefault();
    event.stopPropagation();
  });
  group.append(...buttons);
  field.append(words, group);
  return field;
}

/** Many choices, as a drop-down list. */
export function selectField<Value extends string>(
  label: string,
  choices: readonly Choice<Value>[],
  value: Value,
  change: (value: Value) => void,
): HTMLElement {
  const select = part("select", "");
  for (const choice of choices) {
    const option = part("option", "", choice.label);
    option.value = choice.value;
    option.selected = choice.value === value;
    select.append(option);
  }
  select.addEventListener("change", () => change(select.value as Value));
  return labelled(label, select, nextId());
}

/** A switch. */
export function checkField(label: string, value: boolean, change: (value: boolean) => void): HTMLElement {
  const field = part("label", "mlp-check");
  const input = part("input", "");
  input.type = "checkbox";
  input.checked = value;
  input.addEventListener("change", () => change(input.checked));
  field.append(input, part("span", "", label));
  return field;
}

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** A slider which calls `change` while it moves; `show` says its value in words. */
export function sliderField(
  label: string,
  value: number,
  span: Span,
  change: (value: number) => void,
  show: (value: number) => string = formatNumber,
): HTMLElement {
  const input = part("input", "");
  input.type = "range";
  Object.assign(input, { min: String(span.from), max: String(span.to), step: String(span.step) });
  input.value = String(value);
  const shown = part("output", "", show(value));
  input.addEventListener("input", () => {
    shown.textContent = show(input.valueAsNumber);
    change(input.valueAsNumber);
  });
  const id = nextId();
  const field = labelled(label, input, id);
  shown.htmlFor.add(id);
  field.append(part("span", ""), shown);
  return field;
}
