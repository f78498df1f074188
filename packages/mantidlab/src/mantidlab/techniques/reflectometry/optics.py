r"""What slits, sample and angle do to a reflectivity: how much of the beam meets the sample, and how sharp Q is.

Own formulas, and why: ``ess.reflectometry.corrections.footprint_on_sample`` (26.6) takes the beam's full width at half
maximum for a share of :math:`\mathrm{erf}(x/2.355)`, x the length of the sample over that of the beam on it. A Gaussian
of that width has the share :math:`\mathrm{erf}(0.8326\,x)`, as integrating it shows (in this package's tests).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import erf

from mantidlab.frameworks.model import Numbers
from mantidlab.plots.fitting.shapes import SIGMAS_IN_FWHM

Profile = Literal["none", "box", "gaussian"]


@dataclass(frozen=True)
class Slits:
    """Two slits before the sample: their heights and how far they are apart, m."""

    first: float
    second: float
    apart: float

    def angular_spread(self) -> float:
        """Return the standard deviation of the angles of rays through both, rad: two boxes, each of width h/√12."""
        return float(np.hypot(self.first, self.second) / np.sqrt(12) / self.apart)


def lit_share(theta: float, profile: Profile, sample_length: float, beam_height: float) -> float:
    """Return the share of the beam that meets the sample.

    Parameters
    ----------
    theta
        Angle of incidence, rad.
    profile
        ``box``: even over its height; ``gaussian``: with it as full width at half maximum; ``none``: all of it.
    sample_length, beam_height
        Along the beam, and of the beam at the sample, m.
    """
    if profile == "none":
        return 1.0
    covered = sample_length * np.sin(theta) / beam_height
    if profile == "box":
        return float(min(1.0, covered))
    return float(erf(covered * SIGMAS_IN_FWHM / (2 * np.sqrt(2))))


def relative_width(theta: float, slits: Slits | None, q_edges: Numbers, pulse: float, time: Numbers) -> Numbers:
    r"""Return σ(Q)/Q of each bin, :math:`\sqrt{(\sigma_\theta/\theta)^2 + (\sigma_t/t)^2 + (\Delta Q/Q)^2/12}`.

    Parameters
    ----------
    theta
        rad.
    slits
        None where they are not known: then only time and bins count.
    q_edges
        Shape (n + 1,).
    pulse
        Standard deviation of the moment of emission, µs.
    time
        Time of flight that belongs to each bin, µs, shape (n,).
    """
    middle = middles(q_edges)
    angle = slits.angular_spread() / np.tan(theta) if slits is not None else 0.0
    return np.sqrt(angle**2 + (pulse / time) ** 2 + (np.diff(q_edges) / middle) ** 2 / 12)


def middles(q_edges: Numbers) -> Numbers:
    """Return the Q that bins stand for: those of the middle of their wavelengths, over which a beam is about even.

    The middle of the edges would be larger by (ΔQ/Q)²/4, 10⁻⁴ for bins of 2 %: as much as counting knows of a film.
    """
    return np.asarray(2 * q_edges[1:] * q_edges[:-1] / (q_edges[1:] + q_edges[:-1]))


def q_of(wavelength: Numbers, theta: float) -> Numbers:
    """Return Q = 4π sin θ/λ; its own inverse."""
    return 4 * np.pi * np.sin(theta) / wavelength
