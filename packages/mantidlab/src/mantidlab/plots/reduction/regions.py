"""Regions that people draw on a picture, and what the data within them add up to."""

from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.reduction.working import Asked, Cancelled, never

Array: TypeAlias = NDArray[Any]

PIECE = 1 << 20
"""Values that are worked on at once."""


class Region(Protocol):
    """Part of a plane, in the positions of its axes: `x` across, `y` up."""

    def box(self) -> tuple[float, float, float, float]:
        """Return the smallest and largest x, then y."""

    def holds(self, x: Array, y: Array) -> Array:
        """Tell for points, arrays of shapes that broadcast, whether they are inside."""


@dataclass(frozen=True)
class Rectangle:
    """From one corner to the opposite one, with its borders."""

    x: tuple[float, float]
    y: tuple[float, float]

    def box(self) -> tuple[float, float, float, float]:
        """Return the smallest and largest x, then y."""
        return (min(self.x), max(self.x), min(self.y), max(self.y))

    def holds(self, x: Array, y: Array) -> Array:
        """Tell for points whether they are inside."""
        left, right, low, high = self.box()
        return np.asarray((x >= left) & (x <= right) & (y >= low) & (y <= high))


@dataclass(frozen=True)
class Ellipse:
    """Around a centre, its half axes along x and y; a circle on the screen if the axes are drawn so."""

    centre: tuple[float, float]
    half_axes: tuple[float, float]

    def box(self) -> tuple[float, float, float, float]:
        """Return the smallest and largest x, then y."""
        (x, y), (a, b) = self.centre, self.half_axes
        return (x - abs(a), x + abs(a), y - abs(b), y + abs(b))

    def holds(self, x: Array, y: Array) -> Array:
        """Tell for points whether they are inside."""
        if 0.0 in self.half_axes:
            return np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)), dtype=bool)
        with np.errstate(over="ignore"):  # far outside
            across, up = ((p - c) / a for p, c, a in zip((x, y), self.centre, self.half_axes, strict=True))
            return np.asarray(np.hypot(across, up) <= 1)


@dataclass(frozen=True)
class Polygon:
    """Between corners, the last joined to the first; where it crosses itself, what is enclosed twice is outside."""

    corners: tuple[tuple[float, float], ...]

    def box(self) -> tuple[float, float, float, float]:
        """Return the smallest and largest x, then y."""
        x, y = zip(*self.corners, strict=True)
        return (min(x), max(x), min(y), max(y))

    def holds(self, x: Array, y: Array) -> Array:
        """Tell for points whether a ray from each to the right crosses the border an odd number of times."""
        inside = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)), dtype=bool)
        for (x0, y0), (x1, y1) in zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True):
            if y0 == y1:
                continue
            crossed = (y0 > y) != (y1 > y)
            inside ^= crossed & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
        return inside


@dataclass(frozen=True, eq=False)
class RegionSums:
    """What the bins whose middle is inside a region add up to, missing values left out.

    Attributes
    ----------
    sum, error, count, maximum, minimum
        Over the region; error is the root of the sum of squared errors, NaN without errors. Maximum and minimum NaN
        where there is no value.
    along_rows, along_columns
        Sums over the columns, for each row, shape (rows,), and over the rows, for each column, shape (columns,).
        NaN for rows and columns that the region does not touch.
    along_rows_error, along_columns_error
        Their errors, or None without.
    """

    sum: float
    error: float
    count: int
    maximum: float
    minimum: float
    along_rows: Array
    along_columns: Array
    along_rows_error: Array | None
    along_columns_error: Array | None


