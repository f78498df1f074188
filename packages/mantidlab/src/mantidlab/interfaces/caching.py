"""Results of steps, kept in one bounded folder of the person's home and found by the hash of all that they depend on.

Several processes share it without waiting for one another: an entry is written aside and renamed, which happens whole
or not at all, and what is kept under a hash never changes. When the folder is over its limit, what was not used
for longest goes. An entry that is damaged counts as none.
"""

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mantidlab.interfaces.keeping import Damaged, read_value, write_value
from mantidlab.interfaces.places import cache_folder, cache_limit

LAYOUT = 1
"""Counts up when entries are written another way; others are left to age."""
DESCRIPTION = "value.json"
ABANDONED = 3600.0
"""Seconds after which what some process was writing is taken for left behind."""
KEPT_OF_LIMIT = 0.8
"""How far is cleared when the limit is reached, so that not every write has to clear."""

LOOKED_AT = 60.0
"""Seconds for which the size of the folder is believed; what other processes add meanwhile is not seen."""


@dataclass(frozen=True)
class Kept:
    """A value that was found."""

    value: Any


@dataclass(frozen=True)
class _Total:
    """How many bytes a folder had, and when (monotonic clock) its entries were looked at."""

    total: int
    at: float


_known: dict[Path, _Total] = {}


class Cache:
    """What one folder keeps.

    Parameters
    ----------
    folder
        It is made when something is kept.
    limit
        Bytes.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder / f"steps-{LAYOUT}"
        self._limit = limit

    def find(self, key: str) -> Kept | None:
        """Return what is kept under a hash; None if nothing is, or if it is damaged."""
        entry = self._entry(key)
        try:
            description = json.loads((entry / DESCRIPTION).read_text(encoding="utf-8"))
            for name, sha256 in description["files"].items():
                with (entry / Path(name).name).open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                        raise Damaged(f"{name} is not as it was written.")
            value = read_value(description["value"], entry)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, Damaged):
            self._remove(entry)
            return None
        with contextlib.suppress(OSError):
            os.utime(entry)  # it was used now
        return Kept(value)

    def keep(self, key: str, value: Any) -> None:
        """Keep a value under a hash; that a home is full or read-only is no error here.

        Raises
        ------
        CannotKeep
            It is of no kind that can be kept.
        """
        aside = self._folder / f".writing-{os.getpid()}-{time.monotonic_ns()}"
        try:
            aside.mkdir(parents=True)
            self._write(aside, value)
            entry = self._entry(key)
            entry.parent.mkdir(exist_ok=True)
            added = _size(aside)
            with contextlib.suppress(OSError):  # another process was first, with the same
                aside.rename(entry)
            self._bound(added)
        except OSError:
            pass
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def clear(self) -> int:
        """Delete all that is kept, and return how many bytes that were."""
        freed = 0
        for entry in self._entries():
            freed += _size(entry)
            self._remove(entry)
        return freed

    def size(self) -> int:
        """Return how many bytes are kept."""
        return sum(_size(entry) for entry in self._entries())

    def _write(self, aside: Path, value: Any) -> None:
        written = write_value(value, aside)
        files = {}
        for path in sorted(aside.iterdir()):
            with path.open("rb") as file:
                files[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        description = json.dumps({"value": written, "files": files})
        (aside / DESCRIPTION).write_text(description, encoding="utf-8")

    def _entry(self, key: str) -> Path:
        return self._folder / key[:2] / key

    def _entries(self) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from (entry for entry in self._folder.glob("[0-9a-f][0-9a-f]/*"))
            yield from (aside for aside in self._folder.glob(".writing-*") if _age(aside) > ABANDONED)
            yield from self._folder.glob(".leaving-*")

    def _remove(self, entry: Path) -> None:
        # Renamed first: who reads it meanwhile sees it whole or not at all, not half.
        leaving = self._folder / f".leaving-{os.getpid()}-{time.monotonic_ns()}"
        with contextlib.suppress(OSError):
            entry.rename(leaving)
            shutil.rmtree(leaving, ignore_errors=True)

    def _bound(self, added: int) -> None:
        """Clear when the limit may have been reached: looking at all entries takes a while, so not each time."""
        known = _known.get(self._folder)
        if known is not None and known.total + added <= self._limit and time.monotonic() - known.at < LOOKED_AT:
            _known[self._folder] = _Total(known.total + added, known.at)
        else:
            _known[self._folder] = _Total(self._clear_to_limit(), time.monotonic())

    def _clear_to_limit(self) -> int:
        entries = [(_used(entry), _size(entry), entry) for entry in self._entries()]
        total = sum(size for _, size, _ in entries)
        if total <= self._limit:
            return total
        for _, size, entry in sorted(entries):
            if total <= self._limit * KEPT_OF_LIMIT:
                break
            self._remove(entry)
            total -= size
        return total


def the_cache() -> Cache:
    """Return the cache of this session's home."""
    return Cache(cache_folder(), cache_limit())


def clear_cache() -> int:
    """Delete all results of steps that are kept in this home, of every environment.

    Returns
    -------
    int
        How many bytes that were.
    """
    return the_cache().clear()


def _size(entry: Path) -> int:
    with contextlib.suppress(OSError):
        return sum(each.stat().st_size for each in entry.iterdir())
    return 0


def _used(entry: Path) -> float:
    with contextlib.suppress(OSError):
        return entry.stat().st_mtime
    return 0.0


def _age(entry: Path) -> float:
    return time.time() - _used(entry)
