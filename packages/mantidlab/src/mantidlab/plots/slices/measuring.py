"""What a region holds: its sum, and its profile along a dimension, with errors."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

import numpy as np

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.reduction.working import share
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
    sums, errors
        Shape (n,): the sum of the bins used, and its standard deviation (None without errors).
    weights
        Shape (n,): how many bins were used; of densities the sum of their widths. Sums divided by it are means.
    """

    first: int
    sums: Numbers
    errors: Numbers | None
    weights: Numbers


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

    def add(block: tuple[int, int]) -> None:
        where = slice(*block), slice(*columns)
        sums.add(where, _inside(plane, shape, where))

    share(add, _blocks(rows, columns[1] - columns[0]))
    return sums.measured()


class _Sums:
    """Adds up blocks of rows, along both axes at once."""

    def __init__(self, plane: Plane, rows: tuple[int, int], columns: tuple[int, int]) -> None:
        self.plane, self.rows, self.columns = plane, rows, columns
        wide, tall = columns[1] - columns[0], rows[1] - rows[0]
        self.across = [np.zeros(wide) for _ in range(3)]
        self.along = [np.zeros(tall) for _ in range(3)]
        self.bins, self.left_out, self.largest, self.plain = 0, 0, -np.inf, 0.0
        self._adding = Lock()

    def add(self, where: tuple[slice, slice], inside: Mask | None) -> None:
        """Add the bins of some rows that lie `inside`, or all; from several threads."""
        if inside is not None or not self._add_plain(where):
            self._add_each(where, inside)

    def _add_plain(self, where: tuple[slice, slice]) -> bool:
        """Add whole rows without errors and masks, several times quicker, if all their values are finite."""
        plane = self.plane
        if plane.errors is not None or plane.mask is not None or plane.density_along:
            return False
        values = np.asarray(plane.values[where])
        along = np.add.reduce(values, axis=1, dtype=np.float64)
        if not values.size or not np.isfinite(along).all():
            return False
        across = np.add.reduce(values, axis=0, dtype=np.float64)
        place, largest = self._place(where), float(values.max())
        with self._adding:
            self.across[0] += across
            self.bins += values.size
            self.across[2] += values.shape[0]
            self.along[0][place] += along
            self.along[2][place] += values.shape[1]
            self.plain += float(along.sum())
            self.largest = max(self.largest, largest)
        return True

    def _add_each(self, where: tuple[slice, slice], inside: Mask | None) -> None:
        plane = self.plane
        values, used = np.asarray(plane.values[where]), plane.usable(*where)
        within = int(used.size if inside is None else inside.sum())
        if inside is not None:
            used &= inside
        counted = np.where(used, values, 0).astype(np.float64, copy=False)
        wide, tall = _widths(plane, "x", where), _widths(plane, "y", where)
        squared = None
        if plane.errors is not None:
            squared = np.square(np.where(used, plane.errors[where], 0), dtype=np.float64)
        sums = [
            None if part is None else ((part * tall**power).sum(axis=0), (part * wide**power).sum(axis=1))
            for part, power in ((counted, 1), (squared, 2), (used, 1))
        ]
        largest = float(values[used].max()) if used.any() else -np.inf
        with self._adding:
            self.bins += int(used.sum())
            self.left_out += within - int(used.sum())
            self.plain += float(counted.sum())
            self.largest = max(self.largest, largest)
            for number, found in enumerate(sums):
                if found is not None:
                    self.across[number] += found[0]
                    self.along[number][self._place(where)] += found[1]

    def _place(self, where: tuple[slice, slice]) -> slice:
        return slice(where[0].start - self.rows[0], where[0].stop - self.rows[0])

    def measured(self) -> Measured:
        """Return what was found."""
        has_errors = self.plane.errors is not None
        totals = self.across if self.plane.density_along == "y" else self.along
        return Measured(
            float(totals[0].sum()),
            float(np.sqrt(totals[1].sum())) if has_errors else None,
            self.plain / self.bins if self.bins else float("nan"),
            self.bins,
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