def region_sums(
    values: Array,
    region: Region,
    x: Array,
    y: Array,
    *,
    errors: Array | None = None,
    mask: Array | None = None,
    cancelled: Asked = never,
) -> RegionSums:
    """Add up what is inside a region, exactly: every value, not what a picture shows of it.

    Parameters
    ----------
    values, errors, mask
        Shape (rows, columns); the mask may be of one that broadcasts to it.
    x, y
        Middles of the bins, shapes (columns,) and (rows,), in any order.

    Raises
    ------
    Cancelled
        `cancelled` said so.
    """
    left, right, low, high = region.box()
    rows = np.flatnonzero((y >= low) & (y <= high))
    columns = np.flatnonzero((x >= left) & (x <= right))
    sums = _Sums(values.shape, errors is not None)
    covered = None if mask is None else np.broadcast_to(mask, values.shape)
    height = max(1, PIECE // max(1, columns.size))
    for first in range(0, rows.size, height):
        if cancelled():
            raise Cancelled("The sums are no longer wanted.")
        chosen = rows[first : first + height]
        where = _index(chosen), _index(columns)
        inside = region.holds(x[None, columns], y[chosen, None])
        part = _taken(values, where)
        usable = inside & np.isfinite(part)
        if covered is not None:
            usable &= ~_taken(covered, where)
        sums.add(part, None if errors is None else _taken(errors, where), inside, usable, (chosen, columns))
    return sums.result()


class _Sums:
    """What has been added up so far."""

    def __init__(self, shape: tuple[int, ...], with_errors: bool) -> None:
        self.rows, self.columns = np.zeros(shape[0]), np.zeros(shape[1])
        self.touched = np.zeros(shape[0], bool), np.zeros(shape[1], bool)
        self.variances = (np.zeros(shape[0]), np.zeros(shape[1])) if with_errors else None
        self.count, self.maximum, self.minimum = 0, -np.inf, np.inf

    def add(self, part: Array, errors: Array | None, inside: Array, usable: Array, where: tuple[Array, Array]) -> None:
        rows, columns = where
        counted = np.where(usable, part, 0).astype(np.float64)
        self.rows[rows] += counted.sum(axis=1)
        self.columns[columns] += counted.sum(axis=0)
        self.touched[0][rows] |= inside.any(axis=1)
        self.touched[1][columns] |= inside.any(axis=0)
        self.count += int(usable.sum())
        self.maximum = max(self.maximum, float(np.max(part, where=usable, initial=-np.inf)))
        self.minimum = min(self.minimum, float(np.min(part, where=usable, initial=np.inf)))
        if errors is not None and self.variances is not None:
            squared = np.where(usable & np.isfinite(errors), errors, 0).astype(np.float64) ** 2
            self.variances[0][rows] += squared.sum(axis=1)
            self.variances[1][columns] += squared.sum(axis=0)

    def result(self) -> RegionSums:
        def shown(array: Array, side: int) -> Array:
            return np.where(self.touched[side], array, np.nan)

        known = self.variances
        return RegionSums(
            float(self.rows.sum()),
            np.nan if known is None else float(np.sqrt(known[0].sum())),
            self.count,
            self.maximum if self.count else np.nan,
            self.minimum if self.count else np.nan,
            shown(self.rows, 0),
            shown(self.columns, 1),
            None if known is None else shown(np.sqrt(known[0]), 0),
            None if known is None else shown(np.sqrt(known[1]), 1),
        )


def region_spectrum(
    values: Array,
    region: Region,
    x: Array,
    y: Array,
    *,
    mask: Array | None = None,
    cancelled: Asked = never,
) -> tuple[Array, Array]:
    """Add up what is inside a region for each bin of a further dimension.

    Parameters
    ----------
    values, mask
        Shape (rows, columns, n); transpose for another order.
    x, y
        Middles of the bins, shapes (columns,) and (rows,).

    Returns
    -------
    Sums and numbers of values that are not missing, both of shape (n,).

    Raises
    ------
    Cancelled
        `cancelled` said so.
    """
    rows, columns = np.nonzero(region.holds(x[None, :], y[:, None]))
    covered = None if mask is None else np.broadcast_to(mask, values.shape)
    total, count = np.zeros(values.shape[2]), np.zeros(values.shape[2], np.int64)
    step = max(1, PIECE // max(1, values.shape[2]))
    for first in range(0, rows.size, step):
        if cancelled():
            raise Cancelled("The sums are no longer wanted.")
        where = rows[first : first + step], columns[first : first + step]
        part = values[where]
        usable = np.isfinite(part) if covered is None else np.isfinite(part) & ~covered[where]
        total += np.where(usable, part, 0).sum(axis=0, dtype=np.float64)
        count += usable.sum(axis=0)
    return total, count


def _index(chosen: Array) -> Any:
    """Return a slice where indices follow one another, so that a part is a view."""
    if chosen.size and chosen[-1] - chosen[0] + 1 == chosen.size:
        return slice(int(chosen[0]), int(chosen[-1]) + 1)
    return chosen


def _taken(array: Array, where: tuple[Any, Any]) -> Array:
    return array[where[0]][:, where[1]]
