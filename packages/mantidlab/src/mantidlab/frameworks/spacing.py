"""Whether the steps of an axis grow with its values."""

import numpy as np

from mantidlab.frameworks.model import Numbers


def grows(positions: Numbers) -> bool:
    """Return whether steps are proportional to the values, as in ``Rebin`` with a negative step.

    The last step is left out: it is cut where the range ends.
    """
    inner = positions[:-1]
    if len(inner) < 4 or not np.isfinite(inner[[0, -1]]).all() or inner[0] <= 0 or inner[-1] <= inner[0]:
        return False
    ratios = inner[1:] / inner[:-1]
    return bool(np.allclose(ratios, ratios[0], rtol=1e-6, atol=0.0) and ratios[0] > 1 + 1e-9)
