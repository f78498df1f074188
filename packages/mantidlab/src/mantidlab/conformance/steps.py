"""What is looked at, one thing after another: a step finds rows, and may count what is shown as one number."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from mantidlab.conformance.report import Row

Say = Callable[[str], None]
"""Is told a line now and then while something takes its time."""


@dataclass(frozen=True)
class Found:
    """What a step found.

    Attributes
    ----------
    rows
        To be shown, each.
    counts
        Added up over all steps, and shown as one row for each key.
    """

    rows: tuple[Row, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One thing to look at.

    Attributes
    ----------
    judged
        Whether it is the product's fault, and not Mantid's, if the process does not live through it.
    seconds
        How long it may take.
    """

    about: str
    look: Callable[[], Found]
    judged: bool = True
    seconds: float = 60.0

    def taken(self) -> Found:
        """Look; whatever is raised is a finding."""
        try:
            return self.look()
        except Exception as error:  # noqa: BLE001  (Mantid raises what it likes; the table says what)
            return Found((self.lost(f"{type(error).__name__}: {error}"),))

    def lost(self, why: str) -> Row:
        """Return the row of a step that came to no finding."""
        return lost(self.about, self.judged, why)


def lost(about: str, judged: bool, why: str) -> Row:
    """Return the row of something that came to no finding."""
    return Row(about, "is looked at", "an answer", why, "FAILED" if judged else "left out")


def step_of(about: str, look: Callable[[], Row], *, judged: bool = True) -> Step:
    """Return a step of one row."""
    return Step(about, lambda: Found((look(),)), judged)


def rows_of(steps: Iterable[Step]) -> list[Row]:
    """Take steps in this process, and return what they found: what was counted first."""
    rows, counts = list[Row](), Counter[str]()
    for step in steps:
        found = step.taken()
        rows += found.rows
        counts.update(found.counts)
    return [*counted(counts), *rows]


def counted(counts: Counter[str]) -> Iterator[Row]:
    """Give a row for each number: ``forms: open``."""
    for key, count in counts.items():
        about, _, what = key.partition(": ")
        yield Row(about, what, "all", str(count), "ok" if count else "FAILED")
