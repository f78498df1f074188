/*
 * three.js without the texts of its own shaders, for esbuild. All our materials are RawShaderMaterial, with programs of
 * our own, so that three's 150 kB of GLSL would be sent and never compiled. The package's sources are bundled instead of
 * its prebuilt module, in which nothing can be left out.
 */
import { join } from "node:path";

const TEXTS = /three[\\/]src[\\/]renderers[\\/]shaders[\\/](ShaderChunk|ShaderLib)[\\/].*\.glsl\.js$/;
const NOTHING = 'export default ""; export const vertex = ""; export const fragment = "";';

/** A plugin that resolves `three` in the packages of a folder. */
export function threeRaw(folder) {
  return {
    name: "three-raw",
    setup(build) {
      build.onResolve({ filter: /^three$/ }, () => ({
        path: join(folder, "node_modules", "three", "src", "Three.js"),
        sideEffects: false,
      }));
      build.onLoad({ filter: TEXTS }, () => ({ contents: NOTHING, loader: "js" }));
    },
  };
}
