"""Groups of neighbouring rows or columns, and the quickest way to join each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

SMALL = 8
"""Members; as long as the smallest group has no more, adding the first, second … members of all groups is quicker."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Group i holds ``start[i]`` to ``stop[i] − 1``; groups may be empty, overlap or repeat one another.

    Attributes
    ----------
    start, stop
        Integers of shape (groups,).
    """

    start: Array
    stop: Array

    @classmethod
    def of(cls, size: int, length: int) -> "Groups":
        """Group `size` things by `length`; the last group may be shorter."""
        start = np.arange(0, size, length)
        return cls(start, np.minimum(start + length, size))

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.start.tolist(), self.stop.tolist(), strict=True)

    def part(self, chosen: slice) -> "Groups":
        """Return some of the groups."""
        return Groups(self.start[chosen], self.stop[chosen])

    def of_grains(self, grain: int, first: int = 0) -> "Groups":
        """Return the same groups of grains of so many things, counted from grain `first`."""
        return Groups(self.start // grain - first, -(-self.stop // grain) - first)

    @property
    def count(self) -> int:
        """How many."""
        return int(self.start.size)

    @cached_property
    def lengths(self) -> Array:
        """Members of each, shape (groups,)."""
        return self.stop - self.start

    def distinct(self) -> "tuple[Groups, Array]":
        """Return each group once where neighbours are the same, and which of those each group is."""
        first = np.ones(self.count, bool)
        first[1:] = (self.start[1:] != self.start[:-1]) | (self.stop[1:] != self.stop[:-1])
        return Groups(self.start[first], self.stop[first]), np.cumsum(first) - 1

    @property
    def longest(self) -> int:
        """Members of the largest."""
        return int(self.lengths.max(initial=0))

    @property
    def span(self) -> slice:
        """From the first member of any group to the last."""
        if not self.count:
            return slice(0, 0)
        first = int(self.start.min())
        return slice(first, max(first, int(self.stop.max())))

    @cached_property
    def follow(self) -> bool:
        """Whether each begins where the one before ends, and none is empty."""
        return bool((self.start[1:] == self.stop[:-1]).all() and (self.lengths > 0).all())

    @cached_property
    def even(self) -> int | None:
        """Members of each group if all have as many and follow one another."""
        if not self.count or not self.follow:
            return None
        length = int(self.lengths[0])
        return length if (self.lengths == length).all() else None


def along_columns(pick: np.ufunc, array: Array, groups: Groups, neutral: float) -> Array:
    """Join groups of columns by a ufunc: (rows, columns) → (rows, groups), `neutral` for empty groups."""
    if groups.even == 1:
        return array[:, groups.span]
    if groups.even is not None and groups.even <= SMALL:
        length, first, end = groups.even, groups.span.start, groups.span.stop
        found = array[:, first:end:length].copy()
        for member in range(1, length):
            pick(found, array[:, first + member : end : length], out=found)
        return found
    if groups.count and 0 < groups.lengths.min() <= SMALL and groups.longest <= 2 * SMALL:
        return _member_by_member(pick, array, groups)
    return _reduced(pick, array, groups, neutral)


def _member_by_member(pick: np.ufunc, array: Array, groups: Groups) -> Array:
    """Join the first members of all groups, then the second of those that have one, and so on."""
    found = array.take(groups.start, axis=1)
    shortest = int(groups.lengths.min())
    for member in range(1, groups.longest):
        if member < shortest:
            pick(found, array.take(groups.start + member, axis=1), out=found)
            continue
        longer = np.flatnonzero(groups.lengths > member)
        found[:, longer] = pick(found[:, longer], array.take(groups.start[longer] + member, axis=1))
    return found


def _reduced(pick: np.ufunc, array: Array, groups: Groups, neutral: float) -> Array:
    found = np.full((array.shape[0], groups.count), neutral, array.dtype)
    filled = np.flatnonzero(groups.lengths > 0)
    if filled.size == 0 or array.shape[0] == 0:
        return found
    window = array[:, groups.span]
    start, stop = groups.start[filled] - groups.span.start, groups.stop[filled] - groups.span.start
    if bool((start[1:] == stop[:-1]).all()) and stop[-1] == window.shape[1]:
        found[:, filled] = pick.reduceat(window, start, axis=1)
        return found
    # `reduceat` reads pairs: start, stop, start, stop …; one more column, so that a range may end with the last.
    padded = np.concatenate([window, np.full((window.shape[0], 1), neutral, window.dtype)], axis=1)
    found[:, filled] = pick.reduceat(padded, np.stack([start, stop], axis=1).ravel(), axis=1)[:, ::2]
    return found
