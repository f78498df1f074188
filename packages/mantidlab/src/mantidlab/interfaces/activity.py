"""What goes on while an interface runs: who is told of progress, what was logged, which steps and files were used."""

import logging
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from mantidlab.interfaces.progress import Reporter

LONGEST_LOG = 2_000
"""Lines that a result keeps; a loop that warns for each detector would make it a file of text."""

CAUTION = "caution"
REMARK = "remark"


@dataclass(frozen=True)
class LogLine:
    """A line that was logged, or a message of progress.

    Attributes
    ----------
    seconds
        After the run's start.
    level
        ``info``, ``warning``, ``error``, as :mod:`logging` names it in small letters; or ``caution`` and
        ``remark``, by the functions of these names.
    line
        The text.
    """

    seconds: float
    level: str
    line: str


@dataclass(frozen=True)
class StepTaken:
    """One step of a run: which function, whether its result was there already, how long it took in seconds."""

    name: str
    cached: bool
    seconds: float


@dataclass
class Activity:
    """One run of one interface, while it goes on."""

    reporter: Reporter
    use_cache: bool = True
    started: float = field(default_factory=time.monotonic)
    lines: list[LogLine] = field(default_factory=list)
    steps: list[StepTaken] = field(default_factory=list)
    files: set[Path] = field(default_factory=set)

    def report(self, fraction: float | None, message: str = "") -> None:
        """Tell the person, and keep a message that is new."""
        if message and not (self.lines and self.lines[-1].line == message):
            self.log("info", message)
        self.reporter(None if fraction is None else min(max(float(fraction), 0.0), 1.0), message)

    def log(self, level: str, line: str) -> None:
        """Keep a line."""
        if len(self.lines) < LONGEST_LOG:
            self.lines.append(LogLine(round(time.monotonic() - self.started, 3), level, line))


_current: ContextVar[Activity | None] = ContextVar("mantidlab_interface_activity", default=None)


def current() -> Activity | None:
    """Return the run that goes on in this context, if there is one."""
    return _current.get()


def report(fraction: float | None, message: str = "") -> None:
    """Say how far the interface is that runs now; outside of one, do nothing.

    A function that is no generator calls this, and hands it on wherever a callback is wanted.

    Parameters
    ----------
    fraction
        How much is done, 0 to 1; None where nobody can tell.
    message
        What is done now.
    """
    activity = current()
    if activity is not None:
        activity.report(fraction, message)


def caution(sentence: str) -> None:
    """Say what makes the numbers doubtful. It stands above the result wherever that is shown, and is kept with it.

    Outside of a run it is a Python warning.

    Parameters
    ----------
    sentence
        What was found and what to do, for the person who looks at the numbers.
    """
    if current() is None:
        warnings.warn(sentence, stacklevel=2)
    _say(CAUTION, sentence)


def remark(sentence: str) -> None:
    """Say what was done that nobody asked for, such as settings that were taken. It stands above the result as well.

    Parameters
    ----------
    sentence
        For the person who looks at the numbers.
    """
    _say(REMARK, sentence)


def _say(level: str, sentence: str) -> None:
    activity = current()
    if activity is not None and not any((line.level, line.line) == (level, sentence) for line in activity.lines):
        activity.log(level, sentence)


@contextmanager
def going_on(activity: Activity) -> Iterator[Activity]:
    """Make it the current run, and keep what is logged and warned of meanwhile."""
    token = _current.set(activity)
    keeper = _Keeper(activity)
    root = logging.getLogger()
    root.addHandler(keeper)
    before = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], filename: str, lineno: int, *rest: Any) -> None:
        if current() is activity:
            activity.log("warning", f"{category.__name__}: {message}")
        before(message, category, filename, lineno, *rest)

    warnings.showwarning = cast(Any, show)
    try:
        yield activity
    finally:
        if warnings.showwarning is show:
            warnings.showwarning = before
        root.removeHandler(keeper)
        _current.reset(token)


class _Keeper(logging.Handler):
    """Keeps what is logged by the run itself, not by others in the same process."""

    def __init__(self, activity: Activity) -> None:
        super().__init__()
        self._activity = activity

    def emit(self, record: logging.LogRecord) -> None:
        if current() is self._activity:
            self._activity.log(record.levelname.lower(), record.getMessage())
