// One of some values: the browser's own list where it is short, one that can be searched where it is long.
import * as React from "react";
import { defaultText } from "../entries";
import { isSame, type Choice as OneChoice } from "../spec";
import { t } from "../texts";
import { Combobox } from "./Combobox";
import { attributes, type WidgetProperties } from "./properties";

const LONG = 15;

export function Choice(properties: WidgetProperties): React.JSX.Element {
  return properties.field.choices.length > LONG || properties.field.open ? (
    <Searched {...properties} />
  ) : (
    <Listed {...properties} />
  );
}

function Listed(properties: WidgetProperties): React.JSX.Element {
  const { field, value, onFill } = properties;
  const index = field.choices.findIndex((choice) => isSame(choice.value, value));
  const isForeign = value !== undefined && index < 0;
  return (
    <select
      {...attributes(properties)}
      className={`mlf-input${value === undefined ? " mlf-unset" : ""}`}
      value={isForeign ? "foreign" : String(index)}
      onChange={(event) => onFill(field.choices[Number(event.target.value)]?.value)}
    >
      <option value="-1">{restText(properties)}</option>
      {isForeign && <option value="foreign">{String(value)}</option>}
      {field.choices.map((choice, place) =>
        choice.value === "" ? null : (
          <option key={String(choice.value)} value={place}>
            {choice.label}
          </option>
        ),
      )}
    </select>
  );
}

function restText({ field }: WidgetProperties): string {
  const rests = defaultText(field);
  return rests ? t.__("%1 (default)", rests) : t.__("Choose…");
}

function Searched(properties: WidgetProperties): React.JSX.Element {
  const { field, value, typed: first, onFill, onMisread } = properties;
  const labelOf = (of: WidgetProperties["value"]) => field.choices.find((choice) => isSame(choice.value, of))?.label;
  const [text, setText] = React.useState(first ?? labelOf(value) ?? "");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed stays until the value is another one
  React.useEffect(() => {
    if (value !== undefined || labelOf(readChoice(field.choices, text)) !== undefined) {
      setText(labelOf(value) ?? (value === undefined ? "" : String(value)));
    }
  }, [value]);
  return (
    <Combobox
      attributes={attributes(properties)}
      label={field.label}
      text={text}
      placeholder={defaultText(field) || t.__("Choose or search…")}
      options={field.choices.map((choice) => ({ text: choice.label, label: choice.label }))}
      onText={(typed) => {
        setText(typed);
        const chosen = readChoice(field.choices, typed);
        if (typed.trim() === "") {
          onFill(undefined);
        } else if (chosen === undefined && field.open) {
          onFill(typed);
        } else if (chosen === undefined) {
          onMisread(t.__("“%1” is not one of the %2 that are possible.", typed, field.choices.length), typed);
        } else {
          onFill(chosen);
        }
      }}
      onChoose={(option) => {
        setText(option.text);
        onFill(readChoice(field.choices, option.text));
      }}
    />
  );
}

function readChoice(choices: readonly OneChoice[], text: string): OneChoice["value"] | undefined {
  const typed = text.trim().toLowerCase();
  return choices.find(({ label, value }) => label.toLowerCase() === typed || String(value).toLowerCase() === typed)
    ?.value;
}
