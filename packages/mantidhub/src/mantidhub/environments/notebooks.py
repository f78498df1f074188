"""Which environments the notebooks in people's homes last ran in: a walk over ground that others own.

A notebook says so itself, in ``metadata.mantidhub`` (``hash`` and ``lock``). Whoever owns a home can put anything into
it while it is read, and the reader is usually root. So every folder is opened below the one that holds it and never
through a symlink, only regular files are read, nothing waits (a FIFO, a lease), and each home has limits on depth,
entries and bytes. What could not be looked at is reported as such: nobody may take it for a home without notebooks.

Hidden files and folders are passed over, and with them JupyterLab's checkpoints (older copies of a notebook that lies
beside them) and the wastebasket: Jupyter Server serves nothing hidden unless told to
(``ContentsManager.allow_hidden``), so such a file is not a notebook that somebody could open.
"""

import errno
import json
import math
import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEEPEST = 64
"""Folders inside one another; each takes a descriptor while the walk is below it."""
MOST_ENTRIES = 1_000_000
"""Files and folders of one home."""
MOST_BYTES = 4 * 2**30
"""Read from one home."""
LARGEST = 256 * 2**20
"""Bytes of a notebook that is read to its end."""
TAIL = 64 * 2**10
"""Bytes at the end of a notebook where its metadata usually are: after the cells."""
CHUNK = 2**20
LONGEST_MARK = 4096
"""Bytes that the mark of MantidHub may take."""
MOST_NOTES = 5
"""Places of one home that are named where they could not be looked at."""
MOST_MARKS = 100
"""In one notebook; an honest one has one."""
NOT_THERE = {errno.ELOOP, errno.ENXIO}
"""It is a symlink by now, or a socket."""
LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

KEY = re.compile(rb'"mantidhub"\s{0,64}:\s{0,64}')
METADATA = re.compile(rb'"metadata"\s{0,64}:\s{0,64}')
END_OF_NOTEBOOK = re.compile(r'\s*(,\s*"nbformat(_minor)?"\s*:\s*\d+\s*)*\}\s*')


@dataclass(frozen=True)
class Mark:
    """Where the cells of a notebook last ran: hash of the environment and of its locked packages, or empty."""

    hash: str
    lock: str


@dataclass
class Tally:
    """The notebooks that bear the same mark: how many, whose, and the one that was written last."""

    notebooks: int = 0
    people: set[str] = field(default_factory=set)
    latest: str = ""
    modified: float = -math.inf

    def add(self, person: str, path: str, modified: float) -> None:
        """Count one more."""
        self.notebooks += 1
        self.people.add(person)
        if modified > self.modified:
            self.latest, self.modified = f"{person}/{path}", modified


