// Searches while somebody types: at once for the first letter, then as often as answers come, the last text for certain.

import { useEffect, useState } from "react";
import type { Services } from "../core/services";
import { sentenceOf } from "../core/trouble";
import type { Hit } from "./things";

const MOST = "40";

export interface Search {
  readonly hits: readonly Hit[];
  /** The text that the hits are of. */
  readonly text: string;
  readonly trouble?: string;
  /** Whether an answer is on its way. */
  readonly waits: boolean;
}

const NOTHING: Search = { hits: [], text: "", waits: false };

/** Search for a text whenever it changes; a question that a newer one replaces is given up. */
export function useSearch({ server, kernel }: Services, text: string, kinds: readonly string[]): Search {
  const [search, setSearch] = useState<Search>(NOTHING);
  const sought = text.trim();
  const wanted = kinds.join(",");
  const { environment } = kernel;
  useEffect(() => {
    if (sought === "") {
      setSearch(NOTHING);
      return;
    }
    const given = new AbortController();
    setSearch((last) => ({ ...last, waits: true }));
    const asked = { q: sought, limit: MOST, kinds: wanted || undefined, environment };
    server.get<{ hits: Hit[] }>("docs/search", asked, { signal: given.signal }).then(
      ({ hits }) => given.signal.aborted || setSearch({ hits, text: sought, waits: false }),
      (problem) =>
        given.signal.aborted || setSearch({ hits: [], text: sought, trouble: sentenceOf(problem), waits: false }),
    );
    return () => given.abort();
  }, [server, sought, wanted, environment]);
  return search;
}
