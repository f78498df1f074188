"""Calls what wants to watch Mantid as soon as somebody imports it: before the first algorithm of the same cell runs."""

import importlib.abc
import importlib.machinery
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from types import ModuleType

from mantidlab.kernel.between import between_cells

MODULE = "mantid.api"

log = logging.getLogger("mantidlab.kernel")
_waiting: list[Callable[[], object]] = []


def when_mantid_arrives(function: Callable[[], object]) -> None:
    """Have a function called in the main thread once Mantid's Python modules are imported.

    If they are already, it is called between two cells.
    """
    if MODULE in sys.modules:
        between_cells(function)
        return
    _waiting.append(function)
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder):
    """Finds Mantid as all others do, and adds a word after its import."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return nothing, except for the one module."""
        if name != MODULE:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader)
                return spec
        return None


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # The module is to be as if nobody had looked: whoever asks for its loader's other methods finds them.
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        _tell()


def _tell() -> None:
    in_main = threading.current_thread() is threading.main_thread()
    while _waiting:
        function = _waiting.pop(0)
        if not in_main:
            between_cells(function)
            continue
        try:
            function()
        except Exception:  # the import must succeed whatever happens here
            log.exception("Mantid is not watched")
