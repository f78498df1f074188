r"""One spectrum: an elastic line and a Lorentzian, both seen with the instrument's resolution, on a background.

.. math::
    S(E) = R(E) \otimes \left[A_0\,\delta(E - c) + A_1\,\frac{1}{\pi}\frac{\Gamma/2}{(E-c)^2+(\Gamma/2)^2}\right]
    + b_0 + b_1 E

(M. Bée, Quasielastic Neutron Scattering, Adam Hilger 1988, chapter 2.) Γ is the full width at half maximum. Areas and
background are linear, so that only Γ and c are searched. ``ess.spectroscopy`` reduces and does not fit.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import least_squares

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.fitting.shapes import SIGMAS_IN_FWHM, gaussian, voigt
from mantidlab.techniques.curves import Value
from mantidlab.techniques.errors import WrongSetting

Weights = Literal["model", "data"]
PADDING = 8
"""Times the range of energy over which the convolution is done: a Lorentzian's tails come round again beyond it."""

MARGIN = 10
"""Points beyond the energies that are wanted, which keep a spline from feeling its ends."""


class Resolution(Protocol):
    """How an instrument sees a line."""

    def line(self, energy: Numbers, centre: float) -> Numbers:
        """Return a line without width, of area 1, at a centre; 1/meV."""

    def lorentzian(self, energy: Numbers, centre: float, fwhm: float) -> Numbers:
        """Return a Lorentzian of area 1; 1/meV."""

    def width(self) -> float:
        """Return about how wide the line is at half maximum, meV."""


@dataclass(frozen=True)
class GaussianResolution:
    """A Gaussian of a full width at half maximum in meV."""

    fwhm: float

    def line(self, energy: Numbers, centre: float) -> Numbers:
        """Return the Gaussian."""
        return gaussian(energy, SIGMAS_IN_FWHM / (self.fwhm * np.sqrt(2 * np.pi)), centre, self.fwhm)

    def lorentzian(self, energy: Numbers, centre: float, fwhm: float) -> Numbers:
        """Return Voigt's profile."""
        return voigt(energy, 1.0, centre, self.fwhm, fwhm)

    def width(self) -> float:
        """Return it."""
        return self.fwhm


