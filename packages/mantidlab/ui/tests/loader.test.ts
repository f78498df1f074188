import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WidgetChannel } from "../src/core/channel";
import loader, { addressOf, bundleOf } from "../src/loader";
import { PageKernel, PageModel } from "./fakes";

const PROGRAM = "export default { name: 'the program' };";
const SHARED = Symbol.for("mantidlab.plots.bundles");

beforeEach(() => {
  // Node imports addresses of data, not of blobs.
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: address, revokeObjectURL: () => {} }));
});

afterEach(() => {
  document.head.replaceChildren();
  document.body.replaceChildren();
  Reflect.deleteProperty(globalThis, SHARED);
  vi.unstubAllGlobals();
});

function address(): string {
  return `data:text/javascript,${encodeURIComponent(PROGRAM)}`;
}

function pageOfJupyterLab(told: Record<string, string> = { baseUrl: "/user/maria/" }): void {
  const script = document.createElement("script");
  script.id = "jupyter-config-data";
  script.type = "application/json";
  script.textContent = JSON.stringify(told);
  document.body.append(script);
}

function server(status: number) {
  const asked = vi.fn(async (_: string, __: RequestInit) => new Response(PROGRAM, { status }));
  vi.stubGlobal("fetch", asked);
  return asked;
}

function plot(bundle = "lines") {
  const kernel = new PageKernel();
  const model = new PageModel(
    { control: "mantidlab_plot_request", route: "here", bundle, bundle_hash: "0a1b" },
    { kernel },
  );
  const channel = new WidgetChannel(model, new AbortController().signal);
  const asked = () => kernel.sent.map(({ content }) => content.request).filter(({ kind }) => kind === "bundle");
  return { model, channel, asked };
}

describe("the address of a bundle", () => {
  test("lies below the session's own path, under the bundle's hash", () => {
    pageOfJupyterLab();
    expect(new URL(addressOf("lines", "0a1b")!).pathname).toBe("/user/maria/mantidlab/plots/0a1b/lines.js");
  });

  test("is unknown on pages that are not JupyterLab's", () => {
    expect(addressOf("lines", "0a1b")).toBeUndefined();
  });
});

describe("a bundle", () => {
  test("comes from the server, to which the page shows that it is its own, once for all plots of a page", async () => {
    pageOfJupyterLab({ baseUrl: "/user/maria/", token: "sesame" });
    // biome-ignore lint/suspicious/noDocumentCookie: it is what the page has
    document.cookie = "_xsrf=2|abc|def";
    const asked = server(200);
    const [one, other] = [plot(), plot()];
    const loaded = await Promise.all([bundleOf(one.model, one.channel), bundleOf(other.model, other.channel)]);
    expect(loaded[0]).toEqual({ name: "the program" });
    expect(loaded[0]).toBe(loaded[1]);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(asked.mock.calls[0]![1]).toMatchObject({
      headers: { Authorization: "token sesame", "X-XSRFToken": "2|abc|def" },
      redirect: "error",
    });
    expect(one.asked()).toEqual([]);
  });

  test.each([404, 403, 500])("comes from the kernel where the server answers %d", async (status) => {
    pageOfJupyterLab();
    server(status);
    const { model, channel, asked } = plot();
    const loading = bundleOf(model, channel);
    await vi.waitFor(() => expect(asked()).toHaveLength(1));
    model.hear({ id: asked()[0]!.id, content: {} }, [new DataView(new TextEncoder().encode(PROGRAM).buffer)]);
    expect(await loading).toEqual({ name: "the program" });
  });

  test("comes from the kernel on pages that are not JupyterLab's, without asking a server", async () => {
    const server_ = server(200);
    const { model, channel, asked } = plot();
    const loading = bundleOf(model, channel);
    await vi.waitFor(() => expect(asked()).toHaveLength(1));
    model.hear({ id: asked()[0]!.id, content: {} }, [new DataView(new TextEncoder().encode(PROGRAM).buffer)]);
    expect(await loading).toEqual({ name: "the program" });
    expect(server_).not.toHaveBeenCalled();
  });

  test("that could not be loaded is tried again by the next plot, and the first says why", async () => {
    pageOfJupyterLab();
    server(404);
    const { model, asked } = plot();
    const el = document.createElement("div");
    const drawing = loader.render({ model, el, signal: new AbortController().signal });
    await vi.waitFor(() => expect(asked()).toHaveLength(1));
    model.hear({ id: asked()[0]!.id, error: "Plots cannot be drawn: the programs that draw them are not there." });
    await drawing;
    expect(el.querySelector("[role=alert]")!.textContent).toContain("the programs that draw them are not there");
    server(200);
    const next = plot();
    expect(await bundleOf(next.model, next.channel)).toEqual({ name: "the program" });
  });
});
