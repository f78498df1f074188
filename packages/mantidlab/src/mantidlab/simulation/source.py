"""What leaves the moderator of a pulsed source, and what a band of it passes the choppers.

The spectrum is the usual sum of a Maxwellian and a slowing-down part, each per wavelength: D. F. R. Mildner,
B. C. Boland, R. N. Sinclair, C. G. Windsor, L. J. Bunce and J. H. Clarke, Nucl. Instrum. Methods 152 (1978) 437.
"""

from dataclasses import dataclass

import numpy as np

from mantidlab.simulation.drawing import Floats
from mantidlab.simulation.neutron import BOLTZMANN, NEUTRON_MASS, PLANCK

MAXWELL_CONSTANT = 1e20 * PLANCK**2 / (2 * NEUTRON_MASS * BOLTZMANN)
"""h²/(2 m k), about 949 Å² K."""

TABLE_POINTS = 4001


def maxwellian(wavelength: Floats, temperature: float) -> Floats:
    r"""Flux per Å of neutrons in equilibrium with a moderator, normalised to 1.

    .. math:: M(\lambda) = \frac{2 a^2}{\lambda^5} e^{-a/\lambda^2}, \quad a = \frac{h^2}{2 m k T}

    It is largest at :math:`\lambda = \sqrt{2a/5}`.
    """
    a = MAXWELL_CONSTANT / temperature
    return 2 * a**2 / wavelength**5 * np.exp(-a / wavelength**2)


def slowing_down(wavelength: Floats, *, steepness: float, offset: float) -> Floats:
    r"""Flux per Å of neutrons that have not reached equilibrium: 1/λ, switched off where the Maxwellian begins.

    .. math:: E(\lambda) = \frac{1}{\lambda} \, \frac{1}{1 + e^{\chi \lambda - \lambda_0}}
    """
    return 1 / (wavelength * (1 + np.exp(steepness * wavelength - offset)))


@dataclass(frozen=True)
class Moderator:
    """A moderator by the parameters of its spectrum."""

    temperature: float
    """K, of the Maxwellian."""
    epithermal_share: float
    """Weight of the slowing-down part relative to the Maxwellian."""
    steepness: float = 9.0
    """χ of `slowing_down`, 1/Å."""
    offset: float = 2.2

    def flux(self, wavelength: Floats) -> Floats:
        """Relative flux per Å."""
        epithermal = slowing_down(wavelength, steepness=self.steepness, offset=self.offset)
        return maxwellian(wavelength, self.temperature) + self.epithermal_share * epithermal


@dataclass(frozen=True)
class Band:
    """The wavelengths that choppers let pass; the edges are blurred because choppers need time to open."""

    shortest: float
    """Å, where half is let through."""
    longest: float
    """Å, where half is let through."""
    edge: float = 0.05
    """Å, half width of an edge, which is a straight line."""

    def table(self) -> Floats:
        """Wavelengths (Å) at which to tabulate what passes."""
        return np.linspace(self.shortest - self.edge, self.longest + self.edge, TABLE_POINTS)

    def transmission(self, wavelength: Floats) -> Floats:
        """Share of the neutrons that pass."""
        opening = (wavelength - self.shortest) / (2 * self.edge) + 0.5
        closing = (self.longest - wavelength) / (2 * self.edge) + 0.5
        return np.clip(opening, 0, 1) * np.clip(closing, 0, 1)


@dataclass(frozen=True)
class Beam:
    """Neutrons that reach the sample: a spectrum, and how many for each µA h of protons."""

    moderator: Moderator
    band: Band
    neutrons_per_charge: float
    """Neutrons at the sample for each µA h, over the whole band."""

    def spectrum(self, wavelength: Floats) -> Floats:
        """Neutrons per Å and µA h at the sample."""
        table = self.band.table()
        total = np.trapezoid(self._shape(table), table)
        return self.neutrons_per_charge * self._shape(wavelength) / total

    def _shape(self, wavelength: Floats) -> Floats:
        return self.moderator.flux(wavelength) * self.band.transmission(wavelength)


def efficiency(wavelength: Floats, thickness: float) -> Floats:
    r"""Share of neutrons that a helium-3 detector counts, :math:`1 - e^{-c\lambda}`; `thickness` is c in 1/Å.

    Absorption by helium-3 grows in proportion to the wavelength (the 1/v law).
    """
    return -np.expm1(-thickness * wavelength)


def monitor_efficiency(wavelength: Floats, share_at_1_angstrom: float) -> Floats:
    """Share of neutrons that a thin beam monitor counts: proportional to the wavelength (the 1/v law)."""
    return share_at_1_angstrom * wavelength
