// Opens a script in an editor, as a new file beside the notebook.

import type { Services } from "../core/services";
import { Trouble } from "../core/trouble";
import { fileName } from "./item";

/** Make a file `history-of-NAME-….py` beside the notebook and open it. */
export async function openScript({ documents, cells, t }: Services, script: string, name: string): Promise<void> {
  const notebook = cells.current()?.panel.context.path ?? "";
  const folder = notebook.includes("/") ? notebook.slice(0, notebook.lastIndexOf("/")) : "";
  const { path } = await documents.newUntitled({ path: folder, type: "file", ext: "py" });
  const opened = documents.open(path, "Editor");
  if (!opened) throw new Trouble(t.__("The script could not be opened; it is %1.", path));
  await opened.context.ready;
  const model = opened.context.model as unknown as { sharedModel: { setSource(text: string): void } };
  model.sharedModel.setSource(script);
  await opened.context.save();
  await opened.context.rename(`history-of-${fileName(name)}-${stamp(new Date())}.py`);
}

function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-");
}
