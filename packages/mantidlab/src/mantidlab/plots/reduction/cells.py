"""Sum, largest, smallest and number of the values in each cell; missing ones (NaN, infinite, masked) left out."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.reduction.groups import Groups, along_columns

Array: TypeAlias = NDArray[Any]

NARROW = 512
"""Columns; with fewer, many rows of cells are worked out in one call instead of one by one."""


@dataclass(frozen=True, eq=False)
class Cells:
    """What is known of cells, all arrays of shape (rows, columns).

    Attributes
    ----------
    sum
        float64; 0 where a cell has no value.
    largest, smallest
        Of the values' own type, float64 if they are not floating-point; −∞ and +∞ where a cell has no value.
    count
        Values that are not missing, unsigned; None where none is missing, so that the size of the cells says it.
    """

    sum: Array
    largest: Array
    smallest: Array
    count: Array | None

    @classmethod
    def empty(cls, shape: tuple[int, int], values: np.dtype[Any], most: int) -> "Cells":
        """Make room for cells of at most so many values each."""
        kept, counted = extreme_type(values), np.min_scalar_type(most)
        return cls(np.empty(shape), np.empty(shape, kept), np.empty(shape, kept), np.empty(shape, counted))

    def put(self, where: Any, cells: "Cells", full: Array) -> None:
        """Write cells into a part of these; `full` is the number of values in each if none is missing."""
        self.sum[where] = cells.sum
        self.largest[where] = cells.largest
        self.smallest[where] = cells.smallest
        if self.count is not None:
            self.count[where] = full if cells.count is None else cells.count

    def part(self, where: Any) -> "Cells":
        """Return some of them."""
        count = None if self.count is None else self.count[where]
        return Cells(self.sum[where], self.largest[where], self.smallest[where], count)

    @property
    def bytes(self) -> int:
        """Memory that they take."""
        arrays = (self.sum, self.largest, self.smallest, self.count)
        return sum(int(array.nbytes) for array in arrays if array is not None)


def extreme_type(values: np.dtype[Any]) -> np.dtype[Any]:
    """Return the type in which the largest and smallest of values are kept."""
    return np.dtype(np.float32) if values in (np.float32, np.float16) else np.dtype(np.float64)


def rows_of_values(values: Array, mask: Array | None, groups: Groups) -> Cells:
    """Join groups of rows of values: (rows, columns) → (groups, columns).

    Sums are added up in float64. As long as a sum is finite, so was every value: only where it is not are values looked
    at one by one, which takes ten times as long.

    Parameters
    ----------
    values
        Of any real type.
    mask
        Of the same shape, True for what is missing, or None.
    """
    if values.shape[1] < NARROW and groups.even is not None:
        return _even_rows(values[groups.span], None if mask is None else mask[groups.span], groups.even)
    found = _nothing((groups.count, values.shape[1]), values.dtype)
    count = None
    for row, (start, stop) in enumerate(groups):
        if start == stop:
            continue
        group = _numbers(values[start:stop], None if mask is None else mask[start:stop])
        with np.errstate(invalid="ignore", over="ignore"):
            np.add.reduce(group, axis=0, dtype=np.float64, out=found.sum[row])
            np.fmax.reduce(group, axis=0, out=found.largest[row])
            np.fmin.reduce(group, axis=0, out=found.smallest[row])
        broken = ~np.isfinite(found.sum[row])
        if broken.any():
            count = groups.lengths[:, None].repeat(values.shape[1], axis=1) if count is None else count
            _mend(Cells(found.sum[row], found.largest[row], found.smallest[row], count[row]), group, broken)
    return Cells(found.sum, found.largest, found.smallest, count)


def _even_rows(values: Array, mask: Array | None, height: int) -> Cells:
    shape = (values.shape[0] // height, height, values.shape[1])
    group = _numbers(values.reshape(shape), None if mask is None else mask.reshape(shape))
    kept = extreme_type(group.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        total = np.add.reduce(group, axis=1, dtype=np.float64)
        largest = np.fmax.reduce(group, axis=1).astype(kept, copy=False)
        smallest = np.fmin.reduce(group, axis=1).astype(kept, copy=False)
    broken = ~np.isfinite(total)
    if not broken.any():
        return Cells(total, largest, smallest, None)
    found = Cells(total, largest, smallest, np.full(total.shape, height))
    _mend(found, np.moveaxis(group, 1, 0), broken)
    return found


def _numbers(values: Array, mask: Array | None) -> Array:
    """Return floating-point values with NaN for what is masked."""
    if mask is not None and mask.any():
        return np.where(mask, np.nan, values)
    return values if values.dtype.kind == "f" else values.astype(np.float64)


def _mend(found: Cells, values: Array, broken: Array) -> None:
    """Work out cells with missing values; `values` has the axis that is reduced in front."""
    looked_at = values.reshape(values.shape[0], -1) if broken.all() else values[:, broken]
    usable = np.isfinite(looked_at)
    found.sum[broken] = np.add.reduce(np.where(usable, looked_at, looked_at.dtype.type(0)), axis=0, dtype=np.float64)
    if found.count is not None:
        counted = np.min_scalar_type(values.shape[0])  # one byte for each is ten times as quick as eight
        found.count[broken] = np.add.reduce(usable.view(np.uint8), axis=0, dtype=counted)
    # NaN never wins, unless alone, but infinite values do.
    if not np.isfinite(found.largest[broken]).all():
        found.largest[broken] = np.where(usable, looked_at, -np.inf).max(axis=0)
    if not np.isfinite(found.smallest[broken]).all():
        found.smallest[broken] = np.where(usable, looked_at, np.inf).min(axis=0)


def rows_joined(cells: Cells, groups: Groups) -> Cells:
    """Join groups of rows of cells: (rows, columns) → (groups, columns)."""
    found = _nothing((groups.count, cells.sum.shape[1]), cells.largest.dtype)
    count = None if cells.count is None else np.zeros(found.sum.shape, np.int64)
    for row, (start, stop) in enumerate(groups):
        if start == stop:
            continue
        np.add.reduce(cells.sum[start:stop], axis=0, out=found.sum[row])
        np.maximum.reduce(cells.largest[start:stop], axis=0, out=found.largest[row])
        np.minimum.reduce(cells.smallest[start:stop], axis=0, out=found.smallest[row])
        if count is not None and cells.count is not None:
            np.add.reduce(cells.count[start:stop], axis=0, dtype=np.int64, out=count[row])
    return Cells(found.sum, found.largest, found.smallest, count)


def columns_joined(cells: Cells, groups: Groups) -> Cells:
    """Join groups of columns of cells: (rows, columns) → (rows, groups)."""
    return Cells(
        along_columns(np.add, cells.sum, groups, 0),
        along_columns(np.maximum, cells.largest, groups, -np.inf),
        along_columns(np.minimum, cells.smallest, groups, np.inf),
        None if cells.count is None else along_columns(np.add, cells.count.astype(np.int64), groups, 0),
    )


def _nothing(shape: tuple[int, int], values: np.dtype[Any]) -> Cells:
    kept = extreme_type(values)
    return Cells(np.zeros(shape), np.full(shape, -np.inf, kept), np.full(shape, np.inf, kept), None)
