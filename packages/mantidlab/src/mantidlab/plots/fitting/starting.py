"""Where a fit begins, found in the data themselves. x rises, all values are finite, at least as many as parameters."""

import numpy as np

from mantidlab.plots.fitting.shapes import SIGMAS_IN_FWHM, Values

LOW = 15
"""Percentage of the values that lie below a flat background."""

EDGE = 0.12
"""Part of the points at each end that the background is taken from."""


def background(x: Values, y: Values, degree: int) -> list[float]:
    """Return a constant, or a constant and a slope, through what lies at the two ends of the range."""
    if degree < 0:
        return []
    some = max(1, int(len(y) * EDGE))
    left, right = float(np.median(y[:some])), float(np.median(y[-some:]))
    if degree == 0:
        return [min(left, right)]
    at_left, at_right = float(np.mean(x[:some])), float(np.mean(x[-some:]))
    slope = (right - left) / (at_right - at_left) if at_right > at_left else 0.0
    return [left - slope * at_left, slope]


def low(y: Values, degree: int) -> list[float]:
    """Return a flat background below most of the values, for a range that begins or ends on a peak."""
    return [float(np.percentile(y, LOW)), 0.0][: degree + 1]


def peak(x: Values, above: Values) -> tuple[float, float, float]:
    """Return height, centre and full width at half maximum of the highest peak, or the deepest dip.

    Parameters
    ----------
    above
        Values above the background.
    """
    smooth, wide = _smoothed(above)
    about = int(np.argmax(np.abs(smooth)))
    # A running mean makes a plateau of a narrow peak; the peak is where the values themselves are highest in it.
    first = max(0, about - wide)
    near = above[first : about + wide + 1] * np.sign(smooth[about] or 1.0)
    top = first + int(np.argmax(near))
    height = float(smooth[about])
    inside = smooth * np.sign(height) > abs(height) / 2 if height else np.zeros(len(x), dtype=bool)
    first, last = top, top
    while first > 0 and inside[first - 1]:
        first -= 1
    while last < len(x) - 1 and inside[last + 1]:
        last += 1
    step = (x[-1] - x[0]) / max(1, len(x) - 1)
    width = max(float(x[last] - x[first]), float(step))
    strongest = float(above[top]) or height or float(np.ptp(above)) or 1.0
    if abs(strongest) > 2 * abs(height):
        width = float(step)  # narrower than what was smoothed over
    return strongest, float(x[top]), width


def _smoothed(y: Values) -> tuple[Values, int]:
    """Return running means, so that a single high point in noise is not the peak, and over how many points: 1 to 9."""
    wide = min(9, len(y) // 20 * 2 + 1)
    if wide < 3:
        return y, 1
    kernel = np.ones(wide) / wide
    padded = np.pad(y, wide // 2, mode="edge")
    found: Values = np.convolve(padded, kernel, mode="valid")
    return found, wide


def area(x: Values, above: Values) -> float:
    """Return the area above the background."""
    return float(np.trapezoid(above, x)) or 1.0


def straight(x: Values, y: Values, sigma: Values | None, degree: int) -> list[float]:
    """Return the coefficients of a polynomial, which is what the fit will end with."""
    weights = None if sigma is None else 1 / sigma
    found = np.polynomial.polynomial.Polynomial.fit(x, y, degree, w=weights).convert().coef
    return [*found.tolist(), *[0.0] * (degree + 1 - len(found))]


def logarithmic(across: Values, y: Values) -> tuple[float, float]:
    """Return intercept and slope of ln y over `across`, for what is positive; (ln |mean|, 0) where too little is."""
    good = (y > 0) & np.isfinite(across)
    if good.sum() < 2 or np.ptp(across[good]) == 0:
        return float(np.log(abs(float(np.mean(y))) or 1.0)), 0.0
    # The error of ln y is σ/y; with σ ~ √y, each counts as much as its value.
    weights = np.sqrt(y[good])
    slope, intercept = np.polyfit(across[good], np.log(y[good]), 1, w=weights)
    return float(intercept), float(slope)


def sigma_of(fwhm: float) -> float:
    """Return a Gaussian's standard deviation."""
    return fwhm / SIGMAS_IN_FWHM
