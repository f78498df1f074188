"""What every part of a file shares: a part is one data object, such as a bank, a monitor or a saved workspace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from mantidlab.frameworks.model import Axis, Geometry, Kind, Log, NotThere, Step, Summary
from mantidlab.frameworks.nexus.tree import Notes
from mantidlab.frameworks.partial import PartialObject
from mantidlab.frameworks.spacing import grows

FRAMEWORK = "nexus"

SUM_LIMIT = 400_000_000
"""Most values that are added up to find a number of counts (some 4 s); beyond, nobody waits for a summary."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What the parts of one entry have in common; read when it is asked for.

    Attributes
    ----------
    geometry
        Makes the geometry, or raises `NotThere` with the reason.
    notes
        Where remarks on what is odd are kept.
    """

    title: str = ""
    instrument: str = ""
    logs: Mapping[str, Log] = field(default_factory=dict)
    geometry: Callable[[], Geometry] | None = None
    history: Callable[[], tuple[Step, ...]] | None = None
    notes: Notes | None = None


class Part(PartialObject):
    """One data object of a file."""

    kind = Kind.OTHER

    def __init__(self, name: str, type_name: str, around: Surroundings) -> None:
        self.name = name
        self.type = type_name
        self.around = around
        self.shape: tuple[int, ...] = ()
        self.dims: tuple[str, ...] = ()
        self.unit = ""
        self.nbytes: int | None = None

    def summary(self) -> Summary:
        """Return what it is, without reading values."""
        return Summary(
            name=self.name,
            kind=self.kind,
            type=self.type,
            framework=FRAMEWORK,
            title=self.around.title,
            shape=self.shape,
            dims=self.dims,
            unit=self.unit,
            instrument=self.around.instrument,
            memory=self.nbytes,
        )

    def counts(self) -> float | None:
        """Return the sum of its values, if they are counts and not too many to add up; else None."""
        return None

    def geometry(self) -> Geometry:
        """Return where its detectors are."""
        if self.around.geometry is None:
            return super().geometry()
        return self.around.geometry()

    def logs(self) -> Mapping[str, Log]:
        """Return the sample logs of its entry."""
        return self.around.logs

    def history(self) -> tuple[Step, ...]:
        """Return what was done to it; nothing for what was just measured."""
        return self.around.history() if self.around.history is not None else ()

    def _absent(self, what: str) -> NotThere:
        return NotThere(f"{self.name} ({self.type}) has no {what} in this file.")


def frozen(values: NDArray[Any]) -> NDArray[Any]:
    """Return values that nobody can change by accident."""
    values.setflags(write=False)
    return values


def make_axis(words: tuple[str, str, str], values: NDArray[Any], count: int) -> Axis:
    """Make the axis of `count` values: edges where there is one position more."""
    name, label, unit = words
    edges = len(values) == count + 1
    return Axis(name, label, unit, frozen(values), edges=edges, log=grows(values))
