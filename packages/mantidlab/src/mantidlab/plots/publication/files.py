"""The files that data came from: which they are, as far as the steps tell, and their checksums."""

import ast
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, Self

from mantidlab.archive import ArchiveError, find_run

DATA_FILES = (
    *(".nxs", ".h5", ".hdf", ".hdf5", ".nxspe", ".raw", ".s", ".add"),
    *(".dat", ".txt", ".csv", ".xye", ".cif", ".ort", ".npy", ".npz"),
)
"""How files end that are taken for what a step read when it names them."""


@dataclass(frozen=True)
class SourceFile:
    """A file that the data came from.

    Attributes
    ----------
    name
        Its path; below the user's home without its beginning.
    sha256
        Of its content, in hexadecimal digits; empty if it could not be read.
    size
        Bytes.
    """

    name: str
    sha256: str
    size: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read a file."""
        home = Path.home()
        name = f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
        try:
            found = path.stat()
            return cls(name, _checksum(path, found.st_size, found.st_mtime_ns), found.st_size)
        except OSError:
            return cls(name, "", 0)


@lru_cache(maxsize=256)
def _checksum(path: Path, size: int, modified: int) -> str:
    # A figure is often saved in three formats; a gigabyte takes a second each time.
    del size, modified  # they are what tells that the file has changed
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_read_by(steps: Iterable[str], names: Mapping[str, Any]) -> set[Path]:
    """Return the data files that steps tell of and that are there.

    Those whose names they write, those that their variables hold, and runs of the archive that they find by number.

    Parameters
    ----------
    steps
        Python.
    names
        The variables of the kernel.
    """
    found: set[Path] = set()
    for step in steps:
        for candidate in _candidates(_parsed(step), names):
            path = Path(candidate).expanduser()
            if path.name.lower().endswith(DATA_FILES) and path.is_file():
                found.add(path.resolve())
    return found


def _parsed(step: str) -> ast.AST:
    try:
        return ast.parse("\n".join(line for line in step.splitlines() if not line.lstrip().startswith(("%", "!"))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _candidates(tree: ast.AST, names: Mapping[str, Any]) -> Iterator[str | PathLike[str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 1000:
            yield node.value
        elif isinstance(node, ast.Name) and isinstance(names.get(node.id), str | PathLike):
            held = names[node.id]
            if len(str(held)) < 1000:
                yield held
        elif isinstance(node, ast.Call) and "find_run" in ast.unparse(node.func):
            yield from _run_of(node)


def _run_of(call: ast.Call) -> Iterator[Path]:
    """Return the file of a run that a call finds, if its arguments are written out."""
    if all(isinstance(argument, ast.Constant) for argument in call.args) and not call.keywords:
        try:
            arguments: list[Any] = [ast.literal_eval(argument) for argument in call.args]
            yield find_run(*arguments)
        except (ArchiveError, TypeError):
            return
