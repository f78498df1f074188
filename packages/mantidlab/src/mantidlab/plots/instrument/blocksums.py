"""Sums over ranges of bins of many spectra, again and again, without reading all bins each time."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.reduction import RangeSums

WIDTH = 64
"""Bins in a block: a range then costs the blocks within it and two pieces of less than 64 bins at its ends."""

AT_A_TIME = 2**22
"""Values that are worked on at a time: 32 MB."""


SCANNED = 2 * 10**8
"""Most values that are looked through for what is no finite number, only to say so."""


class BlockSums:
    """Values of spectra × bins, and their sums over ranges of bins that are the same for all spectra or differ.

    The first are `RangeSums`. For the others, and for distributions, the sums of each 64 bins are kept here in the same
    way: only sums are added to sums, nothing is taken from one, so that a large value does not spoil ranges without it.
    What is masked or is no finite number counts as nothing.

    Parameters
    ----------
    values
        Shape (rows, bins); kept, not copied.
    mask
        Of the same shape; None where nothing is masked.
    widths
        By which values are multiplied before they are added, shape (bins,): those of a distribution. None for 1.
    """

    def __init__(self, values: Numbers, mask: Mask | None = None, widths: Numbers | None = None) -> None:
        self._values, self._mask, self._widths = values, mask, widths
        self._same = RangeSums(values, mask)
        self.rows, self.bins = values.shape
        self._step = max(1, AT_A_TIME // max(1, self.bins))

    @cached_property
    def left_out(self) -> int | None:
        """How many values count as nothing; None where they are too many to look at each."""
        if self._values.size > SCANNED:
            return None
        pieces = (slice(start, start + self._step) for start in range(0, self.rows, self._step))
        return sum(int(np.count_nonzero(self._bad(piece, self._values[piece]))) for piece in pieces)

    @cached_property
    def _blocks(self) -> Numbers:
        whole = self.bins // WIDTH
        blocks = np.zeros((self.rows, whole))
        for start in range(0, self.rows, self._step):
            some = slice(start, start + self._step)
            good = self.good(some, slice(0, whole * WIDTH))
            blocks[some] = good.reshape(len(good), whole, WIDTH).sum(axis=2)
        return blocks

    def within(self, first: int, last: int) -> Numbers:
        """Return the sums of bins `first` to `last` − 1 of all rows, shape (rows,)."""
        if self._widths is None:
            return np.asarray(self._same.between(first, last))
        return self.within_each(np.full(self.rows, first), np.full(self.rows, last))

    def within_each(self, first: NDArray[np.integer], last: NDArray[np.integer]) -> Numbers:
        """Return the sums of bins `first` to `last` − 1, which differ from row to row; all of shape (rows,)."""
        found = np.zeros(self.rows)
        lowest = np.clip(first, 0, self.bins)
        highest = np.maximum(np.clip(last, 0, self.bins), lowest)
        low, high = -(-lowest // WIDTH), np.minimum(highest // WIDTH, self._blocks.shape[1])
        numbers = np.arange(self._blocks.shape[1])
        for start in range(0, self.rows, self._step):
            some = slice(start, start + self._step)
            inside = (numbers >= low[some, None]) & (numbers < high[some, None])
            found[some] = np.where(inside, self._blocks[some], 0.0).sum(axis=1)
        split = low < high
        begin_stop = np.where(split, low * WIDTH, highest)
        found += self._pieces(lowest, begin_stop) + self._pieces(np.where(split, high * WIDTH, highest), highest)
        return found

    def total(self, rows: Mask | NDArray[np.integer]) -> Numbers:
        """Return the sum of some rows, shape (bins,); not multiplied by widths."""
        chosen = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        found = np.zeros(self.bins)
        for start in range(0, len(chosen), self._step):
            found += self.good(chosen[start : start + self._step], widths=False).sum(axis=0)
        return found

    def _pieces(self, first: NDArray[np.integer], last: NDArray[np.integer]) -> Numbers:
        """Return sums of pieces that differ from row to row, as many bins as the longest has at a time."""
        found = np.zeros(self.rows)
        longest = int((last - first).max(initial=0))
        step = max(1, AT_A_TIME // max(1, longest))
        offsets = np.arange(longest)
        for start in range(0, self.rows, step):
            rows = np.arange(start, min(start + step, self.rows))
            bins = first[rows, None] + offsets
            inside = bins < last[rows, None]
            bins = np.minimum(bins, self.bins - 1)
            piece = self._values[rows[:, None], bins].astype(np.float64)
            bad = ~np.isfinite(piece) | ~inside
            if self._mask is not None:
                bad |= self._mask[rows[:, None], bins]
            if self._widths is not None:
                piece = piece * self._widths[bins]
            found[rows] = np.where(bad, 0.0, piece).sum(axis=1)
        return found

    def good(self, rows: slice | NDArray[np.integer], bins: slice = slice(None), *, widths: bool = True) -> Numbers:
        """Return values as they are added: 0 for what is left out, multiplied by widths if wanted."""
        piece = np.asarray(self._values[rows, bins], dtype=np.float64)
        bad = self._bad(rows, piece, bins)
        if bad.any():
            piece = np.where(bad, 0.0, piece)
        return piece * self._widths[bins] if widths and self._widths is not None else piece

    def _bad(self, rows: slice | NDArray[np.integer], piece: Numbers, bins: slice = slice(None)) -> Mask:
        bad = ~np.isfinite(piece)
        return bad if self._mask is None else bad | self._mask[rows, bins]
