"""Sums of curves as a table to read."""

from collections.abc import Sequence
from typing import Any

from mantidlab.plots.fitting.points import written
from mantidlab.plots.lines.figures import with_error
from mantidlab.plots.lines.readout import with_unit
from mantidlab.plots.lines.scene import Scene
from mantidlab.plots.lines.sums import Sums


def table_of_sums(found: Sequence[Sums], x_unit: str, y_unit: str, scene: Scene) -> dict[str, Any]:
    """Return columns and rows with numbers written out with their errors, and a sentence on what was left out."""
    counts = _unit_of_sums(scene, y_unit)
    columns = [
        "Curve",
        with_unit("Sum", counts),
        with_unit("Integral", product(y_unit, x_unit)),
        with_unit("Mean", y_unit),
        with_unit("Centroid", x_unit),
        with_unit("Width (standard deviation)", x_unit),
        with_unit("Maximum", y_unit),
        with_unit("at", x_unit),
        "Bins",
    ]
    rows = [
        [
            each.name,
            with_error(each.sum, each.sum_error),
            with_error(each.integral, each.integral_error),
            with_error(each.mean, each.mean_error),
            with_error(each.centroid, each.centroid_error),
            with_error(each.width, each.width_error),
            with_error(each.maximum, None),
            with_error(each.maximum_at, None),
            each.bins,
        ]
        for each in found
    ]
    left_out = sum(each.left_out for each in found)
    note = f"{left_out} bins or points that are masked or have no finite value are left out." if left_out else ""
    return {"columns": columns, "rows": rows, "note": note}


def product(y_unit: str, x_unit: str) -> str:
    """Return the unit of an integral: ``counts/µs`` over µs are ``counts``."""
    if x_unit and y_unit.endswith(f"/{x_unit}"):
        return y_unit.removesuffix(f"/{x_unit}")
    if x_unit.startswith("1/") and y_unit.endswith(f"·{x_unit[2:]}"):
        return y_unit.removesuffix(f"·{x_unit[2:]}")
    return written("y x", x_unit, y_unit) if y_unit else ""


def _unit_of_sums(scene: Scene, y_unit: str) -> str:
    """Return the unit of what a sum adds: counts, whatever their bins were divided by."""
    units = {curve.histogram.unit for curve in scene.curves if not curve.histogram.distribution}
    return units.pop() if len(units) == 1 and y_unit else ""
