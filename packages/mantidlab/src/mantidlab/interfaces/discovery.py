"""Which interfaces there are: those that ship, of installed packages, of the facility, of the person, of the notebook.

Of two with one name the later one in this order counts; of two files of one kind that is said. A file that cannot be
imported gets a sentence, and so does a function that cannot be an interface: neither hides anything else.
"""

import hashlib
import importlib
import importlib.metadata
import importlib.util
import os
import pkgutil
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from mantidlab.interfaces.declaring import FILE_MODULE, Interface, declared, mistakes_gathered
from mantidlab.interfaces.errors import DeclarationMistake, NoSuchInterface
from mantidlab.interfaces.listed import hidden
from mantidlab.interfaces.places import facility_folders, personal_folder

ENTRY_POINTS = "mantidlab.interfaces"
"""Group of entry points of packages that bring interfaces: each names a module."""
SHIPPED = "mantidlab.techniques"
SECONDS_FOR_ONE_FILE = 30.0
MISTAKES = "__mantidlab_mistakes__"
"""Attribute of a file's module: sentences of what is wrong with single functions of it."""


@dataclass(frozen=True)
class Source:
    """A place that may declare interfaces.

    Attributes
    ----------
    kind
        ``shipped``, ``package``, ``facility``, ``person`` or ``notebook``.
    name
        The module, or the path of the file.
    """

    kind: str
    name: str


@dataclass(frozen=True)
class Broken:
    """A source that could not be imported, and why, for who wrote it."""

    source: Source
    message: str


@dataclass(frozen=True)
class Loaded:
    """What a source declares, and a sentence for each thing that is wrong with it."""

    interfaces: tuple[Interface[Any, Any], ...]
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What was discovered: interfaces and where they are from, by name, and what is broken."""

    interfaces: dict[str, tuple[Interface[Any, Any], Source]]
    broken: tuple[Broken, ...]

    def lines(self) -> list[str]:
        """Return one line for each interface: its name, its title, what it is for, where it is from."""
        width = max((len(name) for name in self.interfaces), default=0)
        listed = []
        for name, (each, source) in sorted(self.interfaces.items()):
            about = ", ".join(part for part in (each.heading.technique, *each.heading.instruments) if part)
            listed.append(f"{name:<{width}}  {each.heading.title}{f' ({about})' if about else ''}  {source.name}")
        return listed

    def __repr__(self) -> str:
        return "\n".join([*self.lines(), *(each.message for each in self.broken)]) or "<no interfaces>"


def sources() -> list[Source]:
    """Return every place outside of the notebook, without importing any."""
    found = [Source("shipped", name) for name in _shipped()]
    found += [Source("package", point.value) for point in importlib.metadata.entry_points(group=ENTRY_POINTS)]
    for kind, folders in (("facility", facility_folders()), ("person", [personal_folder()])):
        found += [Source(kind, str(file)) for folder in folders for file in files_in(folder)]
    return found


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder that may declare interfaces: ``*.py``, but for names that begin with ``_``."""
    try:
        return sorted(file for file in folder.glob("*.py") if file.name[0] not in "._" and file.is_file())
    except OSError:
        return []


def load(source: Source) -> Loaded:
    """Import a source, and return what it declares and what is wrong with it."""
    try:
        is_file = source.kind in ("facility", "person")
        module = _file_module(Path(source.name)) if is_file else importlib.import_module(source.name)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as problem:  # noqa: BLE001  (whatever people's code raises, also to end Python)
        return Loaded((), (_why(source, problem),))
    # By type, not isinstance: asked for their class, a thousand functions of mantid.simpleapi make their algorithms.
    mine = [each for each in vars(module).values() if issubclass(type(each), Interface)]
    declared_there = tuple(each for each in mine if getattr(each.function, "__module__", "") == module.__name__)
    return Loaded(declared_there, getattr(module, MISTAKES, ()))


