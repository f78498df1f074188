import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Conversation, Listeners } from "../../../src/panels/core/conversation";
import { Superseded } from "../../../src/panels/core/trouble";
import { type Behaviour, TriedKernel } from "./kernels";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function talkTo(behaviour: Behaviour) {
  const kernel = new TriedKernel(behaviour);
  const listeners = new Listeners();
  return { kernel, listeners, conversation: new Conversation(kernel.connection, listeners.tell) };
}

const answering: Behaviour = ({ id, kind, params }, kernel) => {
  queueMicrotask(() => kernel.push({ answer_to: id, content: { kind, params } }));
  return "known";
};

test("each answer goes to its question", async () => {
  const waiting: string[] = [];
  const { conversation, kernel } = talkTo(({ id }) => {
    waiting.push(id);
    return "known";
  });
  const [one, other] = ["list", "history"].map((kind) =>
    conversation.ask({ room: "workspaces", kind, params: {} }, 5000),
  );
  await vi.advanceTimersByTimeAsync(10);
  kernel.push({ answer_to: waiting[1], content: "second" });
  kernel.push({ answer_to: waiting[0], content: "first" });
  expect(await one).toBe("first");
  expect(await other).toBe("second");
});

test("what the kernel cannot do is its sentence", async () => {
  const { conversation } = talkTo(({ id }, kernel) => {
    queueMicrotask(() => kernel.push({ answer_to: id, error: "There is no workspace called ws." }));
    return "known";
  });
  await expect(conversation.ask({ room: "workspaces", kind: "delete", params: {} }, 5000)).rejects.toThrow(
    "There is no workspace called ws.",
  );
});

test("a question whose place a newer one took is said to be such", async () => {
  const { conversation } = talkTo(({ id }, kernel) => {
    queueMicrotask(() => kernel.push({ answer_to: id, superseded: true }));
    return "known";
  });
  const question = { room: "forms", kind: "validate", params: {}, latest: "form" };
  await expect(conversation.ask(question, 5000)).rejects.toBeInstanceOf(Superseded);
});

test("a kernel that was started without mantidlab's extension loads it, once for all who ask", async () => {
  const { conversation, kernel } = talkTo((request, kernel) =>
    kernel.ran.length > 0 ? answering(request, kernel) : undefined,
  );
  const both = [
    conversation.ask({ room: "running", kind: "now", params: {} }, 5000),
    conversation.ask({ room: "running", kind: "now", params: {} }, 5000),
  ];
  await vi.advanceTimersByTimeAsync(1100);
  expect(await Promise.all(both)).toHaveLength(2);
  expect(kernel.ran).toHaveLength(1);
});

test("a kernel whose cell lets no other thread work for a while is asked once, and waited for", async () => {
  let requests = 0;
  const { conversation, kernel } = talkTo(async (request, kernel) => {
    requests += 1;
    await new Promise((resolve) => setTimeout(resolve, 3000));
    return answering(request, kernel);
  });
  kernel.isBusy = true;
  const asked = conversation.ask({ room: "running", kind: "now", params: {} }, 5000);
  await vi.advanceTimersByTimeAsync(3100);
  expect(await asked).toMatchObject({ kind: "now" });
  expect(requests).toBe(1);
});

test("a kernel without mantidlab is said to be one", async () => {
  const { conversation } = talkTo(() => undefined);
  const asked = conversation.ask({ room: "running", kind: "now", params: {} }, 30_000);
  const refused = expect(asked).rejects.toThrow("it has no mantidlab");
  await vi.advanceTimersByTimeAsync(6500);
  await refused;
});

test("a request that the kernel's mantidlab does not know is refused at once", async () => {
  const { conversation } = talkTo(() => "unknown");
  await expect(conversation.ask({ room: "forms", kind: "dance", params: {} }, 5000)).rejects.toThrow("forms/dance");
});

test("an answer that does not come is not waited for without end", async () => {
  const { conversation } = talkTo(() => "known");
  const refused = expect(conversation.ask({ room: "forms", kind: "validate", params: {} }, 5000)).rejects.toThrow(
    "not answered for 5 s",
  );
  await vi.advanceTimersByTimeAsync(5000);
  await refused;
});

test("the end of a kernel ends the questions to it, and nothing is heard any more", async () => {
  const { conversation, kernel } = talkTo(() => "known");
  const refused = expect(conversation.ask({ room: "forms", kind: "validate", params: {} }, 5000)).rejects.toThrow(
    "started anew",
  );
  conversation.end("The kernel was started anew.");
  await refused;
  expect(kernel.listeners).toBe(0);
});

test("news go to those who listen to their room and kind, until they do no more", () => {
  const { kernel, listeners } = talkTo(answering);
  const heard: unknown[] = [];
  const stop = listeners.add("running", "progress", (content) => heard.push(content));
  kernel.push({ room: "running", kind: "progress", content: 1 });
  kernel.push({ room: "running", kind: "log", content: 2 });
  stop();
  kernel.push({ room: "running", kind: "progress", content: 3 });
  expect(heard).toEqual([1]);
});
