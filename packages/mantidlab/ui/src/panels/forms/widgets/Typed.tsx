// A field that is typed into: texts, numbers, lists, ranges, functions and Python.
import * as React from "react";
import { defaultText, entryText, readEntry } from "../entries";
import { isSame } from "../spec";
import { SurroundingsContext } from "../surroundings";
import { attributes, type WidgetProperties } from "./properties";

interface TypedProperties extends WidgetProperties {
  /** More lines than one. */
  long?: boolean;
  /** Of the keyboard that a tablet shows. */
  keyboard?: "text" | "decimal" | "numeric";
  code?: boolean;
  hint?: string;
}

/** Keep what is typed as it is typed, also while it is not yet a value, and read it at every letter. */
export function useTyping({ field, value, typed: first, onFill, onMisread }: WidgetProperties) {
  const { framework } = React.useContext(SurroundingsContext);
  const [text, setText] = React.useState(() => first ?? entryText(field, value));
  const meant = React.useRef(value);

  // A value from elsewhere (a reset, another cell) replaces what was typed; one's own does not.
  React.useEffect(() => {
    if (!isSame(meant.current, value)) {
      meant.current = value;
      setText(entryText(field, value));
    }
  }, [field, value]);

  const type = (typed: string) => {
    setText(typed);
    const entry = readEntry(field, framework, typed);
    meant.current = "value" in entry ? entry.value : undefined;
    if ("problem" in entry) {
      onMisread(entry.problem, typed);
    } else {
      onFill(meant.current);
    }
  };
  return { text, type };
}

export function Typed(properties: TypedProperties): React.JSX.Element {
  const { field, long, keyboard, code, hint } = properties;
  const { text, type } = useTyping(properties);
  const common = {
    ...attributes(properties),
    className: `mlf-input${code ? " mlf-code" : ""}`,
    value: text,
    placeholder: defaultText(field) || hint,
    spellCheck: false,
    autoCapitalize: "off",
    autoComplete: "off",
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => type(event.target.value),
  };
  return long ? (
    <textarea {...common} rows={Math.min(8, Math.max(2, text.split("\n").length))} />
  ) : (
    <input {...common} type="text" inputMode={keyboard} />
  );
}