def discover() -> Found:
    """Import every source, and add what this process has declared itself."""
    interfaces: dict[str, tuple[Interface[Any, Any], Source]] = {}
    broken: list[Broken] = []
    for source in sources():
        loaded = load(source)
        broken += [Broken(source, message) for message in loaded.messages]
        for each in loaded.interfaces:
            before = interfaces.get(each.name)
            if before is not None and before[1].kind == source.kind:
                broken.append(Broken(source, hidden(each.name, before[1].name, source.name)))
            interfaces[each.name] = (each, source)
    here = Source("notebook", "__main__")
    interfaces |= {each.name: (each, here) for each in of_the_notebook()}
    return Found(interfaces, tuple(broken))


def of_the_notebook() -> list[Interface[Any, Any]]:
    """Return what cells, or a script that runs, have declared."""
    return [each for each in declared().values() if each.function.__module__ == "__main__"]


def find(name: str) -> Interface[Any, Any]:
    """Return an interface by name: one that this process has declared already, else one of those that there are.

    Raises
    ------
    NoSuchInterface
        There is none; the message says which there are, and which files are broken.
    """
    known = declared().get(name)
    if known is not None and not _is_old(known):
        return known
    found = discover()
    if name in found.interfaces:
        return found.interfaces[name][0]
    there = ", ".join(sorted(found.interfaces)) or "none"
    broken = "".join(f"\n{each.message}" for each in found.broken)
    raise NoSuchInterface(f"There is no interface {name}; there are {there}.{broken}")


def _is_old(known: Interface[Any, Any]) -> bool:
    """Whether the file that declared an interface has changed since, or what declared it is there no more."""
    module = sys.modules.get(known.function.__module__)
    if module is None:
        return True
    seen = getattr(module, "__mantidlab_seen__", None)
    try:
        return seen is not None and seen != _state(Path(str(module.__file__)))
    except OSError:
        return True


def _shipped() -> list[str]:
    if importlib.util.find_spec("numpy") is None:
        return []  # an environment that measures nothing: they are not broken there, they have no place
    try:
        package = importlib.import_module(SHIPPED)
    except ImportError:
        return []
    return [f"{SHIPPED}.{each.name}" for each in pkgutil.iter_modules(package.__path__) if each.name[0] != "_"]


def _state(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size


def _file_module(file: Path) -> ModuleType:
    """Import a file under a name of its own, anew if it has changed: classes of what is kept are found by that name."""
    name = f"{FILE_MODULE}{hashlib.sha256(os.fsencode(file)).hexdigest()[:8]}_{file.stem}"
    seen = _state(file)
    loaded = sys.modules.get(name)
    if loaded is not None and getattr(loaded, "__mantidlab_seen__", None) == seen:
        return loaded
    specification = importlib.util.spec_from_file_location(name, file)
    if specification is None or specification.loader is None:
        raise ImportError(f"{file.name} is no file of Python.")
    folder = str(file.parent)
    if folder not in sys.path:
        sys.path.append(folder)  # last: what lies beside it can be imported, and hides nothing that is installed
    module = importlib.util.module_from_spec(specification)
    module.__mantidlab_seen__ = seen  # type: ignore[attr-defined]
    sys.modules[name] = module
    try:
        with mistakes_gathered() as mistakes, _limited(SECONDS_FOR_ONE_FILE):
            specification.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    setattr(module, MISTAKES, tuple(f"{file}, line {line}: {mistake}" for line, mistake in mistakes))
    return module


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End what takes longer, as far as Python can: in the main thread, and where nobody else uses the alarm."""
    is_ours = (
        threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    )
    if not is_ours:
        yield
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(
            f"Importing it took more than {seconds:g} s. Compute in functions, not where they are defined."
        )

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _why(source: Source, problem: BaseException) -> str:
    lines = [frame.lineno for frame in _frames(problem) if frame.filename == source.name]
    line = problem.lineno if isinstance(problem, SyntaxError) else (lines[-1] if lines else None)
    where = f", line {line}" if line else ""
    said = str(problem) if isinstance(problem, DeclarationMistake) else f"{type(problem).__name__}: {problem}"
    return f"{source.name} could not be read{where}. {said}"


def _frames(problem: BaseException) -> Iterator[traceback.FrameSummary]:
    yield from traceback.extract_tb(problem.__traceback__)
