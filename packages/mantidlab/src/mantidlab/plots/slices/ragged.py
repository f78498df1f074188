"""Planes whose rows have positions of their own: each row is drawn at its own places, pixel by pixel.

Such rows have no common bins, so the picture is made of the pixels themselves. A bin that is wider than a pixel is seen
in each pixel that it covers; a pixel over several bins stands for all of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.reduction.working import share
from mantidlab.plots.slices.groups import Groups


@dataclass(frozen=True, eq=False)
class Pixels:
    """What pixels hold, arrays of shape (groups of rows, pixels); sum and largest NaN where the count is 0.

    Attributes
    ----------
    sum, largest, count
        Of the bins that touch a pixel and are finite and not masked.
    masked
        Whether a masked bin touches the pixel.
    """

    sum: Numbers
    largest: Numbers
    count: NDArray[np.int64]
    masked: Mask


def drawn_rows(values: Numbers, mask: Mask | None, edges: Numbers, boundaries: Numbers, groups: Groups) -> Pixels:
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
    shape = (groups.size, len(boundaries) - 1)
    found = Pixels(np.zeros(shape), np.full(shape, -np.inf), np.zeros(shape, np.int64), np.zeros(shape, dtype=np.bool_))

    def fill(number: int) -> None:
        for row in range(int(groups.starts[number]), int(groups.starts[number + 1])):
            _add(found, number, values[row], None if mask is None else mask[row], _touched(edges[row], boundaries))

    share(fill, range(groups.size))
    nothing = found.count == 0
    found.sum[nothing] = found.largest[nothing] = np.nan
    return found


Touched = tuple[slice, NDArray[np.intp], NDArray[np.intp]]


def _touched(edges: Numbers, boundaries: Numbers) -> Touched | None:
    """Return the bins of a row that have a place, and of these the first and the one after the last in each pixel."""
    finite = np.flatnonzero(np.isfinite(edges))
    if len(finite) < 2:
        return None
    bins = slice(int(finite[0]), int(finite[-1]))
    inner = edges[bins.start : bins.stop + 1]
    if not (np.diff(inner) > 0).all():
        return None  # in no order, so that nobody knows where its bins are
    start = np.searchsorted(inner, boundaries[:-1], side="right") - 1
    stop = np.searchsorted(inner, boundaries[1:], side="left")
    return bins, np.maximum(start, 0), np.minimum(stop, bins.stop - bins.start)


def _add(found: Pixels, number: int, values: Numbers, mask: Mask | None, touched: Touched | None) -> None:
    """Add one row to a row of pixels."""
    if touched is None:
        return
    bins, start, stop = touched
    there = np.flatnonzero(stop > start)
    if not there.size:
        return
    row = np.asarray(values[bins], dtype=np.float64)
    usable = np.isfinite(row)
    if mask is not None:
        found.masked[number, there] |= _over(np.logical_or, mask[bins], start[there], stop[there], False)
        usable &= ~mask[bins]
    found.sum[number, there] += _over(np.add, np.where(usable, row, 0.0), start[there], stop[there], 0.0)
    found.count[number, there] += _over(np.add, usable.astype(np.int64), start[there], stop[there], 0)
    largest = _over(np.maximum, np.where(usable, row, -np.inf), start[there], stop[there], -np.inf)
    found.largest[number, there] = np.maximum(found.largest[number, there], largest)


def _over(
    pick: np.ufunc, row: NDArray[np.generic], start: NDArray[np.intp], stop: NDArray[np.intp], neutral: float
) -> Numbers:
    """Reduce ``row[start[i]:stop[i]]`` for each i; the ranges may overlap and none is empty."""
    # `reduceat` reads pairs: start, stop, start, stop …; one more value, so that a range may end with the last.
    padded = np.append(row, np.array(neutral, dtype=row.dtype))
    found: Numbers = pick.reduceat(padded, np.stack([start, stop], axis=1).ravel())[::2]
    return found
