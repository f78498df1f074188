"""What lives inside a MantidHub session.

``from mantidlab import plot, slices, instrument`` are its plots, and each thing that a panel does has a function here
too. They are imported when they are asked for: whoever reads files or runs the session's server needs neither NumPy
nor widgets.
"""

import importlib
from typing import Any

_WHERE = {
    "form": "mantidlab.forms.opening",
    "history": "mantidlab.workspaces.histories",
    "instrument": "mantidlab.plots.instrument",
    "interface": "mantidlab.interfaces.declaring",
    "plot": "mantidlab.plots.lines",
    "search": "mantidlab.docs.finding",
    "slices": "mantidlab.plots.slices",
    "stop": "mantidlab.kernel.running",
}
_ROOMS = ("interfaces", "workspaces")
"""Packages that can be called by their name."""

__all__ = ["form", "history", "instrument", "interface", "interfaces", "plot", "search", "slices", "stop", "workspaces"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(_WHERE[name]), name)
    if name in _ROOMS:
        return importlib.import_module(f"mantidlab.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
