// Files, by run number or looked for in the session's folders; and folders.
import * as React from "react";
import { parts } from "../entries";
import { type Browsed, SurroundingsContext } from "../surroundings";
import { t } from "../texts";
import { attributes, type WidgetProperties } from "./properties";
import { useTyping } from "./Typed";

const HINTS: Record<Browsed, () => string> = {
  file: () => t.__("Run number or file"),
  files: () => t.__("Runs such as 74024, 74030:74035, or files"),
  "save-file": () => t.__("Name of the file"),
  folder: () => t.__("Folder"),
};

export function Files(properties: WidgetProperties): React.JSX.Element {
  const { field, disabled } = properties;
  const kind = field.widget as Browsed;
  const { browse } = React.useContext(SurroundingsContext);
  const { text, type } = useTyping(properties);
  const look = async () => {
    const found = await browse(kind, field.extensions);
    if (found.length > 0) {
      type(kind === "files" ? [...parts(text), ...found].join(", ") : (found[0] ?? ""));
    }
  };
  return (
    <div className="mlf-with-button">
      <input
        {...attributes(properties)}
        type="text"
        className="mlf-input"
        value={text}
        placeholder={HINTS[kind]()}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={(event) => type(event.target.value)}
      />
      <button
        type="button"
        className="mlf-button"
        disabled={disabled}
        aria-label={t.__("Browse for %1", field.label)}
        onClick={() => void look()}
      >
        {t.__("Browse…")}
      </button>
    </div>
  );
}
