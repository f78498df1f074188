"""What a function does, in one number: its compiled code, and that of the project's functions that it calls.

Compiled code rather than text: it is what runs, also where the file has changed since; comments and line numbers are
not in it. Followed are names of the module, attributes of modules, imports inside the function, closures, defaults,
decorators, methods of classes. Packages that are installed count by their version.

Not known, so not followed: what is found through an object (``self.method()`` of a class that the code does not name,
functions in a dictionary), what changes while it runs, the clock, random numbers, the network.
"""

import dis
import functools
import hashlib
import importlib
import importlib.util
import inspect
import platform
import sys
import sysconfig
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mantidlab.interfaces.hashing import NoDigest, Sink, digest, feed
from mantidlab.interfaces.versions import environment, version_of

GLOBALS = ("LOAD_GLOBAL", "LOAD_NAME")
BETWEEN = ("STORE_FAST", "STORE_DEREF", "PRECALL", "CACHE", "PUSH_NULL")
"""Stand between a module's name and the attribute that is taken of it, and name nothing."""
ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM")
OURS = "mantidlab"
FOLLOWED = "mantidlab.techniques"
"""The one room of `OURS` that is followed; the others count by the built environment, as installed packages do."""


def code_digest(thing: Any) -> str:
    """Return the SHA-256 of what a function, method, class or partial does, in hexadecimal digits."""
    walk = _Walk()
    walk.add(thing)
    return walk.result()


def computing_digest() -> str:
    """Return the SHA-256 of what every computation here stands on: Python's version and the built environment."""
    found = environment()
    return digest(platform.python_version(), found.get("lock", ""), found.get("hash", ""))


class _Walk:
    """Goes through all that a function calls; each function once."""

    def __init__(self) -> None:
        self._into = hashlib.sha256()
        self._seen: dict[int, int] = {}
        self._packages: set[str] = set()
        self._held: list[Any] = []  # ids are of use only as long as nothing is freed

    def result(self) -> str:
        for package in sorted(self._packages):
            self._say(f"package {package} {version_of(package)}")
        return self._into.hexdigest()

    def add(self, thing: Any) -> None:
        thing = _unwrapped(thing)
        if id(thing) in self._seen:
            self._say(f"again {self._seen[id(thing)]}")
            return
        self._seen[id(thing)] = len(self._seen)
        self._held.append(thing)
        if isinstance(thing, functools.partial):
            for part in (thing.func, thing.args, thing.keywords):
                self._value(part)
        elif isinstance(thing, types.MethodType):
            self.add(thing.__func__)
            self._value(thing.__self__)
        elif isinstance(thing, types.FunctionType):
            self._function(thing)
        elif isinstance(thing, type):
            self._class(thing)
        else:
            # Functions of mantid.simpleapi are objects that have a name, and no qualified one.
            named = str(getattr(thing, "__qualname__", "") or getattr(thing, "__name__", ""))
            self._outside(getattr(thing, "__module__", None) or type(thing).__module__, named)

    def _function(self, function: types.FunctionType) -> None:
        if not _is_project(function.__module__):
            self._outside(function.__module__, function.__qualname__)
            return
        self._say(f"function {function.__qualname__}")
        self._code(function.__code__, function.__doc__)
        for value in (function.__defaults__, function.__kwdefaults__):
            self._value(value)
        closure = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=False))
        for name, found in _named_by(function.__code__, function.__globals__):
            self._say(name)
            self._value(found)
        for name, cell in closure.items():
            self._say(name)
            try:
                self._value(cell.cell_contents)
            except ValueError:
                self._say("empty")

    def _class(self, kind: type) -> None:
        if not _is_project(kind.__module__):
            self._outside(kind.__module__, kind.__qualname__)
            return
        self._say(f"class {kind.__qualname__}")
        self._say(repr(getattr(kind, "__pydantic_fields__", "")))
        # Who asks a class without annotations for them leaves an empty mapping there.
        self._say(repr(vars(kind).get("__annotations__") or {}))
        for base in kind.__bases__:
            self.add(base)
        for name, part in sorted(vars(kind).items()):
            written = _written_part(part)
            if isinstance(written, types.FunctionType) or not name.startswith("_"):
                self._say(name)
                self._value(written)

    def _code(self, code: types.CodeType, documentation: str | None) -> None:
        self._into.update(code.co_code)
        self._say(" ".join((*code.co_names, *code.co_varnames, *code.co_freevars)))
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self._code(constant, None)
            elif constant is None or constant != documentation:
                self._value(constant)

    def _value(self, value: Any) -> None:
        if isinstance(value, types.ModuleType):
            self._outside(value.__name__, "")
        elif _is_code(value):
            self.add(value)
        else:
            try:
                into = hashlib.sha256()
                feed(Sink(into.update, self.add), value)
                self._say(into.hexdigest())
            except (NoDigest, OSError, RecursionError):
                # A logger, a compiled expression, an open file: which one it is changes no number.
                self._outside(type(value).__module__, type(value).__qualname__)

    def _outside(self, module: str, name: str) -> None:
        package = str(module).partition(".")[0]
        self._say(f"{module}.{name}")
        if package and package not in sys.stdlib_module_names:
            self._packages.add(package)

    def _say(self, text: str) -> None:
        self._into.update(f"{len(text)}:{text}".encode("utf-8", "surrogatepass"))


