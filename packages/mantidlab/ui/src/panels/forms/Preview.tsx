// The Python that will run, as it will stand in the notebook.
import * as React from "react";
import { t } from "./texts";

interface PreviewProperties {
  source: string;
  trouble: string | null;
}

export function Preview({ source, trouble }: PreviewProperties): React.JSX.Element {
  return (
    <figure className="mlf-preview">
      <figcaption>{t.__("This will run")}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled with keys */}
      <pre tabIndex={0}>
        <code>{source}</code>
      </pre>
      {trouble && <p className="mlf-problem">{trouble}</p>}
    </figure>
  );
}
