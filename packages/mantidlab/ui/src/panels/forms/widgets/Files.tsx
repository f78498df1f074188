// Files, by run number or looked for in the session's folders; and folders.
import * as React from "react";
import { parts } from "../entries";
import { type Browsed, SurroundingsContext } from "../surroundings";
import { t } from "../texts";
import { FilesMeant } from "./FilesMeant";
import { attributes, type WidgetProperties } from "./properties";
import { useTyping } from "./Typed";

const READ: readonly string[] = ["file", "files"];

function hint(kind: Browsed, isMantid: boolean, takesRuns: boolean): string {
  switch (kind) {
    case "file":
      return takesRuns ? t.__("Run number or file") : t.__("Name of the file");
    case "files":
      return !takesRuns
        ? t.__("Files, with commas between")
        : isMantid
          ? t.__("Runs such as 74024, 74030:74035, or files")
          : t.__("Runs such as 74024, 74030-74035, or files");
    case "save-file":
      return t.__("Name of the file");
    case "folder":
      return t.__("Folder");
  }
}

export function Files(properties: WidgetProperties): React.JSX.Element {
  const { field, disabled } = properties;
  const kind = field.widget as Browsed;
  const { browse, framework } = React.useContext(SurroundingsContext);
  const isMantid = framework === "mantid";
  const { text, type } = useTyping(properties);
  const look = async () => {
    const found = await browse(kind, field.extensions);
    if (found.length > 0) {
      type(kind === "files" ? [...parts(text), ...found].join(", ") : (found[0] ?? ""));
    }
  };
  return (
    <>
      <div className="mlf-with-button">
        <input
          {...attributes(properties)}
          type="text"
          className="mlf-input"
          value={text}
          placeholder={hint(kind, isMantid, isMantid || field.runs === true)}
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
      {READ.includes(kind) && <FilesMeant {...properties} />}
    </>
  );
}
