"""Tells which Mantid algorithms are written in Python.

Mantid hands out both kinds as the same classes, but a Python algorithm is a Python class that derives from one of
Mantid's.
"""

from collections.abc import Iterator
from types import FunctionType
from typing import Any

from mantidlab.docs.extract.mantid_api import Api

BASES = (
    "PythonAlgorithm",
    "DataProcessorAlgorithm",
    "ParallelDataProcessorAlgorithm",
    "DistributedDataProcessorAlgorithm",
)


def python_algorithms(api: Api) -> frozenset[tuple[str, int]]:
    """Return name and version of each algorithm class that is written in Python."""
    return frozenset(
        (str(_told(kind, "name", kind.__name__)), int(_told(kind, "version", 1)))
        for base in BASES
        for kind in _below(getattr(api, base, object()))
    )


def _below(base: Any) -> Iterator[type[Any]]:
    below: list[type[Any]] = type.__subclasses__(base) if isinstance(base, type) else []
    for kind in below:
        yield kind
        yield from _below(kind)


def _told(kind: Any, method: str, otherwise: Any) -> Any:
    """Call a method that returns a constant, on an object without contents: making algorithms is the factory's work."""
    for base in kind.__mro__:
        written = vars(base).get(method)
        if isinstance(written, FunctionType):
            try:
                return written(kind.__new__(kind))
            except Exception:  # noqa: BLE001 - then Mantid's own answer, the name of the class and version 1, is likely
                return otherwise
    return otherwise
