/*
 * What JupyterLab loads of this extension: a container of modules, as webpack's module federation expects one, written
 * by hand.
 *
 * The plugins are ES modules beside this file, one idea each, which nobody builds; the panels are one module that is built
 * from `packages/mantidlab/ui`. All take JupyterLab's own modules from the scope that JupyterLab shares with its extensions,
 * so that they meet the same classes and tokens as JupyterLab itself.
 */
(() => {
  "use strict";

  // Each module's default export makes a plugin, or several, from JupyterLab's modules that it names in `uses`.
  const PLUGINS = [
    "touch-menus.js",
    "kernel-choice.js",
    "execution-record.js",
    "environment-notice.js",
    "idle-notice.js",
    "kept-outputs.js",
    "memory-notice.js",
    "insert-cell.js",
    "last-view.js",
    "panels/panels.js",
  ];

  // With its `?v=…`, which keeps a browser from taking one file of this version and another of an earlier one.
  const own = new URL(document.currentScript.src);
  let scope = {};

  // JupyterLab's own copy of a module is the one in use; a newer one that another extension brings would be a stranger.
  async function shared(name) {
    const copies = Object.values(scope[name] ?? {});
    const copy = copies.find(({ loaded }) => loaded) ?? copies[0];
    if (!copy) {
      throw new Error(`JupyterLab does not share ${name}.`);
    }
    const factory = await copy.get();
    return factory();
  }

  async function pluginOf(file) {
    try {
      const { default: makePlugin, uses = [] } = await import(new URL(file + own.search, own).href);
      const modules = await Promise.all(uses.map(shared));
      const named = Object.fromEntries(uses.map((name, index) => [name, modules[index]]));
      return [makePlugin(named)].flat();
    } catch (problem) {
      // The rest of the page, and the other plugins, work without this one.
      console.error(`mantidlab: ${file} could not be loaded.`, problem);
      return [];
    }
  }

  async function extension() {
    const plugins = (await Promise.all(PLUGINS.map(pluginOf))).flat();
    return { __esModule: true, default: plugins };
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.mantidlab = {
    init: (sharedScope) => {
      scope = sharedScope;
    },
    get: async (name) => {
      if (name !== "./extension") {
        throw new Error(`The extension mantidlab has no module ${name}.`);
      }
      const made = await extension();
      return () => made;
    },
  };
})();
