"""What the browser is told of a plot: its curves, axes, and what can be done with them."""

from typing import Any

from mantidlab.plots.fitting import MODELS
from mantidlab.plots.fitting.points import written
from mantidlab.plots.lines.curves import Curve
from mantidlab.plots.lines.picture import full
from mantidlab.plots.lines.scene import NORMALISED, Scene, extent, heights
from mantidlab.plots.lines.view import View

VERSION = 1
BACKGROUND_LABELS = {"none": "No background", "constant": "Constant background", "linear": "Linear background"}


def specification(scene: Scene, view: View, title: str, note: str) -> dict[str, Any]:
    """Return it as ``Spec`` of ``ui/src/lines/schema.ts``."""
    curves = scene.curves
    units, normalisers = scene.units(), scene.normalisers()
    drawn = scene.drawn(view)
    return {
        "version": VERSION,
        "title": title,
        "note": note,
        "x": {**units[0], "units": units, "kind": _kind(curves), **_texts(curves)},
        "y": {"label": scene.y_label(view), "unit": scene.y_unit(view)},
        "curves": [_curve(curve, place) for place, curve in enumerate(curves)],
        "full": full(extent(drawn), heights(drawn, view), view),
        "fit_models": _models(scene, view) if _kind(curves) == "number" else [],
        "normalisations": [{"id": each, "label": _normaliser(each)} for each in normalisers],
        "can": {
            "divide_by_width": any(curve.divisible for curve in curves),
            "convert": len(units) > 1,
            "normalise": True,
            "remove": len(curves) > 1,
            "fit": _kind(curves) == "number",
        },
    }


def _kind(curves: list[Curve]) -> str:
    kinds = {curve.histogram.axis.values.dtype.kind for curve in curves[:1]}
    return "time" if "M" in kinds else "text" if kinds & {"U", "S"} else "number"


def _texts(curves: list[Curve]) -> dict[str, Any]:
    if _kind(curves) != "text":
        return {}
    return {"texts": [str(text) for text in curves[0].histogram.axis.values]}


def _curve(curve: Curve, place: int) -> dict[str, Any]:
    return {
        "id": curve.id,
        "name": curve.name,
        "source": curve.source,
        "mark": curve.mark,
        "colour": place,
        "has_errors": curve.histogram.errors is not None,
        "masked": curve.masked,
        "size": curve.size,
    }


def _normaliser(name: str) -> str:
    return NORMALISED.get(name, "as measured").capitalize()


def _models(scene: Scene, view: View) -> list[dict[str, Any]]:
    x, y = scene.target(view.unit).unit, scene.y_unit(view)
    return [
        {
            "id": model.id,
            "label": model.label,
            "backgrounds": [{"id": name, "label": BACKGROUND_LABELS[name]} for name in model.backgrounds],
            "parameters": [
                {"name": each.name, "label": each.label, "unit": written(each.unit, x, y)} for each in model.parameters
            ],
        }
        for model in MODELS
    ]
