/*
 * The modules that JupyterLab shares with its extensions. They are never bundled: a second copy of React or of a token
 * would be a stranger to the page. `singletonPackages` and `resolutions` of JupyterLab 4.6's own package.json name them.
 */
const SHARED = [
  /^@jupyterlab\/[a-z-]+$/,
  /^@lumino\/[a-z]+$/,
  /^@codemirror\/(language|state|view)$/,
  /^@lezer\/(common|highlight)$/,
  /^(@jupyter\/ydoc|yjs)$/,
  /^(react|react-dom)$/,
];

/** A plugin of esbuild that leaves them to be asked for when the bundle runs. */
export const sharedByJupyterLab = {
  name: "shared-by-jupyterlab",
  setup(build) {
    build.onResolve({ filter: /^(@|react|yjs)/ }, ({ path }) =>
      SHARED.some((pattern) => pattern.test(path)) ? { path, external: true } : undefined,
    );
  },
};
