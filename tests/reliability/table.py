"""The kill table: one row for each event and engine, printed and written as they come."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from reliability.rounds import Outcome

COLUMNS = ("engine", "event", "times", "saves acknowledged", "lost", "kernels could be kept", "kept", "orphans", "s")


@dataclass
class Row:
    """What came of all rounds of one event with one engine.

    ``unsettled`` counts rounds after which a session was neither known nor cleanly gone, or something was left over;
    ``slowest_seconds`` is the longest time until all was as it should be.
    """

    event: str
    engine: str
    seed: int
    people: int
    times: int = 0
    saves_acknowledged: int = 0
    saves_lost: int = 0
    numbers_acknowledged: int = 0
    numbers_lost: int = 0
    kernels_could_be_kept: int = 0
    kernels_kept: int = 0
    orphans: int = 0
    unsettled: int = 0
    slowest_seconds: float = 0
    ended: str = ""
    failures: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count a round."""
        self.times += 1
        self.saves_acknowledged += outcome.saves_acknowledged
        self.saves_lost += outcome.saves_lost
        self.numbers_acknowledged += outcome.numbers_acknowledged
        self.numbers_lost += outcome.numbers_lost
        self.kernels_could_be_kept += outcome.kernels_could
        self.kernels_kept += outcome.kernels_kept
        self.orphans += outcome.orphans
        self.unsettled += outcome.unsettled
        self.slowest_seconds = max(self.slowest_seconds, round(outcome.seconds, 1))
        self.failures += outcome.failures
        self.ended = datetime.now(UTC).isoformat(timespec="seconds")

    @property
    def passed(self) -> bool:
        """Whether nothing was lost or left."""
        return not self.failures

    def line(self) -> str:
        """Return the row as it is printed."""
        values = (self.engine, self.event, self.times, self.saves_acknowledged, self.saves_lost)
        values += (self.kernels_could_be_kept, self.kernels_kept, self.orphans, self.slowest_seconds)
        return _line(values) + ("" if self.passed else f"   FAILED: {len(self.failures)}, see below")


class Table:
    """All rows, in a file that is whole after every round; rows of earlier runs stay until they are run again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._others: list[dict[str, object]] = json.loads(file.read_text()) if file.exists() else []
        self.rows: list[Row] = []

    def write(self, row: Row) -> None:
        """Put a row, new or grown, into the file."""
        if not any(own is row for own in self.rows):
            self.rows.append(row)
        mine = {(own.event, own.engine) for own in self.rows}
        kept = [other for other in self._others if (other["event"], other["engine"]) not in mine]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps([*kept, *map(asdict, self.rows)], indent=1) + "\n")
        aside.replace(self._file)

    def text(self) -> str:
        """Return the table of this run, and what failed."""
        lines = [_line(COLUMNS), *(row.line() for row in self.rows)]
        lines += [f"\n{row.engine}, {row.event}:\n  {failure}" for row in self.rows for failure in row.failures]
        return "\n".join(lines)


def _line(values: tuple[object, ...]) -> str:
    engine, event, *numbers = values
    widths = (5, 18, 4, 21, 4, 7, 6)
    cells = " ".join(f"{number!s:>{width}}" for number, width in zip(numbers, widths, strict=True))
    return f"{engine!s:<8} {event!s:<32} {cells}"
