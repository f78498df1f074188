"""How positions along an axis become places on the screen: linear, logarithmic and symmetric-logarithmic."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.errors import WrongArgument

Floats: TypeAlias = NDArray[np.floating[Any]]


class Kind(StrEnum):
    """What people choose from."""

    LINEAR = "linear"
    LOG = "log"
    SYMLOG = "symlog"


@dataclass(frozen=True)
class Scale:
    """A strictly growing function of a position.

    Attributes
    ----------
    constant
        For symlog: the distance from zero, in the axis's unit, within which the scale is about linear, as d3's
        `scaleSymlog().constant()`: sign(x) · ln(1 + |x / constant|).
    """

    kind: Kind = Kind.LINEAR
    constant: float = 1.0

    def place(self, positions: Any) -> Floats:
        """Return where positions lie, in units of the scale's own; NaN where a logarithmic scale has no place."""
        values = np.asarray(positions, dtype=np.float64)
        if self.kind is Kind.LOG:
            return np.log(values, out=np.full_like(values, np.nan), where=values > 0)
        if self.kind is Kind.SYMLOG:
            return np.asarray(np.sign(values) * np.log1p(np.abs(values / self.constant)))
        return values

    def position(self, places: Any) -> Floats:
        """Return the positions at places: the inverse of `place`."""
        values = np.asarray(places, dtype=np.float64)
        if self.kind is Kind.LOG:
            return np.asarray(np.exp(values))
        if self.kind is Kind.SYMLOG:
            return np.asarray(np.sign(values) * self.constant * np.expm1(np.abs(values)))
        return values

    def boundaries(self, low: float, high: float, pixels: int) -> Floats:
        """Return the positions of the boundaries of pixels, from `low` to `high`: shape (pixels + 1,), rising.

        Raises
        ------
        WrongArgument
            There is no window: `high` is not above `low`, one of them is not finite or has no place on the scale, or
            there is no pixel.
        """
        places = self.place([low, high])
        if not (np.isfinite(places).all() and places[0] < places[1] and pixels > 0):
            raise WrongArgument(
                f"There is no window from {low!r} to {high!r} with {pixels} pixels on a {self.kind} axis."
            )
        found = self.position(np.linspace(places[0], places[1], pixels + 1))
        found[0], found[-1] = low, high  # not a rounding error beside them, or the last bin would be left out
        return np.maximum.accumulate(found)
