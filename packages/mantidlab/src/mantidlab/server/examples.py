"""Puts the examples that ship into ``~/examples``, and never overwrites what the user did there.

A record of what was placed (``~/.local/share/mantidlab/examples.json``: path, fingerprint) tells the user's work from
ours:

================================================  ==========================================================
found in ``~/examples``                           done
================================================  ==========================================================
nothing, never placed                             placed
nothing, placed before                            stays away: the user deleted it
what was placed, and a newer one ships            replaced
what ships                                        recorded
anything else that is a file                      left; the newer one is offered beside as ``NAME (new).ipynb``,
                                                  once, and again when an even newer one ships
a link or a folder, there or on the way there     left
================================================  ==========================================================

Two notebooks count as the same if their cells have the same types and sources. Outputs and metadata do not count as
the user's work, since JupyterLab rewrites a notebook that is merely opened, and running it only makes again what the
example makes. Every other file, and a notebook that cannot be read as one, counts byte by byte.

Files appear whole or not at all: written beside under a hidden name, then linked or renamed.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from mantidlab.server.whole_files import write_whole

RECORD = Path(".local/share/mantidlab/examples.json")
FOLDER = "examples"


@dataclass
class Record:
    """What was put where, by its path below ``~/examples``.

    Attributes
    ----------
    placed
        Fingerprint of each example as it was last placed (or found to be the same). Records of earlier versions hold
        the SHA-256 of the bytes of notebooks too.
    offered
        Fingerprint of each newer example that was offered beside a changed one.
    """

    placed: dict[str, str] = field(default_factory=dict)
    offered: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_file(cls, file: Path) -> "Record":
        """Read the record; without a readable one, whatever differs counts as the user's own."""
        try:
            found = json.loads(file.read_text())
            return cls({**found["placed"]}, {**found["offered"]})
        except (OSError, ValueError, TypeError, KeyError):
            return cls()

    def to_file(self, file: Path) -> None:
        """Write the record."""
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"placed": self.placed, "offered": self.offered}, indent=1, sort_keys=True)
        write_whole(file, text.encode(), replace=True)


def place_examples(shipped: Path, home: Path, *, log: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> None:
    """Place, renew and offer examples as the table above says. Problems are logged, none is raised.

    Parameters
    ----------
    shipped
        The folder of the examples that ship, with folders in it.
    home
        The user's home.
    log
        Where to report.
    """
    record_file = home / RECORD
    try:
        with _alone(record_file) as alone:
            if not alone:
                return  # another server of this user is at it
            record = Record.from_file(record_file)
            before = Record({**record.placed}, {**record.offered})
            problems = []
            for example in _files_in(shipped):
                try:
                    _place(shipped / example, home / FOLDER, example, record)
                except OSError as problem:
                    problems.append(problem)
            if record != before:
                record.to_file(record_file)
            if problems:
                log.warning("%d examples could not be placed in ~/%s: %s", len(problems), FOLDER, problems[0])
    except OSError as problem:
        log.warning("The examples could not be placed in ~/%s: %s", FOLDER, problem)


def _files_in(folder: Path) -> Iterator[PurePosixPath]:
    for file in sorted(folder.rglob("*")):
        inside = PurePosixPath(file.relative_to(folder))
        if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
            yield inside


def _place(source: Path, folder: Path, example: PurePosixPath, record: Record) -> None:
    target = folder / example
    name = str(example)
    if not _is_plain(target, folder):
        return
    new = source.read_bytes()
    ships = _fingerprint(new, example.suffix)
    if not target.exists():
        if name not in record.placed:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, new, replace=False)
            record.placed[name] = ships
        return
    placed = record.placed.get(name)
    if placed == ships:
        return  # nothing newer
    found = target.read_bytes()
    if _fingerprint(found, example.suffix) == ships:
        record.placed[name] = ships
    elif _is(found, placed, example.suffix):
        write_whole(target, new, replace=True)
        record.placed[name] = ships
    elif not _is(new, placed, example.suffix) and not _is(new, record.offered.get(name), example.suffix):
        _offer(target.with_name(f"{target.stem} (new){target.suffix}"), new, record.offered.get(name))
        record.offered[name] = ships


def _offer(beside: Path, new: bytes, offered_before: str | None) -> None:
    there = os.path.lexists(beside)
    if not there:
        write_whole(beside, new, replace=False)
    elif not beside.is_symlink() and beside.is_file() and _is(beside.read_bytes(), offered_before, beside.suffix):
        write_whole(beside, new, replace=True)


def _is_plain(target: Path, folder: Path) -> bool:
    """Whether *target* is a file or nothing, and what leads to it from the home are folders or nothing."""
    if os.path.lexists(target) and (target.is_symlink() or not target.is_file()):
        return False
    on_the_way = [target.parent, *target.parent.parents]
    below_home = on_the_way[: on_the_way.index(folder) + 1]
    return all(not os.path.lexists(path) or (path.is_dir() and not path.is_symlink()) for path in below_home)


@contextmanager
def _alone(record_file: Path) -> Iterator[bool]:
    """Keep a second server of the same user out, without waiting for it."""
    record_file.parent.mkdir(parents=True, exist_ok=True)
    with record_file.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _is(content: bytes, recorded: str | None, suffix: str) -> bool:
    """Whether a record means this content, by its fingerprint or, as earlier versions recorded it, by its bytes."""
    return recorded in (_fingerprint(content, suffix), _hash(content))


def _fingerprint(content: bytes, suffix: str) -> str:
    """Return the SHA-256 of what matters: the cells of a notebook, the bytes of everything else."""
    cells = _cells(content) if suffix == ".ipynb" else None
    return _hash(content if cells is None else json.dumps(cells).encode())


def _cells(notebook: bytes) -> list[tuple[str, str]] | None:
    """Return type and source of each cell, or nothing if this is no notebook."""
    try:
        return [(str(cell["cell_type"]), "".join(cell["source"])) for cell in json.loads(notebook)["cells"]]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
