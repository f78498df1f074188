"""What lies under the cursor: the exact value of the bin there, and the largest of those that share its pixel."""

from typing import Any

import numpy as np

from mantidlab.plots.slices.plane import Plane


def read_out(plane: Plane, x: float, y: float, reach: tuple[float, float] = (0.0, 0.0)) -> dict[str, Any] | None:
    """Return what there is at a position; None beside the data.

    Parameters
    ----------
    reach
        Half the width and height of a pixel, in the units of the axes: the largest value within is told besides.
    """
    found = bin_at(plane, x, y)
    if found is None:
        return None
    answer = _of_bin(plane, *found)
    if not plane.rows_of and max(reach) > 0:
        largest = _largest(plane, x, y, reach)
        if largest is not None and largest != found:
            answer["largest"] = _of_bin(plane, *largest)
    return answer


def bin_at(plane: Plane, x: float, y: float) -> tuple[int, int] | None:
    """Return row and column of the bin at a position, as drawn."""
    if plane.rows_of == "x":
        row = plane.y.bin_at(y)
        column = None if row is None else plane.x.bin_at(x, row)
    elif plane.rows_of == "y":
        column = plane.x.bin_at(x)
        row = None if column is None else plane.y.bin_at(y, column)
    else:
        row, column = plane.y.bin_at(y), plane.x.bin_at(x)
    return None if row is None or column is None else (row, column)


def _of_bin(plane: Plane, row: int, column: int) -> dict[str, Any]:
    value = float(plane.values[row, column])
    edges_x = plane.x.edges[row] if plane.rows_of == "x" else plane.x.edges
    edges_y = plane.y.edges[column] if plane.rows_of == "y" else plane.y.edges
    return {
        "x": [float(edges_x[column]), float(edges_x[column + 1])],
        "y": [float(edges_y[row]), float(edges_y[row + 1])],
        "names": [_name(plane.x.names, column), _name(plane.y.names, row)],
        # JSON has no NaN and no infinity.
        "value": value if np.isfinite(value) else None,
        "said": "" if np.isfinite(value) else _said(value),
        "error": _finite(plane.errors[row, column]) if plane.errors is not None else None,
        "masked": bool(plane.mask[row, column]) if plane.mask is not None else False,
    }


def _name(names: tuple[str, ...], place: int) -> str:
    return names[place] if names else ""


def _said(value: float) -> str:
    return "no value" if np.isnan(value) else "∞" if value > 0 else "−∞"


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _largest(plane: Plane, x: float, y: float, reach: tuple[float, float]) -> tuple[int, int] | None:
    columns = _around(plane.x.edges, x, reach[0])
    rows = _around(plane.y.edges, y, reach[1])
    block = np.asarray(plane.values[rows, columns])
    if block.size < 2 or block.size > 2**24:
        return None
    ranked = np.where(plane.usable(rows, columns), block, -np.inf)
    row, column = np.unravel_index(int(np.argmax(ranked)), ranked.shape)
    if not np.isfinite(ranked[row, column]):
        return None
    return rows.start + int(row), columns.start + int(column)


def _around(edges: Any, position: float, reach: float) -> slice:
    count = len(edges) - 1
    first = int(np.searchsorted(edges, position - reach, side="right")) - 1
    last = int(np.searchsorted(edges, position + reach, side="left"))
    return slice(max(0, min(first, count)), max(0, min(max(last, first + 1), count)))
