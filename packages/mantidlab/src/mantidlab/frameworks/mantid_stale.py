"""Handles of Mantid that outlived what they stood for."""

from collections.abc import Iterator
from contextlib import contextmanager

from mantidlab.frameworks.model import Gone

# What Mantid's handles raise after the service deleted or replaced what they stood for.
STALE = "Variable invalidated"


@contextmanager
def fresh(name: str = "") -> Iterator[None]:
    """Turn Mantid's complaint about a stale handle into `Gone`; without a name where the handle never told it."""
    try:
        yield
    except RuntimeError as error:
        if STALE not in str(error):
            raise
        which = repr(name) if name else "of this variable"
        raise Gone(f"The workspace {which} was deleted or replaced; ask for it by its name again.") from error
