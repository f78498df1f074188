"""What a region holds: its sum, and its profile along a dimension, with errors."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.slices.axes import Places, bounds_in
from mantidlab.plots.slices.plane import Plane
from mantidlab.plots.slices.regions import Rectangle, Shape

BLOCK = 2**20
"""Bins that are looked at together."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Sums over one direction of a region, for each bin along the other.

    Densities (values divided by the widths of their bins) are added up times these widths, so that their sums are
    integrals.

    Attributes
    ----------
    first
        The first bin, of those that are drawn.
    sums, errors, counts
        Shape (n,): the sum of the bins used, its standard deviation (None without errors), how many were used.
    """

    first: int
    sums: Numbers
    errors: Numbers | None
    counts: Numbers


@dataclass(frozen=True, eq=False)
class Measured:
    """What a region holds.

    Attributes
    ----------
    total, error
        Sum of the bins used; the error is None where the data have none.
    mean
        Of the bins used; NaN without any.
    bins
        How many are used.
    left_out
        How many lie in the region and are masked or not finite.
    x, y
        Profiles along the two axes.
    """

    total: float
    error: float | None
    mean: float
    bins: int
    left_out: int
    largest: float
    x: Profile
    y: Profile


def measure(plane: Plane, shape: Shape) -> Measured:
    """Add up what lies in a region, a block of rows at a time."""
    (left, right), (low, high) = shape.bounds()
    columns, rows = _range(plane.x, left, right), _range(plane.y, low, high)
    sums = _Sums(plane, rows, columns)
    for start, stop in _blocks(rows, columns[1] - columns[0]):
        where = slice(start, stop), slice(*columns)
        sums.add(where, _inside(plane, shape, where))
    return sums.measured()


class _Sums:
    """Adds up blocks of rows, along both axes at once."""

    def __init__(self, plane: Plane, rows: tuple[int, int], columns: tuple[int, int]) -> None:
        self.plane, self.rows, self.columns = plane, rows, columns
        wide, tall = columns[1] - columns[0], rows[1] - rows[0]
        self.across = [np.zeros(wide) for _ in range(3)]
        self.along = [np.zeros(tall) for _ in range(3)]
        self.left_out, self.largest, self.plain = 0, -np.inf, 0.0

    def add(self, where: tuple[slice, slice], inside: Mask | None) -> None:
        """Add the bins of some rows that lie `inside`, or all."""
        plane = self.plane
        values, used = np.asarray(plane.values[where]), plane.usable(*where)
        within = int(used.size if inside is None else inside.sum())
        if inside is not None:
            used &= inside
        self.left_out += within - int(used.sum())
        counted = np.where(used, values, 0).astype(np.float64, copy=False)
        self.plain += float(counted.sum())
        wide, tall = _widths(plane, "x", where), _widths(plane, "y", where)
        squared = None
        if plane.errors is not None:
            squared = np.square(np.where(used, plane.errors[where], 0), dtype=np.float64)
        place = slice(where[0].start - self.rows[0], where[0].stop - self.rows[0])
        for number, (part, power) in enumerate(((counted, 1), (squared, 2), (used, 0))):
            if part is not None:
                self.across[number] += (part * tall**power).sum(axis=0)
                self.along[number][place] += (part * wide**power).sum(axis=1)
        if used.any():
            self.largest = max(self.largest, float(values[used].max()))

    def measured(self) -> Measured:
        """Return what was found."""
        bins = int(self.along[2].sum())
        has_errors = self.plane.errors is not None
        totals = self.across if self.plane.density_along == "y" else self.along
        return Measured(
            float(totals[0].sum()),
            float(np.sqrt(totals[1].sum())) if has_errors else None,
            self.plain / bins if bins else float("nan"),
            bins,
            self.left_out,
            self.largest if np.isfinite(self.largest) else float("nan"),
            self._profile(self.columns[0], self.across),
            self._profile(self.rows[0], self.along),
        )

    def _profile(self, first: int, sums: list[Numbers]) -> Profile:
        errors = np.sqrt(sums[1]) if self.plane.errors is not None else None
        return Profile(first, sums[0], errors, sums[2])


def _widths(plane: Plane, along: str, where: tuple[slice, slice]) -> Numbers:
    """Return the widths that densities are multiplied with, in the shape of bins along y and x; 1 for all else."""
    if plane.density_along != along:
        return np.ones((1, 1))
    rows, columns = where
    places = plane.x if along == "x" else plane.y
    widths = np.diff(places.edges)
    if along == "x":
        return widths[rows][:, columns] if places.own_rows else widths[np.newaxis, columns]
    return widths[columns][:, rows].T if places.own_rows else widths[rows, np.newaxis]


def bins_within(plane: Plane, shape: Shape) -> Mask:
    """Return which bins of a plane belong to a region, as they are drawn; shape (bins along y, bins along x)."""
    found = np.zeros(plane.values.shape, dtype=np.bool_)
    (left, right), (low, high) = shape.bounds()
    columns = _range(plane.x, left, right)
    for start, stop in _blocks(_range(plane.y, low, high), columns[1] - columns[0]):
        where = slice(start, stop), slice(*columns)
        inside = _inside(plane, shape, where)
        found[where] = True if inside is None else inside
    return found


def _range(places: Places, low: float, high: float) -> tuple[int, int]:
    """Return the bins whose middles may lie in a range; all where each row has its own."""
    if places.own_rows:
        return 0, places.size
    middles = (places.edges[1:] + places.edges[:-1]) / 2
    first, last = bounds_in(places, low, high)
    first += int(np.searchsorted(middles[first:last], low, side="left"))
    last = first + int(np.searchsorted(middles[first:last], high, side="left"))
    return first, max(first, last)


def _inside(plane: Plane, shape: Shape, where: tuple[slice, slice]) -> Mask | None:
    """Return which of these bins lie in the shape; None for all of them."""
    if isinstance(shape, Rectangle) and not plane.rows_of:
        return None
    rows, columns = where
    with np.errstate(invalid="ignore"):
        if plane.rows_of == "x":
            x = _middles(plane.x.edges[rows])[:, columns]
        else:
            x = _middles(plane.x.edges)[columns][np.newaxis, :]
        if plane.rows_of == "y":
            y = _middles(plane.y.edges[columns])[:, rows].T
        else:
            y = _middles(plane.y.edges)[rows][:, np.newaxis]
        return shape.holds(x, y)


def _middles(edges: Numbers) -> Numbers:
    return (edges[..., 1:] + edges[..., :-1]) / 2


def _blocks(rows: tuple[int, int], wide: int) -> Iterator[tuple[int, int]]:
    step = max(1, BLOCK // max(1, wide))
    for start in range(rows[0], rows[1], step):
        yield start, min(start + step, rows[1])
