"""Figures for publication: a cell of plain matplotlib that draws a view anew, and files that say where they came from.

``description`` is what a widget knows of its picture and ``paper`` what a journal asks; ``code`` writes the cell.
The cell saves with ``save_figure``, which stores the figure's ``provenance`` in its file, and ``provenance_of`` reads
that again.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mantidlab.plots.publication.code import figure_code
    from mantidlab.plots.publication.description import (
        AxisView,
        ColourView,
        CurveView,
        FigureDescription,
        FitView,
        ImageView,
        InstrumentView,
        LinesView,
        Outline,
        Recreation,
    )
    from mantidlab.plots.publication.paper import Paper
    from mantidlab.plots.publication.reading import provenance_of
    from mantidlab.plots.publication.saving import save_figure
    from mantidlab.plots.publication.thinning import thinned

__all__ = [
    "AxisView",
    "ColourView",
    "CurveView",
    "FigureDescription",
    "FitView",
    "ImageView",
    "InstrumentView",
    "LinesView",
    "Outline",
    "Paper",
    "Recreation",
    "figure_code",
    "provenance_of",
    "save_figure",
    "thinned",
]

ELSEWHERE = {
    "Paper": "paper",
    "figure_code": "code",
    "provenance_of": "reading",
    "save_figure": "saving",
    "thinned": "thinning",
}
"""The module of each name that is not in ``description``."""


def __getattr__(name: str) -> Any:
    # Lazily: who only describes a view waits neither for NumPy nor for matplotlib.
    if name in __all__:
        return getattr(importlib.import_module(f"{__name__}.{ELSEWHERE.get(name, 'description')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
