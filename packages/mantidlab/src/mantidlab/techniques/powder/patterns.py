r"""A whole powder pattern fitted at once: positions tied to one number, each peak with its own height.

Pawley's method (G. S. Pawley, J. Appl. Cryst. 14, 1981, 357) with back-to-back exponentials whose lengths grow in
proportion to d. Heights and background are linear, so that only four numbers are searched (variable projection: G. H.
Golub and V. Pereyra, SIAM J. Numer. Anal. 10, 1973, 413).
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import least_squares

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.fitting.shapes import back_to_back
from mantidlab.techniques.curves import Value
from mantidlab.techniques.errors import WrongSetting

REACH = 0.03
"""Relative distance from a peak beyond which it adds nothing."""

SMOOTH_TERMS = 6
"""Chebyshev polynomials of the background."""

CENTRINGS = ("primitive", "body-centred", "face-centred", "diamond")


@dataclass(frozen=True)
class Pattern:
    """What is fitted.

    Attributes
    ----------
    d
        Middle of the bins, Å, shape (n,).
    values
        Intensity, shape (n,).
    one_neutron
        What one neutron adds to a bin, shape (n,).
    below
        What was subtracted from each bin, shape (n,): counted neutrons are (values + below)/one_neutron.
    """

    d: Numbers
    values: Numbers
    one_neutron: Numbers
    below: Numbers

    def deviations(self, expected: Numbers) -> Numbers:
        """Return standard deviations where the values are expected to be these, at least of one neutron."""
        neutrons = (np.maximum(expected, 0) + self.below) / self.one_neutron
        return self.one_neutron * np.sqrt(np.maximum(neutrons, 1))


@dataclass(frozen=True, eq=False)
class PatternFit:
    """What was found.

    Attributes
    ----------
    lattice
        Å.
    shape
        σ, rise and decay of the peaks, each relative to d.
    curve
        The fit at the bins, shape (n,).
    chi_square
        For each degree of freedom.
    """

    lattice: Value
    shape: tuple[float, float, float]
    curve: Numbers
    chi_square: float


def cubic_sums(centring: str, most: int) -> Numbers:
    """Return the sums h² + k² + l² up to `most` of the planes of a cubic crystal that reflect."""
    side = range(int(np.sqrt(most)) + 1)
    sums = {h * h + k * k + m * m for h, k, m in product(side, side, side) if h + k + m and _shows(centring, h, k, m)}
    return np.array(sorted(value for value in sums if value <= most), dtype=np.float64)


def fit_cubic(pattern: Pattern, centring: str, start: float) -> PatternFit:
    """Fit the lattice parameter of a cubic crystal.

    Parameters
    ----------
    start
        Å, within some 1 % of the truth.

    Raises
    ------
    WrongSetting
        Fewer than two peaks lie in the range, or the fit does not end.
    """
    sums = cubic_sums(centring, int((start / pattern.d[0]) ** 2) + 1)
    spacings = start / np.sqrt(sums)
    inside = spacings[(spacings > pattern.d[0] * (1 + REACH)) & (spacings < pattern.d[-1] * (1 - REACH))]
    if len(inside) < 2:
        raise WrongSetting(
            f"From {pattern.d[0]:.3g} to {pattern.d[-1]:.3g} Å lie {len(inside)} peaks of a {centring} cell of "
            f"{start:g} Å; a fit needs two. Choose a wider range of d, or another cell."
        )
    everything = start / np.sqrt(sums)
    sigma = pattern.deviations(pattern.values)
    best = np.array([_aligned(pattern, everything), 1.5e-3, 1e-3, 2e-3])
    for _ in range(2):  # first with errors from the data, then, without the bias of empty bins, from the curve
        found = least_squares(
            lambda parameters, sigma=sigma: _residuals(pattern, everything, parameters, sigma),
            best,
            bounds=([0.97, 2e-4, 1e-4, 1e-4], [1.03, 1e-2, 1e-2, 2e-2]),
            x_scale=[1e-4, 1e-3, 1e-3, 1e-3],
            diff_step=1e-6,
        )
        best = found.x
        design = _design(pattern.d, everything, best)
        heights = _heights(design, pattern.values, sigma)
        sigma = pattern.deviations(design @ heights)
    if not found.success:
        raise WrongSetting(
            f"The fit of the pattern did not end: {found.message}. Look at the pattern and the cell given."
        )
    heights = _heights(design, pattern.values, sigma)
    curve = design @ heights
    error = _error_of_scale(pattern, everything, best, heights, design, sigma)
    degrees = len(curve) - design.shape[1] - len(best)
    chi_square = float(np.sum(((pattern.values - curve) / sigma) ** 2) / degrees)
    lattice = Value(float(start * best[0]), float(start * error), "Å")
    return PatternFit(lattice, (float(best[1]), float(best[2]), float(best[3])), curve, chi_square)


def _aligned(pattern: Pattern, spacings: Numbers) -> float:
    """Return the factor, within 1 %, that puts most of the pattern under the peaks."""
    trial = np.linspace(0.99, 1.01, 401)
    above = np.maximum(pattern.values - np.median(pattern.values), 0)
    inside = [spacings[(spacings * one > pattern.d[0]) & (spacings * one < pattern.d[-1])] * one for one in trial]
    sums = [float(np.interp(some, pattern.d, above).sum()) for some in inside]
    return float(trial[int(np.argmax(sums))])


def _residuals(pattern: Pattern, spacings: Numbers, parameters: Numbers, sigma: Numbers) -> Numbers:
    design = _design(pattern.d, spacings, parameters)
    return np.asarray((pattern.values - design @ _heights(design, pattern.values, sigma)) / sigma)


def _design(d: Numbers, spacings: Numbers, parameters: Numbers) -> Numbers:
    scale, sigma, rise, decay = parameters
    place = 2 * (d - d[0]) / (d[-1] - d[0]) - 1
    columns = list(np.polynomial.chebyshev.chebvander(place, SMOOTH_TERMS - 1).T)
    for spacing in spacings:
        x = d / (spacing * scale) - 1
        near = np.abs(x) < REACH
        if not near.any():
            continue
        column = np.zeros(len(d))
        column[near] = back_to_back(x[near], 1.0, 0.0, sigma, 1 / rise, 1 / decay)
        columns.append(column)
    return np.stack(columns, axis=1)


def _heights(design: Numbers, values: Numbers, sigma: Numbers) -> Numbers:
    found: Numbers = np.linalg.lstsq(design / sigma[:, None], values / sigma, rcond=None)[0]
    return found


def _error_of_scale(
    pattern: Pattern, spacings: Numbers, best: Numbers, heights: Numbers, design: Numbers, sigma: Numbers
) -> float:
    """Return the standard uncertainty of the scale, all other numbers being free."""
    columns = []
    for index, step in enumerate((1e-6, 1e-6, 1e-6, 1e-6)):
        moved = best.copy()
        moved[index] += step
        columns.append((_design(pattern.d, spacings, moved) - design) @ heights / step)
    jacobian = np.concatenate([np.stack(columns, axis=1), design], axis=1) / sigma[:, None]
    covariance = np.linalg.pinv(jacobian.T @ jacobian)
    return float(np.sqrt(covariance[0, 0]))


def _shows(centring: str, h: int, k: int, m: int) -> bool:
    if centring == "primitive":
        return True
    if centring == "body-centred":
        return (h + k + m) % 2 == 0
    alike = h % 2 == k % 2 == m % 2
    return alike and (centring == "face-centred" or h % 2 == 1 or (h + k + m) % 4 == 0)
