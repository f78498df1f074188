"""Brings the watch together with Jupyter: its kernels, its loop, and the page."""

import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from mantidlab.server.memory.counts import Counts, find_counts
from mantidlab.server.memory.losses import Cause, Loss
from mantidlab.server.memory.page import offer_losses
from mantidlab.server.memory.watch import KILLED, SELDOM, Kernels, MemoryWatch

Tell = Callable[[str, Loss], None]


def watch_memory(server: Any, limit: str) -> None:
    """Watch the session's memory from the start of the server's loop on, and tell the page what was ended for it.

    Parameters
    ----------
    limit
        The session's limit in bytes, as the platform says it; empty outside a session, where nothing is watched.
    """
    tell = offer_losses(server)
    read = find_counts(limit)
    if read is not None:
        _watch(server, read, tell)
    elif limit.isdecimal():
        _watch_without_counts(server, int(limit), tell)


def _watch(server: Any, read: Callable[[], Counts], tell: Tell) -> None:
    manager = server.kernel_manager
    watch = MemoryWatch(read, kernels=partial(_kernels, manager), active=partial(_active, manager), tell=tell)
    failed = False

    def look() -> None:
        nonlocal failed
        soon = SELDOM
        try:
            soon = watch.look(time.monotonic())
            failed = False
        except (OSError, ValueError) as problem:
            if not failed:
                server.log.warning("The session's memory cannot be looked at: %s", problem)
            failed = True
        server.io_loop.call_later(soon, look)

    server.io_loop.call_later(SELDOM, look)


def _watch_without_counts(server: Any, limit: int, tell: Tell) -> None:
    """Tell of kernels that were killed, which is all that can be known; Jupyter says which it did not end itself."""
    manager = server.kernel_manager
    known: set[str] = set()

    def died(kernel: str) -> None:
        process = _kernels(manager).get(kernel)
        if process is not None and process.poll() in KILLED:
            tell(kernel, Loss(at=datetime.now(UTC), cause=Cause.UNKNOWN, is_kernel=True, limit=limit))

    def look() -> None:
        present = set(manager.list_kernel_ids())
        for kernel in present - known:
            manager.add_restart_callback(kernel, partial(died, kernel))
        known.clear()
        known.update(present)
        server.io_loop.call_later(SELDOM, look)

    server.io_loop.call_later(SELDOM, look)


def _kernels(manager: Any) -> Kernels:
    """Return the process of each kernel that has one here."""
    found = {}
    for kernel in manager.list_kernel_ids():
        process = getattr(manager.get_kernel(kernel).provisioner, "process", None)
        if isinstance(process, subprocess.Popen):
            found[kernel] = process
    return found


def _active(manager: Any) -> Sequence[str]:
    """Return the ids of kernels that run a cell, or said something since the last look."""
    since = datetime.now(UTC) - timedelta(seconds=SELDOM + 1)
    kernels = {name: manager.get_kernel(name) for name in manager.list_kernel_ids()}
    return [
        name
        for name, kernel in kernels.items()
        if getattr(kernel, "execution_state", "") == "busy" or getattr(kernel, "last_activity", since) > since
    ]
