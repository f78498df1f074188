"""Ranges of what is never zero: wavelengths, d-spacings, Q in logarithmic bins."""

from typing import Annotated

from pydantic import AfterValidator

from mantidlab.interfaces import Range


def _above_zero(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] <= 0:
        raise ValueError(f"It begins at {pair[0]:g}, and must begin above 0")
    return pair


PositiveRange = Annotated[Range, AfterValidator(_above_zero)]
"""Two numbers above zero, the smaller one first."""
