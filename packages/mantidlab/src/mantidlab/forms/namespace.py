"""The names of a person's notebook, seen from within its kernel."""

import builtins
import sys
from collections.abc import Mapping
from typing import Any

from mantidlab.forms.errors import NoSuchForm

_NOWHERE = object()


def notebook_names() -> Mapping[str, Any]:
    """Return the notebook's variables; none where this process is no kernel."""
    ipython = sys.modules.get("IPython")  # a process without it has no notebook
    shell = ipython.get_ipython() if ipython is not None else None
    return {} if shell is None else shell.user_ns


def find_thing(name: str) -> Any:
    """Return what a name of the notebook means, such as ``reduce`` or ``sc.rebin``; nothing is called for it.

    Raises
    ------
    NoSuchForm
        There is none.
    """
    first, *rest = name.split(".")
    found = notebook_names().get(first, getattr(builtins, first, _NOWHERE))
    for part in rest:
        found = getattr(found, part, _NOWHERE)
    if found is _NOWHERE:
        raise NoSuchForm(f"The notebook has nothing called {name}. Run the cell that defines it, and try again.")
    return found