def _written_part(part: Any) -> Any:
    """Return the function that a class wraps as a method of its class, of none, or as a property."""
    if isinstance(part, staticmethod | classmethod):
        return part.__func__
    if isinstance(part, functools.cached_property):
        return part.func
    return part.fget if isinstance(part, property) else part


def _is_code(value: Any) -> bool:
    kinds = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools.partial, type)
    return isinstance(value, kinds) or hasattr(value, "__wrapped__")


def _unwrapped(thing: Any) -> Any:
    """Return the function below decorators that say what they wrap: an interface, ``functools.cache``."""
    return inspect.unwrap(thing) if callable(thing) and not isinstance(thing, type) else thing


def _named_by(code: types.CodeType, names: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what code names outside of itself, with the names; of an installed package the module alone.

    What it sets itself, such as a counter, is its own affair.
    """
    chain, found = "", None
    instructions = list(dis.get_instructions(code))
    own = {each.argval for each in instructions if each.opname == "STORE_GLOBAL"}
    for instruction in instructions:
        operation, name = instruction.opname, instruction.argval
        if operation in ATTRIBUTES and isinstance(found, types.ModuleType):
            there = getattr(found, name, None) if _is_project(found.__name__) else found
            if operation == "IMPORT_FROM":
                yield f"{chain}.{name}", there
            else:
                chain, found = f"{chain}.{name}", there
            continue
        if operation in BETWEEN:
            continue
        if chain:
            yield chain, found
        chain, found = "", None
        if operation in GLOBALS and name in names and name not in own:
            chain, found = name, names[name]
        elif operation == "IMPORT_NAME":
            chain, found = name, _imported(name)
    if chain:
        yield chain, found
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _named_by(constant, names)


def _imported(name: str) -> types.ModuleType:
    """Return the module that the code imports when it runs; one of an installed package is named, not imported."""
    if _is_project(name):
        try:
            return importlib.import_module(name)
        except Exception:  # noqa: BLE001  (the code itself will say so when it runs)
            return types.ModuleType(name)
    return types.ModuleType(name)


@functools.cache
def _is_project(module: str | None) -> bool:
    """Whether a module is the person's or MantidHub's own, rather than an installed package or Python's."""
    package = (module or "").partition(".")[0]
    if package == OURS:
        return str(module).startswith(FOLLOWED)
    if package == "__main__":
        return True
    if not package or package in sys.stdlib_module_names:
        return False
    loaded = sys.modules.get(module or "")
    file = getattr(loaded, "__file__", None)
    if loaded is None:
        try:
            found = importlib.util.find_spec(package)
        except (ImportError, ValueError):
            return False
        file = found.origin if found else None
    elif file is None:
        return not hasattr(loaded, "__path__")  # made by hand, as a notebook or a test does
    return file is not None and not _is_installed(Path(file))


def _is_installed(file: Path) -> bool:
    """Whether a file is of Python or of an installed package, also of one that a person has installed in the home."""
    if {"site-packages", "dist-packages"} & set(file.parts):
        return True
    folders = {Path(sysconfig.get_path(kind)).resolve() for kind in ("purelib", "platlib", "stdlib", "platstdlib")}
    return any(file.resolve().is_relative_to(folder) for folder in folders)
