"""Planes whose rows have positions of their own: each row is drawn at its own places, pixel by pixel.

Such rows have no common bins, so the picture is made of the pixels themselves. A bin that is wider than a pixel is seen
in each pixel that it covers; a pixel over several bins stands for all of them.
"""

import numpy as np

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.reduction.cells import Cells, columns_joined, extreme_type, joined, of_values
from mantidlab.plots.reduction.working import share
from mantidlab.plots.slices.groups import Groups


def drawn_rows(
    values: Numbers,
    mask: Mask | None,
    edges: Numbers,
    boundaries: Numbers,
    groups: Groups,
) -> Cells:
    """Return what each pixel holds.

    Parameters
    ----------
    values, mask
        Shape (rows, bins).
    edges
        Of the bins of each row, rising, shape (rows, bins + 1); NaN at an end where a row has fewer bins.
    boundaries
        Positions between pixels, rising, shape (pixels + 1,).
    groups
        Which rows belong to one row of pixels.
    """
    out = Cells.empty((groups.size, len(boundaries) - 1), values.dtype, 2**31)

    def fill(number: int) -> None:
        rows = [
            _row(values[row], None if mask is None else mask[row], edges[row], boundaries)
            for row in range(int(groups.starts[number]), int(groups.starts[number + 1]))
        ]
        stacked = Cells(*(np.concatenate([getattr(row, name) for row in rows]) for name in _NAMES))
        out.put(number, joined(stacked, axis=0))

    share(fill, range(groups.size))
    missing = out.count == 0
    for array in (out.sum, out.largest, out.smallest):
        array[missing] = np.nan
    return out


_NAMES = ("sum", "largest", "smallest", "count")


def _row(values: Numbers, mask: Mask | None, edges: Numbers, boundaries: Numbers) -> Cells:
    """Reduce one row to pixels, shape (1, pixels)."""
    finite = np.flatnonzero(np.isfinite(edges))
    pixels = len(boundaries) - 1
    if len(finite) < 2:
        return _nothing(values, pixels)
    first, last = int(finite[0]), int(finite[-1])
    inner = edges[first : last + 1]
    if not (np.diff(inner) > 0).all():
        return _nothing(values, pixels)
    cells = of_values(values[np.newaxis, np.newaxis, first:last], _lifted(mask, first, last), axis=0)
    start = np.searchsorted(inner, boundaries[:-1], side="right") - 1
    stop = np.searchsorted(inner, boundaries[1:], side="left")
    beside = (stop <= 0) | (start >= last - first)
    start, stop = np.clip(start, 0, None), np.clip(stop, None, last - first)
    return columns_joined(cells, np.where(beside, 0, start), np.where(beside, 0, stop))


def _lifted(mask: Mask | None, first: int, last: int) -> Mask | None:
    return None if mask is None else mask[np.newaxis, np.newaxis, first:last]


def _nothing(values: Numbers, pixels: int) -> Cells:
    kind = extreme_type(values.dtype)
    shape = (1, pixels)
    return Cells(np.zeros(shape), np.full(shape, -np.inf, kind), np.full(shape, np.inf, kind), np.zeros(shape, np.int64))
