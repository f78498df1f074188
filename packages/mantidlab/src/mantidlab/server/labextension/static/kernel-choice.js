/*
 * Opens a notebook with a sensible kernel of this session, where the one that it asks for is not there.
 *
 * The names of kernels differ from session to session: what is `python3` in one is `mantidhub-scipp` in another, and
 * notebooks come from elsewhere too. JupyterLab would ask, with a dialog over the notebook. Here it is given, in this
 * order: the kernel of the environment that the name means, under its name of today; the session's own. Only for
 * notebooks in Python, or in no language: any other is JupyterLab's to ask about.
 */

const { environmentOf } = await import(
  new URL(`session-environments.js${new URL(import.meta.url).search}`, import.meta.url).href
);

const OTHERS = "mantidhub-"; // as kernels.py names the kernels that are not the session's own

/** Return the name of the kernel to open with, or nothing to leave it to JupyterLab. */
export function kernelToOpenWith({ name, language }, specs) {
  if (!specs || name in specs.kernelspecs || (language && language !== "python")) {
    return undefined;
  }
  const meant = Object.keys(specs.kernelspecs)
    .map((kernel) => ({ kernel, environment: environmentOf(specs, kernel)?.environment.toLowerCase() }))
    .filter(({ environment }) => environment && `${name}-`.startsWith(`${OTHERS}${environment}-`))
    .sort((one, other) => other.environment.length - one.environment.length);
  return meant[0]?.kernel ?? specs.default;
}

export default function makePlugin() {
  return {
    id: "mantidlab:kernel-choice",
    description: "Opens notebooks with a sensible kernel of this session.",
    autoStart: true,
    activate: ({ docRegistry, serviceManager: { kernelspecs } }) => {
      docRegistry.addWidgetExtension("Notebook", {
        createNew: (_panel, { sessionContext }) => {
          // JupyterLab sets the preference when it has read the notebook, and acts on it a moment later.
          const choose = () => {
            const name = kernelToOpenWith(sessionContext.kernelPreference, kernelspecs.specs);
            if (name && !sessionContext.session) {
              sessionContext.kernelPreference = { ...sessionContext.kernelPreference, name };
            }
          };
          sessionContext.kernelPreferenceChanged.connect(choose);
          choose();
        },
      });
    },
  };
}
