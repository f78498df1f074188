/*
 * Bundles what the browser runs: `node build.mjs FOLDER` fills FOLDER with one ES module for each kind of plot, the
 * loader, the licences of what other people wrote of it, and `bundles.json`, which says each bundle's hash.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { threeRaw } from "./three-raw.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const PLOTS = ["lines", "slices", "instrument"];
const CHARACTERS_OF_A_HASH = 16;

function entries() {
  const plots = PLOTS.map((name) => [name, join(HERE, "src", name, "index.ts")]);
  return Object.fromEntries([...plots, ["loader", join(HERE, "src", "loader.ts")]]);
}

async function bundle(folder) {
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

// The folder of the package that an input of the bundles belongs to, such as node_modules/@scope/name.
function packageOf(input) {
  const found = [...input.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].at(-1);
  return found && input.slice(0, found.index + found[0].length);
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(HERE, folder, "package.json"), "utf8"));
  const file = readdirSync(join(HERE, folder)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (!file) {
    throw new Error(`${name} ${version} (${license}) has no file with its licence, which has to be shipped with it.`);
  }
  return `${name} ${version} (${license})\n\n${readFileSync(join(HERE, folder, file), "utf8").trim()}\n`;
}

function licences(metafile) {
  const packages = new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean));
  const texts = [...packages].sort().map(licenceOf);
  return `The bundles beside this file hold parts of these packages.\n\n${texts.join(`\n${"-".repeat(79)}\n\n`)}`;
}

function hashOf(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, CHARACTERS_OF_A_HASH);
}

const folder = resolve(process.argv[2] ?? join(HERE, "..", "src", "mantidlab", "plots", "static"));
const metafile = await bundle(folder);
writeFileSync(join(folder, "licences.txt"), licences(metafile));
const hashes = Object.fromEntries(PLOTS.map((name) => [name, hashOf(join(folder, `${name}.js`))]));
writeFileSync(join(folder, "bundles.json"), `${JSON.stringify(hashes, null, 2)}\n`);
