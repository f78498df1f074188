"""Where the bins of one dimension are drawn: edges in ascending order, whatever the axis of the data is.

Points get the edges halfway to their neighbours. Named positions, and positions that are in no order or not finite,
are drawn by their number, and the axis says so.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Axis, Numbers

SECOND = np.timedelta64(1_000_000_000, "ns")


@dataclass(frozen=True, eq=False)
class Places:
    """The bins of one dimension as they are drawn.

    Attributes
    ----------
    name, label, unit
        Of the axis. The label of times says since when they count.
    edges
        Ascending and finite, shape (n + 1,); shape (rows, n + 1) for a dimension whose rows have positions of their
        own, and then perhaps with NaN where a row has no more bins.
    backward
        Whether bin 0 of the data is the last one here: the axis of the data falls.
    names
        Texts of the bins, for named positions; empty else.
    remark
        What the reader should know of the positions; empty where they are simply those of the data.
    """

    name: str
    label: str
    unit: str
    edges: Numbers
    backward: bool = False
    names: tuple[str, ...] = ()
    remark: str = ""

    @property
    def size(self) -> int:
        """How many bins."""
        return int(self.edges.shape[-1]) - 1

    @property
    def own_rows(self) -> bool:
        """Whether each row has positions of its own."""
        return bool(self.edges.ndim > 1)

    @property
    def extent(self) -> tuple[float, float]:
        """The lowest and highest position; (0, 1) where there is none."""
        finite = self.edges[np.isfinite(self.edges)] if self.own_rows else self.edges
        if finite.size == 0 or self.size == 0:
            return (0.0, 1.0)
        return (float(finite.min()), float(finite.max()))

    def bin_at(self, position: float, row: int | None = None) -> int | None:
        """Return the bin that holds a position, as it is drawn; None outside."""
        edges = self.edges[row] if self.own_rows and row is not None else self.edges
        if edges.ndim > 1:
            return None
        count = int(np.isfinite(edges).sum()) - 1
        place = int(np.searchsorted(edges[: count + 1], position, side="right")) - 1
        if place == count and count > 0 and position == edges[count]:
            place -= 1
        return place if 0 <= place < count else None

    def in_data(self, place: int) -> int:
        """Return the number that a drawn bin has in the data."""
        return self.size - 1 - place if self.backward else place

    def centre(self, place: int, row: int | None = None) -> float:
        """Return the middle of a drawn bin."""
        edges = self.edges[row] if self.own_rows and row is not None else self.edges
        return float(edges[place] + edges[place + 1]) / 2


def places_of(axis: Axis) -> Places:
    """Return where the bins of an axis are drawn; text, times, falling and broken positions included."""
    if axis.values.dtype.kind not in "fiub":
        return _of_times(axis) if axis.values.dtype.kind == "M" else _by_number(axis, tuple(map(str, axis.values)))
    values = np.asarray(axis.values, dtype=np.float64)
    if values.ndim > 1:
        return _of_rows(axis, values)
    return _of_numbers(axis, axis.label, axis.unit, values)


def _of_numbers(axis: Axis, label: str, unit: str, values: Numbers) -> Places:
    words = (axis.name, label, unit)
    if values.size == 0:
        return Places(*words, np.zeros(1))
    steps = np.diff(values)
    if not np.isfinite(values).all():
        return _by_number(axis, remark=f"positions along {label} are not all finite: drawn by number")
    rising, falling = bool((steps > 0).all()), bool((steps < 0).all())
    if steps.size and not (rising or falling):
        return _by_number(axis, remark=f"positions along {label} are in no order: drawn by number")
    backward = bool(steps.size) and falling
    ordered = values[::-1] if backward else values
    return Places(*words, ordered if axis.edges else between(ordered), backward)


def _by_number(axis: Axis, names: tuple[str, ...] = (), remark: str = "") -> Places:
    count = axis.size if not names else len(names) - int(axis.edges)
    edges = np.arange(count + 1, dtype=np.float64) - 0.5
    return Places(axis.name, axis.label, "", edges, names=names, remark=remark)


def _of_times(axis: Axis) -> Places:
    if axis.values.size == 0 or np.isnat(axis.values).any():
        return _by_number(axis, remark=f"moments along {axis.label} are missing: drawn by number")
    since = axis.values.min()
    seconds = (axis.values - since) / SECOND
    start = np.datetime_as_string(since.astype("datetime64[s]"))
    return _of_numbers(axis, f"{axis.label} since {start} UTC", "s", seconds)


def _of_rows(axis: Axis, values: Numbers) -> Places:
    """Return positions of rows; what is not finite or not in order within a row has no place."""
    remark = "rows have positions of their own"
    with np.errstate(invalid="ignore"):
        falling = np.diff(values, axis=-1) < 0
        backward = bool(falling.any() and not (np.diff(values, axis=-1) > 0).any())
    ordered = values[..., ::-1] if backward else values
    edges = ordered if axis.edges else between(ordered)
    return Places(axis.name, axis.label, axis.unit, edges, backward, remark=remark)


def between(points: Numbers) -> Numbers:
    """Return edges halfway between points along the last axis; the outer ones as far out as the next ones are in.

    A point that is alone gets a bin of width 1.
    """
    if points.shape[-1] == 0:
        return np.zeros((*points.shape[:-1], 1))
    if points.shape[-1] == 1:
        return np.concatenate([points - 0.5, points + 0.5], axis=-1)
    inner = (points[..., 1:] + points[..., :-1]) / 2
    first = 2 * points[..., :1] - inner[..., :1]
    last = 2 * points[..., -1:] - inner[..., -1:]
    return np.concatenate([first, inner, last], axis=-1)


def bounds_in(places: Places, low: float, high: float) -> tuple[int, int]:
    """Return the range of drawn bins [first, last) that overlap an interval."""
    edges: NDArray[Any] = places.edges
    first = int(np.searchsorted(edges, low, side="right")) - 1
    last = int(np.searchsorted(edges, high, side="left"))
    return max(0, min(first, places.size)), max(0, min(max(last, first + 1), places.size))
