"""Does a script that a history wrote give what the notebook had: lines may have changed it by a name not seen here."""

from typing import Any

from mantidlab.frameworks.model import FrameworkError
from mantidlab.interfaces.comparing import fingerprint
from mantidlab.workspaces.errors import WorkspaceError
from mantidlab.workspaces.objects import opened

MOST_BYTES = 100_000_000
"""Of a value that is compared: some 0.1 s. Who asks for a history waits for it."""

DIFFERENT = (
    "The numbers differ from those of the notebook. A cell may have changed them through a list, a dictionary or a "
    "function that holds them too; random numbers may have no seed; or a file is another one now."
)


def fingerprint_of(value: Any, name: str) -> str:
    """Return the SHA-256 of a variable's numbers; empty for what is large, or no data whose content is known."""
    try:
        memory = opened(value, name).summary().memory
    except (WorkspaceError, FrameworkError):
        return ""
    return fingerprint(value) if memory is not None and memory <= MOST_BYTES else ""


def compare(value: Any, before: str) -> bool:
    """Say whether a value is what it was in the notebook, to the last digit.

    Parameters
    ----------
    before
        The fingerprint of the notebook's value; a script that `mantidlab.history` writes ends with it.
    """
    same = fingerprint(value) == before
    print("The numbers are those of the notebook." if same else DIFFERENT)
    return same
