/*
 * The licences of what other people wrote of a bundle, which have to be shipped with it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// The folder of the package that an input of the bundles belongs to, such as node_modules/@scope/name.
function packageOf(input) {
  const found = [...input.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].at(-1);
  return found && input.slice(0, found.index + found[0].length);
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (!file) {
    throw new Error(`${name} ${version} (${license}) has no file with its licence, which has to be shipped with it.`);
  }
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

/** Return the text of all licences of what esbuild put into bundles, from packages below a folder. */
export function licences(metafile, here) {
  const packages = new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean));
  const texts = [...packages].sort().map((folder) => licenceOf(join(here, folder)));
  return `The bundles beside this file hold parts of these packages.\n\n${texts.join(`\n${"-".repeat(79)}\n\n`)}`;
}
