"""Events counted into bins, a block at a time: plain NumPy, no file."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import FrameworkError, Numbers

LOOKUP_LIMIT = 2**26
"""Widest range of detector numbers for which a table is made: 256 MB. Wider ones are searched."""

MIN_CELLS, MAX_CELLS = 2**14, 2**20

OUTSIDE = -1


class BadEdges(FrameworkError):
    """The bin edges that were asked for are none."""


def check_edges(edges: Any) -> Numbers:
    """Return bin edges as float64.

    Raises
    ------
    BadEdges
        Fewer than two, not finite, or not growing.
    """
    try:
        checked = np.asarray(edges, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadEdges(f"Bin edges must be numbers: {error}.") from error
    if checked.ndim != 1 or len(checked) < 2 or not np.isfinite(checked).all() or not (np.diff(checked) > 0).all():
        raise BadEdges(
            "Bin edges must be at least two finite numbers, each larger than the one before, such as "
            "np.linspace(0, 20_000, 101)."
        )
    return checked


class Bins:
    """Finds the bin of each value. A bin holds its lower edge and not its upper one, the last bin too.

    The range is cut into many equal cells. Where a cell lies within one bin, the bin is looked up; only for values in
    the few other cells are the edges searched. That is some four times quicker than searching for all, whatever the
    bins are.
    """

    def __init__(self, edges: Numbers) -> None:
        self.edges = check_edges(edges)
        self.count = len(self.edges) - 1
        self._low = float(self.edges[0])
        self._high = float(self.edges[-1])
        cells = int(np.clip(16 * self.count, MIN_CELLS, MAX_CELLS))
        self._scale = cells / (self._high - self._low)
        borders = np.linspace(self._low, self._high, cells + 1)
        # A rounding error may put a value into the next cell: so a cell is taken a little wider than it is.
        slack = 1e-6 / self._scale + 8 * np.finfo(float).eps * max(abs(self._low), abs(self._high))
        first = self._search(borders[:-1] - slack)
        last = self._search(borders[1:] + slack)
        self._bin_of_cell = np.clip(first, 0, self.count - 1).astype(np.int32)
        self._bin_of_cell[np.clip(last, 0, self.count - 1) != self._bin_of_cell] = OUTSIDE

    def of(self, values: NDArray[Any]) -> NDArray[np.intp]:
        """Return the index of the bin of each value, `OUTSIDE` for those in none (NaN too)."""
        exact = values.astype(np.float64, copy=False)
        found = np.full(len(exact), OUTSIDE, dtype=np.intp)
        inside = (exact >= self._low) & (exact < self._high)
        whole = bool(inside.all())
        chosen = exact if whole else exact[inside]
        cells = ((chosen - self._low) * self._scale).astype(np.intp)
        np.minimum(cells, len(self._bin_of_cell) - 1, out=cells)
        bins = self._bin_of_cell[cells].astype(np.intp)
        unsure = np.flatnonzero(bins == OUTSIDE)
        bins[unsure] = self._search(chosen[unsure])
        if whole:
            return bins
        found[inside] = bins
        return found

    def _search(self, values: Numbers) -> NDArray[np.intp]:
        found: NDArray[np.intp] = np.searchsorted(self.edges, values, side="right") - 1
        return found


class Rows:
    """Finds the row of each detector number among the ones that are wanted."""

    def __init__(self, numbers: NDArray[np.integer[Any]]) -> None:
        wanted = np.asarray(numbers).reshape(-1)
        self.count = len(wanted)
        self._low = int(wanted.min()) if self.count else 0
        high = int(wanted.max()) if self.count else 0
        self._table: NDArray[np.int32] | None = None
        if self.count and high - self._low < LOOKUP_LIMIT:
            self._table = np.full(high - self._low + 1, OUTSIDE, dtype=np.int32)
            self._table[wanted.astype(np.int64) - self._low] = np.arange(self.count, dtype=np.int32)
        else:
            self._order = np.argsort(wanted, kind="stable")
            self._sorted = wanted[self._order].astype(np.int64)

    def of(self, numbers: NDArray[Any]) -> NDArray[np.integer[Any]]:
        """Return the row of each detector number, `OUTSIDE` for those that are not wanted."""
        wide = numbers.astype(np.int64, copy=False)
        if self.count == 0:
            return np.full(len(wide), OUTSIDE, dtype=np.intp)
        if self._table is not None:
            places = wide - self._low
            inside = (places >= 0) & (places < len(self._table))
            return np.where(inside, self._table[np.where(inside, places, 0)], OUTSIDE)
        places = np.minimum(np.searchsorted(self._sorted, wide), self.count - 1)
        return np.where(self._sorted[places] == wide, self._order[places], OUTSIDE)


@dataclass(frozen=True, eq=False)
class Counted:
    """Events counted into bins.

    Attributes
    ----------
    edges
        Shape (n + 1,).
    values
        Shape (rows, n), or (n,) where the rows were added up: numbers of events, or sums of their weights.
    variances
        Of the same shape: the numbers themselves, or the sums of the squared errors.
    events
        How many events were looked at.
    outside
        How many of them are in no bin.
    unknown
        How many of them are of a detector that was not asked for.
    """

    edges: Numbers
    values: NDArray[Any]
    variances: NDArray[Any]
    events: int
    outside: int
    unknown: int


class Counter:
    """Adds blocks of events to a histogram."""

    def __init__(self, edges: Numbers, rows: Rows | None = None) -> None:
        self._bins = Bins(edges)
        self._rows = rows
        shape = (rows.count, self._bins.count) if rows is not None else (self._bins.count,)
        self._shape = shape
        self._counts = np.zeros(int(np.prod(shape)), dtype=np.int64)
        self._sums: NDArray[np.float64] | None = None
        self._squares: NDArray[np.float64] | None = None
        self._events = self._outside = self._unknown = 0

    def add(
        self,
        values: NDArray[Any],
        numbers: NDArray[Any] | None = None,
        weights: NDArray[Any] | None = None,
        squares: NDArray[Any] | None = None,
    ) -> None:
        """Add events: what is binned, and as needed detector numbers, weights and squared errors of the weights."""
        places = self._bins.of(values)
        good = places != OUTSIDE
        self._events += len(values)
        self._outside += int(len(values) - np.count_nonzero(good))
        if self._rows is not None:
            if numbers is None:
                raise ValueError("rows are wanted and no detector numbers given")
            rows = self._rows.of(numbers)
            known = rows != OUTSIDE
            self._unknown += int(len(values) - np.count_nonzero(known))
            good &= known
            places = rows.astype(np.intp) * self._bins.count + places
        chosen = places[good]
        if weights is None:
            self._tally(chosen)
        else:
            self._weigh(chosen, weights[good], squares[good] if squares is not None else weights[good] ** 2)

    def result(self) -> Counted:
        """Return the histogram so far."""
        values: NDArray[Any] = self._counts if self._sums is None else self._counts + self._sums
        variances: NDArray[Any] = self._counts if self._squares is None else self._counts + self._squares
        shape = self._shape
        return Counted(
            self._bins.edges,
            values.reshape(shape),
            variances.reshape(shape),
            self._events,
            self._outside,
            self._unknown,
        )

    def _tally(self, chosen: NDArray[np.intp]) -> None:
        # bincount makes an array as long as the histogram, which is waste where the histogram is the larger one.
        if len(self._counts) <= 4 * len(chosen):
            self._counts += np.bincount(chosen, minlength=len(self._counts))
        else:
            np.add.at(self._counts, chosen, 1)

    def _weigh(self, chosen: NDArray[np.intp], weights: NDArray[Any], squares: NDArray[Any]) -> None:
        if self._sums is None or self._squares is None:
            self._sums, self._squares = np.zeros(len(self._counts)), np.zeros(len(self._counts))
        np.add.at(self._sums, chosen, weights.astype(np.float64))
        np.add.at(self._squares, chosen, squares.astype(np.float64))
