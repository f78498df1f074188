"""By which names the notebook knows a plot and its data, for the cells that a plot writes."""

import sys
from typing import Any


def variable_of(plot: Any) -> str | None:
    """Return the name of a variable of the notebook that holds the plot; None where none does."""
    main = sys.modules.get("__main__")
    for name, value in list(vars(main).items()) if main is not None else []:
        if value is plot and not name.startswith("_") and name.isidentifier():
            return name
    return None


def number(value: float) -> str:
    """Return a number for a cell, with the digits that a position on the screen has."""
    short = float(f"{value:.7g}")
    return f"{int(short)}" if abs(short) < 1e6 and short == int(short) else repr(short)
