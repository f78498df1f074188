"""Which loader Mantid takes for a file."""

import sys

from mantidlab.frameworks.mantid_algorithm_calls import FileLoaderRegistry


def chosen_loader(path: str) -> tuple[str, int] | None:
    """Return name and version of the loader that Mantid takes; None where it has none, or is not loaded here.

    Parameters
    ----------
    path
        Absolute, of a file that is there: Mantid opens it and asks each of its loaders.
    """
    # Nothing of Mantid is imported for a form alone: that takes seconds.
    if "mantid.simpleapi" not in sys.modules:
        return None
    from mantidlab.frameworks.mantid import mantid_modules

    return loader_by(mantid_modules().api.FileLoaderRegistry, path)


def loader_by(registry: FileLoaderRegistry, path: str) -> tuple[str, int] | None:
    """Return what a registry chooses."""
    try:
        algorithm = registry.chooseLoader(path)
    except (RuntimeError, ValueError):  # no loader takes it, or none can open it
        return None
    return str(algorithm.name()), int(algorithm.version())
