"""Answers that follow the finger: profiles through the cursor, what a region holds, values along a line."""

from typing import Any

import numpy as np

from mantidlab.frameworks.model import Histogram, Numbers
from mantidlab.plots.slices.axes import Places, places_of
from mantidlab.plots.slices.cuts import line_cut
from mantidlab.plots.slices.extraction import column_at, hidden_profile, profile_of, row_at
from mantidlab.plots.slices.measuring import Measured, measure
from mantidlab.plots.slices.picture import Window
from mantidlab.plots.slices.plane import Cut, Plane, default_over
from mantidlab.plots.slices.profiles import Steps, steps_of, together
from mantidlab.plots.slices.readout import bin_at
from mantidlab.plots.slices.regions import Shape
from mantidlab.plots.slices.source import Source
from mantidlab.plots.slices.view import Line

HIDDEN_LIMIT = 5 * 10**7
"""Values in a region times bins of a dimension that is not drawn, up to which its profile along that one is live."""

Sent = tuple[dict[str, Any], list[bytes]]


def profiles_at(plane: Plane, at: tuple[float, float], window: Window) -> Sent:
    """Return the row and the column through a position, as far as the window shows them."""
    found = bin_at(plane, *at)
    if found is None:
        return {"profiles": [], "bin": None}, []
    named: list[tuple[str, Steps]] = []
    if plane.rows_of != "y":
        named.append(("x", _steps(row_at(plane, at[1]), window.x, window.width, window, 0)))
    if plane.rows_of != "x":
        named.append(("y", _steps(column_at(plane, at[0]), window.y, window.height, window, 1)))
    described, buffers = together(named)
    return {"profiles": described, "bin": [found[1], found[0]]}, buffers


def region_answer(
    source: Source,
    plane: Plane,
    cut: Cut,
    shape: Shape,
    window: Window,
    over: str,
) -> Sent:
    """Return what a region holds: numbers, and its profiles along x, y and the dimensions that are not drawn."""
    combined = over or default_over(source)
    found = measure(plane, shape)
    named: list[tuple[str, Steps]] = []
    for along, places in (("x", plane.x), ("y", plane.y)):
        if not places.own_rows:
            profile = profile_of(plane, found.x if along == "x" else found.y, along, combined, "")
            first = 0 if along == "x" else 1
            reach = (window.x, window.width) if first == 0 else (window.y, window.height)
            named.append((along, _steps(profile, *reach, window, first)))
    for number in cut.hidden:
        places = source.places[number]
        if plane.rows_of or places.size < 2 or found.bins * places.size > HIDDEN_LIMIT or places.own_rows:
            continue
        profile = hidden_profile(source, cut, plane, (shape, ""), number, combined)
        steps = steps_of(places_of_axis(profile), 0, profile.values, profile.errors, places.extent, 1024)
        named.append((str(number), steps))
    described, buffers = together(named)
    return {"profiles": described, "over": combined, **numbers_of(found, plane)}, buffers


def numbers_of(found: Measured, plane: Plane) -> dict[str, Any]:
    """Return the numbers of a region as JSON holds them."""
    return {
        "sum": _json(found.total),
        "error": None if found.error is None else _json(found.error),
        "mean": _json(found.mean),
        "largest": _json(found.largest),
        "bins": found.bins,
        "leftOut": found.left_out,
        "unit": plane.unit,
        "integral": bool(plane.density_along),
    }


def line_answer(plane: Plane, line: Line, pixels: int) -> Sent:
    """Return the values along a line, over the distance from its start."""
    found = line_cut(plane, line.start, line.end, line.width)
    distances = Places("distance", "Distance", found.unit, found.distances)
    window = (0.0, float(found.distances[-1]))
    steps = steps_of(distances, 0, found.values, found.errors, window, pixels)
    described, buffers = together([("line", steps)])
    return {"profiles": described, "unit": found.unit, "bins": found.bins, "length": window[1]}, buffers


def places_of_axis(histogram: Histogram) -> Places:
    """Return where the bins of a histogram are drawn."""
    return places_of(histogram.axis)


def _steps(histogram: Histogram, reach: tuple[float, float], pixels: int, window: Window, axis: int) -> Steps:
    values = _shown(histogram)
    places = places_of_axis(histogram)
    finite = np.flatnonzero(np.isfinite(places.edges))
    if len(finite) and len(finite) < len(places.edges):
        first, last = int(finite[0]), int(finite[-1])
        places = Places(places.name, places.label, places.unit, places.edges[first : last + 1])
        values = values[first:last]
    errors = histogram.errors if len(values) == len(histogram.values) else None
    return steps_of(places, 0, values, errors, reach, pixels, window.scales[axis])


def _shown(histogram: Histogram) -> Numbers:
    values = np.asarray(histogram.values, dtype=np.float64)
    return values if histogram.mask is None else np.where(histogram.mask, np.nan, values)


def _json(value: float) -> float | None:
    return value if np.isfinite(value) else None
