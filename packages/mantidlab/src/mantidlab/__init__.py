"""What lives inside a MantidHub session.

``from mantidlab import plot, slices, instrument`` are its plots, imported when they are asked for: whoever reads files
or runs the session's server needs neither NumPy nor widgets.
"""

import importlib
from typing import Any

_PLOTS = {
    "instrument": "mantidlab.plots.instrument",
    "plot": "mantidlab.plots.lines",
    "slices": "mantidlab.plots.slices",
}

__all__ = ["instrument", "plot", "slices"]


def __getattr__(name: str) -> Any:
    if name in _PLOTS:
        return getattr(importlib.import_module(_PLOTS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
