"""The two dimensions that are shown, of data with more: a plane through them, or a slab that is added up."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.slices.axes import Places
from mantidlab.plots.slices.source import Source

BLOCK = 2**22
"""Values that are added up at a time: 32 MB of double precision."""

COUNTS = ("counts", "count", "events")


@dataclass(frozen=True)
class Cut:
    """Which plane of the data.

    Attributes
    ----------
    x, y
        Numbers of the dimensions shown.
    at
        For each dimension the range of its bins [first, last) that is taken, as the data count them; of `x` and `y`
        all.
    over
        What is made of several planes: ``sum``, ``mean`` or ``max``.
    """

    x: int
    y: int
    at: tuple[tuple[int, int], ...]
    over: str = "sum"

    @property
    def hidden(self) -> tuple[int, ...]:
        """The dimensions that are not shown."""
        return tuple(number for number in range(len(self.at)) if number not in (self.x, self.y))


@dataclass(frozen=True, eq=False)
class Plane:
    """Values to be drawn: row r, column c in the order in which they are drawn, low positions first.

    Attributes
    ----------
    values, errors, mask
        Shape (bins along y, bins along x); errors and mask None where there are none.
    density_along
        ``x`` or ``y`` if the values are divided by the widths of the bins along that axis, so that they are added up
        along it times these widths; empty else.
    """

    x: Places
    y: Places
    values: Numbers
    errors: Numbers | None
    mask: Mask | None
    unit: str = ""
    label: str = ""
    density_along: str = ""

    @cached_property
    def rows_of(self) -> str:
        """Along which axis the rows have positions of their own: ``x``, ``y``, or none."""
        return "x" if self.x.own_rows else "y" if self.y.own_rows else ""

    def usable(self, rows: slice = slice(None), columns: slice = slice(None)) -> Mask:
        """Return which bins are finite and not masked."""
        good = np.isfinite(self.values[rows, columns])
        if self.mask is not None:
            good &= ~self.mask[rows, columns]
        return good


def default_over(source: Source) -> str:
    """Return what is made of several planes if nobody says: counts are added up, of all else the mean is taken."""
    return "sum" if source.image.unit in COUNTS else "mean"


def plane_of(source: Source, cut: Cut) -> Plane:
    """Take a plane out of the data: a view of one, new values of several.

    Raises
    ------
    WrongArgument
        Several planes are asked for whose rows have different positions.
    """
    image = source.image
    x, y = _places(source, cut, cut.x), _places(source, cut, cut.y)
    if all(cut.at[number][1] - cut.at[number][0] == 1 for number in cut.hidden):
        taken = (_one(part, cut) for part in (image.values, image.errors, image.mask))
        values, errors, mask = taken
    else:
        values, errors, mask = _several(source, cut)
    flip = (slice(None, None, -1 if y.backward else 1), slice(None, None, -1 if x.backward else 1))
    return Plane(
        x,
        y,
        np.asarray(values)[flip],
        None if errors is None else errors[flip],
        None if mask is None else mask[flip],
        image.unit,
        image.label,
        _density(source, cut),
    )


def _density(source: Source, cut: Cut) -> str:
    last = source.image.values.ndim - 1
    if not source.image.distribution:
        return ""
    return "x" if cut.x == last else "y" if cut.y == last else ""


def _places(source: Source, cut: Cut, number: int) -> Places:
    """Return the positions along a dimension shown; those of rows for the rows shown, low ones of the other first."""
    places = source.places[number]
    if not places.own_rows:
        return places
    other = cut.y if number == cut.x else cut.x
    index: list[Any] = [0] * (places.edges.ndim - 1)
    for place in cut.hidden:
        first, last = cut.at[place]
        if last - first > 1:
            raise WrongArgument(
                f"The rows have positions of their own along {places.label}, so planes cannot be added up; take one."
            )
        index[place] = first
    index[other] = slice(None, None, -1 if source.places[other].backward else 1)
    edges = places.edges[tuple(index)]
    return Places(places.name, places.label, places.unit, edges, places.backward, places.names, places.remark)


def _one(array: NDArray[Any] | None, cut: Cut) -> NDArray[Any] | None:
    if array is None:
        return None
    index = tuple(slice(None) if number in (cut.x, cut.y) else cut.at[number][0] for number in range(array.ndim))
    plane = array[index]
    return plane.T if cut.x < cut.y else plane


def _several(source: Source, cut: Cut) -> tuple[Numbers, Numbers | None, Mask | None]:
    """Combine planes, a block of rows at a time; what is masked or not finite is left out, or masked if it is all."""
    image = source.image
    order = (cut.y, cut.x, *cut.hidden)
    within = tuple(slice(*cut.at[number]) for number in range(image.values.ndim))
    values = image.values[within].transpose(order)
    errors = None if image.errors is None else image.errors[within].transpose(order)
    mask = None if image.mask is None else image.mask[within].transpose(order)
    found = np.empty(values.shape[:2])
    spread = None if errors is None or cut.over == "max" else np.empty(values.shape[:2])
    hidden = None if mask is None else np.zeros(values.shape[:2], dtype=np.bool_)
    widths = _widths(source, cut)
    step = max(1, BLOCK // max(1, values[:1].size))
    for first in range(0, len(values), step):
        rows = slice(first, first + step)
        good = np.isfinite(values[rows])
        if mask is not None and hidden is not None:
            hidden[rows] = mask[rows].reshape(*good.shape[:2], -1).all(axis=-1)
            good &= ~mask[rows]
        found[rows], count = _combined(values[rows] * widths, good, cut.over)
        if errors is not None and spread is not None:
            spread[rows] = _error(errors[rows] * widths, good, count, cut.over)
    return found, spread, hidden if hidden is not None and hidden.any() else None


def _widths(source: Source, cut: Cut) -> Any:
    """Return what densities are multiplied with when they are added up along a hidden dimension; 1 for all else."""
    last = source.image.values.ndim - 1
    places = source.places[last]
    if not (source.image.distribution and cut.over == "sum" and last in cut.hidden) or places.own_rows:
        return 1
    widths = np.diff(places.edges)[:: -1 if places.backward else 1][slice(*cut.at[last])]
    return widths.reshape([-1 if number == last else 1 for number in (cut.y, cut.x, *cut.hidden)])


def _combined(values: Numbers, good: Mask, over: str) -> tuple[Numbers, NDArray[np.int64]]:
    axes = tuple(range(2, values.ndim))
    count = good.sum(axis=axes)
    if over == "max":
        best = np.max(values.astype(np.float64, copy=False), axis=axes, where=good, initial=-np.inf)
        return np.where(count > 0, best, np.nan), count
    total = np.sum(values, axis=axes, where=good, dtype=np.float64)
    if over == "mean":
        return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0), count
    return np.where(count > 0, total, np.nan), count


def _error(errors: Numbers, good: Mask, count: NDArray[np.int64], over: str) -> Numbers:
    axes = tuple(range(2, errors.ndim))
    total = np.sqrt(np.sum(np.square(errors, dtype=np.float64), axis=axes, where=good))
    return total / np.maximum(count, 1) if over == "mean" else total
