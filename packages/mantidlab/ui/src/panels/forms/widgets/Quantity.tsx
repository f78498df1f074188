// A number with a unit of one's own choice.
import * as React from "react";
import { readEntry } from "../entries";
import { numberText } from "../literals";
import { isExpression, isSame, type Json, type Value } from "../spec";
import { SurroundingsContext } from "../surroundings";
import { t } from "../texts";
import { attributes, type WidgetProperties } from "./properties";

interface Typed {
  number: string;
  unit: string;
}

export function Quantity(properties: WidgetProperties): React.JSX.Element {
  const { field, value, disabled, onFill, onMisread } = properties;
  const { framework } = React.useContext(SurroundingsContext);
  const rests = typedOf(field.default);
  const [typed, setTyped] = React.useState(() => typedOf(value));
  const meant = React.useRef(value);
  React.useEffect(() => {
    if (!isSame(meant.current, value)) {
      meant.current = value;
      setTyped(typedOf(value));
    }
  }, [value]);
  const type = (next: Typed) => {
    setTyped(next);
    const entry = readEntry({ ...field, widget: "number" }, framework, next.number);
    if ("problem" in entry) {
      onMisread(entry.problem, next.number);
      return;
    }
    const unit = next.unit.trim() || field.unit || rests.unit;
    meant.current = "value" in entry ? { value: entry.value as Json, unit } : undefined;
    onFill(meant.current);
  };
  return (
    <div className="mlf-quantity">
      <input
        {...attributes(properties)}
        className="mlf-input"
        inputMode="decimal"
        autoComplete="off"
        value={typed.number}
        placeholder={rests.number}
        onChange={(event) => type({ ...typed, number: event.target.value })}
      />
      <input
        className="mlf-input mlf-unit-entry"
        aria-label={t.__("Unit of %1", field.label)}
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        value={typed.unit}
        placeholder={field.unit || rests.unit || t.__("unit")}
        onChange={(event) => type({ ...typed, unit: event.target.value })}
      />
    </div>
  );
}

function typedOf(value: Value | undefined): Typed {
  if (typeof value === "number") {
    return { number: numberText(value), unit: "" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || isExpression(value)) {
    return { number: "", unit: "" };
  }
  return {
    number: typeof value.value === "number" ? numberText(value.value) : "",
    unit: typeof value.unit === "string" ? value.unit : "",
  };
}
