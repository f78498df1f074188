// A kernel that dies or is started anew answers nothing more: nobody is to wait for it.

import type { ISignal } from "@lumino/signaling";
import { Trouble } from "./trouble";

/** What the status of a kernel is that has forgotten all it held. */
export const GONE: readonly string[] = ["dead", "restarting", "autorestarting", "terminating"];

/** Wait for what a kernel does, and no longer than it lives. */
export function unlessGone<Sender, Done>(
  { statusChanged }: { statusChanged: ISignal<Sender, string> },
  doing: Promise<Done>,
): Promise<Done> {
  return new Promise((resolve, reject) => {
    let works = false;
    const onStatus = (_: Sender, status: string): void => {
      works ||= status === "busy";
      // Of one that was started anew elsewhere nothing else is heard than that it starts.
      if (GONE.includes(status) || (works && status === "starting")) end(() => reject(new Trouble(SENTENCE)));
    };
    const end = (settle: () => void): void => {
      statusChanged.disconnect(onStatus);
      settle();
    };
    statusChanged.connect(onStatus);
    doing.then(
      (done) => end(() => resolve(done)),
      (problem) => end(() => reject(problem)),
    );
  });
}

const SENTENCE =
  "The kernel died or was started anew meanwhile, and what it held is gone. Run the cells above again; what was saved is there.";
