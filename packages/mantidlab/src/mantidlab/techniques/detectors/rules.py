"""Dead, hot, cold and noisy detectors, found by comparing each with its neighbours.

The comparison is with a median, which bad detectors hardly move, and a detector must be off by a factor *and* by more
than chance allows: the idea of Mantid's ``MedianDetectorTest`` (its thresholds and its significance test), with the
neighbours in place of the whole instrument, since what is scattered varies over it by orders of magnitude.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Mask, Numbers

PERIODS = 12
"""Parts into which the time of flight is cut to see whether a detector counts when its neighbours do."""


FEWEST_FOR_TIMES = 100
"""Counts below which the times of a detector tell nothing."""


@dataclass(frozen=True)
class Thresholds:
    """When a detector counts as bad.

    Attributes
    ----------
    dead_below
        Share of its neighbours' median at which, or below, a detector is dead.
    cold_below, hot_above
        The same for those that count too little or too much.
    noisy_above
        χ² for each degree of freedom between a detector's counts over time and those of its neighbours, above which it
        is noisy, in units of the median of all detectors (at least 1).
    deviations
        Standard deviations that any of it must be off.
    neighbours
        How many detectors around it are compared.
    """

    dead_below: float = 0.0
    cold_below: float = 0.1
    hot_above: float = 5.0
    noisy_above: float = 20.0
    deviations: float = 5.0
    neighbours: int = 24


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Which detectors are bad, each of shape (n,); one detector has one verdict.

    Attributes
    ----------
    expected
        Median of each detector's neighbours, counts.
    """

    dead: Mask
    cold: Mask
    hot: Mask
    noisy: Mask
    expected: Numbers

    @property
    def bad(self) -> Mask:
        """Any of them."""
        return self.dead | self.cold | self.hot | self.noisy


def judge(counts: Numbers, spectra: Numbers | None, positions: Numbers, usable: Mask, limits: Thresholds) -> Verdicts:
    """Judge each detector.

    Parameters
    ----------
    counts
        Of each detector, shape (n,).
    spectra
        The same over time, in a few wide bins, shape (n, bins); None leaves out the rule for noise.
    positions
        Shape (n, 3).
    usable
        Those that are detectors at all and have a place, shape (n,); others are never bad.
    """
    none = np.zeros(len(counts), dtype=bool)
    around = neighbours_of(positions, usable, limits.neighbours)
    if around is None:
        return Verdicts(none, none, none, none, np.full(len(counts), np.nan))
    expected = np.full(len(counts), np.nan)
    expected[usable] = np.median(counts[usable][around], axis=1)
    enough = expected >= limits.deviations**2
    with np.errstate(invalid="ignore"):
        # Square roots of counts have the same spread, 1/2, whatever is expected (Anscombe, Biometrika 35, 1948, 246).
        off = 2 * (np.sqrt(counts + 0.375) - np.sqrt(expected + 0.375))
        dead = usable & enough & (counts <= limits.dead_below * expected)
        cold = usable & enough & ~dead & (counts < limits.cold_below * expected) & (off < -limits.deviations)
        hot = usable & (counts > limits.hot_above * expected) & (off > limits.deviations)
    noisy = none if spectra is None else _noisy(spectra, around, usable, limits) & ~(dead | cold | hot)
    return Verdicts(dead, cold, hot, noisy, expected)


def neighbours_of(positions: Numbers, usable: Mask, count: int) -> NDArray[np.integer] | None:
    """Return for each usable detector the indices, among the usable ones, of those nearest to it; None for too few."""
    from scipy.spatial import cKDTree  # 0.3 s, which a list of interfaces need not wait for

    places = positions[usable]
    if len(places) <= count:
        return None
    found: NDArray[np.integer] = cKDTree(places).query(places, k=count + 1)[1][:, 1:]
    return found


def _noisy(spectra: Numbers, around: NDArray[np.integer], usable: Mask, limits: Thresholds) -> Mask:
    """Tell which detectors count at other times than their neighbours, χ² of two histograms of different totals.

    For histograms with totals N and M, χ² = Σ (√(M/N) nᵢ − √(N/M) mᵢ)²/(nᵢ + mᵢ) (Porter, arXiv:0804.0380, eq. 3).
    """
    own = spectra[usable]
    theirs = np.zeros_like(own)
    for column in around.T:
        theirs += own[column]
    total, others = own.sum(axis=1, keepdims=True), theirs.sum(axis=1, keepdims=True)
    both = own + theirs
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = np.sqrt(others / total) * own - np.sqrt(total / others) * theirs
        terms = np.where(both > 0, np.square(difference) / both, 0.0)
    degrees = np.maximum((both > 0).sum(axis=1) - 1, 1)
    chi_square = np.nan_to_num(terms.sum(axis=1)) / degrees
    usual = max(1.0, float(np.median(chi_square)))
    chance = 1 + limits.deviations * np.sqrt(2 / degrees)
    found = np.zeros(len(spectra), dtype=bool)
    enough = total[:, 0] >= FEWEST_FOR_TIMES
    found[usable] = enough & (chi_square > limits.noisy_above * usual) & (chi_square > chance * usual)
    return found
