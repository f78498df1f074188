// What must be known before something is done: a new name, a file, or a yes.

import type { TranslationBundle } from "@jupyterlab/translation";
import * as React from "react";
import { Busy, Button, Notice } from "../core/frame";
import { useFetched } from "../core/hooks";
import type { Kernel } from "../core/kernel";
import { fileName, type Item, labelOf, memoryOf } from "./item";
import { canBeKept } from "./undoing";

interface QuestionProps {
  readonly items: readonly Item[];
  readonly t: TranslationBundle;
  readonly kernel: Kernel;
  /** Carry it out with these options. */
  answer(options: object): void;
  cancel(): void;
}

function Question({
  label,
  yes,
  disabled,
  t,
  cancel,
  answer,
  children,
}: {
  label: string;
  yes: string;
  disabled?: boolean;
  t: TranslationBundle;
  cancel(): void;
  answer(): void;
  children: React.ReactNode;
}): React.JSX.Element {
  return (
    <form
      className="mantidlab-Workspaces-question"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (!disabled) answer();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        cancel();
      }}
    >
      {children}
      <div className="mantidlab-Workspaces-actions">
        <button type="submit" className="mantidlab-Button mantidlab-mod-primary" disabled={disabled}>
          {yes}
        </button>
        <Button onClick={cancel}>{t.__("Cancel")}</Button>
      </div>
    </form>
  );
}

export function NewName({ items, t, answer, cancel, group }: QuestionProps & { group?: boolean }): React.JSX.Element {
  const [item] = items;
  const [name, setName] = React.useState(group || !item ? "" : labelOf(item));
  const label = group ? t.__("Name of the group") : t.__("New name of %1", item ? labelOf(item) : "");
  return (
    <Question
      label={label}
      yes={group ? t.__("Group") : t.__("Rename")}
      disabled={name.trim() === "" || name === item?.name}
      {...{ t, cancel }}
      answer={() => answer({ to: name.trim() })}
    >
      <label>
        {label}
        <input
          className="mantidlab-Search"
          value={name}
          // biome-ignore lint/a11y/noAutofocus: it was opened to type the name
          autoFocus
          autoCapitalize="off"
          spellCheck={false}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
    </Question>
  );
}

export function Deletion({ items, t, answer, cancel }: QuestionProps): React.JSX.Element {
  const names = items.map(labelOf);
  const shown = names.length > 6 ? [...names.slice(0, 5), t.__("%1 more", names.length - 5)] : names;
  const memory = items.reduce((all, item) => all + (item.memory ?? 0), 0);
  return (
    <Question label={t.__("Delete?")} yes={t.__("Delete")} {...{ t, cancel }} answer={() => answer({})}>
      <p>
        {t.__("Delete %1 (%2)?", shown.join(", "), memoryOf(memory))}{" "}
        {canBeKept(items)
          ? t.__("You can take it back for ten minutes, and until you delete something else.")
          : t.__("It cannot be undone: what is not saved must be made again. Its history says how; look at it first.")}
      </p>
    </Question>
  );
}

interface Format {
  readonly name: string;
  readonly label: string;
  readonly extension: string;
  readonly keeps: string;
}

export function Saving({ items, t, kernel, answer, cancel }: QuestionProps): React.JSX.Element {
  const [item] = items;
  const { value, trouble } = useFetched(
    () => kernel.ask<{ formats: readonly Format[] }>("workspaces", "formats", { name: item?.name }),
    [item?.name],
  );
  const [chosen, setChosen] = React.useState("");
  const [typed, setTyped] = React.useState<string | undefined>();
  const [replace, setReplace] = React.useState(false);
  if (trouble !== undefined || value?.formats.length === 0) {
    return (
      <>
        <Notice alert>{trouble ?? t.__("There is no format for such a workspace.")}</Notice>
        <Button onClick={cancel}>{t.__("Cancel")}</Button>
      </>
    );
  }
  if (!value) return <Busy label={t.__("Looking what fits …")} />;
  const format = value.formats.find(({ name }) => name === chosen) ?? value.formats[0];
  if (!format) return <Notice alert>{t.__("There is no format for such a workspace.")}</Notice>;
  const first = value.formats.find(({ extension }) => extension === format.extension);
  const path = typed ?? `${fileName(item ? labelOf(item) : "")}${format.extension}`;
  // A file of any other ending would be written in the format of its ending.
  const meant = format === first && path.toLowerCase().endsWith(format.extension);
  const options = { path, ...(meant ? {} : { format: format.name }), ...(replace ? { replace } : {}) };
  return (
    <Question
      label={t.__("Save")}
      yes={t.__("Save")}
      disabled={path.trim() === ""}
      {...{ t, cancel }}
      answer={() => answer(options)}
    >
      <label>
        {t.__("Format")}
        <select value={format.name} onChange={(event) => setChosen(event.target.value)}>
          {value.formats.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <small>{format.keeps}</small>
      <label>
        {t.__("File, from the notebook's folder")}
        <input
          className="mantidlab-Search"
          value={path}
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <label className="mantidlab-Workspaces-switch">
        <input type="checkbox" checked={replace} onChange={(event) => setReplace(event.target.checked)} />
        {t.__("Replace a file of that name")}
      </label>
    </Question>
  );
}
