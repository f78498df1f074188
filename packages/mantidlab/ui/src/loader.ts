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

/** Where the session's server has its bundles; nothing on a page that is not JupyterLab's. */
export function addressOf(bundle: string, hash: string): string | undefined {
  const told = document.getElementById("jupyter-config-data")?.textContent;
  const base = told ? (JSON.parse(told) as { baseUrl?: string }).baseUrl : undefined;
  return base === undefined ? undefined : new URL(`${base}mantidlab/plots/${hash}/${bundle}.js`, document.baseURI).href;
}

async function fromServer(address: string): Promise<Plot> {
  const module = (await import(/* @vite-ignore */ address)) as { default: Plot };
  return module.default;
}

async function fromKernel(channel: Channel): Promise<Plot> {
  const { buffers } = await channel.request("bundle");
  const text = buffers[0];
  if (text === undefined) {
    throw new Error("The kernel answered without a bundle.");
  }
  const blob = new Blob([text as DataView<ArrayBuffer>], { type: "text/javascript" });
  const address = URL.createObjectURL(blob);
  try {
    return await fromServer(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function load(bundle: string, hash: string, channel: Channel): Promise<Plot> {
  const address = addressOf(bundle, hash);
  if (address !== undefined) {
    try {
      return await fromServer(address);
    } catch {
      // The server has none of this hash, or has no mantidlab. The kernel has it.
    }
  }
  return fromKernel(channel);
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
