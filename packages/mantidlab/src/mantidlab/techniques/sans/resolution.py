r"""The width with which a pinhole instrument sees Q.

.. math::
    \sigma_Q^2 = \frac{4\pi^2}{\lambda^2}\left[\frac{R_1^2}{4 L_1^2}
    + \frac{R_2^2}{4}\left(\frac1{L_1}+\frac1{L_2}\right)^2
    + \frac{\Delta R^2}{12 L_2^2}\right] + Q^2 \left(\frac{\sigma_\lambda}{\lambda}\right)^2

(D. F. R. Mildner and J. M. Carpenter, J. Appl. Cryst. 17, 1984, 249; as in Mantid's ``TOFSANSResolutionByPixel``, which
has ΔR for the pixel and adds the moderator's pulse to σ_λ). Blurring in two dimensions also moves a ring outwards: what
is counted at Q was scattered at Q + s²/2Q in the mean, s the width in one direction. Left out: gravity's smearing of Q
over the wavelength bin, and multiple scattering.
"""

from dataclasses import dataclass

import numpy as np

from mantidlab.frameworks.model import Numbers


@dataclass(frozen=True)
class Pinholes:
    """What blurs Q.

    Attributes
    ----------
    source_radius, sample_radius
        Of the two apertures, m.
    collimation
        From one to the other, m.
    pixel
        Width of a pixel, m.
    pulse
        Standard deviation of the moment at which a neutron leaves the moderator, µs.
    """

    source_radius: float
    sample_radius: float
    collimation: float
    pixel: float
    pulse: float = 0.0


def blur_of_angle(pinholes: Pinholes, distance: Numbers, wavelength: Numbers) -> Numbers:
    """Return σ² of one component of Q from the geometry, 1/Å².

    Parameters
    ----------
    distance
        From sample to detector along the beam, m, shape (detectors, 1) or a number.
    wavelength
        Å, shape (bins,).
    """
    angle = (
        (pinholes.source_radius / pinholes.collimation) ** 2 / 4
        + pinholes.sample_radius**2 / 4 * (1 / pinholes.collimation + 1 / distance) ** 2
        + pinholes.pixel**2 / (12 * distance**2)
    )
    return (2 * np.pi / wavelength) ** 2 * angle


def blur_of_wavelength(edges: Numbers, pulse: float, path: Numbers) -> Numbers:
    """Return (σ_λ/λ)² from the width of the bins and the moderator's pulse.

    Parameters
    ----------
    edges
        Of the wavelength bins, Å, shape (bins + 1,).
    pulse
        µs.
    path
        From source to detector, m, shape (detectors, 1) or a number.
    """
    from mantidlab.plots.conversion.neutron import wavelength_of_time

    middle = (edges[1:] + edges[:-1]) / 2
    bins = (np.diff(edges) / middle) ** 2 / 12
    return bins + (wavelength_of_time(np.asarray(pulse), path) / middle) ** 2


def moments(q: Numbers, blur: Numbers, relative: Numbers, weights: Numbers, edges: Numbers) -> tuple[Numbers, Numbers]:
    """Return the mean Q of each bin and the width with which it sees the curve.

    Parameters
    ----------
    q
        Of each detector and wavelength, 1/Å.
    blur
        σ² of one component of Q there; zeros if nothing is known.
    relative
        (σ_λ/λ)² there.
    weights
        What an even scatterer would give there.
    edges
        Of the Q bins.
    """
    true = q + blur / (2 * q)
    where = np.searchsorted(edges, q.ravel(), side="right") - 1
    inside = (where >= 0) & (where < len(edges) - 1)

    def total(values: Numbers) -> Numbers:
        return np.bincount(where[inside], values.ravel()[inside], minlength=len(edges) - 1)

    norm = total(weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total(weights * true) / norm
        square = total(weights * (true**2 + blur + q**2 * relative)) / norm
    return mean, np.sqrt(np.maximum(square - mean**2, 0.0))
