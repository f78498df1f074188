"""Events as plain lists, for whoever counts them again and again along other axes or in other ranges."""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Axis, Numbers


@dataclass(frozen=True, eq=False)
class EventList:
    """Every event of a data object that belongs to one of its spectra.

    Attributes
    ----------
    axis
        The object's own last axis, of which unit `positions` are.
    rows
        Index of the spectrum of each event, shape (events,).
    positions
        Where each is along the axis, shape (events,).
    weights
        What each counts, shape (events,); None where each counts as one.
    spectra
        How many spectra the object has.
    left_out
        How many events belong to none of them.
    """

    axis: Axis
    rows: NDArray[np.int32]
    positions: Numbers
    weights: Numbers | None
    spectra: int
    left_out: int = 0


@runtime_checkable
class ListsEvents(Protocol):
    """A data object that can give its events as lists; they take 8 to 16 bytes of memory each."""

    def event_list(self) -> EventList:
        """Return all events, read once."""


def rows_of_starts(starts: NDArray[Any], stops: NDArray[Any]) -> NDArray[np.int32]:
    """Return the index of the row of each event, for events that lie in the order of their rows."""
    counts = np.asarray(stops, dtype=np.int64) - np.asarray(starts, dtype=np.int64)
    return np.repeat(np.arange(len(counts), dtype=np.int32), counts)
