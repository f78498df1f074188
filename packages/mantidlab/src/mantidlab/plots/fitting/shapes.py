"""The formulas that are fitted: f(x, parameters). Widths are full widths at half maximum, in the unit of x."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

Values: TypeAlias = NDArray[np.floating[Any]]

SIGMAS_IN_FWHM = float(2 * np.sqrt(2 * np.log(2)))
"""A Gaussian's full width at half maximum in units of its standard deviation: 2.3548."""


def gaussian(x: Values, height: float, centre: float, fwhm: float) -> Values:
    """Return height · exp(−4 ln 2 (x − centre)²/fwhm²)."""
    return height * np.exp(-0.5 * np.square((x - centre) * SIGMAS_IN_FWHM / fwhm))


def lorentzian(x: Values, height: float, centre: float, fwhm: float) -> Values:
    """Return height / (1 + 4 (x − centre)²/fwhm²)."""
    return height / (1 + np.square(2 * (x - centre) / fwhm))


def pseudo_voigt(x: Values, height: float, centre: float, fwhm: float, mixing: float) -> Values:
    """Return mixing · Lorentzian + (1 − mixing) · Gaussian of one height and one width."""
    return mixing * lorentzian(x, height, centre, fwhm) + (1 - mixing) * gaussian(x, height, centre, fwhm)


def voigt(x: Values, area: float, centre: float, gaussian_fwhm: float, lorentzian_fwhm: float) -> Values:
    """Return the convolution of a Gaussian and a Lorentzian, of unit area times `area`."""
    return area * special.voigt_profile(x - centre, gaussian_fwhm / SIGMAS_IN_FWHM, lorentzian_fwhm / 2)


def back_to_back(x: Values, area: float, centre: float, sigma: float, rise: float, decay: float) -> Values:
    """Return a Gaussian convoluted with a rising and a falling exponential, of unit area times `area`.

    The shape of a Bragg peak at a pulsed source: Jorgensen et al., J. Appl. Cryst. 11 (1978) 385; `rise` and `decay`
    are its α and β, in one over the unit of x, as A and B in Mantid's BackToBackExponential.
    """
    away = x - centre
    left = _tail(rise, sigma, away)
    right = _tail(decay, sigma, -away)
    return area * rise * decay / (2 * (rise + decay)) * (left + right)


def _tail(rate: float, sigma: float, away: Values) -> Values:
    """Return exp(rate/2 (rate σ² + 2 away)) · erfc((rate σ² + away)/(σ√2)), which neither overflows nor vanishes."""
    place = (rate * sigma**2 + away) / (sigma * np.sqrt(2))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        near = np.exp(-0.5 * np.square(away / sigma)) * special.erfcx(place)
        far = np.exp(0.5 * rate * (rate * sigma**2 + 2 * away)) * special.erfc(place)
    return np.where(place >= 0, near, far)


def polynomial(x: Values, *coefficients: float) -> Values:
    """Return Σ aᵢ xⁱ."""
    found: Values = np.polynomial.polynomial.polyval(x, coefficients)
    return found + np.zeros_like(x)


def exponential(x: Values, amplitude: float, lifetime: float) -> Values:
    """Return amplitude · exp(−x/lifetime)."""
    with np.errstate(over="ignore"):
        return amplitude * np.exp(-x / lifetime)


def guinier(x: Values, intensity: float, radius: float) -> Values:
    """Return intensity · exp(−Q² radius²/3), Guinier's law for Q · radius below about 1.3."""
    return intensity * np.exp(-np.square(x * radius) / 3)


def porod(x: Values, constant: float) -> Values:
    """Return constant · Q⁻⁴, Porod's law of smooth interfaces."""
    with np.errstate(divide="ignore"):
        return constant / np.square(np.square(x))


def power_law(x: Values, amplitude: float, exponent: float) -> Values:
    """Return amplitude · x^(−exponent), for positive x."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return amplitude * np.power(x, -exponent)
