"""Plots of neutron data: curves, slices and instruments. ``from mantidlab import plot, slices, instrument``.

Everything here is imported when it is first asked for: ``import mantidlab`` costs neither NumPy nor a widget. `slices`
and `instrument` are functions in the packages of their names.
"""

import importlib
from typing import Any

_WHERE = {
    "plot": "mantidlab.plots.lines",
    "curves": "mantidlab.plots.lines",
    "fitted": "mantidlab.plots.lines",
    "section": "mantidlab.plots.slices",
    "detectors_seen": "mantidlab.plots.instrument",
    "provenance_of": "mantidlab.plots.publication",
    "save_figure": "mantidlab.plots.publication",
    "thinned": "mantidlab.plots.publication",
    "register": "mantidlab.plots.registering",
    "unregister": "mantidlab.plots.registering",
    "PlotError": "mantidlab.plots.errors",
}

__all__ = [
    "PlotError",
    "curves",
    "detectors_seen",
    "fitted",
    "plot",
    "provenance_of",
    "register",
    "save_figure",
    "section",
    "thinned",
    "unregister",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(_WHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
