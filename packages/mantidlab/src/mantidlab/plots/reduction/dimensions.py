"""From n dimensions to the two of a picture: others are looked at in one place, or summed over a range."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction.sums import finite_count, finite_sum
from mantidlab.plots.reduction.working import Asked, never, share

Array: TypeAlias = NDArray[Any]

PIECE = 1 << 20
"""Values that are worked on at once."""


@dataclass(frozen=True, eq=False)
class Plane:
    """A two-dimensional part of n-dimensional data.

    Attributes
    ----------
    values
        Shape (rows, columns): a view of the data, or sums in float64 with NaN where every value is missing.
    mask
        Shape (rows, columns), or None. For sums None: they leave out what is masked.
    summed
        How many values were added up for each at most: 1 for a view.
    """

    values: Array
    mask: Array | None
    summed: int


def plane(
    values: Array,
    shown: tuple[int, int],
    others: Mapping[int, int | tuple[int, int]],
    *,
    mask: Array | None = None,
    cancelled: Asked = never,
) -> Plane:
    """Return what a picture of two dimensions shows.

    Parameters
    ----------
    values
        Shape (n₀, n₁, …).
    shown
        Which dimension goes down (rows) and which across (columns).
    others
        For every other dimension an index, or a range (start, stop) to be summed over.
    mask
        Of a shape that broadcasts to that of the values, True for what is missing.

    Raises
    ------
    WrongArgument
        A dimension is neither shown nor has a place, or a place lies outside the data.
    Cancelled
        `cancelled` said so.
    """
    if sorted([*shown, *others]) != list(range(values.ndim)):
        raise WrongArgument(f"Of {values.ndim} dimensions, {shown} are shown and {sorted(others)} have a place.")
    index: list[Any] = [slice(None)] * values.ndim
    for dimension, place in others.items():
        start, stop = place if isinstance(place, tuple) else (place, place + 1)
        if not 0 <= start < stop <= values.shape[dimension]:
            raise WrongArgument(
                f"Dimension {dimension} has {values.shape[dimension]} bins, none from {start} to {stop - 1}."
            )
        index[dimension] = slice(start, stop)
    order = (*shown, *others)
    part = values[tuple(index)].transpose(order)
    covered = None if mask is None else np.broadcast_to(mask, values.shape)[tuple(index)].transpose(order)
    summed = int(np.prod(part.shape[2:], dtype=np.int64))
    if summed == 1:
        flat = (..., *[0] * (values.ndim - 2))
        return Plane(part[flat], None if covered is None else covered[flat], 1)
    return Plane(_added(part, covered, cancelled), None, summed)


def _added(part: Array, mask: Array | None, cancelled: Asked) -> Array:
    """Sum over all dimensions but the first two, some rows at a time."""
    out = np.empty(part.shape[:2])
    axes = tuple(range(2, part.ndim))
    each = max(1, int(np.prod(part.shape[1:], dtype=np.int64)))
    height = max(1, PIECE // each)

    def fill(first: int) -> None:
        rows = slice(first, first + height)
        covered = None if mask is None else mask[rows]
        total = finite_sum(part[rows], covered, axes)
        if covered is not None or part.dtype.kind == "f":
            total[finite_count(part[rows], covered, axes) == 0] = np.nan
        out[rows] = total

    share(fill, range(0, part.shape[0], height), cancelled=cancelled)
    return out
