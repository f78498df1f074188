"""Smallest and largest values over many ranges of one curve, through a coarser copy where that is quicker."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.reduction.curves import Curve
from mantidlab.plots.reduction.working import share

Array: TypeAlias = NDArray[Any]

BLOCK = 64
"""Values in a block of the coarser copy, which takes some 6 % of the memory of values without errors."""
PIECE = 4096 * BLOCK
"""Values that are worked on at once: few enough to stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Bounds:
    """What can be said of ranges of values, missing ones (NaN, infinite, masked) left out.

    Attributes
    ----------
    smallest
        Shape (3, m): of the values, of the values minus their errors, and of the values above zero; +∞ for none.
    largest
        Shape (2, m): of the values, and of the values plus their errors; −∞ for none.
    count
        Values that are not missing, shape (m,).
    """

    smallest: Array
    largest: Array
    count: Array

    def over(self, start: Array, stop: Array) -> "Bounds":
        """Join neighbouring ranges: ``start[i]`` to ``stop[i] − 1`` become range i; they may overlap or be empty."""
        return Bounds(
            _joined(np.minimum, self.smallest, start, stop, np.inf),
            _joined(np.maximum, self.largest, start, stop, -np.inf),
            _joined(np.add, self.count[None], start, stop, 0)[0],
        )

    def __or__(self, other: "Bounds") -> "Bounds":
        """Join range i here with range i there."""
        return Bounds(
            np.minimum(self.smallest, other.smallest),
            np.maximum(self.largest, other.largest),
            self.count + other.count,
        )


class CurveExtremes:
    """The bounds of any ranges of a curve.

    Long ranges are put together from whole blocks, looked up in a coarser copy that is made when it is first needed,
    and the values before and after, looked up in the curve; so the answer is exact.
    """

    def __init__(self, curve: Curve) -> None:
        self.curve = curve

    def over(self, start: Array, stop: Array) -> Bounds:
        """Return the bounds of values ``start[i]`` to ``stop[i] − 1`` for each i, integers of shape (m,)."""
        stop = np.maximum(start, stop)
        first, last = -(-start // BLOCK), stop // BLOCK  # the whole blocks within
        if np.maximum(last - first, 0).sum() <= 4 * start.size:
            return self._single(start, stop)
        through = first < last
        found = self._blocks.over(np.where(through, first, 0), np.where(through, last, 0))
        found |= self._single(start, np.where(through, first * BLOCK, stop))
        return found | self._single(np.where(through, last * BLOCK, stop), stop)

    def _single(self, start: Array, stop: Array) -> Bounds:
        """Look at every value."""
        length = stop - start
        begin = np.cumsum(length) - length
        index = np.arange(int(length.sum())) + np.repeat(start - begin, length)
        return _each(self.curve, index).over(begin, begin + length)

    @cached_property
    def _blocks(self) -> Bounds:
        count = self.curve.size // BLOCK
        blocks = Bounds(np.empty((3, count)), np.empty((2, count)), np.empty(count, np.int64))

        def fill(begin: int) -> None:
            end = min(begin + PIECE, count * BLOCK)
            found = _block_bounds(self.curve, slice(begin, end))
            into = slice(begin // BLOCK, end // BLOCK)
            blocks.smallest[:, into] = found.smallest
            blocks.largest[:, into] = found.largest
            blocks.count[into] = found.count

        share(fill, range(0, count * BLOCK, PIECE))
        return blocks


def _each(curve: Curve, where: Any) -> Bounds:
    """Return the bounds of single values: a slice or indices of the curve."""
    values = curve.values[where].astype(np.float64)
    usable = np.isfinite(values)
    if curve.mask is not None:
        usable &= ~curve.mask[where]
    errors = 0.0 if curve.errors is None else np.abs(curve.errors[where].astype(np.float64))
    errors = np.where(np.isfinite(errors), errors, 0.0)
    low, high = np.where(usable, values, np.inf), np.where(usable, values, -np.inf)
    positive = np.where(low > 0, low, np.inf)
    return Bounds(np.stack([low, low - errors, positive]), np.stack([high, high + errors]), usable.astype(np.int64))


def _block_bounds(curve: Curve, where: slice) -> Bounds:
    """Return the bounds of each block of a piece of the curve, looking at single values only where some are missing."""
    values = curve.values[where].reshape(-1, BLOCK)
    low, high = values.min(axis=1).astype(np.float64), values.max(axis=1).astype(np.float64)
    broken = ~(np.isfinite(low) & np.isfinite(high))
    positive = low
    if not (low > 0).all():
        positive = np.where(values > 0, values, np.inf).min(axis=1).astype(np.float64)
    error_low, error_high = low, high
    if curve.errors is not None:
        errors = curve.errors[where].reshape(-1, BLOCK)
        with np.errstate(invalid="ignore"):
            error_low = (values - errors).min(axis=1).astype(np.float64)
            error_high = (values + errors).max(axis=1).astype(np.float64)
        broken |= (errors.min(axis=1) < 0) | ~(np.isfinite(error_low) & np.isfinite(error_high))
    if curve.mask is not None:
        broken |= curve.mask[where].reshape(-1, BLOCK).any(axis=1)
    count = np.full(low.size, BLOCK)
    found = Bounds(np.stack([low, error_low, positive]), np.stack([high, error_high]), count)
    if broken.any():
        index = (where.start + np.flatnonzero(broken)[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        each = _each(curve, index)
        found.smallest[:, broken] = each.smallest.reshape(3, -1, BLOCK).min(axis=2)
        found.largest[:, broken] = each.largest.reshape(2, -1, BLOCK).max(axis=2)
        found.count[broken] = each.count.reshape(-1, BLOCK).sum(axis=1)
    return found


def _joined(pick: np.ufunc, values: Array, start: Array, stop: Array, neutral: float) -> Array:
    """Reduce columns ``start[i]`` to ``stop[i] − 1`` of values (k, n) to column i of the result (k, m)."""
    if start.size == 0:
        return values[:, :0]
    end = int(stop.max(initial=0))
    # One more column, so that a range may end with the last; `reduceat` reads pairs: start, stop, start, stop …
    padded = np.concatenate([values[:, :end], np.full((values.shape[0], 1), neutral, values.dtype)], axis=1)
    pairs = np.stack([np.minimum(start, end), np.minimum(stop, end)], axis=1).ravel()
    found = pick.reduceat(padded, pairs, axis=1)[:, ::2]
    return np.where(start < stop, found, np.asarray(neutral, values.dtype))
