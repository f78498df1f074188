"""What the kernel holds: seen, saved, and how it came to be. ``mantidlab.workspaces()`` lists it.

`save`, `formats` and `history` are what the panel of workspaces calls, `compare` what ends the script of a history.
All are imported when they are asked for.
"""

import importlib
import sys
from types import ModuleType
from typing import Any

_WHERE = {
    "save": "mantidlab.workspaces.saving",
    "formats": "mantidlab.workspaces.saving",
    "history": "mantidlab.workspaces.histories",
    "compare": "mantidlab.workspaces.sameness",
    "WorkspaceError": "mantidlab.workspaces.errors",
}

__all__ = ["WorkspaceError", "compare", "formats", "history", "save"]


class _Workspaces(ModuleType):
    """Lets a package be called: people write ``mantidlab.workspaces()``, and its name is that of the room too."""

    def __call__(self, text: str = "") -> Any:
        """Return what the kernel holds; with a text, what has it in its name, kind or title."""
        return importlib.import_module("mantidlab.workspaces.listing").listing(text)

    def __getattr__(self, name: str) -> Any:
        if name in _WHERE:
            return getattr(importlib.import_module(_WHERE[name]), name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


sys.modules[__name__].__class__ = _Workspaces
