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
    READING_CHANNELS = "reading what channels have"
    SOLVING = "choosing packages"
    DOWNLOADING = "downloading packages"
    INSTALLING = "installing packages"
    BUILDING = "building MantidHub's own packages"
    COMPILING = "compiling Python files"
    CHECKING = "checking imports"
    EXTRACTING = "extracting the catalogue"
    TESTING = "running checks"
    HASHING = "recording every file's hash"
    PUBLISHING = "writing to disk"
    DONE = "done"


class Unit(StrEnum):
    """What is counted."""

    THINGS = ""
    BYTES = "B"


@dataclass(frozen=True)
class Progress:
    """One report of a build.

    Attributes
    ----------
    step
        What is being done.
    done, total
        What is counted (packages, files, imports, bytes) of this step; ``total`` is 0 while nobody can know it.
    message
        The thing at hand, or empty.
    elapsed
        Since the build began.
    unit
        Whether things are counted or bytes.
    """

    step: Step
    done: int
    total: int
    message: str
    elapsed: timedelta
    unit: Unit = Unit.THINGS


Report = Callable[[Progress], None]


class Reporter:
    """Fills in the time for the steps of one build."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._started = time.monotonic()

    def __call__(self, step: Step, done: int = 0, total: int = 0, message: str = "", unit: Unit = Unit.THINGS) -> None:
        """Report one step."""
        self._report(Progress(step, done, total, message, self.elapsed, unit))

    @property
    def elapsed(self) -> timedelta:
        """Time since the build began."""
        return timedelta(seconds=time.monotonic() - self._started)