@dataclass(frozen=True)
class Unknown:
    """A place in a home that could not be looked at, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass
class Survey:
    """What a walk through all homes found.

    Attributes
    ----------
    tallies
        The notebooks by their mark, as far as anybody asked for it.
    unknown
        What could not be looked at; of each home the first few.
    unknown_places
        How many that were in all.
    notebooks, homes
        How many were looked at.
    """

    tallies: dict[Mark, Tally] = field(default_factory=lambda: defaultdict(Tally))
    unknown: list[Unknown] = field(default_factory=list)
    unknown_places: int = 0
    notebooks: int = 0
    homes: int = 0


def survey_homes(
    homes: Path, wanted: Collection[str], looked: Callable[[int, int, str], None] = lambda done, total, person: None
) -> Survey:
    """Read the mark of every notebook in every home.

    Parameters
    ----------
    homes
        The folder of homes, which may itself be a symlink: it is the administrator's. A missing one holds none.
    wanted
        The hashes, of environments and of their packages, that matter. Other marks are not kept: what notebooks say
        must not fill the memory.
    looked
        Told before each home how many of how many are done, and whose is next.
    """
    survey = Survey()
    try:
        top = os.open(homes, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return survey
    except OSError as error:
        survey.unknown_places += 1
        survey.unknown.append(Unknown(str(homes), reason_of(error)))
        return survey
    try:
        with os.scandir(top) as entries:
            people = sorted(entry.name for entry in entries if not entry.name.startswith("."))
        for number, person in enumerate(people):
            looked(number, len(people), printable(person))
            HomeWalk(person, frozenset(wanted), survey).run(top)
    finally:
        os.close(top)
    return survey


class HomeWalk:
    """The walk through one home, within its limits."""

    def __init__(self, person: str, wanted: frozenset[str], survey: Survey) -> None:
        self._home = person
        self._person = printable(person)
        self._wanted = wanted
        self._survey = survey
        self._notes = 0
        self._entries = 0
        self._bytes = 0
        self._seen: set[tuple[int, int]] = set()
        """Folders by device and number: a mount can show one at two places, or inside itself."""

    def run(self, homes: int) -> None:
        """Look through the home that has this name in the folder of homes."""
        self._survey.homes += 1
        try:
            self._folder(homes, self._home, "", 0)
        except OutOfBounds as limit:
            self._note("", str(limit))

    def _folder(self, parent: int, name: str, path: str, depth: int) -> None:
        if depth > DEEPEST:
            self._note(path, f"more than {DEEPEST} folders inside one another")
            return
        with self._opened(parent, name, path, os.O_DIRECTORY) as folder:
            if folder is None or not self._is_new(folder):
                return
            folders, notebooks = self._sorted_entries(folder, path)
            for notebook in notebooks:
                self._notebook(folder, notebook, join(path, notebook))
            for inner in folders:
                self._folder(folder, inner, join(path, inner), depth + 1)

    def _sorted_entries(self, folder: int, path: str) -> tuple[list[str], list[str]]:
        """Return the names of the folders and of the notebooks in a folder."""
        folders, notebooks = [], []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._entries += 1
                    if self._entries > MOST_ENTRIES:
                        raise OutOfBounds(f"it holds more than {MOST_ENTRIES} files and folders")
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.name)
                    elif entry.name.endswith(".ipynb") and entry.is_file(follow_symlinks=False):
                        notebooks.append(entry.name)
        except OSError as error:
            self._note(path, reason_of(error))
        return folders, notebooks

    def _notebook(self, folder: int, name: str, path: str) -> None:
        with self._opened(folder, name, path) as notebook:
            if notebook is None:
                return
            state = os.fstat(notebook)
            if not stat.S_ISREG(state.st_mode):
                return
            self._survey.notebooks += 1
            try:
                marks = read_marks(notebook, state.st_size, self._count)
            except OSError as error:
                self._note(path, reason_of(error))
            except Unreadable as problem:
                self._note(path, str(problem))
            else:
                for mark in marks:
                    self._tally(mark, printable(path), state.st_mtime)

    def _tally(self, mark: Mark, path: str, modified: float) -> None:
        known = Mark(*(text if text in self._wanted else "" for text in (mark.hash, mark.lock)))
        if known.hash or known.lock:
            self._survey.tallies[known].add(self._person, path, modified)

    @contextmanager
    def _opened(self, parent: int, name: str, path: str, more: int = 0) -> Iterator[int | None]:
        """Open what a folder holds under a name; None, and a note where it matters, if that cannot be."""
        try:
            descriptor = os.open(name, LOOK | more, dir_fd=parent)
        except (FileNotFoundError, NotADirectoryError):
            # Gone since the folder was listed, or a symlink or file by now where a folder was: nothing to look at.
            yield None
            return
        except OSError as error:
            if error.errno not in NOT_THERE:
                self._note(path, reason_of(error))
            yield None
            return
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _is_new(self, folder: int) -> bool:
        state = os.fstat(folder)
        key = state.st_dev, state.st_ino
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MOST_BYTES:
            raise OutOfBounds(f"its notebooks hold more than {MOST_BYTES // 2**30} GiB")

    def _note(self, path: str, reason: str) -> None:
        self._survey.unknown_places += 1
        self._notes += 1
        if self._notes <= MOST_NOTES:
            self._survey.unknown.append(Unknown(f"{self._person}/{printable(path)}", reason))


class OutOfBounds(Exception):
    """A home is larger than anybody looks through."""


class Unreadable(Exception):
    """A notebook that may hold a mark which cannot be read."""


DAMAGED = "what it says of the environment it ran in is damaged"


def read_marks(notebook: int, size: int, count: Callable[[int], None]) -> set[Mark]:
    """Return the marks of an open notebook: none, one, or several where its text leaves a doubt which one counts.

    JupyterLab writes the metadata after the cells, so they are usually in the last bytes, and a notebook with large
    outputs need not be read. Where they are not, every place of the text is taken that looks like a mark; that may be
    one too many (in the metadata of a cell), never one too few.

    Parameters
    ----------
    notebook
        Its descriptor.
    size
        Its length in bytes.
    count
        Told how many bytes are about to be read.

    Raises
    ------
    Unreadable
        It is too large, or holds something under this name that is no mark.
    """
    count(min(size, TAIL))
    tail = os.pread(notebook, TAIL, max(0, size - TAIL))
    metadata = metadata_at_end(tail)
    if metadata is not None:
        return {as_mark(metadata["mantidhub"])} if "mantidhub" in metadata else set()
    if size > LARGEST:
        raise Unreadable(f"a notebook of more than {LARGEST // 2**20} MiB")
    marks: set[Mark] = set()
    for number, mark in enumerate(search_marks(notebook, size, count)):
        if number >= MOST_MARKS:
            raise Unreadable(f"it says at more than {MOST_MARKS} places where it ran")
        marks.add(mark)
    return marks


def metadata_at_end(tail: bytes) -> dict[str, Any] | None:
    """Return the metadata of a notebook if they stand in its last bytes.

    They are the notebook's own, not a cell's, because only the format's two numbers and one closing brace follow.
    """
    starts = [found.end() for found in METADATA.finditer(tail)]
    # The last one, or one or two before it where the metadata hold such a key themselves.
    for start in starts[:-4:-1]:
        text = tail[start:].decode(errors="replace")
        try:
            metadata, end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            continue
        if END_OF_NOTEBOOK.fullmatch(text, end):
            return metadata if isinstance(metadata, dict) else None
    return None


def search_marks(notebook: int, size: int, count: Callable[[int], None]) -> Iterator[Mark]:
    """Yield every mark in the whole text; pieces overlap, so that none is cut."""
    for start in range(0, size, CHUNK):
        count(CHUNK)
        piece = os.pread(notebook, CHUNK + LONGEST_MARK, start)
        for found in KEY.finditer(piece):
            if found.start() >= CHUNK:
                break
            text = piece[found.end() : found.end() + LONGEST_MARK].decode(errors="replace")
            try:
                mark = json.JSONDecoder().raw_decode(text)[0]
            except (ValueError, RecursionError) as error:
                raise Unreadable(DAMAGED) from error
            yield as_mark(mark)


def as_mark(value: object) -> Mark:
    """Return what stands under ``mantidhub`` as a mark.

    Raises
    ------
    Unreadable
        It is none.
    """
    if not isinstance(value, dict):
        raise Unreadable(DAMAGED)
    texts = [value.get(key, "") for key in ("hash", "lock")]
    if not all(isinstance(text, str) for text in texts) or not any(texts):
        raise Unreadable(DAMAGED)
    return Mark(*texts)


def join(path: str, name: str) -> str:
    """Return the path of what lies in a folder of a home."""
    return f"{path}/{name}" if path else name


def printable(name: str) -> str:
    """Return a name without what would steer a terminal or break an encoding: whoever owns it chose it freely."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def reason_of(error: OSError) -> str:
    """Return what the operating system said."""
    return error.strerror or str(error)
