import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  ChannelError,
  FORGOTTEN,
  GIVEN_UP,
  PASSING_ON,
  PATIENCE,
  Superseded,
  WidgetChannel,
} from "../src/core/channel";
import { PageKernel, PageModel } from "./fakes";

const CONTROL = "mantidlab_plot_request";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

function page({ withControl = true } = {}) {
  const kernel = new PageKernel();
  const manager = withControl ? { kernel } : undefined;
  const model = new PageModel({ control: CONTROL, route: "here" }, manager);
  const gone = new AbortController();
  const channel = new WidgetChannel(model, gone.signal);
  const asked = () =>
    withControl ? kernel.sent.map(({ content }) => content.request) : model.sent.map((m) => m.request);
  return { kernel, model, channel, gone, asked };
}

describe("a request", () => {
  test("goes over the control channel, with the plot's route, and is answered by a message of the widget", async () => {
    const { kernel, model, channel, asked } = page();
    const answer = channel.request("window", { pixels: 800 }, { latest: "zoom" });
    const { id, latest } = asked().at(-1)!;
    expect(kernel.sent.at(-1)).toMatchObject({
      channel: "control",
      header: { msg_type: CONTROL, session: "client" },
      content: { route: "here", request: { kind: "window", params: { pixels: 800 } } },
    });
    expect(latest).toMatch(/\.zoom$/);
    const data = new DataView(new ArrayBuffer(8));
    model.hear({ id, content: { n: 1 } }, [data]);
    expect(await answer).toEqual({ content: { n: 1 }, buffers: [data] });
    expect(model.sent).toEqual([]);
  });

  test("goes as a message of the widget on a page without a control channel", async () => {
    const { channel, model, asked } = page({ withControl: false });
    const answer = channel.request("window");
    model.hear({ id: asked().at(-1)!.id, content: { n: 2 } });
    expect((await answer).content).toEqual({ n: 2 });
  });

  test("is not taken for that of another drawing of the same plot", () => {
    const first = page();
    const second = new WidgetChannel(first.model, new AbortController().signal);
    void first.channel.request("window", {}, { latest: "zoom" });
    void second.request("window", {}, { latest: "zoom" });
    const [one, other] = first.asked().slice(-2);
    expect(one!.id).not.toEqual(other!.id);
    expect(one!.latest).not.toEqual(other!.latest);
  });

  test("rejects with the sentence that Python says", async () => {
    const { model, channel, asked } = page();
    const answer = channel.request("fit");
    model.hear({ id: asked().at(-1)!.id, error: "There are two points, a peak needs four." });
    await expect(answer).rejects.toThrow(new ChannelError("There are two points, a peak needs four."));
  });

  test("tells when a newer one has taken its place", async () => {
    const { model, channel, asked } = page();
    const answer = channel.request("window", {}, { latest: "zoom" });
    model.hear({ id: asked().at(-1)!.id, superseded: true });
    await expect(answer).rejects.toBeInstanceOf(Superseded);
  });

  test("leaves nothing behind in JupyterLab once the kernel has it", async () => {
    const { kernel, channel } = page();
    void channel.request("window");
    await Promise.resolve();
    expect(kernel.disposed).toBe(kernel.sent.length);
  });
});

describe("an answer that the page has received", () => {
  test("is taken from the kernel's connection where the widget does not pass it on", async () => {
    const { kernel, channel, asked } = page();
    const answer = channel.request("window");
    kernel.receive({ id: "of another drawing", content: {} });
    kernel.receive({ id: asked().at(-1)!.id, content: { n: 1 } }, [new Uint8Array([7]).buffer]);
    vi.advanceTimersByTime(PASSING_ON - 1);
    expect(channel.state).toBe("waiting");
    vi.advanceTimersByTime(1);
    const { content, buffers } = await answer;
    expect([content, buffers[0]!.getUint8(0)]).toEqual([{ n: 1 }, 7]);
  });

  test("is taken once, from the widget, where it passes it on", async () => {
    const { kernel, model, channel, asked } = page();
    const answer = channel.request("window");
    const { id } = asked().at(-1)!;
    kernel.receive({ id, content: { from: "connection" } });
    model.hear({ id, content: { from: "widget" } });
    vi.advanceTimersByTime(PASSING_ON);
    expect((await answer).content).toEqual({ from: "widget" });
  });
});

test("what Python pushes reaches those who listen for its kind, until they stop", () => {
  const { model, channel } = page();
  const heard: unknown[] = [];
  const stop = channel.on("curves", ({ content }) => heard.push(content));
  model.hear({ push: "curves", content: { n: 1 } });
  model.hear({ push: "other", content: { n: 2 } });
  stop();
  model.hear({ push: "curves", content: { n: 3 } });
  expect(heard).toEqual([{ n: 1 }]);
});

