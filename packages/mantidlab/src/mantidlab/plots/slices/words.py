"""What is told of a plot in words and numbers: what there is, what is odd, the table behind the picture."""

from typing import Any

import numpy as np

from mantidlab.plots.slices.axes import Places
from mantidlab.plots.slices.groups import grouped
from mantidlab.plots.slices.picture import INFINITE, MASKED, MINUS_INFINITE, NOTHING, Drawn, Window
from mantidlab.plots.slices.plane import Cut, Plane
from mantidlab.plots.slices.source import Source

MOST_NAMES = 5000
"""Named positions that are sent to the page; beyond, bins are told by their number."""


def spec_of(source: Source, note: str, version: int) -> dict[str, Any]:
    """Return what there is, as the page knows it."""
    image = source.image
    remarks = [*source.remarks, *(places.remark for places in source.places if places.remark)]
    return {
        "version": version,
        "title": source.name,
        "note": ". ".join(part for part in (note, *dict.fromkeys(remarks)) if part),
        "dims": [_dimension(source, number, places) for number, places in enumerate(source.places)],
        "label": image.label,
        "unit": image.unit,
        "errors": image.errors is not None,
        "masked": image.mask is not None,
        "framework": source.framework,
        "directions": None if image.directions is None else np.asarray(image.directions, dtype=np.float64).tolist(),
    }


def _dimension(source: Source, number: int, places: Places) -> dict[str, Any]:
    return {
        "name": source.dims[number],
        "label": places.label or source.dims[number],
        "unit": places.unit,
        "size": places.size,
        "extent": list(places.extent),
        "names": list(places.names) if len(places.names) <= MOST_NAMES else [],
        "rows": places.own_rows,
        "backward": places.backward,
        "positive": _positive(places),
    }


def _positive(places: Places) -> float | None:
    """Return the lowest edge above zero, where a logarithmic axis can begin."""
    above = places.edges[places.edges > 0]
    return float(above.min()) if above.size else None


def said_of(source: Source, cut: Cut, plane: Plane, drawn: Drawn) -> str:
    """Return in a sentence what is odd in what is drawn; empty where nothing is."""
    if plane.values.size == 0:
        empty = next(axis for axis in (plane.x, plane.y) if axis.size == 0)
        return f"There is nothing to draw: {empty.label or 'an axis'} has no bins."
    flags, values = drawn.flags, drawn.values
    if flags.size == 0:
        return "There are no bins in this part of the plane."
    finite = np.isfinite(values)
    if not finite.any():
        return _nothing(flags)
    told = []
    if plane.values.size == 1:
        told.append("one bin")
    low, high = float(values[finite].min()), float(values[finite].max())
    if low == high and plane.values.size > 1:
        told.append(f"every value drawn is {low:.6g}")
    infinite = int(((flags & (INFINITE | MINUS_INFINITE)) != 0).sum())
    if infinite:
        told.append(f"{infinite} {'pixel is' if infinite == 1 else 'pixels are'} infinite")
    return "; ".join(told)


def _nothing(flags: Any) -> str:
    if ((flags & MASKED) != 0).all():
        return "Everything here is masked."
    if ((flags & (INFINITE | MINUS_INFINITE)) != 0).any():
        return "No value here is finite: they are infinite or missing."
    if ((flags & MASKED) != 0).any():
        return "Everything here is masked or has no value."
    return "No value here is a number (NaN)." if ((flags & NOTHING) != 0).any() else ""


def free_name(taken: list[str]) -> str:
    """Return the name of the next region."""
    number = 1
    while f"region {number}" in taken:
        number += 1
    return f"region {number}"


def table_of(plane: Plane, window: Window, start: int, count: int, columns: int) -> dict[str, Any]:
    """Return rows of what the window shows: a row for each bin along y, columns evenly over the bins along x."""
    if plane.values.size == 0:
        return {"columns": [plane.y.label], "rows": [], "start": 0, "total": 0}
    across = _seen(plane.x, window.x)
    chosen = np.unique(np.linspace(across[0], across[1] - 1, min(columns, across[1] - across[0])).astype(int))
    low, high = _seen(plane.y, window.y)
    rows = range(low + start, min(low + start + count, high))
    return {
        "columns": [_titled(plane.y), *(f"{plane.x.label} {_position(plane.x, place)}" for place in chosen)],
        "rows": [[_position(plane.y, row), *(_cell(plane, row, column) for column in chosen)] for row in rows],
        "start": start,
        "total": high - low,
    }


def _seen(places: Places, window: tuple[float, float]) -> tuple[int, int]:
    if places.own_rows:
        return 0, places.size
    groups = grouped(places, window, places.size)
    return (int(groups.starts[0]), int(groups.starts[-1])) if groups.size else (0, places.size)


def _titled(places: Places) -> str:
    return f"{places.label} ({places.unit})" if places.unit else places.label


def _position(places: Places, place: int) -> str | float:
    if places.names:
        return places.names[place]
    return f"bin {place}" if places.own_rows else float(f"{places.centre(place):.7g}")


def _cell(plane: Plane, row: int, column: int) -> str | float | None:
    if plane.mask is not None and plane.mask[row, column]:
        return "masked"
    value = float(plane.values[row, column])
    if np.isnan(value):
        return None
    return value if np.isfinite(value) else ("∞" if value > 0 else "−∞")
