"""What the session's cgroup counts: memory that is used, the limit, and how many processes were ended for want of it.

Both engines show a session the folder of its own cgroup where containers have it. Source: the kernel's
``admin-guide/cgroup-v1/memory.rst`` and ``admin-guide/cgroup-v2.rst``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
LARGEST_PAGE = 65536
"""The kernel rounds a limit down to whole pages, which have 4 to 64 KiB."""


@dataclass(frozen=True)
class Counts:
    """Memory in bytes, at one moment.

    Attributes
    ----------
    used
        All that the session uses, its part of the file cache included.
    limit
        The most that it may use.
    file_cache
        What of it are copies of files on disks, which the kernel takes back when it needs room. Not files in ``/tmp``.
    ended
        Processes that the kernel ended for want of memory since the session began.
    at_limit
        How often nothing could be taken back at the session's own limit. While it stays the same, whoever was ended was
        ended because the whole machine had no memory left.
    """

    used: int
    limit: int
    file_cache: int
    ended: int
    at_limit: int

    @property
    def held(self) -> int:
        """What is used and cannot be taken back."""
        return max(0, self.used - self.file_cache)


def find_counts(told: str, root: Path = ROOT) -> Callable[[], Counts] | None:
    """Return what reads the session's counts; None where nothing counts its memory.

    What is returned raises `OSError` or `ValueError` when the counts cannot be read any longer.

    Parameters
    ----------
    told
        The session's limit in bytes, as the platform says it. Counts of anything else, such as of the machine on which
        a server runs outside a session, are not the session's.
    root
        Where cgroups are seen.
    """
    if not told.isdecimal():
        return None
    for read in (partial(_version_one, root / "memory"), partial(_version_two, root)):
        try:
            limit = read().limit
        except (OSError, ValueError):
            continue
        if 0 <= int(told) - limit < LARGEST_PAGE:
            return read
    return None


def _version_one(folder: Path) -> Counts:
    ended = _table(folder / "memory.oom_control").get("oom_kill", 0)
    return Counts(
        used=_number(folder / "memory.usage_in_bytes"),
        limit=_number(folder / "memory.limit_in_bytes"),
        file_cache=_file_cache(folder),
        ended=ended,
        at_limit=ended,  # not told apart here; memory.failcnt is not counted by every kernel
    )


def _version_two(folder: Path) -> Counts:
    events = _table(folder / "memory.events")
    return Counts(
        used=_number(folder / "memory.current"),
        limit=_number(folder / "memory.max"),
        file_cache=_file_cache(folder),
        ended=events.get("oom_kill", 0),
        at_limit=events.get("oom", 0),
    )


def _file_cache(folder: Path) -> int:
    """Return the copies of files on disks; those in memory alone are kept on other lists."""
    state = _table(folder / "memory.stat")
    return state.get("active_file", 0) + state.get("inactive_file", 0)


def _number(file: Path) -> int:
    return int(file.read_text())


def _table(file: Path) -> dict[str, int]:
    lines = (line.split() for line in file.read_text().splitlines())
    return {name: int(number) for name, number in lines}
