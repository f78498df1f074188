"""The view for a figure on paper: what is seen, with the ranges and colours of the screen."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mantidlab.plots.publication.description import (
    AxisView,
    ColourView,
    FigureDescription,
    ImageView,
    Outline,
    Recreation,
)
from mantidlab.plots.slices.cells import data_arguments
from mantidlab.plots.slices.naming import number
from mantidlab.plots.slices.regions import Ellipse, Polygon, Rectangle, Shape
from mantidlab.plots.slices.view import cut_of, line_of, marked, scales_of, stands_of

if TYPE_CHECKING:
    from mantidlab.plots.slices.widget import Slices

MAPS = {"grey": "gray", "blues": "Blues", "RdBu": "RdBu_r", "PuOr": "PuOr_r"}
"""matplotlib's names of maps that have another here."""

LINES = "#ffffff"
MASKED = "#80828a"
HEIGHT = 0.75


def describe(plot: "Slices", state: Mapping[str, Any], seen: Mapping[str, Any]) -> FigureDescription:
    """Return what a view shows.

    Parameters
    ----------
    seen
        What the page knows of its screen: ``paper`` (ranges of the paper, for axes at right angles those of the axes),
        ``ranges`` (of positions), ``limits`` of the colours, ``proportion`` of height to width. What is not given is
        that of the whole plane.
    """
    cut = cut_of(plot.source, state)
    plane = plot.plane_of_cut(cut)
    x_range, y_range = _ranges(state, seen, "ranges", plane.x.extent, plane.y.extent)
    x_paper, y_paper = _ranges(state, seen, "paper", x_range, y_range)
    scales = scales_of(state)
    limits = seen.get("limits") or plot.limits_of_view(state)
    colour = state.get("colour") or {}
    axes = [
        AxisView(places.label, (float(window[0]), float(window[1])), places.unit, scale.kind.value)
        for places, window, scale in ((plane.x, x_paper, scales[0]), (plane.y, y_paper, scales[1]))
    ]
    view = ImageView(
        axes[0],
        axes[1],
        ColourView(
            MAPS.get(colour.get("map", "viridis"), colour.get("map", "viridis")),
            (float(limits[0]), float(limits[1])),
            plane.label,
            plane.unit,
            colour.get("scale", "linear"),
            linear_below(limits),
            MASKED if plane.mask is not None else None,
        ),
        outlines_of(plot, state),
        skew_of(plot.source.image.directions, cut.x, cut.y),
        state.get("aspect") == "equal",
    )
    return FigureDescription(
        _recreation(plot, state, (x_range, y_range)),
        view,
        plot.source.name,
        float(seen.get("proportion") or HEIGHT),
    )


def linear_below(limits: Any) -> float:
    """Return where a symlog scale of the colours turns linear: a thousandth of the larger limit, as on the page."""
    largest = max(abs(float(limits[0])), abs(float(limits[1])))
    return 10.0 ** (math.floor(math.log10(largest)) - 3) if largest > 0 else 1.0


def skew_of(directions: Any, x: int, y: int) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return where the unit vectors of x and y point on paper; None where they stand at right angles."""
    if directions is None:
        return None
    cosine = float(np.dot(directions[x], directions[y]))
    if abs(cosine) < 1e-6:
        return None
    return (1.0, 0.0), (cosine, math.sqrt(1 - cosine**2))


def outlines_of(plot: "Slices", state: Mapping[str, Any]) -> tuple[Outline, ...]:
    """Return the regions and the line that lie on the plane."""
    cut = cut_of(plot.source, state)
    shapes = (one.on(cut) for one in marked(state))
    found = [_outline(shape) for shape in shapes if shape is not None]
    line = line_of(state)
    if line is not None and line.dims == (cut.x, cut.y):
        found.append(Outline("line", (line.start, line.end), LINES))
    return tuple(found)


def _outline(shape: Shape) -> Outline:
    if isinstance(shape, Polygon):
        return Outline("polygon", shape.points, LINES)
    (left, right), (low, high) = shape.bounds()
    kinds = {Rectangle: "rectangle", Ellipse: "ellipse"}
    return Outline(kinds[type(shape)], ((left, low), (right, high)), LINES)  # type: ignore[arg-type]


def _ranges(state: Mapping[str, Any], seen: Mapping[str, Any], name: str, x: Any, y: Any) -> tuple[Any, Any]:
    told = seen.get(name) or {}
    kept = (state.get("range") or {}) if name == "paper" else {}
    return told.get("x") or kept.get("x") or x, told.get("y") or kept.get("y") or y


def _recreation(plot: "Slices", state: Mapping[str, Any], ranges: tuple[Any, Any]) -> Recreation:
    arguments = data_arguments(plot, state)
    stands = stands_of(state)
    if stands != "max":
        arguments.append(f"stands={stands!r}")
    arguments += [
        f"{name}=({number(window[0])}, {number(window[1])})"
        for name, window in zip(("x_range", "y_range"), ranges, strict=True)
    ]
    call = f"section({', '.join(arguments)})"
    return Recreation(call, ("from mantidlab.plots import section",), (plot.call.things[0],), most="most")
