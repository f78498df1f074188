"""Detectors that stand out from their neighbours: drawn last and never too small, so that one in a million is seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Mask, Numbers

MOST = 256
"""So many are marked at most."""

CANDIDATES = 4096
"""Of so many of the highest the surroundings are looked at."""

REACH = 8
"""Neighbours on either side, in the order of the detectors, which is along tubes and rows."""

DEVIATIONS = 10.0
"""Above the median of the neighbours, in units of their spread (and at least of what counting gives by chance)."""


def find_standouts(values: Numbers, counting: Mask) -> NDArray[np.int64]:
    """Return the indices of detectors whose value is far above those of their neighbours, the highest first.

    Parameters
    ----------
    values
        Counts of each detector, shape (n,).
    counting
        Those that are no monitors, not masked, and have counts; shape (n,).
    """
    used = np.flatnonzero(counting & np.isfinite(values))
    if len(used) < 2 * REACH:
        return np.empty(0, dtype=np.int64)
    here = values[used]
    best = np.argpartition(here, max(0, len(here) - CANDIDATES))[-CANDIDATES:]
    best = best[np.argsort(here[best])[::-1]]
    offsets = np.concatenate((np.arange(-REACH, 0), np.arange(1, REACH + 1)))
    around = here[np.clip(best[:, None] + offsets, 0, len(here) - 1)]
    middle = np.median(around, axis=1)
    spread = 1.4826 * np.median(np.abs(around - middle[:, None]), axis=1)
    by_chance = np.sqrt(np.maximum(middle, 0.0))
    found: NDArray[Any] = best[
        here[best] > middle + DEVIATIONS * np.maximum(spread, np.maximum(by_chance, _least(here)))
    ]
    return used[found[:MOST]].astype(np.int64)


def _least(values: Numbers) -> float:
    """Return the smallest step that counts: one for whole numbers, else a part of the largest value."""
    if (values == np.floor(values)).all():
        return 1.0
    return 1e-3 * float(np.abs(values).max(initial=0.0))
