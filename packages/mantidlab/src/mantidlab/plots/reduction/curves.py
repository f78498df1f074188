"""A curve as the reduction of lines wants it: bins or points in rising order, each at a finite position."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.errors import WrongArgument

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Curve:
    """Values in order of their positions.

    Attributes
    ----------
    left, right
        Where each bin begins and ends, shape (n,); the same array for points. Both rise.
    values
        Shape (n,).
    errors, mask
        Shape (n,), or None; mask is True where a value must not be used.
    is_bins
        Whether the values stand for bins and not for points.
    index
        For each, its place in the arrays that the curve was made from, shape (n,); None if that is its own place
        plus `begin`.
    dropped
        How many had no finite position and are left out.
    """

    left: Array
    right: Array
    values: Array
    errors: Array | None
    mask: Array | None
    is_bins: bool
    index: Array | None = None
    dropped: int = 0

    @property
    def size(self) -> int:
        """Bins, or points."""
        return int(self.values.shape[0])


def curve(x: Any, y: Any, *, errors: Any = None, mask: Any = None) -> Curve:
    """Make a curve of points, or of bins if there is one position more than values.

    Nothing is copied if the positions rise and are finite, as nearly always. Falling ones are turned round, others are
    sorted; what has no finite position (Mantid writes such where a conversion has no answer) is left out and counted.

    Parameters
    ----------
    x
        Shape (n,) for points, (n + 1,) for the edges of bins.
    y, errors, mask
        Shape (n,).

    Raises
    ------
    WrongArgument
        The arrays do not belong together.
    """
    positions, values = np.asarray(x), np.asarray(y)
    is_bins = positions.shape == (values.size + 1,)
    optional = {"errors": errors, "mask": mask}
    found = {name: None if part is None else np.asarray(part) for name, part in optional.items()}
    if values.ndim != 1 or not (is_bins or positions.shape == values.shape):
        raise WrongArgument(f"Positions of shape {positions.shape} do not belong to values of shape {values.shape}.")
    for name, part in found.items():
        if part is not None and part.shape != values.shape:
            raise WrongArgument(f"The {name} have shape {part.shape} where {values.shape} belongs.")
    left = positions[:-1] if is_bins else positions
    right = positions[1:] if is_bins else positions
    whole = Curve(left, right, values, found["errors"], found["mask"], is_bins)
    if _rises(positions):
        return whole
    if _rises(positions[::-1]):
        return _taken(whole, slice(None, None, -1))
    return _sorted(whole)


def _rises(positions: Array) -> bool:
    """Tell whether positions are finite and never fall."""
    if positions.size == 0:
        return True
    ends = np.isfinite(positions[[0, -1]].astype(np.float64)).all()
    # A NaN compares as False with both neighbours, so what rises throughout has none.
    return bool(ends and (positions[1:] >= positions[:-1]).all())


def _sorted(whole: Curve) -> Curve:
    usable = np.isfinite(whole.left) & np.isfinite(whole.right)
    chosen = np.flatnonzero(usable)
    begin, end = (pick(whole.left[chosen], whole.right[chosen]) for pick in (np.minimum, np.maximum))
    chosen = chosen[np.lexsort((end, begin))]
    return _taken(whole, chosen, dropped=int(whole.size - chosen.size))


def _taken(whole: Curve, chosen: Any, *, dropped: int = 0) -> Curve:
    left, right = np.minimum(whole.left, whole.right)[chosen], np.maximum(whole.left, whole.right)[chosen]
    return Curve(
        left,
        # Bins whose edges go to and fro may overlap; for the search, each ends no earlier than those before it.
        np.maximum.accumulate(right) if right.size else right,
        whole.values[chosen],
        None if whole.errors is None else whole.errors[chosen],
        None if whole.mask is None else whole.mask[chosen],
        whole.is_bins,
        np.arange(whole.size)[chosen],
        dropped,
    )
