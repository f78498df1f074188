"""Whether the steps of an axis grow with its values."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

MARGIN = 1e-3
"""How much growth may differ from step to step: single precision makes it uneven."""


def grows(positions: NDArray[Any]) -> bool:
    """Return whether steps are proportional to the values, as in ``Rebin`` with a negative step.

    The last step is left out: it is cut where the range ends. Equal steps that are small beside the values look alike
    wherever the range is less than a hundredth of them; those count as equal.
    """
    inner = positions[:-1].astype(np.float64) if positions.dtype.kind in "fiu" else positions[:0]
    if len(inner) < 4 or not np.isfinite(inner).all() or inner.min() <= 0 or inner[-1] <= 1.01 * inner[0]:
        return False
    growth = np.diff(inner) / inner[:-1]
    return bool(growth.min() > 0 and np.ptp(growth) < MARGIN * growth.mean())
