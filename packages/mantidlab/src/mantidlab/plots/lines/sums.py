"""What a range of a curve amounts to: sum, integral, mean, centroid and width, each with its error.

The errors are those of the values, taken as independent of one another. A bin that lies partly in the range counts by
the part of its width, as in Mantid's Rebin: value and variance times that part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.lines.shown import Shown

Values: TypeAlias = NDArray[np.floating[Any]]

BLOCK = 2**20
"""Bins that are looked at together: what a sum needs besides the data stays at some 100 MB."""


@dataclass(frozen=True)
class Sums:
    """The numbers of one curve in a range. NaN where there is no answer, errors None where the data have none.

    Attributes
    ----------
    curve, name
        Which one.
    range
        Low and high end, in the unit of the axis.
    bins
        Bins or points that have a part in it; masked ones and those without a finite value have none.
    sum, sum_error
        Of the values. For values divided by bin widths, of what was there before: counts.
    integral, integral_error
        Over the axis: values times widths for bins, by trapezia for points.
    mean, mean_error
        Of the values, each with the part of it that lies in the range.
    centroid, centroid_error
        Mean position, weighted with the sum's terms, in the unit of the axis.
    width, width_error
        Standard deviation of the position with the same weights. NaN where negative values leave none.
    maximum, maximum_at
        The largest value, and where.
    left_out
        Bins or points in the range that are masked, or have no finite value.
    """

    curve: int
    name: str
    range: tuple[float, float]
    bins: int
    sum: float
    sum_error: float | None
    integral: float
    integral_error: float | None
    mean: float
    mean_error: float | None
    centroid: float
    centroid_error: float | None
    width: float
    width_error: float | None
    maximum: float
    maximum_at: float
    left_out: int


@dataclass(frozen=True, eq=False)
class Part:
    """A block of a curve in a range: positions, values, variances (or None), widths, and parts from 0 to 1.

    Only what counts is in it: nothing that is masked or not finite.
    """

    x: Values
    y: Values
    variances: Values | None
    widths: Values
    parts: Values
    left_out: int

    def weights(self, per_width: bool) -> Values:
        """Return what the terms of a sum are weighted with: with widths where values are divided by them."""
        return self.parts * self.widths if per_width else self.parts

    def variance(self, factors: Values) -> float:
        """Return the variance of Σ factors · values: a part of a bin has that part of the bin's variance."""
        if self.variances is None:
            return 0.0
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.where(self.parts > 0, np.square(factors) / self.parts, 0.0)
        return float((shares * self.variances).sum())


def sums(shown: Shown, between: tuple[float, float], *, curve: int = 0, name: str = "", scale: float = 1.0) -> Sums:
    """Return the sums of a curve in a range, values times `scale`. Looks at a million bins at a time, twice."""
    found = _first_look(shown, between)
    found.update(_second_look(shown, between, found["sum"], found["centroid"]))
    if shown.line.curve.errors is None:
        found.update({key: None for key in found if key.endswith("_error")})
    for key in found:
        if key.startswith(("sum", "integral", "mean")) or key == "maximum":
            found[key] = None if found[key] is None else found[key] * scale
    return Sums(curve=curve, name=name, range=between, **found)


def _first_look(shown: Shown, between: tuple[float, float]) -> dict[str, Any]:
    total = integral = parts = weighted = first_moment = 0.0
    variances = np.zeros(3)
    bins, left_out, maximum, maximum_at = 0, 0, -np.inf, float("nan")
    for part in _parts(shown, between):
        left_out += part.left_out
        if not len(part.y):
            continue
        weights, steps = part.weights(shown.per_width), part.parts * part.widths
        terms = part.y * weights
        total += float(terms.sum())
        integral += float((part.y * steps).sum())
        parts += float(part.parts.sum())
        weighted += float((part.y * part.parts).sum())
        first_moment += float((part.x * terms).sum())
        variances += [part.variance(weights), part.variance(steps), part.variance(part.parts)]
        bins += len(part.y)
        top = int(np.argmax(part.y))
        if part.y[top] > maximum:
            maximum, maximum_at = float(part.y[top]), float(part.x[top])
    nothing = float("nan")
    errors = np.sqrt(variances)
    return {
        "bins": bins,
        "left_out": left_out,
        "sum": total,
        "sum_error": float(errors[0]),
        "integral": integral,
        "integral_error": float(errors[1]),
        "mean": weighted / parts if parts else nothing,
        "mean_error": float(errors[2]) / parts if parts else nothing,
        "centroid": first_moment / total if total else nothing,
        "maximum": maximum if bins else nothing,
        "maximum_at": maximum_at,
    }


