"""How long work is shared by threads, and how it is given up when nobody waits for it any more."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

Asked: TypeAlias = Callable[[], bool]
"""Tells whether the work is no longer wanted; asked between pieces of some milliseconds."""


class Cancelled(Exception):
    """The work was given up because whoever wanted it asked for that."""


def never() -> bool:
    """Do not cancel."""
    return False


def workers() -> int:
    """Return how many threads are worth it: NumPy releases the interpreter, so as many as the session has cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 8)


def share(work: Callable[[Any], object], pieces: Iterable[Any], *, cancelled: Asked = never) -> None:
    """Do each piece of the work in some thread.

    Raises
    ------
    Cancelled
        `cancelled` said so; pieces that were begun have ended, the others have not been begun.
    """
    waiting = list(pieces)
    if len(waiting) < 2 or workers() < 2:
        for piece in waiting:
            _do(work, piece, cancelled)
        return
    with ThreadPoolExecutor(workers(), thread_name_prefix="mantidlab-reduction") as pool:
        for done in [pool.submit(_do, work, piece, cancelled) for piece in waiting]:
            done.result()


def _do(work: Callable[[Any], object], piece: Any, cancelled: Asked) -> None:
    if cancelled():
        raise Cancelled("The picture is no longer wanted.")
    work(piece)
