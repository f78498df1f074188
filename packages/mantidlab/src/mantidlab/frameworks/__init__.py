"""One small data model for what Mantid, scipp and NeXus files hold, and an adapter for each.

``as_data_object`` takes any of them:

>>> from mantidlab.frameworks import as_data_object
>>> thing = as_data_object("SIMSANS00001001.nxs")  # doctest: +SKIP

``model`` is plain NumPy; ``mantid``, ``scipp`` and ``nexus`` fill it. Mantid and scipp are imported by their own
adapter alone, lazily, and never both in one process.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mantidlab.frameworks.opening import as_data_object

__all__ = ["as_data_object"]


def __getattr__(name: str) -> Any:
    # Lazily: who needs the model alone, or one adapter, does not wait for the others.
    if name in __all__:
        return getattr(importlib.import_module("mantidlab.frameworks.opening"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
