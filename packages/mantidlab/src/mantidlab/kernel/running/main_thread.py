"""What the main thread does, seen from another one."""

import linecache
import sys
import threading
from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where the main thread is.

    Attributes
    ----------
    line
        The line of the person's cell, as it is written; empty where it is in none.
    number
        Of that line.
    function
        What it is in, innermost: ``scipp.core.operations.sort``.
    cleaning
        Whether it works on the consequences of an interrupt: in a ``finally``, an ``except``, the end of a ``with``.
    """

    line: str
    number: int
    function: str
    cleaning: bool


def place(variables: dict[str, Any]) -> Place | None:
    """Return where the main thread is, if it runs a cell of the notebook with these variables."""
    main = threading.main_thread().ident
    innermost = sys._current_frames().get(main or 0)
    persons = persons_frame(innermost, variables)
    if innermost is None or persons is None:
        return None
    line = linecache.getline(persons.f_code.co_filename, persons.f_lineno).strip()
    module = str(innermost.f_globals.get("__name__", "")).removeprefix("__main__")
    function = ".".join(part for part in (module, innermost.f_code.co_qualname) if part and part != "<module>")
    return Place(line, persons.f_lineno, function, _interrupted(main or 0))


def persons_frame(frame: FrameType | None, variables: dict[str, Any]) -> FrameType | None:
    """Return the innermost frame of a cell, if IPython runs one: what it does before and after a cell is none."""
    found: FrameType | None = None
    while frame is not None:
        if frame.f_globals is variables:
            found = found or frame
        elif frame.f_code.co_name == "run_code" and frame.f_globals.get("__name__") == "IPython.core.interactiveshell":
            return found
        elif frame.f_code.co_name in ("showtraceback", "_showtraceback"):
            return None
        frame = frame.f_back
    return None


def _interrupted(thread: int) -> bool:
    handled: Any = sys._current_exceptions().get(thread)
    if isinstance(handled, tuple):  # as Python 3.11 says it
        handled = handled[1]
    while handled is not None:
        if isinstance(handled, KeyboardInterrupt):
            return True
        handled = handled.__context__
    return False
