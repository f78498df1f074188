/*
 * What every plot's widget carries as its module: it fetches the bundle that draws, once for a page, and hands over.
 *
 * The bundle comes from the session's server, where a browser keeps it, or from the kernel where the server has none of
 * the same hash: another environment's kernel, or a page that is not a session's.
 */
import { type Channel, WidgetChannel } from "./core/channel";
import type { CleanUp, Model, Plot, PlotContext } from "./core/plot";

type Bundles = Map<string, Promise<Plot>>;

// Each widget brings its own copy of this module; the page is what they share.
const SHARED = Symbol.for("mantidlab.plots.bundles");

function bundlesOfThePage(): Bundles {
  const page = globalThis as { [SHARED]?: Bundles };
  page[SHARED] ??= new Map();
  return page[SHARED];
}

/** What JupyterLab's page says of its server. */
interface PageConfiguration {
  baseUrl?: string;
  token?: string;
}

function configuration(): PageConfiguration {
  const told = document.getElementById("jupyter-config-data")?.textContent;
  return told ? JSON.parse(told) : {};
}

/** Where the session's server has its bundles; nothing on a page that is not JupyterLab's. */
export function addressOf(bundle: string, hash: string): string | undefined {
  const { baseUrl } = configuration();
  return baseUrl === undefined
    ? undefined
    : new URL(`${baseUrl}mantidlab/plots/${hash}/${bundle}.js`, document.baseURI).href;
}

// The server wants to see that a page of its own asks, as JupyterLab shows it: a plain `import` cannot.
function signs(): Record<string, string> {
  const { token } = configuration();
  const known = document.cookie.match(/(?:^|; *)_xsrf=([^;]*)/)?.[1];
  return { ...(token && { Authorization: `token ${token}` }), ...(known && { "X-XSRFToken": known }) };
}

async function fromServer(address: string): Promise<Blob | undefined> {
  try {
    const answer = await fetch(address, { headers: signs(), redirect: "error" });
    return answer.ok ? await answer.blob() : undefined;
  } catch {
    return undefined;
  }
}

async function fromKernel(channel: Channel): Promise<Blob> {
  const { buffers } = await channel.request("bundle");
  const [text] = buffers;
  if (text === undefined) {
    throw new Error("The kernel answered without a bundle.");
  }
  return new Blob([text as DataView<ArrayBuffer>]);
}

async function load(bundle: string, hash: string, channel: Channel): Promise<Plot> {
  const address = addressOf(bundle, hash);
  const found = address === undefined ? undefined : await fromServer(address);
  // The server has none of this hash, or no mantidlab at all, where the kernel is of another environment.
  const program = found ?? (await fromKernel(channel));
  const place = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  try {
    const module = (await import(/* @vite-ignore */ place)) as { default: Plot };
    return module.default;
  } finally {
    URL.revokeObjectURL(place);
  }
}

/** The bundle that draws a model, loaded once for each page; one that could not be loaded is tried again. */
export function bundleOf(model: Model, channel: Channel): Promise<Plot> {
  const [bundle, hash] = [model.get<string>("bundle"), model.get<string>("bundle_hash")];
  const bundles = bundlesOfThePage();
  const key = `${bundle}/${hash}`;
  let loading = bundles.get(key);
  if (loading === undefined) {
    loading = load(bundle, hash, channel);
    bundles.set(key, loading);
    loading.catch(() => bundles.delete(key));
  }
  return loading;
}

function sayWhatIsMissing(el: HTMLElement, problem: unknown): void {
  const line = document.createElement("p");
  line.setAttribute("role", "alert");
  const reason = problem instanceof Error ? problem.message : String(problem);
  line.textContent = `The plot cannot be drawn: the program that draws it could not be loaded. ${reason}`;
  el.append(line);
}

export default {
  async render({ model, el, signal }: Omit<PlotContext, "channel">): Promise<CleanUp> {
    const channel = new WidgetChannel(model, signal);
    let plot: Plot;
    try {
      plot = await bundleOf(model, channel);
    } catch (problem) {
      sayWhatIsMissing(el, problem);
      return undefined;
    }
    return plot.render({ model, el, channel, signal });
  },
};