def _second_look(shown: Shown, between: tuple[float, float], total: float, centroid: float) -> dict[str, Any]:
    nothing = float("nan")
    if not (total and np.isfinite(centroid)):
        return dict.fromkeys(("centroid_error", "width", "width_error"), nothing)
    spread, powers = 0.0, np.zeros(3)
    for part in _parts(shown, between):
        weights, away = part.weights(shown.per_width), part.x - centroid
        spread += float((np.square(away) * part.y * weights).sum())
        powers += [part.variance(weights * away**power) for power in (0, 1, 2)]
    mean_square = spread / total
    width = float(np.sqrt(mean_square)) if mean_square >= 0 else nothing
    # The variance of Σ weights · ((x − centroid)² − width²) · y, with the square multiplied out.
    uncertain = powers[2] - 2 * mean_square * powers[1] + mean_square**2 * powers[0]
    return {
        "centroid_error": float(np.sqrt(powers[1])) / abs(total),
        "width": width,
        "width_error": float(np.sqrt(max(0.0, uncertain))) / abs(2 * width * total) if width > 0 else nothing,
    }


def _parts(shown: Shown, between: tuple[float, float]) -> Iterator[Part]:
    low, high = between
    curve = shown.line.curve
    first = int(np.searchsorted(curve.right, low, side="right" if shown.is_bins else "left"))
    last = int(np.searchsorted(curve.left, high, side="left" if shown.is_bins else "right"))
    # Points belong to their neighbours by the trapezium rule, and are taken all at once.
    step = BLOCK if shown.is_bins else max(1, last - first)
    for start in range(first, last, step):
        yield _part(shown, low, high, slice(start, min(start + step, last)))


def _part(shown: Shown, low: float, high: float, chosen: slice) -> Part:
    curve = shown.line.curve
    left, right = curve.left[chosen], curve.right[chosen]
    y = curve.values[chosen].astype(np.float64)
    good = np.isfinite(y)
    if curve.mask is not None:
        good &= ~curve.mask[chosen]
    if shown.is_bins:
        widths = (right - left).astype(np.float64)
        begin, end = np.maximum(left, low), np.minimum(right, high)
        parts = np.divide(end - begin, widths, out=np.ones_like(widths), where=widths > 0)
        middle = (begin + end) / 2
    else:
        middle = left.astype(np.float64)
        widths, parts = _steps_of_points(middle[good], good), np.ones(len(y))
    variances = None if curve.errors is None else np.square(curve.errors[chosen].astype(np.float64))
    left_out = int((~good).sum())
    if not left_out:
        return Part(middle, y, variances, widths, parts, 0)
    return Part(
        middle[good], y[good], None if variances is None else variances[good], widths[good], parts[good], left_out
    )


def _steps_of_points(x: Values, good: NDArray[np.bool_]) -> Values:
    """Return how much of the axis each point stands for, so that Σ y · step is the trapezium rule."""
    steps = np.zeros(len(good))
    if len(x) > 1:
        gaps = np.diff(x)
        own = np.zeros(len(x))
        own[:-1] += gaps / 2
        own[1:] += gaps / 2
        steps[good] = own
    return steps


def area_of(shown: Shown) -> float:
    """Return the integral over everything."""
    low, high = shown.line.extent()
    return _first_look(shown, (low, high))["integral"] if np.isfinite([low, high]).all() else float("nan")
