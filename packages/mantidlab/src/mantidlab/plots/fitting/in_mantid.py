"""The same models as Mantid names them, so that its ``Fit`` can be asked for the same numbers.

Source of the names: Mantid's list of fit functions (3.13). Those whose parameters have changed since (``PseudoVoigt``:
Height, later Intensity) or mean something else (``Voigt``) are left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mantidlab.frameworks import mantid
from mantidlab.frameworks.mantid_fit import FitAnswer
from mantidlab.frameworks.mantid_fit import fit as mantid_fit
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.fitting.models import BACKGROUNDS, Model, Parameter
from mantidlab.plots.fitting.points import Points
from mantidlab.plots.fitting.shapes import SIGMAS_IN_FWHM, Values


@dataclass(frozen=True)
class Named:
    """How Mantid calls a model.

    Attributes
    ----------
    there
        Mantid's values from ours.
    back
        Ours from Mantid's.
    places
        For each of our parameters, which of Mantid's holds it if it is fixed; None where several do.
    """

    function: str
    names: tuple[str, ...]
    there: Callable[..., tuple[float, ...]]
    back: Callable[..., tuple[float, ...]]
    places: tuple[int | None, ...]


def _same(*values: float) -> tuple[float, ...]:
    return values


NAMED = {
    "gaussian": Named(
        "Gaussian",
        ("Height", "PeakCentre", "Sigma"),
        lambda height, centre, fwhm: (height, centre, fwhm / SIGMAS_IN_FWHM),
        lambda height, centre, sigma: (height, centre, sigma * SIGMAS_IN_FWHM),
        (0, 1, 2),
    ),
    "lorentzian": Named(
        "Lorentzian",
        ("Amplitude", "PeakCentre", "FWHM"),
        lambda height, centre, fwhm: (height * np.pi * fwhm / 2, centre, fwhm),
        lambda amplitude, centre, fwhm: (2 * amplitude / (np.pi * fwhm), centre, fwhm),
        (None, 1, 2),
    ),
    "back_to_back": Named(
        "BackToBackExponential",
        ("I", "A", "B", "X0", "S"),
        lambda area, centre, sigma, rise, decay: (area, rise, decay, centre, sigma),
        lambda area, rise, decay, centre, sigma: (area, centre, sigma, rise, decay),
        (0, 3, 4, 1, 2),
    ),
    "line": Named("LinearBackground", ("A0", "A1"), _same, _same, (0, 1)),
    "quadratic": Named("Quadratic", ("A0", "A1", "A2"), _same, _same, (0, 1, 2)),
    "cubic": Named("Polynomial,n=3", ("A0", "A1", "A2", "A3"), _same, _same, (0, 1, 2, 3)),
    "exponential": Named("ExpDecay", ("Height", "Lifetime"), _same, _same, (0, 1)),
}
UNDER = {"constant": ("FlatBackground", ("A0",)), "linear": ("LinearBackground", ("A0", "A1"))}


def function_of(model: Model, background: str, values: Sequence[float]) -> str:
    """Return a model with starting values as Mantid writes it.

    Raises
    ------
    WrongArgument
        Mantid has no such function, or not the same in all versions.
    """
    named = _named(model)
    count = len(model.parameters)
    text = _written(named.function, named.names, named.there(*values[:count]))
    if background == "none":
        return text
    under, names = UNDER[background]
    return f"{text};{_written(under, names, values[count:])}"


def run_in_mantid(
    points: Points, model: Model, parameters: tuple[Parameter, ...], start: Values, fixed: Sequence[str]
) -> tuple[Values, Values]:
    """Return the values of our parameters and their covariance, as Mantid's ``Fit`` finds them.

    Raises
    ------
    MantidMissing
        There is no Mantid in this environment.
    FitRefused
        It found no answer.
    """
    background = next(
        name for name, degree in BACKGROUNDS.items() if len(parameters) - len(model.parameters) == degree + 1
    )
    function = function_of(model, background, start.tolist())
    ties = _ties(model, parameters, start, fixed, several=background != "none")
    modules = mantid.mantid_modules()
    found = mantid_fit(
        modules.simpleapi, modules.api.AnalysisDataService, function, (points.x, points.y, points.errors), ties
    )
    return ours(model, found)


def ours(model: Model, found: FitAnswer) -> tuple[Values, Values]:
    """Return values and covariance in our parameters, in linear approximation where Mantid's mean something else."""
    named, count = _named(model), len(model.parameters)

    def back(values: Values) -> Values:
        return np.array([*named.back(*values[:count]), *values[count:]])

    values = found.values
    slopes = np.zeros((len(values), len(values)))
    for place in range(len(values)):
        step = np.zeros(len(values))
        step[place] = 1e-6 * max(abs(values[place]), 1e-9)
        slopes[:, place] = (back(values + step) - back(values - step)) / (2 * step[place])
    return back(values), slopes @ found.covariance @ slopes.T


def _named(model: Model) -> Named:
    if model.id not in NAMED:
        raise WrongArgument(
            f"{model.label} is not fitted by Mantid here: Mantid's function has other parameters, or not the same ones "
            f"in all versions. It fits {', '.join(NAMED)}; leave out engine= for the others."
        )
    return NAMED[model.id]


def _written(function: str, names: Sequence[str], values: Sequence[float]) -> str:
    given = ",".join(f"{name}={float(value)!r}" for name, value in zip(names, values, strict=True))
    return f"name={function},{given}"


def _ties(
    model: Model, parameters: tuple[Parameter, ...], start: Values, fixed: Sequence[str], *, several: bool
) -> str:
    named, count, ties = _named(model), len(model.parameters), []
    values = [*named.there(*start[:count]), *start[count:]]
    for place, parameter in enumerate(parameters):
        if parameter.name not in fixed:
            continue
        at = named.places[place] if place < count else place
        if at is None:
            raise WrongArgument(
                f"{parameter.label} of {model.label} cannot be fixed in Mantid, which has no such parameter."
            )
        name = named.names[at] if at < count else f"A{at - count}"
        before = f"f{int(at >= count)}." if several else ""
        ties.append(f"{before}{name}={float(values[at])!r}")
    return ",".join(ties)
