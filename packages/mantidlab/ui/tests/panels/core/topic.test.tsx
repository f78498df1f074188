import { Signal } from "@lumino/signaling";
import * as React from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { useTopic } from "../../../src/panels/core/hooks";
import type { Services } from "../../../src/panels/core/services";

/** Services in which a person moves through texts; `look` is what the server answers to each. */
function services(look: (source: string) => Promise<{ of: string | null; property: string | null }>) {
  let source = "";
  const asked: string[] = [];
  const cells = {
    current: () => ({ source, offset: source.length, cell: {} }),
    above: () => [],
    changed: undefined as unknown as Signal<object, void>,
  };
  cells.changed = new Signal(cells);
  const server = {
    post: (_: string, body: { source: string }) => {
      asked.push(body.source);
      return look(body.source).then((found) => ({ ...found, problems: [] }));
    },
  };
  const move = (text: string): void => {
    source = text;
    cells.changed.emit();
  };
  return { services: { server, cells, kernel: {} } as unknown as Services, asked, move };
}

function Topic({ own, enabled }: { own: Services; enabled: boolean }): React.JSX.Element {
  const topic = useTopic(own, enabled);
  return <p>{topic ? `${topic.of} ${topic.property}` : "nothing"}</p>;
}

function follow(own: Services, enabled = true) {
  const place = document.createElement("div");
  flushSync(() => createRoot(place).render(<Topic own={own} enabled={enabled} />));
  return place;
}

test("what stands at the caret is followed, and stays where nothing does", async () => {
  const { services: own, move } = services(async (source) =>
    source === "Rebin(Params=" ? { of: "Rebin", property: "Params" } : { of: null, property: null },
  );
  const place = follow(own);
  await vi.waitFor(() => expect(place.textContent).toBe("nothing"));
  move("Rebin(Params=");
  await vi.waitFor(() => expect(place.textContent).toBe("Rebin Params"));
  move("x = 1");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(place.textContent).toBe("Rebin Params");
});

test("an answer that comes after that of a later place is dropped", async () => {
  const { services: own, move } = services((source) => {
    const wait = source === "Load(" ? 40 : 0;
    return new Promise((resolve) => setTimeout(() => resolve({ of: source, property: null }), wait));
  });
  const place = follow(own);
  move("Load(");
  move("Rebin(");
  await vi.waitFor(() => expect(place.textContent).toContain("Rebin("));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(place.textContent).toContain("Rebin(");
});

test("nothing is asked while nobody wants to follow", () => {
  const { services: own, asked, move } = services(async () => ({ of: null, property: null }));
  follow(own, false);
  move("Rebin(");
  expect(asked).toEqual([]);
});
