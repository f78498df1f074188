"""How far a build is: plain data, drawn elsewhere."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Step(StrEnum):
    """What a build is doing; the values are what people read."""

    INTERPRETER = "looking at the interpreter"
    WAITING = "waiting for another build"
    CLEANING = "removing what an earlier build left"
    DOWNLOADING = "downloading packages"
    INSTALLING = "installing packages"
    COMPILING = "compiling Python files"
    CHECKING = "checking imports"
    HASHING = "recording every file's hash"
    PUBLISHING = "writing to disk"
    DONE = "done"


@dataclass(frozen=True)
class Progress:
    """One report of a build.

    Attributes
    ----------
    step
        What is being done.
    done, total
        Counted things (packages, files, imports) of this step; ``total`` is 0 while nobody can know it.
    message
        The thing at hand, or empty.
    elapsed
        Since the build began.
    """

    step: Step
    done: int
    total: int
    message: str
    elapsed: timedelta


Report = Callable[[Progress], None]


class Reporter:
    """Fills in the time for the steps of one build."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._started = time.monotonic()

    def __call__(self, step: Step, done: int = 0, total: int = 0, message: str = "") -> None:
        """Report one step."""
        self._report(Progress(step, done, total, message, self.elapsed))

    @property
    def elapsed(self) -> timedelta:
        """Time since the build began."""
        return timedelta(seconds=time.monotonic() - self._started)
