"""One fit: what goes in, what comes out, and in words what the answer does not tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy import optimize

from mantidlab.plots.errors import FitFailed, WrongArgument
from mantidlab.plots.fitting import shapes, starting
from mantidlab.plots.fitting.in_mantid import run_in_mantid
from mantidlab.plots.fitting.models import BACKGROUNDS, Model, Parameter, model_named
from mantidlab.plots.fitting.points import Points
from mantidlab.plots.fitting.shapes import Values

MOST_STEPS = 300
"""Steps after which a fit is given up: those that end take some ten to fifty."""

WEAK = 1e-6
"""Below this part of the strongest, a combination of parameters changes nothing that the data could show."""

LOST = 1e-3
"""How much of a parameter may lie in such a combination and it still counts as determined."""

POOR, FEW = 3.0, 10
"""A reduced χ² above this is told of, if there are so many more points than parameters."""

NARROW = 2.0
"""A peak below so many bins wide is told of: its width is that of the bins."""


@dataclass(frozen=True)
class Fitted:
    """One number that a fit found. `error` is one standard deviation; NaN where the data do not determine it."""

    name: str
    label: str
    value: float
    error: float
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Fit:
    """The answer.

    Attributes
    ----------
    parameters
        Those of the model, then those of the background.
    derived
        What follows from them, with errors through the covariance.
    covariance
        Shape (parameters, parameters); NaN where it is not determined.
    reduced_chi_square
        Σ((y − f)/σ)²/(points − parameters); None for data without errors, or with no more points than parameters.
    x, y, fitted, residual
        The points that were used: positions, values, the fit, and value − fit; shape (points,).
    notes
        Sentences on what was left out and what cannot be trusted.
    """

    model: str
    label: str
    background: str
    range: tuple[float, float]
    parameters: tuple[Fitted, ...]
    derived: tuple[Fitted, ...]
    covariance: Values
    reduced_chi_square: float | None
    x: Values
    y: Values
    errors: Values | None
    fitted: Values
    notes: tuple[str, ...]
    engine: str = "scipy.optimize.least_squares"
    curve: str = ""

    @property
    def residual(self) -> Values:
        """Value − fit, shape (points,)."""
        return self.y - self.fitted

    def __repr__(self) -> str:
        values = ", ".join(f"{one.name}={one.value:.6g} ± {one.error:.2g}" for one in self.parameters)
        return f"<{self.label} of {self.curve or 'data'}: {values}>"

    def __getitem__(self, name: str) -> Fitted:
        """Return a parameter, or what was derived, by its name."""
        for one in (*self.parameters, *self.derived):
            if one.name == name:
                return one
        raise KeyError(f"{self.label} has no {name!r}; it has {', '.join(one.name for one in self.parameters)}.")

    def evaluate(self, x: Any) -> Values:
        """Return the fit at any positions."""
        values = [one.value for one in self.parameters]
        return model_named(self.model).evaluate(np.asarray(x, dtype=np.float64), values)


@dataclass(frozen=True)
class Wish:
    """What a person may say of a fit besides the model.

    Attributes
    ----------
    background
        ``none``, ``constant`` or ``linear``; empty for what the model has by itself.
    start
        Starting values by name; what is not said is found in the data.
    fixed
        Parameters that stay what they are.
    """

    background: str = ""
    start: Mapping[str, float] = field(default_factory=dict)
    fixed: Mapping[str, float] = field(default_factory=dict)


ENGINES = {"scipy": "scipy.optimize.least_squares", "mantid": "Mantid's Fit"}
"""What can run a fit, and how an answer calls it."""


def fit(points: Points, model: Model | str, wish: Wish | None = None, *, curve: str = "", engine: str = "scipy") -> Fit:
    """Fit a model to points.

    Errors of the parameters are those that the errors of the data imply (`absolute_sigma`); without errors in the data
    they are scaled so that the scatter around the fit is what is expected.

    Parameters
    ----------
    engine
        ``scipy``, or ``mantid`` where Mantid is in the environment: its ``Fit``, in the thread that calls this.

    Raises
    ------
    FitFailed, FitRefused
        There are too few points, or it does not converge.
    WrongArgument
        There is no such model, background, parameter or engine.
    MantidMissing
        Mantid is not in this environment.
    """
    if engine not in ENGINES:
        raise WrongArgument(f"There is no engine {engine!r} for fits. There are: {', '.join(ENGINES)}.")
    chosen = model_named(model) if isinstance(model, str) else model
    wish = wish or Wish()
    background = wish.background or chosen.backgrounds[0]
    parameters = chosen.on(background)
    _check_names(chosen, parameters, wish)
    points = points.positive() if chosen.needs_positive_x else points
    free = [parameter for parameter in parameters if parameter.name not in wish.fixed]
    points.suffice(len(free), chosen.label)
    if chosen.shape is not shapes.polynomial and np.ptp(points.y) == 0:
        raise FitFailed(
            f"All {len(points.y)} values from {points.low:.6g} to {points.high:.6g} are {points.y[0]:.6g}: nothing "
            f"that a fit of {chosen.label} could find. Choose a range in which something changes."
        )
    start = starting_values(points, chosen, replace(wish, background=background))
    if engine == "mantid":
        values, covariance = run_in_mantid(points, chosen, parameters, start, list(wish.fixed))
    else:
        values, free_covariance = _run(points, chosen, parameters, start, wish)
        covariance = _with_fixed(free_covariance, [parameter.name not in wish.fixed for parameter in parameters])
    found = _answer(points, chosen, background, values, covariance, len(free), curve)
    return replace(found, engine=ENGINES[engine])


def _check_names(model: Model, parameters: tuple[Parameter, ...], wish: Wish) -> None:
    names = [parameter.name for parameter in parameters]
    for given in (*wish.start, *wish.fixed):
        if given not in names:
            raise WrongArgument(f"{model.label} has no parameter {given!r}. It has: {', '.join(names)}.")


def starting_values(points: Points, model: Model, wish: Wish) -> Values:
    """Return where a fit begins: what the wish says, and for the rest what the data suggest.

    Raises
    ------
    FitFailed
        There are fewer points than parameters.
    """
    background = wish.background or model.backgrounds[0]
    points = points.positive() if model.needs_positive_x else points
    points.suffice(len(model.on(background)) - len(wish.fixed), model.label)
    degree = BACKGROUNDS[background]
    guesses = [starting.background(points.x, points.y, degree)]
    if model.is_peak and degree >= 0:
        guesses.append(starting.low(points.y, degree))
    return min((_start_on(points, model, background, under, wish) for under in guesses), key=_Misfit(points, model))


def _start_on(points: Points, model: Model, background: str, under: list[float], wish: Wish) -> Values:
    x, y = points.x, points.y
    below = under[0] + (under[1] * x if len(under) > 1 else 0.0) if under else 0.0
    found = [*model.start(x, y - below, points.errors), *under]
    for place, parameter in enumerate(model.on(background)):
        found[place] = wish.fixed.get(parameter.name, wish.start.get(parameter.name, found[place]))
    return np.array(found, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Misfit:
    """How far a start is from the points."""

    points: Points
    model: Model

    def __call__(self, values: Values) -> float:
        with np.errstate(all="ignore"):
            away = self.model.evaluate(self.points.x, values.tolist()) - self.points.y
            found = float(np.sum(np.square(away if self.points.errors is None else away / self.points.errors)))
        return found if np.isfinite(found) else np.inf


def _run(
    points: Points, model: Model, parameters: tuple[Parameter, ...], start: Values, wish: Wish
) -> tuple[Values, Values]:
    free = np.array([parameter.name not in wish.fixed for parameter in parameters])
    low = np.array([parameter.low for parameter in parameters])
    high = np.array([parameter.high for parameter in parameters])
    margin = 1e-9 * np.maximum(1e-9, np.abs(start))
    start = np.clip(start, low + margin, high - margin)
    if not free.any():
        return start, np.zeros((0, 0))

    errors = 1.0 if points.errors is None else points.errors

    def residuals(moving: Values) -> Values:
        values = start.copy()
        values[free] = moving
        found: Values = (model.evaluate(points.x, values.tolist()) - points.y) / errors
        return found

    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = optimize.least_squares(
                residuals, start[free], bounds=(low[free], high[free]), x_scale="jac", max_nfev=MOST_STEPS
            )
    except ValueError as error:  # values that are not finite, at the start or on the way
        raise _failed(points, model, str(error)) from error
    if not found.success:
        raise _failed(points, model, str(found.message))
    values = start.copy()
    values[free] = found.x
    spread = 1.0 if points.errors is not None else 2 * found.cost / max(1, len(points.x) - int(free.sum()))
    return values, covariance_of(found.jac) * spread


def _failed(points: Points, model: Model, why: str) -> FitFailed:
    told = f"it was not there after {MOST_STEPS} steps" if "maximum number" in why else why.rstrip(".")
    return FitFailed(
        f"The fit of {model.label} did not converge in {len(points.x)} points from {points.x[0]:.6g} to "
        f"{points.x[-1]:.6g}: {told}. Choose a range around one feature, another model, or give start=."
    )


def covariance_of(slopes: Values) -> Values:
    """Return the covariance of parameters from the derivatives of residuals, shape (points, parameters).

    NaN for parameters that the data do not determine: those that change nothing, or nothing that others do not undo.
    A pseudo-inverse, as `scipy.optimize.curve_fit` has it, would give those an error of zero.
    """
    sizes = np.linalg.norm(slopes, axis=0)
    count = len(sizes)
    scaled = slopes / np.where(sizes > 0, sizes, 1.0)
    _, strengths, directions = np.linalg.svd(scaled, full_matrices=False)
    weak = strengths < WEAK
    lost = (sizes == 0) | (np.abs(directions[weak]) > LOST).any(axis=0) if weak.any() else sizes == 0
    kept = directions[~weak]
    correlated = kept.T @ (kept / np.square(strengths[~weak])[:, np.newaxis])
    scales = np.where(sizes > 0, sizes, 1.0)
    found = correlated / np.outer(scales, scales)
    bad = np.logical_or.outer(lost, lost) if count else np.zeros((0, 0), dtype=bool)
    return np.where(bad, np.nan, found)


def _with_fixed(covariance: Values, free: list[bool]) -> Values:
    whole = np.zeros((len(free), len(free)))
    whole[np.ix_(free, free)] = np.where(np.isfinite(covariance), covariance, np.nan)
    return whole


def _answer(
    points: Points, model: Model, background: str, values: Values, covariance: Values, free: int, curve: str
) -> Fit:
    parameters = model.on(background)
    errors = np.sqrt(np.diag(covariance))
    found = tuple(
        Fitted(one.name, one.label, float(value), float(error), points.unit(one.unit))
        for one, value, error in zip(parameters, values, errors, strict=True)
    )
    fitted = model.evaluate(points.x, values.tolist())
    freedom = len(points.x) - free
    chi_square = None
    if points.errors is not None and freedom > 0:
        chi_square = float(np.sum(np.square((points.y - fitted) / points.errors)) / freedom)
    return Fit(
        model.id,
        model.label,
        background,
        (float(points.low), float(points.high)),
        found,
        _derived(points, model, values, covariance),
        covariance,
        chi_square,
        points.x,
        points.y,
        points.errors,
        fitted,
        (*points.notes, *_doubts(points, model, found, chi_square)),
        curve=curve,
    )


def _derived(points: Points, model: Model, values: Values, covariance: Values) -> tuple[Fitted, ...]:
    count = len(model.parameters)
    own, block = values[:count], covariance[:count, :count]
    found = []
    for one in model.derived:
        value = float(one.value(*own))
        slopes = _slopes(one.value, own)
        error = float(np.sqrt(max(0.0, slopes @ block @ slopes))) if np.isfinite(block).all() else np.nan
        found.append(Fitted(one.name, one.label, value, error, points.unit(one.unit)))
    return tuple(found)


def _slopes(value: Any, at: Values) -> Values:
    """Return the derivatives of a derived number by central differences."""
    slopes = np.zeros(len(at))
    for place in range(len(at)):
        step = 1e-6 * max(abs(at[place]), 1e-12)
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (value(*up) - value(*down)) / (2 * step)
    return slopes


def _doubts(points: Points, model: Model, found: tuple[Fitted, ...], chi_square: float | None) -> list[str]:
    doubts = []
    loose = [one.label for one in found if not np.isfinite(one.error)]
    if loose:
        doubts.append(f"The data do not determine {', '.join(loose)}: no error can be given.")
    for one, parameter in zip(found, model.parameters, strict=False):
        for limit in (parameter.low, parameter.high):
            if np.isfinite(limit) and abs(one.value - limit) <= 1e-6 * max(1.0, abs(limit)) * _size(points, parameter):
                doubts.append(f"{one.label} ended at its limit {limit:g}: a simpler model may do, or another.")
    if model.is_peak:
        doubts.extend(_doubts_of_peak(points, found, model))
    if chi_square is not None and chi_square > POOR and len(points.x) > len(found) + FEW:
        doubts.append(f"Reduced χ² is {chi_square:.3g}: the model does not describe the data within their errors.")
    if chi_square is None and points.errors is None:
        doubts.append("The data have no errors: those of the parameters come from the scatter around the fit.")
    return doubts


def _size(points: Points, parameter: Parameter) -> float:
    """Return what is small for a parameter: a part of the range for widths, of one over it for rates."""
    span = points.high - points.low
    return {"x": span, "1/x": 1 / span if span else 1.0}.get(parameter.unit, 1.0)


def _doubts_of_peak(points: Points, found: tuple[Fitted, ...], model: Model) -> list[str]:
    by_name = {one.name: one.value for one in found}
    centre = by_name["centre"]
    if not points.low <= centre <= points.high:
        return ["The centre lies outside the range: there may be no peak in it."]
    widths = [by_name.get(name, 0.0) for name in ("fwhm", "gaussian_fwhm", "lorentzian_fwhm")]
    width = max(*widths, by_name.get("sigma", 0.0) * shapes_fwhm(model))
    told = []
    if min(by_name.get("height", 1.0), by_name.get("area", 1.0)) < 0:
        told = ["It is a dip: the height is below the background."]
    step = points.step_at(centre)
    if width < NARROW * step:
        return [
            *told,
            f"The peak is {width / step:.2g} {points.bins} wide: its width is that of the {points.bins}, and its "
            "centre is no better than they are.",
        ]
    height = np.max(np.abs(points.y - np.median(points.y)))
    scatter = None if points.errors is None else float(np.median(points.errors))
    if scatter is not None and height < 3 * scatter:
        return [*told, "No value stands out of the others by three times its error: there may be no peak."]
    return told


def shapes_fwhm(model: Model) -> float:
    """Return what makes a full width of the standard deviation that a model may have instead."""
    return 2.3548 if model.id == "back_to_back" else 0.0
