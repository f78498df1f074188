"""What a person is told of what was kept and what was not."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mantidlab.names import some_of

NAMES_IN_A_SENTENCE = 4


@dataclass(frozen=True)
class Left:
    """A variable that was not kept.

    Attributes
    ----------
    name
        Its own.
    why
        Without a full stop.
    cell, line
        Where it was made, as far as is known.
    """

    name: str
    why: str
    cell: int | None = None
    line: str = ""

    def __str__(self) -> str:
        made = f"; cell [{self.cell}] made it: {self.line}" if self.cell is not None else ""
        return f"{self.name}: {self.why}{made}"


@dataclass(frozen=True)
class Report:
    """What came of keeping.

    Attributes
    ----------
    kept
        Names of the variables that are there again.
    left
        Those that are not.
    doubtful
        Of those kept, those that the stopped line used: it may have changed one half of them.
    bytes
        That were written and read.
    seconds
        From the start of the kernel until all was there.
    sentence
        All of that in short.
    """

    kept: tuple[str, ...]
    left: tuple[Left, ...]
    doubtful: tuple[str, ...]
    bytes: int
    seconds: float
    sentence: str

    def __repr__(self) -> str:
        return "\n".join([self.sentence, *(f"  {each}" for each in self.left)])

    def to_json(self) -> dict[str, Any]:
        """Return what panels are told."""
        return {**asdict(self), "left": [str(each) for each in self.left]}


def report(kept: Sequence[str], left: Sequence[Left], doubtful: Sequence[str], size: int, seconds: float) -> Report:
    """Put together what is said."""
    total = len(kept) + len(left)
    said = f"The line was ended, and the kernel was started anew. It has {len(kept)} of {total} variables again"
    said += f" ({size / 1e6:.0f} MB)." if size >= 1e6 else "."
    if left:
        said += f" Not: {in_words([each.name for each in left])}."
    if doubtful:
        said += f" The line worked with {in_words(doubtful)}: look whether it had changed one half of that already."
    return Report(tuple(kept), tuple(left), tuple(doubtful), size, round(seconds, 2), said)


def in_words(names: Sequence[str]) -> str:
    """Return some of the names, and how many there are besides."""
    return some_of(names, NAMES_IN_A_SENTENCE)


def kept() -> Report | None:
    """Return what this kernel has of the one that was stopped; None where none was."""
    return _reports[-1] if _reports else None


def remember(what: Report) -> None:
    """Keep what this kernel has of the one that was stopped, for whoever asks later."""
    _reports.append(what)


def forget() -> None:
    """Tell nobody any more: a person has read it."""
    _reports.clear()


_reports: list[Report] = []
