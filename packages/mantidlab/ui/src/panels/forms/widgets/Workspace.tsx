// A workspace that the kernel holds, or the name of one that it will hold.
import * as React from "react";
import { describe, type Held, offersOf } from "../accepting";
import { entryText } from "../entries";
import { isName } from "../literals";
import { isExpression, type Value } from "../spec";
import { SurroundingsContext } from "../surroundings";
import { t } from "../texts";
import { Combobox } from "./Combobox";
import { attributes, type WidgetProperties } from "./properties";

export function Workspace(properties: WidgetProperties): React.JSX.Element {
  const { field, value, onFill } = properties;
  const { held, framework } = React.useContext(SurroundingsContext);
  const offers = offersOf(held ?? [], field.accepts, framework);
  const read = (text: string) => {
    const wanted = text.trim();
    onFill(wanted === "" ? undefined : valueNamed(wanted, held ?? [], framework));
  };
  return (
    <Combobox
      attributes={attributes(properties)}
      label={field.label}
      text={entryText(field, value)}
      placeholder={field.required ? t.__("Choose a workspace…") : t.__("None")}
      nothing={
        held === null ? t.__("No kernel says what it holds: type a name.") : t.__("The kernel holds no workspace yet.")
      }
      options={offers.map(({ held: one, refusal }) => ({
        text: one.variable ?? one.name,
        label: one.variable === null || one.variable === one.name ? one.name : `${one.variable} (${one.name})`,
        detail: describe(one),
        refusal,
      }))}
      onText={read}
      onChoose={(option) => read(option.text)}
    />
  );
}

/** Return how a call names a workspace: by its variable where it has one, else in Mantid by its name. */
export function valueNamed(text: string, held: readonly Held[], framework: string): Value {
  const isVariable = held.some(({ variable }) => variable === text);
  const isKnownName = held.some(({ name, variable }) => name === text && variable === null);
  const byVariable = isVariable || (framework !== "mantid" && !isKnownName) || !isPlain(text);
  return byVariable ? { expression: text } : text;
}

// A name of Mantid's may hold nearly anything; what has brackets is Python.
function isPlain(text: string): boolean {
  return isName(text) || !/[()[\]"']/.test(text);
}

export function isVariable(value: Value | undefined): boolean {
  return isExpression(value) && isName(value.expression);
}
