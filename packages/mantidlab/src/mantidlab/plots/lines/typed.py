"""What a person types into a plot to add a curve: a workspace's name, a variable's, or a path."""

import sys
from typing import Any

from mantidlab.frameworks.model import FrameworkError
from mantidlab.plots.errors import NotPlottable


def typed(text: str) -> Any:
    """Return what is meant: a variable of the notebook, else a workspace or file of that name.

    Raises
    ------
    NotPlottable
        There is nothing of that name.
    """
    if not text:
        raise NotPlottable("Type the name of a variable or workspace, or the path of a file.")
    main = sys.modules.get("__main__")
    if main is not None and text.isidentifier() and text in vars(main):
        return vars(main)[text]
    from mantidlab.frameworks import as_data_object

    try:
        return as_data_object(text)
    except FrameworkError as error:
        raise NotPlottable(f"There is no variable, workspace or file {text!r}. {error}") from error
