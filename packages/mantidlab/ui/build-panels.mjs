/*
 * Bundles the panels of JupyterLab into one module, in the form that the extension's `remoteEntry.js` loads: `uses` names
 * the modules of JupyterLab that it needs, and the default export makes the plugins from them.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { sharedByJupyterLab } from "./shared-by-jupyterlab.mjs";

function asPlugins(program, uses) {
  return [
    `export const uses=${JSON.stringify(uses)};`,
    "export default function makePlugins(shared){const require=(name)=>shared[name],module={exports:{}};",
    program,
    "return module.exports.plugins}",
    "",
  ].join("\n");
}

/** Write `panels.js` into a folder, and return what esbuild says of it. */
export async function buildPanels(here, folder) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: [join(here, "src", "panels", "index.ts")],
    outfile: join(folder, "panels.js"),
    write: false,
    bundle: true,
    format: "cjs",
    platform: "browser",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    jsx: "transform",
    loader: { ".css": "text", ".svg": "text" },
    plugins: [sharedByJupyterLab],
    metafile: true,
    logLevel: "warning",
  });
  const [{ imports }] = Object.values(metafile.outputs);
  const uses = [...new Set(imports.filter(({ external }) => external).map(({ path }) => path))].sort();
  writeFileSync(join(folder, "panels.js"), asPlugins(outputFiles[0].text, uses));
  return metafile;
}
