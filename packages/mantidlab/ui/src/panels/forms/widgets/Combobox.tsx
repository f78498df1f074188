// A text with a list of what can be chosen, which typing narrows (the ARIA pattern "editable combobox with list").
import * as React from "react";
import { t } from "../texts";

export interface Option {
  /** What stands in the box once it is chosen. */
  text: string;
  label: string;
  detail?: string;
  /** Why it cannot be chosen. */
  refusal?: string | null;
}

interface ComboboxProperties {
  attributes: React.InputHTMLAttributes<HTMLInputElement> & { id: string };
  label: string;
  text: string;
  options: readonly Option[];
  placeholder?: string;
  /** What the list says where it is empty. */
  nothing?: string;
  onText(text: string): void;
  onChoose(option: Option): void;
}

const MOST_SHOWN = 200;
const ARROWS = ["ArrowDown", "ArrowUp"];
const CLOSING = ["Enter", "Escape"];

export function Combobox(properties: ComboboxProperties): React.JSX.Element {
  const { attributes, label, text, options, placeholder, nothing, onText, onChoose } = properties;
  const [isOpen, setOpen] = React.useState(false);
  const [isNarrowed, setNarrowed] = React.useState(false);
  const [chosen, setChosen] = React.useState<string | null>(null);
  const [isByKeys, setByKeys] = React.useState(false);
  const list = React.useRef<HTMLDivElement>(null);
  const shown = (isNarrowed ? matching(options, text) : options).slice(0, MOST_SHOWN);
  const listId = `${attributes.id}-list`;
  // What can be chosen may come late, or change while one looks: the mark stays with its option, wherever that is.
  const marked = shown.findIndex((option) => option.text === chosen);
  const active = marked < 0 && isByKeys ? next(shown, -1, 1) : marked;

  const open = (withKeys: boolean) => {
    setOpen(true);
    setNarrowed(false);
    setChosen(text);
    setByKeys(withKeys);
  };
  const close = () => {
    setOpen(false);
    setChosen(null);
    setByKeys(false);
  };
  const choose = (option: Option | undefined) => {
    if (option && !option.refusal) {
      onChoose(option);
      close();
    }
  };
  const act = (key: string) => {
    if (key === "Enter") {
      choose(shown[active]);
    } else if (key === "Escape") {
      close();
    } else if (isOpen) {
      setChosen(shown[next(shown, active, key === "ArrowDown" ? 1 : -1)]?.text ?? null);
      setByKeys(true);
    } else {
      open(true);
    }
  };
  const seen = shown[active]?.text;
  React.useEffect(() => {
    if (seen !== undefined) {
      setChosen(seen);
    }
  }, [seen]);
  React.useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: "nearest" });
  }, [active]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the focus leaves
    <div
      className="mlf-combobox"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) {
          close();
        }
      }}
    >
      <input
        {...attributes}
        type="text"
        role="combobox"
        className="mlf-input"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={isOpen && active >= 0 ? `${listId}-${active}` : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={text}
        placeholder={placeholder}
        onClick={() => !isOpen && open(false)}
        onChange={(event) => {
          onText(event.target.value);
          setOpen(true);
          setNarrowed(true);
          setChosen(null);
          setByKeys(false);
        }}
        onKeyDown={(event) => {
          if (ARROWS.includes(event.key) || (isOpen && CLOSING.includes(event.key))) {
            event.preventDefault();
            event.stopPropagation();
            act(event.key);
          }
        }}
      />
      <button
        type="button"
        className="mlf-combobox-opener"
        tabIndex={-1}
        disabled={attributes.disabled}
        aria-label={t.__("Show what can be chosen for %1", label)}
        onClick={() => (isOpen ? close() : open(false))}
      >
        ▾
      </button>
      <div id={listId} ref={list} role="listbox" aria-label={label} className="mlf-options" hidden={!isOpen}>
        {shown.map((option, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the text keeps the focus; it names the active option
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard by the text
          <div
            key={option.text}
            id={`${listId}-${index}`}
            role="option"
            className="mlf-option"
            aria-selected={index === active}
            aria-disabled={option.refusal ? true : undefined}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            <span>{option.label}</span>
            {(option.refusal ?? option.detail) && <small>{option.refusal ?? option.detail}</small>}
          </div>
        ))}
        {shown.length === 0 && (
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div role="option" aria-selected={false} aria-disabled className="mlf-option">
            {options.length === 0
              ? (nothing ?? t.__("There is nothing to choose from."))
              : t.__("Nothing is called so.")}
          </div>
        )}
      </div>
    </div>
  );
}

function matching(options: readonly Option[], text: string): Option[] {
  const words = text.toLowerCase().split(/\s+/);
  return options.filter(({ label, text: own }) =>
    words.every((word) => `${label} ${own}`.toLowerCase().includes(word)),
  );
}

function next(options: readonly Option[], from: number, step: 1 | -1): number {
  for (let index = from + step; index >= 0 && index < options.length; index += step) {
    if (!options[index]?.refusal) {
      return index;
    }
  }
  return from;
}
