"""The values at a place, and the values in order: what is read off a plot."""

from typing import Any

import numpy as np

from mantidlab.plots.conversion.axes import convert, reachable
from mantidlab.plots.conversion.quantities import FACES, Quantity
from mantidlab.plots.lines.curves import Curve
from mantidlab.plots.lines.scene import Scene, finite
from mantidlab.plots.lines.view import View
from mantidlab.plots.reduction.curves import Curve as Ordered


def readout(scene: Scene, view: View, number: int, x: float) -> dict[str, Any]:
    """Return the bin of one curve that x lies in, or its point that is nearest to x; nothing beside its bins.

    Parameters
    ----------
    number
        The curve's id.
    """
    curve = scene.curve(number)
    found, scale = scene.shown(curve, view), scene.scale(curve, view)
    line = found.line.curve
    index = _index_at(line, x)
    if index is None:
        return {"curve": number, "index": None}
    left, right = float(line.left[index]), float(line.right[index])
    middle = (left + right) / 2
    return {
        "curve": number,
        "index": int(index if line.index is None else line.index[index]),
        "x": middle,
        "x_low": left if line.is_bins else None,
        "x_high": right if line.is_bins else None,
        "y": finite(float(line.values[index]) * scale),
        "error": None if line.errors is None else finite(float(line.errors[index]) * abs(scale)),
        "masked": bool(line.mask is not None and line.mask[index]),
        "more": [*_about(curve), *_elsewhere(scene, curve, view, middle)],
    }


def _index_at(line: Ordered, x: float) -> int | None:
    if line.size == 0:
        return None
    if line.is_bins:
        index = int(np.searchsorted(line.right, x, side="right"))
        if index == line.size and x == line.right[-1]:
            index -= 1
        return index if index < line.size and line.left[index] <= x else None
    index = int(np.clip(np.searchsorted(line.left, x), 0, line.size - 1))
    before = max(0, index - 1)
    return before if abs(line.left[before] - x) < abs(line.left[index] - x) else index


def _about(curve: Curve) -> list[list[str]]:
    flight = curve.flight
    told = [["Data", curve.source]] if curve.source != curve.name else []
    if curve.histogram.name and curve.histogram.name != curve.name:
        told.append(["Spectrum", curve.histogram.name])
    if flight.two_theta is not None:
        told.append(["Scattering angle", f"{np.degrees(flight.two_theta):.4g}°"])
    if flight.whole is not None:
        told.append(["Flight path", f"{flight.whole:.5g} m"])
    return told


def _elsewhere(scene: Scene, curve: Curve, view: View, x: float) -> list[list[str]]:
    """Return the same position in the other quantities that the flight allows."""
    target = scene.target(view.unit)
    if target.quantity is None:
        return []
    place = np.array([x * target.factor])
    told = []
    for quantity in reachable(target.quantity, curve.flight):
        if quantity != target.quantity:
            value = float(convert(place, target.quantity, Quantity(quantity), curve.flight)[0])
            if np.isfinite(value):
                told.append([FACES[quantity].label, f"{value:.6g} {FACES[quantity].unit}"])
    return told


def table(scene: Scene, view: View, number: int, start: int, count: int) -> dict[str, Any]:
    """Return rows of one curve in the order of its positions: x (or both edges), value, error, whether masked."""
    curve = scene.curve(number)
    line, scale = scene.shown(curve, view).line.curve, scene.scale(curve, view)
    begin = min(max(0, start), line.size)
    chosen = slice(begin, begin + max(0, count))
    target = scene.target(view.unit)
    across = with_unit(target.label or "x", target.unit)
    if line.is_bins:
        columns = {f"{across}, from": line.left[chosen], "to": line.right[chosen]}
    else:
        columns = {across: line.left[chosen]}
    columns[with_unit(scene.y_label(view) or "y", scene.y_unit(view))] = line.values[chosen] * scale
    if line.errors is not None:
        columns["Error"] = line.errors[chosen] * abs(scale)
    if line.mask is not None:
        columns["Masked"] = line.mask[chosen]
    rows = zip(*(_listed(values) for values in columns.values()), strict=True)
    return {"columns": list(columns), "rows": [list(row) for row in rows], "start": begin, "total": line.size}


def with_unit(label: str, unit: str) -> str:
    """Return the head of a column: ``Wavelength (Å)``."""
    return f"{label} ({unit})" if unit else label


def _listed(values: Any) -> list[Any]:
    if values.dtype.kind == "b":
        return ["yes" if value else "" for value in values]
    return [finite(value) for value in values]
