r"""How the width of the Lorentzian grows with Q, by models of diffusion.

Half widths, with ħ = 0.658 meV ps (all in M. Bée, Quasielastic Neutron Scattering, 1988, chapter 5):

========================  =====================================================  ==========================
model                     half width at half maximum                             source
========================  =====================================================  ==========================
``fickian``               ħ D Q²                                                 Fick's law
``chudley-elliott``       (ħ/τ) (1 − sin(Q l)/(Q l))                             Proc. Phys. Soc. 77 (1961) 353
``singwi-sjolander``      ħ D Q²/(1 + D Q² τ)                                    Phys. Rev. 119 (1960) 863
``hall-ross``             (ħ/τ) (1 − exp(−Q² l²/2))                              Mol. Phys. 42 (1981) 673
========================  =====================================================  ==========================

Jumps of length l each τ make D = l²/6τ (Chudley and Elliott), and D = l²/2τ for Hall and Ross's l, which is the root of
the mean square in one direction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import constants
from scipy.optimize import curve_fit

from mantidlab.frameworks.model import Numbers
from mantidlab.techniques.curves import Value
from mantidlab.techniques.errors import WrongSetting

Diffusion = Literal["none", "fickian", "chudley-elliott", "singwi-sjolander", "hall-ross"]

HBAR = float(constants.hbar / constants.e * 1e3 * 1e12)
"""meV ps: 0.6582."""

SQUARE_METRES_PER_SECOND = 1e-8
"""of one Å²/ps."""


@dataclass(frozen=True, eq=False)
class DiffusionFit:
    """What the widths say of the motion.

    Attributes
    ----------
    coefficient
        D in 10⁻⁹ m²/s.
    residence
        τ in ps; None where the model has none.
    length
        l in Å; None where the model has none.
    q, fwhm
        The Q of the widths that were fitted, 1/Å, and the fit there, meV.
    chi_square
        For each degree of freedom.
    """

    coefficient: Value
    residence: Value | None
    length: Value | None
    q: Numbers
    fwhm: Numbers
    chi_square: float

    def __str__(self) -> str:
        """Return it as people write it."""
        named = {"D": self.coefficient, "τ": self.residence, "l": self.length}
        told = [f"{name} = {value}" for name, value in named.items() if value is not None]
        return ", ".join([*told, f"χ² = {self.chi_square:.3g}"])


def half_width(model: Diffusion, q: Numbers, first: float, second: float) -> Numbers:
    """Return the half width in meV; `first` and `second` are D (Å²/ps) or l (Å), and τ (ps), as the model has them."""
    if model == "fickian":
        return HBAR * first * q**2
    if model == "chudley-elliott":
        return np.asarray(HBAR / second * (1 - np.sinc(q * first / np.pi)))
    if model == "singwi-sjolander":
        return HBAR * first * q**2 / (1 + first * q**2 * second)
    return np.asarray(HBAR / second * (1 - np.exp(-(q**2) * first**2 / 2)))


def fit_diffusion(model: Diffusion, q: Numbers, fwhm: Numbers, errors: Numbers) -> DiffusionFit:
    """Fit a model to widths.

    Raises
    ------
    WrongSetting
        There are too few widths with errors, or the fit does not end.
    """
    good = np.isfinite(q) & np.isfinite(fwhm) & np.isfinite(errors) & (errors > 0)
    names = 1 if model == "fickian" else 2
    if good.sum() <= names:
        raise WrongSetting(f"{good.sum()} widths with errors and a known Q are too few to fit {model} to them.")
    q, fwhm, errors = q[good], fwhm[good], errors[good]

    def curve(at: Numbers, *parameters: float) -> Numbers:
        first, second = (*np.exp(parameters), 1.0)[:2]
        return 2 * half_width(model, at, first, second)

    try:
        best, covariance = curve_fit(
            curve, q, fwhm, p0=np.log(_start(model, q, fwhm)), sigma=errors, absolute_sigma=True, maxfev=10_000
        )
    except RuntimeError as error:
        raise WrongSetting(f"{model} could not be fitted to the widths: {error}. Try another model.") from error
    chi_square = float(np.sum(((fwhm - curve(q, *best)) / errors) ** 2) / max(1, len(q) - names))
    coefficient, residence, length = _described(model, np.exp(best), covariance)
    return DiffusionFit(coefficient, residence, length, q, curve(q, *best), chi_square)


def _start(model: Diffusion, q: Numbers, fwhm: Numbers) -> list[float]:
    slope = float(np.sum(q**2 * fwhm / 2) / np.sum(q**4) / HBAR)
    if model == "fickian":
        return [max(slope, 1e-6)]
    late = HBAR / float(fwhm.max() / 2) * 0.7
    if model == "singwi-sjolander":
        return [2 * max(slope, 1e-6), late]
    return [np.sqrt((6 if model == "chudley-elliott" else 2) * max(slope, 1e-6) * late), late]


def _described(model: Diffusion, best: Numbers, covariance: Numbers) -> tuple[Value, Value | None, Value | None]:
    """Return the coefficient, the time between jumps and their length, with errors; `best` as `half_width` takes it."""
    relative: Callable[[Numbers], float] = lambda gradient: float(np.sqrt(gradient @ covariance @ gradient))  # noqa: E731
    scale = SQUARE_METRES_PER_SECOND * 1e9
    unit = "10⁻⁹ m²/s"
    if model == "fickian":
        return Value(float(best[0] * scale), float(best[0] * scale * relative(np.ones(1))), unit), None, None
    residence = Value(float(best[1]), float(best[1] * relative(np.array([0.0, 1.0]))), "ps")
    if model == "singwi-sjolander":
        found = Value(float(best[0] * scale), float(best[0] * scale * relative(np.array([1.0, 0.0]))), unit)
        return found, residence, None
    value = float(best[0] ** 2 / best[1] / (6 if model == "chudley-elliott" else 2) * scale)
    length = Value(float(best[0]), float(best[0] * relative(np.array([1.0, 0.0]))), "Å")
    return Value(value, value * relative(np.array([2.0, -1.0])), unit), residence, length
