"""Interfaces: a technique as a typed function, declared once, with a form, batches and a command line.

>>> from mantidlab.interfaces import RunFile, interface, step
>>> @interface(title="Counts", instruments=["SIMSANS"])  # doctest: +SKIP
... def counts(sample: RunFile, factor: float = 1.0) -> float:
...     '''Count neutrons.'''
...     return factor * step(count_all, sample)

``mantidlab.interfaces()`` lists them. For instrument scientists: ``docs/interfaces.md``.
"""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mantidlab.interfaces.activity import caution, remark, report
    from mantidlab.interfaces.batches.opening import open_batch
    from mantidlab.interfaces.batches.outcome import BatchResult
    from mantidlab.interfaces.batches.running import batch
    from mantidlab.interfaces.caching import clear_cache
    from mantidlab.interfaces.declaring import Interface, interface
    from mantidlab.interfaces.discovery import Found, discover, find
    from mantidlab.interfaces.errors import (
        BatchRefused,
        CannotKeep,
        CannotRepeat,
        DeclarationMistake,
        InterfaceError,
        NoSuchInterface,
        ValuesRefused,
    )
    from mantidlab.interfaces.fields import (
        Advanced,
        Directory,
        File,
        Folder,
        Group,
        InputFile,
        Ordered,
        OutputFile,
        Range,
        Run,
        RunFile,
        SaveFile,
        Unit,
    )
    from mantidlab.interfaces.progress import Progress
    from mantidlab.interfaces.results import Result
    from mantidlab.interfaces.saved import open_result
    from mantidlab.interfaces.steps import step

# Lazily: the session's server reads where things lie, and must not wait for pydantic.
_HOMES = {
    "activity": ("caution", "remark", "report"),
    "batches.opening": ("open_batch",),
    "batches.outcome": ("BatchResult",),
    "batches.running": ("batch",),
    "caching": ("clear_cache",),
    "declaring": (
        "Interface",
        "interface",
    ),
    "discovery": ("Found", "discover", "find"),
    "errors": (
        "BatchRefused",
        "CannotKeep",
        "CannotRepeat",
        "DeclarationMistake",
        "InterfaceError",
        "NoSuchInterface",
        "ValuesRefused",
    ),
    "fields": (
        "Advanced",
        "Directory",
        "File",
        "Folder",
        "Group",
        "InputFile",
        "Ordered",
        "OutputFile",
        "Range",
        "Run",
        "RunFile",
        "SaveFile",
        "Unit",
    ),
    "progress": ("Progress",),
    "results": ("Result",),
    "saved": ("open_result",),
    "steps": ("step",),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Advanced",
    "BatchRefused",
    "BatchResult",
    "CannotKeep",
    "CannotRepeat",
    "DeclarationMistake",
    "Directory",
    "File",
    "Folder",
    "Found",
    "Group",
    "InputFile",
    "Interface",
    "InterfaceError",
    "NoSuchInterface",
    "Ordered",
    "OutputFile",
    "Progress",
    "Range",
    "Result",
    "Run",
    "RunFile",
    "SaveFile",
    "Unit",
    "ValuesRefused",
    "batch",
    "caution",
    "clear_cache",
    "discover",
    "find",
    "interface",
    "open_batch",
    "open_result",
    "remark",
    "report",
    "step",
]


class _Interfaces(ModuleType):
    """Lets a package be called: people write ``mantidlab.interfaces()``, and its name is that of the room too."""

    def __call__(self) -> "Found":
        """Return which interfaces there are, and which files are broken."""
        found: Found = self.discover()
        return found

    def __getattr__(self, name: str) -> Any:
        if name in _MODULES:
            return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


sys.modules[__name__].__class__ = _Interfaces
