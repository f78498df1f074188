"""How much of the beam passes a sample, over wavelength."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.conversion.quantities import Quantity
from mantidlab.techniques.counting import Counts, count_monitor
from mantidlab.techniques.errors import WrongRun, WrongSetting
from mantidlab.techniques.runs import OpenRun
from mantidlab.techniques.sans.counts import SansCounts

FEWEST_FITTED = 4
"""Points that a fit of the transmission needs at least."""


@dataclass(frozen=True, eq=False)
class Ratio:
    """One number for each wavelength bin with its variance, shape (bins,)."""

    values: Numbers
    variances: Numbers

    def __truediv__(self, other: "Ratio") -> "Ratio":
        """Return the ratio; bins in which nothing was counted are NaN."""
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.where(other.values > 0, self.values / other.values, np.nan)
            relative = self.variances / self.values**2 + other.variances / other.values**2
        return Ratio(values, np.where(np.isfinite(relative), relative, 0.0) * values**2)


def beam_on_detector(run: SansCounts, radius: float) -> Ratio:
    """Return the direct beam, what falls on the detector within a radius (m), for each count of the monitor."""
    spot = run.detector.summed(np.hypot(run.places.positions[:, 0], run.places.positions[:, 1]) < radius)
    if not spot.values.sum():
        raise WrongRun(
            f"Run {run.run or run.title} has no counts within {1e3 * radius:g} mm of the beam's centre; its "
            f"transmission needs a larger radius, the centre of the beam, or a monitor behind the sample."
        )
    return _of(spot) / _of(run.monitor)


def beam_on_monitor(path: Path, behind: str, edges: tuple[float, ...], incident: Counts) -> Ratio:
    """Return what a monitor behind the sample counted, for each count of the incident one."""
    with OpenRun(path) as run:
        return _of(count_monitor(run.monitor(behind), Quantity.WAVELENGTH, np.array(edges))) / _of(incident)


def transmission(sample: Ratio, empty: Ratio) -> Ratio:
    """Return the transmission: the beam with the sample over the beam without it, each relative to its monitor."""
    return sample / empty


def even(value: float, bins: int) -> Ratio:
    """Return a transmission that does not depend on the wavelength."""
    return Ratio(np.full(bins, value), np.zeros(bins))


def fitted(measured: Ratio, edges: Numbers, how: str, degree: int = 2) -> Ratio:
    """Return a transmission smoothed by a fit, as the ``FitMethod`` of Mantid's ``CalculateTransmission``.

    Parameters
    ----------
    how
        ``none``; ``linear`` in wavelength; ``log``: linear in wavelength for ln T, the law of Beer and Lambert with a
        cross section that grows with λ; ``polynomial`` of a degree in wavelength.

    Returns
    -------
    :
        Its variances are those of the fitted curve at each wavelength.
    """
    if how == "none":
        return measured
    wavelength = (edges[1:] + edges[:-1]) / 2
    good = np.isfinite(measured.values) & (measured.values > 0) & (measured.variances > 0)
    if good.sum() < max(FEWEST_FITTED, degree + 2):
        raise WrongSetting(
            f"A transmission with {good.sum()} usable points cannot be fitted; take wider wavelength bins, or no fit."
        )
    forward, back, slope = _scales(how)
    sigma = np.sqrt(measured.variances[good]) * slope(measured.values[good])
    power = degree if how == "polynomial" else 1
    best, covariance = np.polyfit(wavelength[good], forward(measured.values[good]), power, w=1 / sigma, cov="unscaled")
    design = np.vander(wavelength, power + 1)
    curve = back(design @ best)
    variance = np.einsum("ij,jk,ik->i", design, covariance, design)
    return Ratio(curve, variance / slope(curve) ** 2)


def _scales(
    how: str,
) -> tuple[Callable[[Numbers], Numbers], Callable[[Numbers], Numbers], Callable[[Numbers], Numbers]]:
    """Return what is fitted instead of T, its inverse, and its derivative."""
    if how == "log":
        return np.log, np.exp, lambda value: 1 / value
    return np.asarray, np.asarray, np.ones_like


def _of(counts: Counts) -> Ratio:
    return Ratio(counts.values, counts.variances)
