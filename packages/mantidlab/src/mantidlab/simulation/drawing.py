"""Random numbers from a density that is known as a table."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


def cumulated(x: Floats, density: Floats) -> Floats:
    """Integral of the density from ``x[0]`` to each ``x``, by the trapezoidal rule."""
    steps = 0.5 * (density[1:] + density[:-1]) * np.diff(x)
    return np.concatenate(([0.0], np.cumsum(steps)))


def integral(x: Floats, density: Floats) -> float:
    """Integral of the density over all of ``x``."""
    return float(cumulated(x, density)[-1])


def draw(rng: np.random.Generator, x: Floats, density: Floats, count: int) -> Floats:
    """Draw from a tabulated density by inverting its integral.

    Parameters
    ----------
    rng:
        Where the random numbers come from.
    x:
        Increasing positions, shape (n,).
    density:
        Values at `x`, not negative, in any normalisation, shape (n,).
    count:
        How many to draw.
    """
    cumulative = cumulated(x, density)
    return np.interp(rng.random(count) * cumulative[-1], cumulative, x)


def draw_on_disc(rng: np.random.Generator, radius: float, count: int) -> tuple[Floats, Floats]:
    """Points that are spread evenly over a disc around the origin."""
    distance = radius * np.sqrt(rng.random(count))
    angle = rng.uniform(0.0, 2 * np.pi, count)
    return distance * np.cos(angle), distance * np.sin(angle)
