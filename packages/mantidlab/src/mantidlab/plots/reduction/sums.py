"""Sums that leave out what is missing: NaN, infinite and masked values."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def finite_sum(values: Array, mask: Array | None, axis: int | tuple[int, ...]) -> Array:
    """Return sums along axes, added up in float64; 0 where every value is missing.

    Parameters
    ----------
    values
        Of any real type.
    mask
        Of the same shape, True for what is missing, or None.
    """
    if mask is not None:
        return np.asarray(np.add.reduce(_without_missing(values, mask), axis=axis, dtype=np.float64))
    with np.errstate(invalid="ignore", over="ignore"):
        total = np.asarray(np.add.reduce(values, axis=axis, dtype=np.float64))
        # A finite sum has finite parts; only otherwise is each value looked at.
        if np.isfinite(total).all():
            return total
        return np.asarray(np.add.reduce(_without_missing(values, None), axis=axis, dtype=np.float64))


def _without_missing(values: Array, mask: Array | None) -> Array:
    usable = np.isfinite(values) if mask is None else np.isfinite(values) & ~mask
    return np.where(usable, values, values.dtype.type(0))
