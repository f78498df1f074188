"""SHA-256 of files, each read once: what was found is kept beside the file's size and times.

A gigabyte takes about a second to read; a batch asks for the same calibration in each row.
"""

import contextlib
import hashlib
import json
import os
import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from mantidlab.interfaces.places import cache_folder

YOUNG = 2.0
"""Seconds: a file that changed so shortly ago may change again within one tick of its clock, and is not remembered."""


@dataclass(frozen=True)
class Checksum:
    """A file's content, in short.

    Attributes
    ----------
    path
        Absolute.
    sha256
        In hexadecimal digits.
    size
        Bytes.
    """

    path: str
    sha256: str
    size: int


def checksum(path: Path) -> Checksum:
    """Return the checksum of a file.

    Raises
    ------
    OSError
        It cannot be read.
    """
    path = path.absolute()
    found = path.stat()
    seen = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
    note = cache_folder() / "checksums" / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"
    known = _read(note)
    if known is not None and known.get("seen") == seen:
        return Checksum(str(path), str(known["sha256"]), found.st_size)
    with path.open("rb") as file:
        made = Checksum(str(path), hashlib.file_digest(file, "sha256").hexdigest(), found.st_size)
        after = os.fstat(file.fileno())
    unchanged = [after.st_size, after.st_mtime_ns, after.st_ctime_ns, after.st_ino] == seen
    if unchanged and time.time() - max(found.st_mtime, found.st_ctime) > YOUNG:
        _write(note, json.dumps({**asdict(made), "seen": seen}))
    return made


def _read(note: Path) -> dict[str, object] | None:
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) and re.fullmatch("[0-9a-f]{64}", str(known.get("sha256"))) else None


def _write(note: Path, text: str) -> None:
    # A home that is full or read-only costs time at the next call, nothing else.
    with contextlib.suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        aside = note.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}.writing")
        aside.write_text(text, encoding="utf-8")
        aside.replace(note)
