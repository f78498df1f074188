"""What can be fitted: a shape, its parameters with units and limits, where it begins, and what can lie under it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.fitting import shapes, starting
from mantidlab.plots.fitting.shapes import SIGMAS_IN_FWHM, Values

Start: TypeAlias = Callable[[Values, Values, Values | None], list[float]]
"""From x, y above the background, and errors (or None), a starting value for each parameter."""

BACKGROUNDS = {"none": -1, "constant": 0, "linear": 1}
"""What can lie under a shape, and its degree."""


@dataclass(frozen=True)
class Parameter:
    """One number of a model.

    Attributes
    ----------
    unit
        As powers of the units of x and y: ``x``, ``y``, ``y x``, ``1/x``, ``y/x``; empty for a bare number.
    low, high
        Beyond which it has no meaning.
    """

    name: str
    label: str
    unit: str = ""
    low: float = -np.inf
    high: float = np.inf


@dataclass(frozen=True)
class Derived:
    """A number that follows from the parameters, such as the area of a peak."""

    name: str
    label: str
    unit: str
    value: Callable[..., float]


@dataclass(frozen=True)
class Model:
    """A shape on a background.

    Attributes
    ----------
    shape
        f(x, *parameters), without the background's.
    backgrounds
        Which can be chosen; the first is taken when nothing is said.
    is_peak
        Whether it has a place and a width, which bins can be too coarse for.
    needs_positive_x
        Whether x ≤ 0 has no value.
    """

    id: str
    label: str
    parameters: tuple[Parameter, ...]
    shape: Callable[..., Values]
    start: Start
    backgrounds: tuple[str, ...] = ("none", "constant")
    derived: tuple[Derived, ...] = ()
    is_peak: bool = False
    needs_positive_x: bool = False

    def on(self, background: str) -> tuple[Parameter, ...]:
        """Return all parameters with those of a background.

        Raises
        ------
        WrongArgument
            This model has no such background.
        """
        if background not in self.backgrounds:
            raise WrongArgument(
                f"{self.label} has no background {background!r}. There is: {', '.join(self.backgrounds)}."
            )
        return (*self.parameters, *UNDER[: BACKGROUNDS[background] + 1])

    def evaluate(self, x: Values, values: Sequence[float]) -> Values:
        """Return shape and background at x."""
        count = len(self.parameters)
        found = self.shape(x, *values[:count])
        return found + shapes.polynomial(x, *values[count:]) if len(values) > count else found


UNDER = (Parameter("background", "Background", "y"), Parameter("slope", "Slope of background", "y/x"))
CENTRE = Parameter("centre", "Centre", "x")
HEIGHT = Parameter("height", "Height", "y")
AREA = Parameter("area", "Area", "y x")
FWHM = Parameter("fwhm", "Full width at half maximum", "x", low=0.0)
PEAK_BACKGROUNDS = ("linear", "constant", "none")


def _symmetric(x: Values, above: Values, _: Values | None) -> list[float]:
    return list(starting.peak(x, above))


def _with_mixing(x: Values, above: Values, _: Values | None) -> list[float]:
    return [*starting.peak(x, above), 0.5]


def _voigt(x: Values, above: Values, _: Values | None) -> list[float]:
    height, centre, fwhm = starting.peak(x, above)
    # Half of each width gives about the whole (0.5346 w + √(0.2166 w² + g²), Olivero and Longbothum 1977).
    return [height * fwhm * 1.2, centre, 0.6 * fwhm, 0.6 * fwhm]


def _back_to_back(x: Values, above: Values, _: Values | None) -> list[float]:
    height, centre, fwhm = starting.peak(x, above)
    sigma = starting.sigma_of(fwhm)
    return [height * fwhm * 1.2, centre - 0.3 * sigma, 0.7 * sigma, 2 / fwhm, 1.2 / fwhm]


def _polynomial(degree: int) -> Start:
    return lambda x, y, sigma: starting.straight(x, y, sigma, degree)


def _exponential(x: Values, y: Values, _: Values | None) -> list[float]:
    intercept, slope = starting.logarithmic(x, y)
    lifetime = -1 / slope if slope else float(np.ptp(x)) or 1.0
    return [float(np.exp(np.clip(intercept, -700, 700))), lifetime]


def _guinier(x: Values, y: Values, _: Values | None) -> list[float]:
    intercept, slope = starting.logarithmic(np.square(x), y)
    return [float(np.exp(np.clip(intercept, -700, 700))), float(np.sqrt(3 * max(-slope, 1e-12 / float(np.max(x * x)))))]


def _porod(x: Values, y: Values, _: Values | None) -> list[float]:
    good = x != 0
    return [float(np.median((y * x**4)[good]))]


def _power_law(x: Values, y: Values, _: Values | None) -> list[float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        intercept, slope = starting.logarithmic(np.log(x), y)
    return [float(np.exp(np.clip(intercept, -700, 700))), -slope]


def _coefficients(degree: int) -> tuple[Parameter, ...]:
    units = ["y", "y/x", *[f"y/x{'⁰¹²³⁴⁵⁶⁷⁸⁹'[power]}" for power in range(2, degree + 1)]]
    return tuple(Parameter(f"a{power}", f"Coefficient of x^{power}", units[power]) for power in range(degree + 1))


GAUSSIAN_AREA = float(np.sqrt(np.pi / np.log(2)) / 2)
"""Area of a Gaussian of height 1 and full width at half maximum 1: 1.0645."""

MODELS: tuple[Model, ...] = (
    Model(
        "gaussian",
        "Gaussian",
        (HEIGHT, CENTRE, FWHM),
        shapes.gaussian,
        _symmetric,
        PEAK_BACKGROUNDS,
        (
            Derived("area", "Area", "y x", lambda height, centre, fwhm: height * fwhm * GAUSSIAN_AREA),
            Derived("sigma", "Standard deviation", "x", lambda height, centre, fwhm: fwhm / SIGMAS_IN_FWHM),
        ),
        is_peak=True,
    ),
    Model(
        "lorentzian",
        "Lorentzian",
        (HEIGHT, CENTRE, FWHM),
        shapes.lorentzian,
        _symmetric,
        PEAK_BACKGROUNDS,
        (Derived("area", "Area", "y x", lambda height, centre, fwhm: height * fwhm * np.pi / 2),),
        is_peak=True,
    ),
    Model(
        "pseudo_voigt",
        "Pseudo-Voigt",
        (HEIGHT, CENTRE, FWHM, Parameter("mixing", "Lorentzian part", "", 0.0, 1.0)),
        shapes.pseudo_voigt,
        _with_mixing,
        PEAK_BACKGROUNDS,
        (
            Derived(
                "area",
                "Area",
                "y x",
                lambda height, centre, fwhm, mixing: (
                    height * fwhm * (mixing * np.pi / 2 + (1 - mixing) * GAUSSIAN_AREA)
                ),
            ),
        ),
        is_peak=True,
    ),
    Model(
        "voigt",
        "Voigt",
        (
            AREA,
            CENTRE,
            replace(FWHM, name="gaussian_fwhm", label="Gaussian full width"),
            replace(FWHM, name="lorentzian_fwhm", label="Lorentzian full width"),
        ),
        shapes.voigt,
        _voigt,
        PEAK_BACKGROUNDS,
        (
            Derived(
                "fwhm",
                "Full width at half maximum (Olivero and Longbothum)",
                "x",
                lambda area, centre, broad, sharp: 0.5346 * sharp + np.sqrt(0.2166 * sharp**2 + broad**2),
            ),
        ),
        is_peak=True,
    ),
    Model(
        "back_to_back",
        "Back-to-back exponential",
        (
            AREA,
            CENTRE,
            Parameter("sigma", "Standard deviation of the Gaussian", "x", 0.0),
            Parameter("rise", "Rate of the rise", "1/x", 0.0),
            Parameter("decay", "Rate of the decay", "1/x", 0.0),
        ),
        shapes.back_to_back,
        _back_to_back,
        PEAK_BACKGROUNDS,
        is_peak=True,
    ),
    Model("line", "Straight line", _coefficients(1), shapes.polynomial, _polynomial(1), ("none",)),
    Model("quadratic", "Polynomial of degree 2", _coefficients(2), shapes.polynomial, _polynomial(2), ("none",)),
    Model("cubic", "Polynomial of degree 3", _coefficients(3), shapes.polynomial, _polynomial(3), ("none",)),
    Model(
        "exponential",
        "Exponential decay",
        (Parameter("amplitude", "Amplitude", "y"), Parameter("lifetime", "Lifetime", "x")),
        shapes.exponential,
        _exponential,
        ("constant", "none"),
    ),
    Model(
        "guinier",
        "Guinier",
        (Parameter("intensity", "I(0)", "y"), Parameter("radius", "Radius of gyration", "1/x", 0.0)),
        shapes.guinier,
        _guinier,
    ),
    Model(
        "porod",
        "Porod",
        (Parameter("constant", "Porod constant", "y x⁴"),),
        shapes.porod,
        _porod,
        needs_positive_x=True,
    ),
    Model(
        "power_law",
        "Power law",
        (Parameter("amplitude", "Amplitude", "y"), Parameter("exponent", "Exponent")),
        shapes.power_law,
        _power_law,
        needs_positive_x=True,
    ),
)


def model_named(name: str) -> Model:
    """Return a model by its id.

    Raises
    ------
    WrongArgument
        There is none of this name.
    """
    for model in MODELS:
        if model.id == name:
            return model
    raise WrongArgument(f"There is no model {name!r} to fit. There are: {', '.join(model.id for model in MODELS)}.")
