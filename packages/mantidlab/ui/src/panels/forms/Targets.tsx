// Under which names the result is kept.
import * as React from "react";
import { t } from "./texts";

interface TargetsProperties {
  id: string;
  text: string;
  problem: string | null;
  onText(text: string): void;
}

export function Targets({ id, text, problem, onText }: TargetsProperties): React.JSX.Element {
  return (
    <div className="mlf-field mlf-targets">
      <div className="mlf-label-row">
        <label htmlFor={id} className="mlf-label">
          {t.__("Keep the result as")}
        </label>
      </div>
      <input
        id={id}
        type="text"
        className="mlf-input mlf-code"
        value={text}
        placeholder={t.__("nothing: it is shown, not kept")}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
      />
      {problem && (
        <p id={`${id}-problem`} className="mlf-problem">
          {problem}
        </p>
      )}
    </div>
  );
}
