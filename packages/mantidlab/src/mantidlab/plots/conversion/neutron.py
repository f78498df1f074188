"""The formulas of time-of-flight scattering, with the constants of CODATA.

Lengths in metres, times in µs, wavelengths and d-spacings in Å, momentum transfers in 1/Å, energies in meV, angles in
radians. Source: de Broglie's λ = h/(m v), Bragg's λ = 2 d sin θ, E = m v²/2 and ΔE = E_i − E_f.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import constants

Values: TypeAlias = NDArray[np.floating[Any]]

Measure: TypeAlias = float | Values
"""One number, or an array that fits the values it is used with: shape (detectors, 1) for values (bins,)."""

TIME_PER_WAVELENGTH = float(constants.m_n / constants.h * 1e-10 * 1e6)
"""µs that a neutron of 1 Å takes for 1 m: 252.778."""

ENERGY_WAVELENGTH_SQUARED = float(constants.h**2 / (2 * constants.m_n) / constants.e * 1e3 * 1e20)
"""Energy in meV times the square of the wavelength in Å: 81.804."""

ENERGY_PER_SPEED_SQUARED = float(constants.m_n / 2 * 1e12 / constants.e * 1e3)
"""Energy in meV divided by the square of the speed in m/µs."""


def wavelength_of_time(time: Values, length: Measure) -> Values:
    """Return wavelengths of neutrons that took `time` for `length`."""
    return time / (TIME_PER_WAVELENGTH * length)


def time_of_wavelength(wavelength: Values, length: Measure) -> Values:
    """Return times that neutrons take for `length`."""
    return wavelength * (TIME_PER_WAVELENGTH * length)


def spacing_of_wavelength(wavelength: Values, two_theta: Measure) -> Values:
    """Return d-spacings; infinite straight ahead, as in Mantid."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return wavelength / (2 * np.sin(two_theta / 2))


def wavelength_of_spacing(spacing: Values, two_theta: Measure) -> Values:
    """Return wavelengths that are scattered at an angle by planes so far apart."""
    return spacing * (2 * np.sin(two_theta / 2))


def transfer_of_wavelength(wavelength: Values, two_theta: Measure) -> Values:
    """Return elastic momentum transfers Q = 4π sin θ/λ; its own inverse."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return 4 * np.pi * np.sin(two_theta / 2) / wavelength


def energy_of_wavelength(wavelength: Values) -> Values:
    """Return energies."""
    with np.errstate(divide="ignore"):
        return ENERGY_WAVELENGTH_SQUARED / np.square(wavelength)


def wavelength_of_energy(energy: Values) -> Values:
    """Return wavelengths; NaN for negative energies."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(ENERGY_WAVELENGTH_SQUARED / energy)


def time_of_energy(energy: Measure, length: Measure) -> Measure:
    """Return the time that a neutron of an energy takes for `length`."""
    return length * np.sqrt(ENERGY_PER_SPEED_SQUARED / energy)


def energy_of_time(time: Values, length: Measure) -> Values:
    """Return energies of neutrons that took `time` for `length`; NaN for times that are not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        energy = ENERGY_PER_SPEED_SQUARED * np.square(length / time)
    return np.where(time > 0, energy, np.nan)


def times_of_energies(energy: Values, length: Measure) -> Values:
    """Return times that neutrons of these energies take for `length`; NaN for energies that are not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        time = length * np.sqrt(ENERGY_PER_SPEED_SQUARED / energy)
    return np.where(energy > 0, time, np.nan)
