"""Sum, largest, smallest and number of the values in each cell; missing ones (NaN, infinite, masked) left out."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Cells:
    """What is known of cells, all arrays of one shape.

    Attributes
    ----------
    sum
        float64; 0 where a cell has no value.
    largest, smallest
        Of the values' own type, float64 if they are not floating-point; −∞ and +∞ where a cell has no value.
    count
        Values that are not missing, unsigned.
    """

    sum: Array
    largest: Array
    smallest: Array
    count: Array

    @classmethod
    def empty(cls, shape: tuple[int, ...], values: np.dtype[Any], most: int) -> "Cells":
        """Make room for cells of at most so many values each."""
        extreme = extreme_type(values)
        counted = np.min_scalar_type(most)
        return cls(np.empty(shape), np.empty(shape, extreme), np.empty(shape, extreme), np.empty(shape, counted))

    def put(self, where: Any, cells: "Cells") -> None:
        """Write cells into a part of these."""
        self.sum[where] = cells.sum
        self.largest[where] = cells.largest
        self.smallest[where] = cells.smallest
        self.count[where] = cells.count

    def rows(self, chosen: slice) -> "Cells":
        """Return some rows, without copying."""
        return Cells(self.sum[chosen], self.largest[chosen], self.smallest[chosen], self.count[chosen])

    @property
    def bytes(self) -> int:
        """Memory that they take."""
        return sum(int(array.nbytes) for array in (self.sum, self.largest, self.smallest, self.count))


def extreme_type(values: np.dtype[Any]) -> np.dtype[Any]:
    """Return the type in which the largest and smallest of values are kept."""
    return np.dtype(np.float32) if values in (np.float32, np.float16) else np.dtype(np.float64)


def of_values(values: Array, mask: Array | None, axis: int) -> Cells:
    """Reduce values along one axis.

    Sums are added up in float64. As long as a sum is finite, so was every value: only where it is not are values looked
    at one by one, which takes ten times as long.

    Parameters
    ----------
    values
        Of any real type.
    mask
        Of the same shape, True for what is missing, or None.
    """
    if mask is not None and mask.any():
        values = np.where(mask, np.nan, values)
    if values.dtype.kind != "f":
        values = values.astype(np.float64)
    kept = extreme_type(values.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        total = np.add.reduce(values, axis=axis, dtype=np.float64)
        found = Cells(
            total,
            np.fmax.reduce(values, axis=axis, initial=-np.inf).astype(kept, copy=False),
            np.fmin.reduce(values, axis=axis, initial=np.inf).astype(kept, copy=False),
            np.full(total.shape, values.shape[axis], np.int64),
        )
        broken = ~np.isfinite(total)
        if broken.any():
            _mend(found, np.moveaxis(values, axis, 0), broken)
    return found


def _mend(found: Cells, values: Array, broken: Array) -> None:
    """Work out cells with missing values; `values` has the axis that is reduced in front."""
    one_by_one = values[:, broken]
    usable = np.isfinite(one_by_one)
    found.sum[broken] = np.where(usable, one_by_one, 0).sum(axis=0, dtype=np.float64)
    found.largest[broken] = np.where(usable, one_by_one, -np.inf).max(axis=0, initial=-np.inf)
    found.smallest[broken] = np.where(usable, one_by_one, np.inf).min(axis=0, initial=np.inf)
    found.count[broken] = usable.sum(axis=0)


def joined(cells: Cells, axis: int) -> Cells:
    """Reduce cells along one axis to larger ones."""
    return Cells(
        np.add.reduce(cells.sum, axis=axis),
        np.maximum.reduce(cells.largest, axis=axis, initial=-np.inf),
        np.minimum.reduce(cells.smallest, axis=axis, initial=np.inf),
        np.add.reduce(cells.count, axis=axis, dtype=np.int64),
    )


def columns_joined(cells: Cells, start: Array, stop: Array) -> Cells:
    """Reduce columns ``start[p]`` to ``stop[p] − 1`` to column p: (rows, n) → (rows, pixels); ranges may overlap."""
    if cells.sum.shape[1] and np.array_equal(stop - start, np.ones_like(start)):
        taken = slice(int(start[0]), int(stop[-1])) if _consecutive(start) else start
        return Cells(cells.sum[:, taken], cells.largest[:, taken], cells.smallest[:, taken], cells.count[:, taken])
    return Cells(
        _ranges(np.add, cells.sum, start, stop, 0),
        _ranges(np.maximum, cells.largest, start, stop, -np.inf),
        _ranges(np.minimum, cells.smallest, start, stop, np.inf),
        _ranges(np.add, cells.count.astype(np.int64), start, stop, 0),
    )


def _consecutive(start: Array) -> bool:
    return bool((np.diff(start) == 1).all())


def _ranges(pick: np.ufunc, array: Array, start: Array, stop: Array, neutral: float) -> Array:
    out = np.full((array.shape[0], start.size), neutral, array.dtype)
    filled = np.flatnonzero(stop > start)
    if filled.size == 0 or array.shape[0] == 0:
        return out
    start, stop = start[filled], stop[filled]
    low, high = int(start.min()), int(stop.max())
    window = array[:, low:high]
    start, stop = start - low, stop - low
    if bool((start[1:] == stop[:-1]).all()):  # one after the other, as nearly always
        out[:, filled] = pick.reduceat(window, start, axis=1)
        return out
    # `reduceat` reads pairs: start, stop, start, stop …; one more column, so that a range may end with the last.
    padded = np.concatenate([window, np.full((window.shape[0], 1), neutral, window.dtype)], axis=1)
    out[:, filled] = pick.reduceat(padded, np.stack([start, stop], axis=1).ravel(), axis=1)[:, ::2]
    return out
