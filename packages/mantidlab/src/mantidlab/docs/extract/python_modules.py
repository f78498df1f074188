"""Which names of a package are public, and which one of them a thing goes by.

A module is looked at if no part of its name starts with an underscore. In it is public what ``__all__`` lists; without
``__all__``, what it defines under a name without underscore, explained or not. A thing with several names goes by the
shortest in the package that defines it; the others are its aliases.
"""

import importlib
import importlib.util
import inspect
import pkgutil
import typing
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from types import GenericAlias, ModuleType, UnionType
from typing import Any

from mantidlab.docs.catalogue import Failure

_NOT_DESCRIBED = (typing.TypeVar, typing.ParamSpec, GenericAlias, UnionType, type(list[typing.Any]))


@dataclass
class PublicThing:
    """A function, class or type with its names."""

    thing: Any
    name: str = ""
    aliases: tuple[str, ...] = ()
    deprecated: str = ""
    found: list[tuple[str, str]] = field(default_factory=list)
    """Each name and the package (``scipp``, ``ess.sans``) that it belongs to."""

    @property
    def defined_in(self) -> str:
        """The module that holds it."""
        return str(getattr(self.thing, "__module__", None) or "")


@dataclass(frozen=True)
class PublicNames:
    """All public things and documented modules of some packages."""

    things: tuple[PublicThing, ...]
    modules: tuple[ModuleType, ...]
    failures: tuple[Failure, ...]
    missing: tuple[str, ...]


def public_names(roots: tuple[str, ...], progress: Callable[[str], None]) -> PublicNames:
    """Import all public modules of some packages and return what they offer, sorted by name.

    What cannot be imported is a `Failure`; a package that is not there is in ``missing``.
    """
    things: dict[int, PublicThing] = {}
    modules: list[ModuleType] = []
    deprecated: dict[str, str] = {}
    failures: list[Failure] = []
    missing: list[str] = []
    for root in roots:
        progress(f"reading {root}")
        if importlib.util.find_spec(root) is None:
            missing.append(root)
            continue
        for name in _module_names(root, failures):
            module, said = _import(name)
            if isinstance(module, Failure):
                failures.append(module)
                continue
            modules.append(module)
            if said:
                deprecated[name] = said
            for attribute, thing in _public_attributes(module):
                known = things.setdefault(id(thing), PublicThing(thing))
                known.found.append((f"{name}.{attribute}", _package_of(name, roots)))
    chosen = [_named(thing, deprecated, roots) for thing in things.values()]
    return PublicNames(
        tuple(sorted(chosen, key=lambda thing: thing.name)),
        tuple(sorted(modules, key=lambda module: module.__name__)),
        tuple(failures),
        tuple(missing),
    )


def is_described(thing: Any) -> bool:
    """Tell whether the catalogue describes such a thing: functions, classes and domain types; no data, no modules."""
    if isinstance(thing, type):  # also protocols and typed dictionaries, whose classes are of `typing`
        return not isinstance(thing, GenericAlias)
    if isinstance(thing, _NOT_DESCRIBED) or (type(thing).__module__ == "typing" and not is_domain_type(thing)):
        return False
    return callable(thing) and not inspect.ismodule(thing)


def is_domain_type(thing: Any) -> bool:
    """Tell whether it is a ``NewType``, by which sciline's pipelines say what a value means."""
    return isinstance(thing, typing.NewType)


def _module_names(root: str, failures: list[Failure]) -> Iterator[str]:
    """Return the names of a package's public modules, parents first."""
    yield root
    try:
        path = list(importlib.import_module(root).__path__)
    except (AttributeError, Exception):  # noqa: BLE001  (a module without modules, or one that `_import` will report)
        return
    for info in sorted(pkgutil.iter_modules(path), key=lambda info: info.name):
        if info.name.startswith("_") or info.name == "conftest":
            continue
        name = f"{root}.{info.name}"
        if info.ispkg:
            yield from _module_names(name, failures)
        else:
            yield name


def _import(name: str) -> tuple[ModuleType | Failure, str]:
    """Import a module; return also what it says if it calls itself deprecated."""
    with warnings.catch_warnings(record=True) as said, redirect_stdout(StringIO()):
        warnings.simplefilter("always")
        try:
            module = importlib.import_module(name)
        except (Exception, SystemExit) as error:  # noqa: BLE001  (anything may happen in somebody's module)
            return Failure(name, f"{type(error).__name__}: {error}".splitlines()[0]), ""
    own = (
        str(warning.message) for warning in said if issubclass(warning.category, (DeprecationWarning, FutureWarning))
    )
    return module, next((text for text in own if text.startswith(name)), "")


def _public_attributes(module: ModuleType) -> Iterator[tuple[str, Any]]:
    listed = getattr(module, "__all__", None)
    for name in sorted(set(listed) if listed is not None else vars(module)):
        thing = getattr(module, name, None)
        if thing is None or not is_described(thing):
            continue
        if listed is not None:
            if not name.startswith("_"):
                yield name, thing
        elif not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__:
            yield name, thing


def _package_of(module: str, roots: tuple[str, ...]) -> str:
    """Return the package that a module belongs to: ``scipp``, and ``ess.sans`` below a package that is only a name."""
    parts = module.split(".")
    root = next((root for root in roots if module == root or module.startswith(f"{root}.")), parts[0])
    if getattr(importlib.import_module(root), "__file__", None) is None:
        return ".".join(parts[: root.count(".") + 2])
    return root


def _named(thing: PublicThing, deprecated: dict[str, str], roots: tuple[str, ...]) -> PublicThing:
    home = thing.defined_in
    at_home = _package_of(home, roots) if any(home.split(".")[0] == root.split(".")[0] for root in roots) else ""

    def rank(found: tuple[str, str]) -> tuple[bool, bool, int, int, str]:
        name, package = found
        return (name.rpartition(".")[0] in deprecated, package != at_home, name.count("."), len(name), name)

    ranked = sorted(set(thing.found), key=rank)
    thing.name = ranked[0][0]
    thing.aliases = tuple(sorted({name for name, _ in ranked[1:]}))
    thing.deprecated = deprecated.get(thing.name.rpartition(".")[0], "")
    return thing