describe("the state", () => {
  test("is idle, waiting, and idle again, and tells so", () => {
    const { model, channel, asked } = page();
    const states: string[] = [];
    model.answerAll(asked());
    channel.onState((state) => states.push(state));
    expect(channel.state).toBe("idle");
    void channel.request("window");
    model.answerAll(asked());
    expect(states).toEqual(["waiting", "idle"]);
  });

  test("says that the kernel is busy when a cell holds up a message of the widget", () => {
    const { channel, model, asked } = page({ withControl: false });
    const states: string[] = [];
    channel.onState((state) => states.push(state));
    vi.advanceTimersByTime(PATIENCE);
    expect(states).toEqual(["busy-kernel"]);
    model.answerAll(asked());
    expect(channel.state).toBe("idle");
  });

  test("does not call the kernel busy when it has the request and only takes its time", async () => {
    const { kernel, channel } = page();
    kernel.status = "busy";
    void channel.request("window");
    await Promise.resolve();
    vi.advanceTimersByTime(10 * PATIENCE);
    expect(channel.state).toBe("waiting");
  });

  test("says so when even the control channel is held up", () => {
    const { kernel, channel } = page();
    kernel.receipt = "none";
    kernel.status = "busy";
    void channel.request("window");
    vi.advanceTimersByTime(PATIENCE);
    expect(channel.state).toBe("busy-kernel");
    vi.advanceTimersByTime(2 * GIVEN_UP);
    expect(channel.state).toBe("busy-kernel");
  });

  test.each(["restarting", "autorestarting", "dead"])("is 'no-kernel' when the kernel is %s", async (status) => {
    const { kernel, channel } = page();
    const answer = channel.request("window");
    kernel.become(status);
    await expect(answer).rejects.toThrow(/is gone/);
    expect(channel.state).toBe("no-kernel");
    await expect(channel.request("window")).rejects.toThrow(ChannelError);
  });

  test("is 'no-kernel' when the kernel does not know the plot", async () => {
    const kernel = new PageKernel();
    kernel.receipt = "unknown";
    const model = new PageModel({ control: CONTROL, route: "here" }, { kernel });
    const channel = new WidgetChannel(model, new AbortController().signal);
    await Promise.resolve();
    expect(channel.state).toBe("no-kernel");
  });

  test("is 'no-kernel' when the notebook has another kernel now", async () => {
    const { kernel, model, channel } = page();
    const manager = model.widget_manager as { kernel: PageKernel };
    const again = new PageKernel();
    manager.kernel = again; // another connection to the same kernel
    void channel.request("window").catch(() => {});
    expect(again.sent).toHaveLength(1);
    expect(kernel.watchers).toBe(0);
    const other = new PageKernel();
    other.id = "other";
    manager.kernel = other;
    await expect(channel.request("window")).rejects.toThrow(/is gone/);
    expect(other.sent).toEqual([]);
    expect(channel.state).toBe("no-kernel");
  });

  test("is 'no-kernel' on a page of JupyterLab without one", () => {
    const model = new PageModel({ control: CONTROL, route: "here" }, { kernel: null });
    expect(new WidgetChannel(model, new AbortController().signal).state).toBe("no-kernel");
  });

  test("is 'no-kernel' while an idle kernel gives no sign of life, and not for ever", async () => {
    const { kernel, model, channel, asked } = page();
    kernel.receipt = "none";
    const answer = channel.request("window");
    const { id } = asked().at(-1)!;
    vi.advanceTimersByTime(GIVEN_UP + PATIENCE);
    expect(channel.state).toBe("no-kernel");
    model.hear({ id, content: { late: true } });
    expect((await answer).content).toEqual({ late: true });
    model.answerAll(asked());
    expect(channel.state).toBe("idle");
  });

  test("lets nobody wait for ever for a kernel that gives no sign of life", async () => {
    const { kernel, channel } = page();
    kernel.receipt = "none";
    const answer = channel.request("window");
    const rejected = expect(answer).rejects.toThrow(/is gone/);
    vi.advanceTimersByTime(FORGOTTEN + PATIENCE);
    await rejected;
  });
});

test("a drawing that is taken off the page stops listening and rejects what waits", async () => {
  const { kernel, model, channel, gone } = page();
  const answer = channel.request("window");
  gone.abort();
  await expect(answer).rejects.toBeInstanceOf(Superseded);
  const heard = vi.fn();
  channel.on("curves", heard);
  model.hear({ push: "curves", content: {} });
  expect(heard).not.toHaveBeenCalled();
  expect(kernel.watchers).toBe(0);
});

test("what one bundle throws is known to another bundle that has the same classes", async () => {
  const first = await import("../src/core/channel");
  vi.resetModules();
  const second = await import("../src/core/channel");
  expect(second.Superseded).not.toBe(first.Superseded);
  expect(new first.Superseded("newer") instanceof second.Superseded).toBe(true);
  expect(new first.ChannelError("gone") instanceof second.ChannelError).toBe(true);
  expect(new first.ChannelError("gone") instanceof second.Superseded).toBe(false);
  expect(new Error("else") instanceof second.ChannelError).toBe(false);
});
