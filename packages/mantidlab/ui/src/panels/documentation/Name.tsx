// A name that breaks between its words, where a narrow panel must break it.

import * as React from "react";

export function Name({ text }: { text: string }): React.JSX.Element {
  const parts = text.split(/(?<=[._])|(?<=[a-z0-9])(?=[A-Z])/);
  return (
    <>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one name never change their order
        <React.Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </React.Fragment>
      ))}
    </>
  );
}
