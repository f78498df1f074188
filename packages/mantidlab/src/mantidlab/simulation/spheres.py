"""How dilute spheres scatter neutrons at small angles."""

from dataclasses import dataclass

import numpy as np

from mantidlab.simulation.drawing import Floats

CUBIC_CM_PER_CUBIC_ANGSTROM = 1e-24
PER_SQUARE_CM_FROM_PER_SQUARE_ANGSTROM = 1e16


def amplitude(qr: Floats) -> Floats:
    r"""Scattering amplitude of a sphere relative to that at Q = 0.

    .. math:: F(x) = 3 \, \frac{\sin x - x \cos x}{x^3}, \quad x = QR

    Lord Rayleigh, Proc. R. Soc. Lond. A 84 (1910) 25; A. Guinier and G. Fournet, Small-Angle Scattering of X-rays
    (Wiley, 1955), section 2.1.3. The first zero is at x = 4.4934, where tan x = x. Near 0, where the difference of
    nearly equal numbers loses its digits, the series :math:`1 - x^2/10 + x^4/280` is used.
    """
    x = np.asarray(qr, dtype=float)
    safe = np.where(x < 1e-2, 1.0, x)
    return np.where(x < 1e-2, 1 - x**2 / 10 + x**4 / 280, 3 * (np.sin(safe) - safe * np.cos(safe)) / safe**3)


def form_factor(q: Floats, radius: float) -> Floats:
    """P(Q) = F(QR)², 1 at Q = 0."""
    return amplitude(q * radius) ** 2


@dataclass(frozen=True)
class Suspension:
    """Equal spheres, so dilute that they do not see each other (structure factor 1), in a solvent.

    Attributes
    ----------
    radius:
        Å.
    volume_fraction:
        Share of the volume that the spheres fill.
    contrast:
        Difference of the scattering-length densities of sphere and solvent, 1/Å².
    incoherent:
        Flat incoherent scattering, 1/cm per steradian.
    absorption:
        Macroscopic absorption cross section at 1.798 Å, 1/cm.
    """

    radius: float
    volume_fraction: float
    contrast: float
    incoherent: float
    absorption: float

    def forward(self) -> float:
        r"""Coherent cross section at Q = 0, 1/cm per steradian: :math:`\phi V (\Delta\rho)^2`."""
        volume = 4 / 3 * np.pi * self.radius**3 * CUBIC_CM_PER_CUBIC_ANGSTROM
        contrast = self.contrast * PER_SQUARE_CM_FROM_PER_SQUARE_ANGSTROM
        return float(self.volume_fraction * volume * contrast**2)

    def cross_section(self, q: Floats) -> Floats:
        r"""Macroscopic differential cross section, 1/cm per steradian.

        .. math:: \frac{d\Sigma}{d\Omega}(Q) = \phi \, V \, (\Delta\rho)^2 \, P(Q) + B
        """
        return self.forward() * form_factor(q, self.radius) + self.incoherent
