"""Modules that the server's imports ask for but its start does not use: kept out until somebody really uses them.

JupyterHub's single-user extension imports the hub's database layer for the sake of two class names; jsonschema imports
a library for each string format that it could check. While :func:`deferred` is in force, such a module is a stand-in.
What a stand-in cannot answer it passes on to the real module, which it imports at that moment: a wrong entry in the
list costs time, never a function. When the block ends the stand-ins leave ``sys.modules``, so that whoever imports
the module later gets the real one.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

# A leaf of the import system asks every module for these; none of them is a reason to load it.
_OWN = frozenset({"__path__", "__file__", "__wrapped__", "__all__"})


_NOTHING = object()


@dataclass(frozen=True)
class Deferred:
    """One module to keep out, and what the importing code needs of it at once.

    Attributes
    ----------
    name
        The module's full name.
    functions
        Functions that are imported by name: each stand-in imports the module when it is first called.
    classes
        Classes that are imported by name, and what stands for each. Only right where the server never meets an
        instance of the real class, or where the stand-in is a base class of it.
    as_if_not_installed
        Let the import fail: for an optional module that the importing code does well without.
    """

    name: str
    functions: Sequence[str] = ()
    classes: Mapping[str, type] = field(default_factory=dict)
    as_if_not_installed: bool = False


class StandIn(ModuleType):
    """What takes a deferred module's place in ``sys.modules``."""

    def __init__(self, module: Deferred) -> None:
        super().__init__(module.name)
        names: dict[str, Any] = {name: _late(module.name, name) for name in module.functions}
        names |= module.classes
        self.__dict__.update(names)
        self.__dict__["_imported_by_name"] = bool(names)

    def __getattr__(self, name: str) -> Any:
        # A package is asked for its path when a submodule is imported. Where names are imported `from` the
        # module it is asked as well, and then means nothing.
        if name in _OWN and (name != "__path__" or self.__dict__["_imported_by_name"]):
            raise AttributeError(name)
        return getattr(_real(self.__name__), name)

    def __setattr__(self, name: str, value: Any) -> None:
        # The import system binds a submodule to the package that it found before the real one was loaded.
        if name.startswith("__"):
            super().__setattr__(name, value)
        else:
            setattr(_real(self.__name__), name, value)


@contextmanager
def deferred(modules: Sequence[Deferred]) -> Iterator[None]:
    """Put stand-ins for *modules* into place; take them away at the end.

    A module that is already loaded, or not installed, is left as it is.
    """
    for module in modules:
        if module.name not in sys.modules and _is_installed(module.name):
            # None is how the import system writes "there is no such module".
            sys.modules[module.name] = None if module.as_if_not_installed else StandIn(module)  # type: ignore[assignment]
    try:
        yield
    finally:
        for module in modules:
            _remove(module.name)


def _is_installed(name: str) -> bool:
    # Of a package's inner module only the package is looked for: finding more would load it.
    return importlib.util.find_spec(name.partition(".")[0]) is not None if "." not in name else True


def _remove(name: str) -> None:
    if isinstance(sys.modules.get(name, _NOTHING), StandIn | None):
        del sys.modules[name]
    parent, _, child = name.rpartition(".")
    if isinstance(getattr(sys.modules.get(parent), "__dict__", {}).get(child), StandIn):
        delattr(sys.modules[parent], child)


def _real(name: str) -> ModuleType:
    _remove(name)
    return importlib.import_module(name)


def _late(module: str, name: str) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(_real(module), name)(*arguments, **named)

    call.__name__ = call.__qualname__ = name
    return call
