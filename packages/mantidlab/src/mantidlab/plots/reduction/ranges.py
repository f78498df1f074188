"""Sums of many spectra over one range, as an instrument view is coloured by them."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction.sums import finite_sum
from mantidlab.plots.reduction.working import Asked, never, share

Array: TypeAlias = NDArray[Any]
Progress: TypeAlias = Callable[[float], object]
"""Told which part of the work is done, from 0 to 1, in no particular thread."""

BLOCK = 64
"""Bins whose sums are kept, so that other ranges cost little: for float32, 3 % of the memory of the values."""
PIECE = 1 << 18
"""Values that are worked on at once: few enough to stay in the processor's cache."""


def _silent(done: float) -> None:
    """Tell nobody."""


class RangeSums:
    """For each of many spectra the sum of its values in a range, missing ones (NaN, infinite, masked) left out.

    The first sum reads all values and keeps the sums of blocks of bins; further ranges are put together from these and
    the bins at both ends.

    Parameters
    ----------
    values
        Shape (spectra, bins), of any real type; may be memory-mapped or a view.
    mask
        Of a shape that broadcasts to that, True for what is missing.

    Raises
    ------
    WrongArgument
        The values have no two dimensions, or the mask does not fit.
    """

    def __init__(self, values: Array, mask: Any = None) -> None:
        if values.ndim != 2:
            raise WrongArgument(f"Spectra are wanted, of shape (spectra, bins); this has shape {values.shape}.")
        self._values = values
        self._mask = None if mask is None else np.broadcast_to(np.asarray(mask, dtype=bool), values.shape)
        self._kept: Array | None = None

    def between(self, start: int, stop: int, *, cancelled: Asked = never, progress: Progress = _silent) -> Array:
        """Return for each spectrum the sum of bins `start` to `stop` − 1, shape (spectra,), float64.

        Raises
        ------
        Cancelled
            `cancelled` said so.
        """
        bins = self._values.shape[1]
        start = min(max(start, 0), bins)
        stop = min(max(stop, start), bins)
        first, last = -(-start // BLOCK), stop // BLOCK
        if last - first < 2:
            return self._added(start, stop, cancelled, progress)
        blocks = self._blocks(cancelled, progress)
        total = np.add.reduce(blocks[:, first:last], axis=1)
        total += self._added(start, first * BLOCK, cancelled, _silent)
        total += self._added(last * BLOCK, stop, cancelled, _silent)
        progress(1.0)
        return np.asarray(total)

    def over(
        self,
        edges: Array,
        low: float,
        high: float,
        *,
        cancelled: Asked = never,
        progress: Progress = _silent,
    ) -> Array:
        """Return for each spectrum the sum from position `low` to `high`, shape (spectra,), float64.

        A bin that is cut counts with the part of its width that is inside, as if its counts were spread evenly; so the
        sums of neighbouring ranges add up.

        Parameters
        ----------
        edges
            Of the bins, the same for all spectra, rising or falling, shape (bins + 1,).

        Raises
        ------
        WrongArgument
            The edges do not fit the bins, or neither rise nor fall.
        Cancelled
            `cancelled` said so.
        """
        share_of_bin = inside(edges, low, high)
        if share_of_bin.size != self._values.shape[1]:
            raise WrongArgument(f"{edges.size} edges do not belong to {self._values.shape[1]} bins.")
        touched = np.flatnonzero(share_of_bin > 0)
        if touched.size == 0:
            return np.zeros(self._values.shape[0])
        start, stop = int(touched[0]), int(touched[-1]) + 1
        whole = [start + int(share_of_bin[start] < 1), stop - int(share_of_bin[stop - 1] < 1)]
        total = np.zeros(self._values.shape[0])
        if whole[0] < whole[1]:
            total += self.between(whole[0], whole[1], cancelled=cancelled, progress=progress)
        for cut in {start, stop - 1} - set(range(*whole)):
            total += share_of_bin[cut] * self._added(cut, cut + 1, cancelled, _silent)
        return total

    def _blocks(self, cancelled: Asked, progress: Progress) -> Array:
        if self._kept is None:
            spectra, bins = self._values.shape
            blocks = np.empty((spectra, bins // BLOCK))
            whole = slice(0, bins // BLOCK * BLOCK)

            def fill(rows: slice) -> None:
                shape = (-1, bins // BLOCK, BLOCK)
                mask = None if self._mask is None else self._mask[rows, whole].reshape(shape)
                blocks[rows] = finite_sum(self._values[rows, whole].reshape(shape), mask, 2)
                progress(rows.stop / spectra)

            share(fill, self._pieces(bins), cancelled=cancelled)
            self._kept = blocks
        return self._kept

    def _added(self, start: int, stop: int, cancelled: Asked, progress: Progress) -> Array:
        spectra = self._values.shape[0]
        total = np.zeros(spectra)
        if start >= stop:
            return total

        def fill(rows: slice) -> None:
            mask = None if self._mask is None else self._mask[rows, start:stop]
            total[rows] = finite_sum(self._values[rows, start:stop], mask, 1)
            progress(rows.stop / spectra)

        share(fill, self._pieces(stop - start), cancelled=cancelled)
        return total

    def _pieces(self, width: int) -> list[slice]:
        spectra = self._values.shape[0]
        height = max(1, PIECE // max(1, width))
        return [slice(first, min(first + height, spectra)) for first in range(0, spectra, height)]


def inside(edges: Array, low: float, high: float) -> Array:
    """Return which part of the width of each bin lies between two positions: (bins + 1,) → (bins,), from 0 to 1.

    A bin without width counts wholly if it lies within. A bin with an edge that is not finite counts nothing.

    Raises
    ------
    WrongArgument
        The finite edges neither rise nor fall.
    """
    found = np.asarray(edges, dtype=np.float64)
    width = np.diff(found)
    known = width[np.isfinite(width)]
    if known.size and (known.max() > 0) and (known.min() < 0):
        raise WrongArgument("The edges of bins neither rise nor fall, so a range of positions is not a range of bins.")
    left, right = np.minimum(found[:-1], found[1:]), np.maximum(found[:-1], found[1:])
    with np.errstate(invalid="ignore"):
        overlap = np.minimum(right, high) - np.maximum(left, low)
        part = np.divide(overlap, right - left, out=np.zeros_like(overlap), where=right > left)
    part = np.where(right == left, ((left >= low) & (left <= high)).astype(np.float64), part)
    return np.where(np.isfinite(left) & np.isfinite(right), np.clip(part, 0.0, 1.0), 0.0)
