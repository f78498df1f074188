"""By which names the notebook knows a plot and its data, for the cells that a plot writes."""

import sys
from typing import Any


def variable_of(thing: Any) -> str | None:
    """Return the name of a variable of the notebook that holds `thing` itself; None where none does."""
    main = sys.modules.get("__main__")
    for name, value in list(vars(main).items()) if main is not None else []:
        if value is thing and not name.startswith("_") and name.isidentifier():
            return name
    return None


def number(value: float) -> str:
    """Return a number for a cell, with the digits that a position on the screen has."""
    return f"{float(f'{value:.7g}'):g}" if abs(value) < 1e6 and value == int(value) else repr(float(f"{value:.7g}"))
