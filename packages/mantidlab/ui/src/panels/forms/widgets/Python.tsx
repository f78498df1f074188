// The way out of every widget: Python as it will stand in the call.
import * as React from "react";
import { pythonText } from "../literals";
import { isExpression, isSame, type Json, type Value } from "../spec";
import { t } from "../texts";
import { attributes, type WidgetProperties } from "./properties";

/** Return the Python that a value is written as. */
export function asPython(value: Value | undefined): string {
  return value === undefined ? "" : isExpression(value) ? value.expression : pythonText(value as Json);
}

export function Python(properties: WidgetProperties): React.JSX.Element {
  const { value, onFill } = properties;
  const [text, setText] = React.useState(() => asPython(value));
  const meant = React.useRef(value);
  React.useEffect(() => {
    if (!isSame(meant.current, value)) {
      meant.current = value;
      setText(asPython(value));
    }
  }, [value]);
  const type = (typed: string) => {
    setText(typed);
    meant.current = typed.trim() === "" ? undefined : { expression: typed.trim() };
    onFill(meant.current);
  };
  return (
    <input
      {...attributes(properties)}
      type="text"
      className="mlf-input mlf-code"
      value={text}
      placeholder={t.__("Python, such as a variable")}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      onChange={(event) => type(event.target.value)}
    />
  );
}
