"""Opens what a person calls a workspace."""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from mantidlab.frameworks import as_data_object
from mantidlab.frameworks.model import DataObject, FrameworkError
from mantidlab.plots.arrays import ArraysObject
from mantidlab.plots.errors import PlotError
from mantidlab.workspaces.errors import NoSuchWorkspace


def opened(thing: Any, name: str = "") -> DataObject:
    """Return a thing as a data object, with a name of its own.

    Raises
    ------
    NoSuchWorkspace
        It is none.
    """
    called = name or name_of(thing)
    try:
        if isinstance(thing, np.ndarray):
            return ArraysObject.of(thing, called or "array")
        found: DataObject = as_data_object(thing, called)
    except (FrameworkError, PlotError) as error:
        if isinstance(thing, str) and thing.isidentifier() and not Path(thing).exists():
            raise NoSuchWorkspace(
                f"There is nothing called {thing!r}: no variable of the notebook, no workspace of Mantid, and no file "
                "beside it."
            ) from error
        raise NoSuchWorkspace(str(error)) from error
    return found


def name_of(thing: Any) -> str:
    """Return the variable of the notebook that holds a thing; empty where none does."""
    for name, held in notebook().items():
        if held is thing and not name.startswith("_"):
            return name
    return ""


def notebook() -> dict[str, Any]:
    """Return the variables of the kernel's notebook; none outside of a kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return {} if shell is None else dict(shell.user_ns)
