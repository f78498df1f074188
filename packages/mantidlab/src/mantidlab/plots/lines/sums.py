"""What a range of a curve amounts to: sum, integral, mean, centroid and width, each with its error.

The errors are those of the values, taken as independent of one another. A bin that lies partly in the range counts by
the part of its width, as in Mantid's Rebin: value and variance times that part.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.lines.shown import Shown

Values: TypeAlias = NDArray[np.floating[Any]]


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
    """What of a curve lies in a range: positions, values, variances (or None), widths, and parts from 0 to 1."""

    x: Values
    y: Values
    variances: Values | None
    widths: Values
    parts: Values
    left_out: int


def sums(shown: Shown, between: tuple[float, float], *, curve: int = 0, name: str = "", scale: float = 1.0) -> Sums:
    """Return the sums of a curve in a range, values times `scale`."""
    part = _part(shown, between)
    found = _numbers(part, shown)
    scaled = {
        key: None if value is None else value * scale
        for key, value in found.items()
        if key.startswith(("sum", "integral", "mean")) or key == "maximum"
    }
    return Sums(curve=curve, name=name, range=between, **{**found, **scaled})


def _numbers(part: Part, shown: Shown) -> dict[str, Any]:
    if not len(part.y):
        return {
            **dict.fromkeys(("sum", "integral", "mean", "centroid", "width", "maximum", "maximum_at"), float("nan")),
            **dict.fromkeys(("sum_error", "integral_error", "mean_error", "centroid_error", "width_error")),
            "sum": 0.0,
            "integral": 0.0,
            "bins": 0,
            "left_out": part.left_out,
        }
    # What a sum adds: counts, which are values times widths where the values are divided by them.
    weights = part.parts * part.widths if shown.per_width else part.parts
    terms = part.y * weights
    total, parts = float(terms.sum()), float(part.parts.sum())
    steps = part.parts * part.widths
    top = int(np.argmax(part.y))
    centroid, width = _moments(part.x, terms, total)
    return {
        "sum": total,
        "sum_error": _error(part, weights, shown),
        "integral": float((part.y * steps).sum()),
        "integral_error": _error(part, steps, shown),
        "mean": float((part.y * part.parts).sum() / parts),
        "mean_error": _error(part, part.parts / parts, shown),
        "centroid": centroid,
        "centroid_error": _error(part, weights * (part.x - centroid) / total if total else weights * np.nan, shown),
        "width": width,
        "width_error": _width_error(part, weights, centroid, width, total, shown),
        "maximum": float(part.y[top]),
        "maximum_at": float(part.x[top]),
        "bins": len(part.y),
        "left_out": part.left_out,
    }


def _moments(x: Values, terms: Values, total: float) -> tuple[float, float]:
    if total == 0:
        return float("nan"), float("nan")
    centroid = float((x * terms).sum() / total)
    variance = float((np.square(x - centroid) * terms).sum() / total)
    return centroid, float(np.sqrt(variance)) if variance >= 0 else float("nan")


def _width_error(
    part: Part, weights: Values, centroid: float, width: float, total: float, shown: Shown
) -> float | None:
    if part.variances is None:
        return None
    if not (width > 0 and total):
        return float("nan")
    return _error(part, weights * (np.square(part.x - centroid) - width**2) / (2 * width * total), shown)


def _error(part: Part, factors: Values, shown: Shown) -> float | None:
    """Return the error of Σ factors · values. A part of a bin has that part of its variance."""
    if part.variances is None:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(part.parts > 0, np.square(factors) / part.parts, 0.0)
    return float(np.sqrt((shares * part.variances).sum()))


def _part(shown: Shown, between: tuple[float, float]) -> Part:
    low, high = between
    curve = shown.line.curve
    first = int(np.searchsorted(curve.right, low, side="right" if shown.is_bins else "left"))
    last = int(np.searchsorted(curve.left, high, side="left" if shown.is_bins else "right"))
    chosen = slice(first, max(first, last))
    left, right = curve.left[chosen], curve.right[chosen]
    y = curve.values[chosen].astype(np.float64)
    good = np.isfinite(y)
    if curve.mask is not None:
        good &= ~curve.mask[chosen]
    middle = (left + right) / 2
    if shown.is_bins:
        widths = (right - left).astype(np.float64)
        inside = np.minimum(right, high) - np.maximum(left, low)
        parts = np.divide(inside, widths, out=np.ones_like(widths), where=widths > 0)
        middle = (np.minimum(right, high) + np.maximum(left, low)) / 2
    else:
        widths, parts = _steps_of_points(middle[good], good), np.ones(len(y))
    variances = None if curve.errors is None else np.square(curve.errors[chosen].astype(np.float64))[good]
    left_out = int((~good).sum())
    return Part(middle[good].astype(np.float64), y[good], variances, widths[good], parts[good], left_out)


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
    return sums(shown, (low, high)).integral if np.isfinite([low, high]).all() else float("nan")
