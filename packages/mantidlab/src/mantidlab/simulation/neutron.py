"""A free neutron: how long it takes to fly, and how its wavelength follows from that.

Units throughout the simulation, unless a name says otherwise: Å for wavelengths and lattice spacings, 1/Å for Q,
metres for lengths, microseconds for times of flight, radians for angles.
"""

from typing import Any

PLANCK = 6.62607015e-34
"""J s, exact (SI brochure, 9th edition)."""

NEUTRON_MASS = 1.67492749804e-27
"""kg (CODATA 2018)."""

BOLTZMANN = 1.380649e-23
"""J/K, exact (SI brochure, 9th edition)."""

MICROSECONDS_PER_METRE_AND_ANGSTROM = 1e6 * NEUTRON_MASS * 1e-10 / PLANCK
"""From de Broglie's λ = h/(m v): about 252.78 µs for each metre and Å."""

THERMAL_WAVELENGTH = 1.798
"""Å; the wavelength (2200 m/s) at which absorption cross sections are tabulated."""


def time_of_flight(wavelength: Any, length: Any) -> Any:
    """Time in µs that neutrons of these wavelengths (Å) take for these lengths (m)."""
    return MICROSECONDS_PER_METRE_AND_ANGSTROM * length * wavelength


def wavelength(time: Any, length: Any) -> Any:
    """Wavelength in Å of neutrons that fly these lengths (m) in these times (µs)."""
    return time / (MICROSECONDS_PER_METRE_AND_ANGSTROM * length)
