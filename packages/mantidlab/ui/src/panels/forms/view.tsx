// What the panel shows: a search, or the form that is open.
import * as React from "react";
import { Busy, Button, Notice, PanelFrame, sentenceOf, type ViewProps } from "../core";
import { OpenForm } from "./OpenForm";
import { type Opened, openCell, openForm, openThing } from "./opening";
import type { FormSpec, Values } from "./spec";
import type { Surroundings } from "./surroundings";
import { keepRecent, ThingSearch } from "./ThingSearch";
import { t } from "./texts";

/** What the command asks for; a form that the kernel made comes whole. */
interface Arguments {
  of?: string;
  form?: FormSpec;
  values?: Values;
  targets?: string[];
  fromCell?: boolean;
}

interface FormsViewProperties extends ViewProps {
  browse: Surroundings["browse"];
}

type State =
  | { is: "searching" }
  | { is: "opening" }
  | { is: "open"; opened: Opened; serial: number }
  | { is: "trouble"; text: string };

export function FormsView({ services, asked, visible, browse }: FormsViewProperties): React.JSX.Element {
  const [state, setState] = React.useState<State>({ is: "searching" });
  const serial = React.useRef(0);
  const open = React.useCallback(
    async (opening: Promise<Opened>) => {
      serial.current += 1;
      const own = serial.current;
      setState({ is: "opening" });
      try {
        const opened = await opening;
        keepRecent(services, { of: opened.spec.of, title: opened.spec.title, summary: opened.spec.summary });
        if (own === serial.current) {
          setState({ is: "open", opened, serial: own });
        }
      } catch (problem) {
        if (own === serial.current) {
          setState({ is: "trouble", text: sentenceOf(problem) });
        }
      }
    },
    [services],
  );
  React.useEffect(() => {
    const { of, form, values, targets, fromCell } = asked.args as Arguments;
    if (fromCell) {
      void open(openCell(services));
    } else if (form) {
      void open(Promise.resolve(openForm(services, form, values, targets)));
    } else if (of) {
      void open(openThing(services, of, values));
    }
  }, [asked, open, services]);

  const isOpen = state.is === "open";
  return (
    <PanelFrame
      label={isOpen ? state.opened.spec.title : t.__("Forms")}
      toolbar={
        <>
          {state.is !== "searching" && (
            <Button onClick={() => setState({ is: "searching" })}>{t.__("Another…")}</Button>
          )}
          {state.is !== "open" && (
            <Button onClick={() => void open(openCell(services))}>{t.__("Open the cell as a form")}</Button>
          )}
        </>
      }
    >
      {state.is === "opening" && <Busy label={t.__("The form is being opened.")} />}
      {state.is === "trouble" && <Notice alert>{state.text}</Notice>}
      {(state.is === "searching" || state.is === "trouble") && (
        <ThingSearch services={services} onChoose={({ of }) => void open(openThing(services, of))} />
      )}
      {isOpen && (
        <OpenForm key={state.serial} services={services} visible={visible} opened={state.opened} browse={browse} />
      )}
    </PanelFrame>
  );
}
