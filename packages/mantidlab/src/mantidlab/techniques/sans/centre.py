"""Where the beam passes the detector, found from the scattering around it."""

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.techniques.errors import WrongSetting
from mantidlab.techniques.sans.counts import SansCounts

MOST_ROUNDS = 200
FEWEST_COUNTS = 100
CLOSE_ENOUGH = 1e-6
"""m; a thousandth of a pixel is far below what counting allows."""


def find_centre(run: SansCounts, inner: float, outer: float, start: tuple[float, float]) -> tuple[float, float]:
    """Return the place that is the centre of gravity of the counts in a ring around it, m.

    The idea of Mantid's ``FindCenterOfMassPosition``. It is right for scattering that is even around the beam and for a
    ring that lies on the detector as a whole.

    Parameters
    ----------
    inner, outer
        Radii of the ring, m; the inner one covers the beam stop.
    start
        Where to begin, m.

    Raises
    ------
    WrongSetting
        The ring has too few counts, or does not settle.
    """
    counts = run.detector.values.sum(axis=1)
    centre = np.array(start, dtype=np.float64)
    for _ in range(MOST_ROUNDS):
        offset, total = _offset(counts, run.places.positions, (inner, outer), centre)
        if total < FEWEST_COUNTS:
            raise WrongSetting(
                f"Within {1e3 * inner:g} to {1e3 * outer:g} mm of ({1e3 * centre[0]:.0f}, {1e3 * centre[1]:.0f}) mm "
                f"lie {total:g} counts, too few to find the beam's centre. Give the centre, or begin nearer to it."
            )
        centre = centre + offset
        if np.hypot(*offset) < CLOSE_ENOUGH:
            break
    return float(centre[0]), float(centre[1])


def off_centre(run: SansCounts, ring: tuple[float, float], centre: tuple[float, float]) -> tuple[float, float] | None:
    """Return the centre of gravity of the scattering, m, if it is clearly somewhere else than the centre taken.

    Clearly: seen from the centre taken, the ring's centre of gravity is off by a fifth of the inner radius, and by five
    times what counting leaves uncertain. Where that is so, it is followed to where it settles; flat scattering, whose
    centre of gravity lies anywhere, is not. None too where too few neutrons were counted to say.
    """
    inner, outer = ring
    counts = run.detector.values.sum(axis=1)
    offset, total = _offset(counts, run.places.positions, ring, np.array(centre))
    if total < FEWEST_COUNTS or np.hypot(*offset) < max(0.2 * inner, 5 * outer / np.sqrt(2 * total)):
        return None
    try:
        return find_centre(run, inner, outer, centre)
    except WrongSetting:
        return None


def _offset(counts: Numbers, positions: Numbers, radii: tuple[float, float], centre: Numbers) -> tuple[Numbers, float]:
    """Return how far from a centre the centre of gravity of a ring around it lies, m, and how much the ring counted."""
    across = positions[:, :2] - centre
    radius = np.hypot(across[:, 0], across[:, 1])
    ring = (radius >= radii[0]) & (radius <= radii[1])  # false for what has no place
    total = float(counts[ring].sum())
    return (counts[ring] @ across[ring] / total if total else np.zeros(2)), total
