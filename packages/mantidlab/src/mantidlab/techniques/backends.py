"""Which framework reduces: an environment has Mantid or scipp, and a kernel never loads both."""

import importlib.util
import sys
from enum import StrEnum

from mantidlab.techniques.errors import TechniqueError


class Backend(StrEnum):
    """What does the work."""

    SCIPP = "scipp"
    MANTID = "mantid"


def backend() -> Backend:
    """Return the framework of this kernel: the one that is loaded, else the one that is there.

    Raises
    ------
    TechniqueError
        There is neither.
    """
    for loaded in (Backend.MANTID, Backend.SCIPP):
        if _module(loaded) in sys.modules:
            return loaded
    for there in (Backend.MANTID, Backend.SCIPP):
        spec = importlib.util.find_spec(there.value)
        if spec is not None and spec.origin is not None:  # a person's folder of that name has none
            return there
    raise TechniqueError("This environment has neither Mantid nor scipp. Start a session with one of them.")


def _module(name: Backend) -> str:
    return "mantid.api" if name is Backend.MANTID else "scipp"
