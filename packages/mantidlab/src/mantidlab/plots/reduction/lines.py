"""Lines for a picture: per column of pixels the first, last, smallest and largest value, or every value where few.

What is drawn from a column's first, smallest, largest and last value covers the same pixels as what would be drawn
from all values, to within one pixel (Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", PVLDB
7 (2014) 797). No maximum, no minimum and no end of an error bar is ever lost.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.reduction.curves import Curve, curve
from mantidlab.plots.reduction.extremes import CurveExtremes
from mantidlab.plots.reduction.scales import Scale

Array: TypeAlias = NDArray[Any]

EXACT = 2
"""Up to so many values for each column of pixels, every value is given: then the exact ones take no more space."""
LINEAR = Scale()


@dataclass(frozen=True, eq=False)
class Exact:
    """Every value within a window, and one point before and after, so that joined points leave it where they should.

    Attributes
    ----------
    x
        Shape (n,) for points, (n + 1,) for the edges of bins; bins reach beyond the window.
    y, errors, mask
        Shape (n,); errors and mask None where there are none. Where bins do not touch, a NaN stands between them.
    index
        Place of each in the arrays that the curve was made from, shape (n,); −1 for what stands between bins.
    """

    x: Array
    y: Array
    errors: Array | None
    mask: Array | None
    index: Array
    bins_per_pixel: float

    @property
    def size(self) -> int:
        """Values."""
        return int(self.y.shape[0])


@dataclass(frozen=True, eq=False)
class Envelope:
    """What each column of pixels holds, for columns that hold something; all arrays float64 of shape (m,).

    A bin belongs to every column that it touches, a point to one.

    Attributes
    ----------
    column
        Whole numbers from 0 to pixels − 1, the middle of the column being half a pixel further. For points, a
        neighbour before and after the window has the fraction where it is, below 0 or beyond.
    first, last
        Value of the first and last bin of the column; NaN, a gap, where that one is missing (NaN, infinite, masked).
    low, high
        Smallest and largest value that is not missing; NaN where all are.
    error_low, error_high
        Smallest value − error, largest value + error; `low` and `high` themselves for a curve without errors.
    count
        Values in the column that are not missing, shape (m,) of integers.
    """

    column: Array
    first: Array
    last: Array
    low: Array
    high: Array
    error_low: Array
    error_high: Array
    count: Array
    bins_per_pixel: float

    @property
    def size(self) -> int:
        """Columns."""
        return int(self.column.shape[0])


@dataclass(frozen=True)
class Limits:
    """Between which numbers a curve lies; NaN where it has none such.

    Attributes
    ----------
    low, high
        Of values, including the ends of error bars.
    value_low, value_high
        Of values alone.
    positive
        The smallest value above zero: where a logarithmic axis may begin.
    """

    low: float
    high: float
    value_low: float
    value_high: float
    positive: float


class Line:
    """One curve, ready to be drawn in any window.

    Making it looks once at the positions (10 ms for 10⁷); a coarser copy of the values is made when a window first
    asks for so many that it pays.

    Parameters
    ----------
    x
        Shape (n,) for points, (n + 1,) for the edges of bins; of any order, see `curve`.
    y, errors, mask
        Shape (n,). Masked values are missing here; draw them as a second line, with the mask turned round.

    Raises
    ------
    WrongArgument
        The arrays do not belong together.
    """

    def __init__(self, x: Any, y: Any, *, errors: Any = None, mask: Any = None) -> None:
        self.curve: Curve = curve(x, y, errors=errors, mask=mask)
        self._extremes = CurveExtremes(self.curve)

    def extent(self) -> tuple[float, float]:
        """Return where the first bin or point begins and the last one ends; NaN for an empty curve."""
        if self.curve.size == 0:
            return (np.nan, np.nan)
        return float(self.curve.left[0]), float(self.curve.right[-1])

    def positive_extent(self) -> tuple[float, float]:
        """Return the same for positions above zero, where a logarithmic axis can go; NaN if there are none."""
        edges = self.curve.left, self.curve.right
        above = [int(np.searchsorted(edge, 0, side="right")) for edge in edges]
        if above[1] >= self.curve.size:
            return (np.nan, np.nan)
        begin = edges[0][above[0]] if above[0] < self.curve.size else edges[1][above[1]]
        return float(min(begin, edges[1][above[1]])), float(edges[1][-1])

    def limits(self, low: float = -np.inf, high: float = np.inf) -> Limits:
        """Return between which numbers the values lie whose bins or points are within `low` and `high`."""
        start, stop = self._within(np.array([low, high], dtype=np.float64))
        found = self._extremes.over(start, stop)
        if not found.count[0]:
            return Limits(*[np.nan] * 5)
        positive = found.smallest[2, 0]
        return Limits(
            float(found.smallest[1, 0]),
            float(found.largest[1, 0]),
            float(found.smallest[0, 0]),
            float(found.largest[0, 0]),
            float(positive) if np.isfinite(positive) else np.nan,
        )

    def window(self, low: float, high: float, pixels: int, *, scale: Scale = LINEAR) -> Exact | Envelope:
        """Return what is to be drawn from `low` to `high` on so many columns of pixels.

        Up to `EXACT` values per column are given as they are, more as an envelope.

        Raises
        ------
        WrongArgument
            There is no such window on this scale, as below zero on a logarithmic one.
        """
        boundaries = scale.boundaries(low, high, pixels)
        start, stop = self._within(boundaries)
        begin, end = int(start[0]), max(int(start[0]), int(stop[-1]))
        bins_per_pixel = (end - begin) / pixels
        if end - begin <= EXACT * pixels:
            return self._exact(begin, end, bins_per_pixel)
        return self._envelope(start, stop, boundaries, scale, bins_per_pixel)

    def _within(self, boundaries: Array) -> tuple[Array, Array]:
        """Return which bins touch, or which points lie in, each interval: from start[i] to stop[i] − 1."""
        left, right = self.curve.left, self.curve.right
        start = np.searchsorted(left, boundaries[:-1], side="left")
        if self.curve.is_bins:
            start = np.minimum(start, np.searchsorted(right, boundaries[:-1], side="right"))
        stop = np.searchsorted(left, boundaries[1:], side="left")
        stop[-1] = np.searchsorted(left, boundaries[-1], side="right")
        return start, np.maximum(start, stop)

    def _exact(self, begin: int, end: int, bins_per_pixel: float) -> Exact:
        data = self.curve
        if not data.is_bins:
            begin, end = max(begin - 1, 0), min(end + 1, data.size)
        chosen = slice(begin, end)
        index = np.arange(begin, end) if data.index is None else data.index[chosen]
        errors = None if data.errors is None else data.errors[chosen]
        mask = None if data.mask is None else data.mask[chosen]
        if not data.is_bins:
            return Exact(data.left[chosen], data.values[chosen], errors, mask, index, bins_per_pixel)
        left, right = data.left[chosen], data.right[chosen]
        edges = np.concatenate([left, right[-1:]])
        found = Exact(edges, data.values[chosen], errors, mask, index, bins_per_pixel)
        return found if (left[1:] == right[:-1]).all() else _apart(found, left, right)

    def _envelope(self, start: Array, stop: Array, boundaries: Array, scale: Scale, bins_per_pixel: float) -> Envelope:
        column = np.flatnonzero(start < stop)
        start, stop = start[column], stop[column]
        column = column.astype(np.float64)
        if not self.curve.is_bins:
            column, start, stop = self._with_neighbours(column, start, stop, boundaries, scale)
        found = self._extremes.over(start, stop)
        shown = np.where(found.count > 0, 0.0, np.nan)
        return Envelope(
            column,
            self._values(start),
            self._values(stop - 1),
            found.smallest[0] + shown,
            found.largest[0] + shown,
            found.smallest[1] + shown,
            found.largest[1] + shown,
            found.count,
            bins_per_pixel,
        )

    def _with_neighbours(
        self, column: Array, start: Array, stop: Array, boundaries: Array, scale: Scale
    ) -> tuple[Array, Array, Array]:
        """Add the points before and after the window, if there are any and they have a place on the scale."""
        low, high = scale.place(boundaries[[0, -1]])
        index = np.array([start[0] - 1, stop[-1]])
        known = (index >= 0) & (index < self.curve.size)
        place = scale.place(self.curve.left[np.where(known, index, 0)])
        known &= np.isfinite(place)
        outside = (place - low) / (high - low) * (boundaries.size - 1) - 0.5

        def around(middle: Array, ends: Array) -> Array:
            return np.concatenate([ends[:1][known[:1]], middle, ends[1:][known[1:]]])

        return around(column, outside), around(start, index), around(stop, index + 1)

    def _values(self, index: Array) -> Array:
        values = self.curve.values[index].astype(np.float64)
        missing = ~np.isfinite(values)
        if self.curve.mask is not None:
            missing |= self.curve.mask[index]
        return np.where(missing, np.nan, values)


def _apart(found: Exact, left: Array, right: Array) -> Exact:
    """Put a NaN between bins, which do not all touch."""

    def between(array: Array | None, filler: Any) -> Array | None:
        if array is None:
            return None
        spread = np.full(2 * array.size - 1, filler, dtype=np.result_type(array, type(filler)))
        spread[::2] = array
        return spread

    edges = np.maximum.accumulate(np.stack([left, right], axis=1).ravel())
    y, index = between(found.y, np.nan), between(found.index, -1)
    assert y is not None and index is not None  # noqa: S101
    return Exact(edges, y, between(found.errors, np.nan), between(found.mask, False), index, found.bins_per_pixel)