class MeasuredResolution:
    """The spectrum of something that scatters elastically only, such as vanadium.

    Convolutions are products of Fourier transforms on an even grid: that of a Lorentzian of width Γ is exp(−πΓ|f|).

    Parameters
    ----------
    edges
        meV, shape (n + 1,).
    values
        Intensity in each bin, shape (n,); its own errors are not carried on.
    background
        Whether a constant, the median of the outer tenths, is subtracted.

    Raises
    ------
    WrongSetting
        It has no peak.
    """

    def __init__(self, edges: Numbers, values: Numbers, *, background: bool = True) -> None:
        middle = (edges[1:] + edges[:-1]) / 2
        outer = max(1, len(values) // 10)
        known = np.nan_to_num(values)
        base = float(np.median(np.concatenate([known[:outer], known[-outer:]]))) if background else 0.0
        step = float(np.median(np.diff(edges)))
        count = int(2 ** np.ceil(np.log2(PADDING * (edges[-1] - edges[0]) / step)))
        self._step, self._count = step, count
        self._start = float(middle[len(middle) // 2]) - step * (count // 2)
        grid = self._start + step * np.arange(count)
        inside = (grid >= middle[0]) & (grid <= middle[-1])
        shape = np.where(inside, CubicSpline(middle, known - base)(np.clip(grid, middle[0], middle[-1])), 0.0)
        area = shape.sum() * step
        if area <= 0 or shape.max() <= 0:
            raise WrongSetting("The resolution run has no peak in the range of energy that is fitted.")
        self._shape = shape / area
        self._transform = np.fft.rfft(self._shape)
        self._frequency = np.fft.rfftfreq(count, step)
        above = grid[shape > shape.max() / 2]
        self._width = float(above.max() - above.min()) + step

    def line(self, energy: Numbers, centre: float) -> Numbers:
        """Return the resolution, moved."""
        return self._at(energy, centre, 0.0)

    def lorentzian(self, energy: Numbers, centre: float, fwhm: float) -> Numbers:
        """Return its convolution with a Lorentzian."""
        return self._at(energy, centre, fwhm)

    def width(self) -> float:
        """Return how far it is at least half as high as its top."""
        return self._width

    def _at(self, energy: Numbers, centre: float, fwhm: float) -> Numbers:
        moved = np.exp((-np.pi * fwhm - 2j * np.pi * centre) * self._frequency)
        found = np.fft.irfft(self._transform * moved, self._count)
        first = max(0, int((energy[0] - self._start) / self._step) - MARGIN)
        last = min(self._count, int((energy[-1] - self._start) / self._step) + MARGIN + 2)
        grid = self._start + self._step * np.arange(first, last)
        # Straight lines would make the resolution broader than it was measured.
        return np.asarray(CubicSpline(grid, found[first:last])(energy))


@dataclass(frozen=True, eq=False)
class LineFit:
    """What was found in one spectrum.

    Attributes
    ----------
    fwhm
        Γ of the Lorentzian, meV.
    elastic, quasielastic
        Areas A₀ and A₁.
    centre
        meV.
    share
        A₀/(A₀ + A₁), the elastic incoherent structure factor where scattering is incoherent; without an elastic line 0.
    energy, fitted
        Middle of the bins that were fitted, meV, and the fit there, shape (k,).
    chi_square
        For each degree of freedom.
    """

    fwhm: Value
    elastic: Value
    quasielastic: Value
    centre: Value
    share: Value
    energy: Numbers
    fitted: Numbers
    chi_square: float


def fit_line(
    edges: Numbers,
    values: Numbers,
    errors: Numbers,
    resolution: Resolution,
    *,
    elastic: bool = True,
    slope: bool = True,
    weights: Weights = "model",
) -> LineFit:
    """Fit one spectrum.

    Parameters
    ----------
    edges
        meV, shape (n + 1,).
    values, errors
        Shape (n,); NaN and bins without counts and errors are handled, as said below.
    elastic
        Whether there is an elastic line.
    slope
        Whether the background may have a slope.
    weights
        ``data``: each bin with its own error, one without an error with that of one count. ``model``: with the error
        that the fitted curve makes one expect, which does not favour bins that counted too little by chance; only for
        counts from which nothing was subtracted.

    Raises
    ------
    WrongSetting
        There is too little to fit.
    """
    energy = (edges[1:] + edges[:-1]) / 2
    used = np.isfinite(values) & np.isfinite(errors)
    energy, values, errors = energy[used], values[used], errors[used]
    if (errors > 0).sum() < 10 or values.max() <= 0:
        raise WrongSetting("A spectrum has fewer than ten bins with counts in the range of energy that is fitted.")
    one = _one_count(energy, values, errors)
    sigma = np.where(errors > 0, errors, one)
    start = np.array([np.log(resolution.width()), float(energy[int(np.argmax(values))])])
    reach = float(energy[-1] - energy[0])
    for _ in range(3 if weights == "model" else 1):
        found = least_squares(
            lambda p, sigma=sigma: _residuals(p, energy, values, sigma, resolution, elastic, slope),
            start,
            bounds=([np.log(1e-3 * resolution.width()), energy[0]], [np.log(10 * reach), energy[-1]]),
            x_scale=[0.1, 0.1 * resolution.width()],
        )
        start = found.x
        design = _design(start, energy, resolution, elastic, slope)
        areas = _linear(design, values, sigma)
        if weights == "model":
            sigma = np.sqrt(one * np.maximum(design @ areas, one))
    return _described(found.x, energy, values, sigma, resolution, elastic, slope)


def _one_count(energy: Numbers, values: Numbers, errors: Numbers) -> Numbers:
    """Return what one count is worth in each bin: error²/value where something was counted, in between elsewhere."""
    good = (values > 0) & (errors > 0)
    return np.interp(energy, energy[good], errors[good] ** 2 / values[good])


def _residuals(
    parameters: Numbers,
    energy: Numbers,
    values: Numbers,
    sigma: Numbers,
    resolution: Resolution,
    elastic: bool,
    slope: bool,
) -> Numbers:
    design = _design(parameters, energy, resolution, elastic, slope)
    return np.asarray((values - design @ _linear(design, values, sigma)) / sigma)


def _design(parameters: Numbers, energy: Numbers, resolution: Resolution, elastic: bool, slope: bool) -> Numbers:
    """Return columns: Lorentzian, elastic line, constant, slope."""
    fwhm, centre = float(np.exp(parameters[0])), float(parameters[1])
    columns = [resolution.lorentzian(energy, centre, fwhm)]
    if elastic:
        columns.append(resolution.line(energy, centre))
    columns.append(np.ones_like(energy))
    if slope:
        columns.append(energy)
    return np.stack(columns, axis=1)


def _linear(design: Numbers, values: Numbers, sigma: Numbers) -> Numbers:
    found: Numbers = np.linalg.lstsq(design / sigma[:, None], values / sigma, rcond=None)[0]
    return found


def _described(
    best: Numbers, energy: Numbers, values: Numbers, sigma: Numbers, resolution: Resolution, elastic: bool, slope: bool
) -> LineFit:
    design = _design(best, energy, resolution, elastic, slope)
    areas = _linear(design, values, sigma)
    fwhm = float(np.exp(best[0]))
    columns = []
    for index, step in enumerate((1e-4, 1e-4 * resolution.width())):
        up, down = best.copy(), best.copy()
        up[index] += step
        down[index] -= step
        wings = [_design(one, energy, resolution, elastic, slope) @ areas for one in (up, down)]
        columns.append((wings[0] - wings[1]) / (2 * step))
    jacobian = np.concatenate([np.stack(columns, axis=1), design], axis=1) / sigma[:, None]
    covariance = np.linalg.pinv(jacobian.T @ jacobian, hermitian=True)
    errors = np.sqrt(np.diag(covariance))
    fitted = design @ areas
    return LineFit(
        fwhm=Value(fwhm, float(fwhm * errors[0]), "meV"),
        elastic=Value(float(areas[1]), float(errors[3])) if elastic else Value(0.0, 0.0),
        quasielastic=Value(float(areas[0]), float(errors[2])),
        centre=Value(float(best[1]), float(errors[1]), "meV"),
        share=_share(areas, covariance) if elastic else Value(0.0, 0.0),
        energy=energy,
        fitted=fitted,
        chi_square=float(np.sum(((values - fitted) / sigma) ** 2) / max(1, len(values) - jacobian.shape[1])),
    )


def _share(areas: Numbers, covariance: Numbers) -> Value:
    """Return A₀/(A₀ + A₁) with the error of both and how they go together."""
    quasi, line = areas[0], areas[1]
    total = quasi + line
    gradient = np.array([-line, quasi]) / total**2
    return Value(float(line / total), float(np.sqrt(gradient @ covariance[2:4, 2:4] @ gradient)))
