"""Fits of the curves of a scene: what goes in as it is shown, and what the browser is answered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.plots.errors import FitFailed
from mantidlab.plots.fitting import Fit, Fitted, fit, model_named
from mantidlab.plots.fitting.fit import Wish, starting_values
from mantidlab.plots.fitting.points import Points, points_in
from mantidlab.plots.lines.curves import Curve
from mantidlab.plots.lines.figures import with_error
from mantidlab.plots.lines.scene import Scene, finite
from mantidlab.plots.lines.view import View

SMOOTH = 1000
"""Points of the drawn line of a fit."""


@dataclass(frozen=True, eq=False)
class Kept:
    """A fit, the id of its curve, and of which values it was made."""

    fit: Fit
    curve: int
    key: str


def key_of(view: View) -> str:
    """Return what the values of a view are, as ``valuesKey`` of the browser writes it."""
    return json.dumps([view.unit, view.divide_by_width, view.normalise], separators=(",", ":"))


def points_of(scene: Scene, view: View, curve: Curve, between: tuple[float, float] | None) -> Points:
    """Return what a fit of a curve is made to: its values as they are shown."""
    shown, scale = scene.shown(curve, view), scene.scale(curve, view)
    return points_in(
        shown.x,
        shown.y * scale if scale != 1.0 else shown.y,
        errors=shown.errors if scale == 1.0 or shown.errors is None else shown.errors * abs(scale),
        mask=shown.mask,
        between=between,
        units=(scene.target(view.unit).unit, scene.y_unit(view)),
    )


def fit_of(
    scene: Scene,
    view: View,
    curve: Curve,
    model: str,
    between: tuple[float, float] | None,
    wish: Wish,
    engine: str = "scipy",
) -> Fit:
    """Fit a model to a curve as it is shown.

    Raises
    ------
    FitFailed
        The curve runs along moments or texts, has too few points, or the fit does not converge.
    WrongArgument
        There is no such model, background or parameter.
    """
    if curve.histogram.axis.values.dtype.kind not in "fiu":
        raise FitFailed(f"{curve.name} runs along moments or names; only curves along numbers can be fitted.")
    return fit(points_of(scene, view, curve, between), model_named(model), wish, curve=curve.name, engine=engine)


def started(points: Points, model: str, background: str) -> list[dict[str, Any]]:
    """Return where a fit would begin, for the browser."""
    chosen = model_named(model)
    under = background or chosen.backgrounds[0]
    values = starting_values(points, chosen, Wish(background=under))
    return [
        {"name": each.name, "label": each.label, "unit": points.unit(each.unit), "value": finite(value)}
        for each, value in zip(chosen.on(under), values, strict=True)
    ]


def smooth(model: str, values: Sequence[float], between: tuple[float, float]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a model's line for drawing."""
    x = np.linspace(*between, SMOOTH)
    return x, model_named(model).evaluate(x, list(values))


def told(found: Fit, number: int, view: View) -> dict[str, Any]:
    """Return a fit as the browser keeps it in its view; ``key`` says of what values, as ``valuesKey`` does there."""
    return {
        "curve": number,
        "model": found.model,
        "label": found.label,
        "background": found.background,
        "range": list(found.range),
        "parameters": [_parameter(each) for each in found.parameters],
        "derived": [_parameter(each) for each in found.derived],
        "reduced_chi2": finite(found.reduced_chi_square) if found.reduced_chi_square is not None else None,
        "message": message(found),
        "key": key_of(view),
    }


def answered(found: Fit, number: int, view: View) -> tuple[dict[str, Any], list[bytes]]:
    """Return the answer to a request for a fit: numbers as JSON, and x, fitted values and residual as arrays."""
    errors = found.errors
    residual = found.residual if errors is None else found.residual / errors
    content = {
        **told(found, number, view),
        "notes": list(found.notes),
        "dof": len(found.x) - sum(1 for each in found.parameters if each.error != 0),
        "names": [each.name for each in found.parameters],
        "covariance": [[finite(value) for value in row] for row in found.covariance],
        "residual_label": "residual/σ" if errors is not None else "data − fit",
        "engine": found.engine,
    }
    arrays = (found.x, found.fitted, residual)
    return content, [np.ascontiguousarray(array, dtype=np.float64).tobytes() for array in arrays]


def message(found: Fit) -> str:
    """Return the fit in a sentence or two."""
    quality = "" if found.reduced_chi_square is None else f", reduced χ² {found.reduced_chi_square:.3g}"
    return " ".join((f"{found.label} from {found.range[0]:.6g} to {found.range[1]:.6g}{quality}.", *found.notes))


def summary(found: Fit) -> str:
    """Return the fit as text, a parameter on each line."""
    rows = [
        f"  {each.label}: {with_error(each.value, each.error)}{f' {each.unit}' if each.unit else ''}"
        for each in (*found.parameters, *found.derived)
    ]
    of = f" of {found.curve}" if found.curve else ""
    return "\n".join((f"{message(found).removesuffix('.')}{of}.", *rows))


def wish_of(parameters: Mapping[str, Any]) -> Wish:
    """Read what the browser says of a fit: starting values come as a list in the order of the parameters."""
    background = str(parameters.get("background") or "")
    start = parameters.get("start")
    chosen = model_named(str(parameters["model"]))
    if not start:
        return Wish(background)
    names = [each.name for each in chosen.on(background or chosen.backgrounds[0])]
    given = {name: float(value) for name, value in zip(names, start, strict=False) if value is not None}
    return Wish(background, given)


def _parameter(each: Fitted) -> dict[str, Any]:
    return {
        "name": each.name,
        "label": each.label,
        "value": finite(each.value),
        "error": finite(each.error),
        "unit": each.unit,
    }
