"""One build of an environment at a time, on one machine.

The lock lies on an open file, not on the file's existence, so the kernel lifts it when the last process that holds
the file is gone, however it died. The programs that a build starts inherit it: where a build is killed and its uv
lives on for a moment, the next build waits for that too instead of deleting the folder under its hands.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE = 0.2
"""Seconds between two looks at a lock that is taken."""


@contextmanager
def build_lock(root: Path, name: str, waiting: Callable[[str], None]) -> Iterator[int]:
    """Hold the lock of one environment's name.

    Parameters
    ----------
    root
        The folder of environments.
    name
        The environment's name.
    waiting
        Told, again and again while another process holds the lock, which one that is.

    Yields
    ------
    int
        The descriptor that started programs must inherit.
    """
    descriptor = os.open(_file(root, name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        while not _taken(descriptor):
            waiting(_describe_holder(descriptor, name))
            time.sleep(PAUSE)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def is_locked(root: Path, name: str) -> bool:
    """Tell whether somebody builds or removes environments of a name right now."""
    try:
        descriptor = os.open(_file(root, name), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # A shared lock, so that two who look at once do not take each other for a builder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def find_holder(root: Path, name: str) -> int | None:
    """Return the process that took the lock of a name last, which may be gone; None if it gave the lock back."""
    try:
        return int(_file(root, name).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _file(root: Path, name: str) -> Path:
    return root / f".{name}.lock"


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _describe_holder(descriptor: int, name: str) -> str:
    holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
    if holder and not Path(f"/proc/{holder}").exists():
        return f"what process {holder} had started for {name} before it was ended"
    return f"process {holder} builds {name}" if holder else f"another process builds {name}"
