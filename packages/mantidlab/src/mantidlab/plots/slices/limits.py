"""Limits of the colours, from values: all, three standard deviations, percentiles."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mantidlab.frameworks.model import Numbers

PERCENT = (0.5, 99.5)
"""Between which percentiles lies what is coloured; the rest has the first or the last colour."""


@dataclass(frozen=True)
class Limits:
    """What automatic limits there are, each (low, high) with low < high, and None where no value is finite.

    Attributes
    ----------
    positive
        The smallest value above zero, for a logarithmic scale; None where there is none.
    """

    everything: tuple[float, float] | None
    sigma: tuple[float, float] | None
    percentile: tuple[float, float] | None
    positive: float | None

    def content(self) -> dict[str, Any]:
        """Return them as they are sent to the page."""
        return {
            "minmax": self.everything,
            "sigma": self.sigma,
            "percentile": self.percentile,
            "positive": self.positive,
        }


def limits_of(values: Numbers) -> Limits:
    """Return the limits for these values; what is not finite is left out."""
    finite = np.asarray(values, dtype=np.float64)[np.isfinite(values)]
    if finite.size == 0:
        return Limits(None, None, None, None)
    low, high = float(finite.min()), float(finite.max())
    centre, spread = _moments(finite)
    sigma = (max(low, centre - 3 * spread), min(high, centre + 3 * spread))
    below, above = (float(value) for value in np.percentile(finite, PERCENT))
    positive = finite[finite > 0]
    everything = _apart(low, high)
    return Limits(
        everything,
        _apart(*sigma) if sigma[0] < sigma[1] else everything,
        (below, above) if below < above else everything,
        float(positive.min()) if positive.size else None,
    )


def _moments(values: Numbers) -> tuple[float, float]:
    """Return mean and standard deviation, of huge values too: their squares may not be finite."""
    largest = float(np.abs(values).max()) or 1.0
    scaled = values / largest
    return float(scaled.mean()) * largest, float(scaled.std()) * largest


def _apart(low: float, high: float) -> tuple[float, float]:
    """Return limits that differ: around a constant, its own size wide."""
    if low < high:
        return low, high
    margin = abs(low) / 2 or 0.5
    return low - margin, high + margin
