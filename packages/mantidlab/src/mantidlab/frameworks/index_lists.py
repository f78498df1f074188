"""Which detectors each spectrum has, where all of them are known at once: made one by one, or all in one go."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.lazily import LazySequence

Indices: TypeAlias = NDArray[np.integer[Any]]


class IndexLists(LazySequence[Indices]):
    """For each spectrum `counts[i]` indices: consecutive ones from `starts[i]`, or of `order` from there.

    A million spectra are asked for one by one in seconds; `flat` gives all of them in milliseconds.
    """

    def __init__(self, starts: Indices, counts: Indices, order: Indices | None = None) -> None:
        self._starts = starts.astype(np.int64)
        self._counts = np.maximum(counts.astype(np.int64), 0)
        self._order = order
        super().__init__(len(starts), self._one)

    def _one(self, row: int) -> Indices:
        start = int(self._starts[row])
        stop = start + int(self._counts[row])
        return np.arange(start, stop) if self._order is None else np.asarray(self._order[start:stop])

    def flat(self) -> tuple[Indices, Indices]:
        """Return all indices, and the spectrum that each belongs to; both of one length."""
        rows = np.repeat(np.arange(len(self._counts)), self._counts)
        before = np.cumsum(self._counts) - self._counts
        places = np.arange(len(rows)) + (self._starts - before)[rows]
        return (places if self._order is None else np.asarray(self._order[places])), rows


def one_each(indices: Indices) -> IndexLists:
    """Return lists of one index each."""
    places = np.arange(len(indices))
    return IndexLists(places, np.ones(len(indices), dtype=np.int64), indices)
