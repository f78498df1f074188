"""Work for the kernel's main thread that must not run beside a cell: between two of them, or at once when none runs.

Mantid is asked here: a second thread that asks it while an algorithm runs can wait for ever
(``mantidlab.frameworks.mantid_watch``).
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from mantidlab.kernel import cells, channel

SECONDS_AT_ONCE = 0.01
"""For what waits, before the next cell or message has its turn."""

Result = TypeVar("Result")


def between_cells(function: Callable[[], Result]) -> "Future[Result]":
    """Call a function in the kernel's main thread, between two cells; at once when no cell runs.

    Parameters
    ----------
    function
        Takes no arguments, and some milliseconds at most: a cell that a person starts waits for it. Longer work is
        cut into several calls.

    Returns
    -------
    concurrent.futures.Future
        Of what it returns. Who waits for it in a cell waits for ever.
    """
    future: Future[Result] = Future()
    kernel = channel.this_kernel()
    if kernel is None:
        _run(function, future)
        return future
    _waiting.append((function, future))
    _when_idle(kernel)
    return future


_waiting: deque[tuple[Callable[[], Any], "Future[Any]"]] = deque()
_called = threading.Event()
"""Whether the kernel's loop has been told to call `work`: once is enough, and more would leave cells no turn."""


def _when_idle(kernel: Any) -> None:
    # Before the kernel has its loop, the end of the first cell sees to it.
    loop = getattr(kernel, "io_loop", None)
    if loop is not None and not _called.is_set():
        _called.set()
        loop.add_callback(_work_when_called)


def _work_when_called() -> None:
    _called.clear()
    work()


def work() -> None:
    """Call what waits, for a moment; what is left then has another moment after the messages that came meanwhile."""
    until = time.monotonic() + SECONDS_AT_ONCE
    # A cell that awaits lets the loop run: it is no pause between two cells.
    while _waiting and not cells.cell_runs():
        function, future = _waiting.popleft()
        _run(function, future)
        if time.monotonic() > until and _waiting:
            _when_idle(channel.this_kernel())
            return


def _run(function: Callable[[], Result], future: "Future[Result]") -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(function())
    except BaseException as problem:  # noqa: BLE001  (whoever asked is told)
        future.set_exception(problem)
