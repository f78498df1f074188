/*
 * Bundles what the browser runs: `node build.mjs FOLDER` fills FOLDER/plots with one ES module for each kind of plot, the
 * loader and `bundles.json`, which says each bundle's hash, and FOLDER/panels with the panels of JupyterLab; both with the
 * licences of what other people wrote of them.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPanels } from "./build-panels.mjs";
import { licences } from "./licences.mjs";
import { threeRaw } from "./three-raw.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const PLOTS = ["lines", "slices", "instrument"];
const CHARACTERS_OF_A_HASH = 16;

function entries() {
  const plots = PLOTS.map((name) => [name, join(HERE, "src", name, "index.ts")]);
  return Object.fromEntries([...plots, ["loader", join(HERE, "src", "loader.ts")]]);
}

async function buildPlots(folder) {
  const { metafile } = await build({
    absWorkingDir: HERE,
    entryPoints: entries(),
    outdir: folder,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    charset: "utf8",
    // They are in the file of licences.
    legalComments: "none",
    loader: { ".css": "text", ".glsl": "text", ".svg": "text" },
    plugins: [threeRaw(HERE)],
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

function hashOf(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, CHARACTERS_OF_A_HASH);
}

const folder = resolve(process.argv[2] ?? join(HERE, ".building"));
const [plots, panels] = ["plots", "panels"].map((name) => join(folder, name));
for (const place of [plots, panels]) {
  mkdirSync(place, { recursive: true });
}
writeFileSync(join(plots, "licences.txt"), licences(await buildPlots(plots), HERE));
writeFileSync(join(panels, "licences.txt"), licences(await buildPanels(HERE, panels), HERE));
const hashes = Object.fromEntries(PLOTS.map((name) => [name, hashOf(join(plots, `${name}.js`))]));
writeFileSync(join(plots, "bundles.json"), `${JSON.stringify(hashes, null, 2)}\n`);
