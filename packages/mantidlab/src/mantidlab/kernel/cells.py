"""When the kernel's main thread works on a cell."""

import logging
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger("mantidlab.kernel")
_running = threading.Event()
_at_begin: list[Callable[[], None]] = []
_at_end: list[Callable[[], None]] = []


def watch_cells(kernel: Any) -> None:
    """Begin to know when a kernel works on a cell, or on another message of its shell channel."""
    before, after = kernel.pre_handler_hook, kernel.post_handler_hook

    def begin() -> None:
        _running.set()
        before()
        _tell(_at_begin)

    def end() -> None:
        after()
        _running.clear()
        _tell(_at_end)

    # ipykernel calls both around each message of the shell channel, a cell that awaits included: the events of
    # IPython's shell come also from cells within a cell (``%run`` of a notebook).
    kernel.pre_handler_hook, kernel.post_handler_hook = begin, end


def cell_runs() -> bool:
    """Return whether a cell runs in this kernel."""
    return _running.is_set()


def at_begin(function: Callable[[], None]) -> None:
    """Have a function called in the main thread before each cell; it takes microseconds."""
    _at_begin.append(function)


def at_end(function: Callable[[], None]) -> None:
    """Have a function called in the main thread after each cell; it takes microseconds."""
    _at_end.append(function)


def _tell(functions: list[Callable[[], None]]) -> None:
    for function in functions:
        try:
            function()
        except Exception:  # the person's cell must run whatever happens here
            log.exception("What was to be called around a cell failed")
