"""Shows a result below a cell: its page, then its plots."""

import importlib
import sys
from typing import TYPE_CHECKING, Any

from mantidlab.interfaces.drawing import NothingToDraw, draw
from mantidlab.plots.errors import PlotError

if TYPE_CHECKING:
    from mantidlab.interfaces.results import Result


def show(result: "Result[Any]") -> None:
    """Display a result; where there is no notebook, print it.

    That it has nothing to draw is no error; that it has something and cannot be drawn is said.
    """
    if "IPython" not in sys.modules:
        print(result)
        return
    display: Any = importlib.import_module("IPython.display").display
    display(result)
    try:
        drawn = draw(result.value, result.values, result.provenance.title)
    except NothingToDraw:
        return
    except PlotError as problem:
        print(f"There is no picture. {problem}")
        return
    for plot in drawn.values() if isinstance(drawn, dict) else [drawn]:
        display(plot)
