"""What a fit is made to: the points of one curve in a range, without what cannot be used."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.errors import FitFailed
from mantidlab.plots.fitting.shapes import Values

MOST = 200_000
"""Points that a fit is made to: one of 5 parameters takes about a second then."""


@dataclass(frozen=True, eq=False)
class Points:
    """Positions in rising order, values, and errors (or None) that are all positive.

    Attributes
    ----------
    low, high
        The range as it was asked for, or where the data begin and end.
    notes
        In words, what was left out and why.
    bins
        What the points are: ``bins`` or ``points``.
    """

    x: Values
    y: Values
    errors: Values | None
    low: float
    high: float
    notes: tuple[str, ...] = ()
    bins: str = "points"
    x_unit: str = ""
    y_unit: str = ""

    def suffice(self, parameters: int, label: str) -> None:
        """Refuse too few points, or more than anybody waits for.

        Raises
        ------
        FitFailed
            There are too few or too many.
        """
        if len(self.x) < max(parameters, 1):
            why = f" {' '.join(self.notes)}" if self.notes else ""
            raise FitFailed(
                f"{label} has {parameters} parameters, and {counted(len(self.x), self.bins)} from {self.low:.6g} to "
                f"{self.high:.6g} can be used.{why} Choose a wider range or a simpler model."
            )
        if len(self.x) > MOST:
            raise FitFailed(
                f"From {self.low:.6g} to {self.high:.6g} there are {len(self.x):,} {self.bins}; a fit takes "
                f"{MOST:,} at most. Choose a narrower range, or rebin the data."
            )

    def positive(self) -> "Points":
        """Return those with positive positions, for laws that have no value elsewhere."""
        good = self.x > 0
        if good.all():
            return self
        note = f"Left out: {counted(int((~good).sum()), self.bins)} at x ≤ 0."
        errors = None if self.errors is None else self.errors[good]
        return replace(self, x=self.x[good], y=self.y[good], errors=errors, notes=(*self.notes, note))

    def step_at(self, position: float) -> float:
        """Return the distance between the points around a position."""
        if len(self.x) < 2:
            return float(self.high - self.low)
        place = int(np.clip(np.searchsorted(self.x, position), 1, len(self.x) - 1))
        return float(self.x[place] - self.x[place - 1])

    def unit(self, pattern: str) -> str:
        """Return a unit from powers of x and y: ``y x`` is ``counts µs``."""
        return written(pattern, self.x_unit, self.y_unit)


def counted(number: int, word: str) -> str:
    """Return ``1 bin``, ``2 bins``."""
    return f"{number:,} {word.removesuffix('s') if number == 1 else word}"


def written(pattern: str, x_unit: str, y_unit: str) -> str:
    """Return a parameter's unit; ``1/x`` of ``1/Å`` is ``Å``."""
    if pattern == "x":
        return x_unit
    if pattern == "y":
        return y_unit
    if pattern == "1/x":
        return x_unit[2:] if x_unit.startswith("1/") else (f"1/{x_unit}" if x_unit else "")
    if not pattern:
        return ""
    above, _, below = pattern.partition("/")
    named = {"x": f"({x_unit})" if "/" in x_unit else x_unit, "y": f"({y_unit})" if "/" in y_unit else y_unit}

    def filled(text: str) -> str:
        return "·".join(f"{named[part[0]]}{part[1:]}" for part in text.split() if named[part[0]])

    top, bottom = filled(above), filled(below)
    return f"{top or '1'}/{bottom}" if bottom else top


def points_in(
    x: Values,
    y: Values,
    *,
    errors: Values | None = None,
    mask: NDArray[np.bool_] | None = None,
    between: tuple[float, float] | None = None,
    units: tuple[str, str] = ("", ""),
) -> Points:
    """Choose the points of a curve that a fit can use.

    Left out are masked ones, those whose value, position or error is NaN or infinite. A value whose error is zero (no
    counts) gets the smallest error beside it: left out, empty bins would pull every fit upwards. If no error is above
    zero, all count alike.

    Parameters
    ----------
    x
        Shape (n,) for points or (n + 1,) for edges; then their middles are fitted.
    y, errors, mask
        Shape (n,).
    between
        The range, ends included; None for all.
    """
    is_bins = len(x) == len(y) + 1
    middles = (x[:-1] + x[1:]) / 2 if is_bins else x
    word = "bins" if is_bins else "points"
    low, high = (-np.inf, np.inf) if between is None else (min(between), max(between))
    inside = (middles >= low) & (middles <= high)
    notes: list[str] = []
    inside = _without(inside, mask, notes, word, "masked")
    inside = _without(inside, ~(np.isfinite(y) & np.isfinite(middles)), notes, word, "without a finite value")
    if errors is not None:
        inside = _without(inside, ~np.isfinite(errors) | (errors < 0), notes, word, "without a usable error")
    chosen: Any = np.flatnonzero(inside)
    chosen = chosen[np.argsort(middles[chosen], kind="stable")]
    found_x, found_y = middles[chosen].astype(np.float64), y[chosen].astype(np.float64)
    found_errors = None if errors is None else _all_positive(errors[chosen].astype(np.float64), notes, word)
    if between is None:
        low, high = (float(found_x[0]), float(found_x[-1])) if len(found_x) else (np.nan, np.nan)
    return Points(found_x, found_y, found_errors, low, high, tuple(notes), word, *units)


def _without(inside: NDArray[np.bool_], bad: Any, notes: list[str], word: str, why: str) -> NDArray[np.bool_]:
    if bad is None:
        return inside
    left_out = int((inside & bad).sum())
    if left_out:
        notes.append(f"Left out: {counted(left_out, word)} {why}.")
    return np.asarray(inside & ~bad)


def _all_positive(errors: Values, notes: list[str], word: str) -> Values | None:
    zero = errors == 0
    if not zero.any():
        return errors
    if zero.all():
        notes.append("All errors are zero, so that all values count alike.")
        return None
    smallest = float(errors[~zero].min())
    many = counted(int(zero.sum()), word)
    notes.append(f"Instead of zero, the error of {many} is taken as {smallest:.4g}, the smallest of the others.")
    return np.where(zero, smallest, errors)
