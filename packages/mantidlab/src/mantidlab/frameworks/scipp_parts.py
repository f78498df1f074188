"""What scipp's variables become: units, axes, errors, columns and sample logs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Axis, Column, Log, Numbers
from mantidlab.frameworks.scipp_geometry import plain
from mantidlab.frameworks.scipp_units import spelled
from mantidlab.frameworks.spacing import grows


def unit_of(variable: Any) -> str:
    """Return a unit as people write it; empty for none."""
    return "" if variable.unit is None else spelled(variable.unit, type(variable.unit))


def sealed(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view of the same memory through which nothing can be changed."""
    view = array.view()
    view.setflags(write=False)
    return view


def axis_of(dim: str, coordinate: Any, positions: NDArray[Any], size: int) -> Axis:
    """Return the axis of a coordinate along `dim`, which has so many elements; one more position makes them edges."""
    edges = positions.shape[-1] == size + 1
    log = positions.ndim == 1 and grows(positions)
    return Axis(dim, dim, unit_of(coordinate), sealed(positions), edges, log)


def errors_of(variances: Any | None, where: tuple[int, ...]) -> Numbers | None:
    """Return the roots of variances, of one row or (with no place given) of all; None for none."""
    if variances is None:
        return None
    with np.errstate(invalid="ignore"):  # a variance below zero has no root
        errors: Numbers = np.sqrt(variances[where] if where else variances)
    return sealed(errors)


def column_of(name: str, variable: Any, shape: tuple[int, ...]) -> Column | None:
    """Return a column; None for what has no value for each row, such as bin edges and events."""
    if tuple(variable.shape) != tuple(shape) or variable.bins is not None:
        return None
    values = plain(variable)
    rows = values if variable.ndim else values[np.newaxis, ...]
    return Column(name, unit_of(variable), sealed(rows))


def log_of(scipp: Any, name: str, found: Any) -> Log:
    """Return a scalar, a text, or a series with a coordinate ``time`` as a sample log."""
    if not isinstance(found, (scipp.Variable, scipp.DataArray)):
        return Log(name, "", found)
    if found.ndim == 0 and isinstance(found.value, scipp.DataArray):
        found = found.value
    if found.ndim == 0:
        value = found.value
        whole = value.item() if isinstance(value, np.generic) and value.dtype.kind in "fiub" else value
        return Log(name, unit_of(found), whole if isinstance(whole, (str, bool, int, float)) else str(whole))
    values = plain(found)
    times = found.coords.get("time") if isinstance(found, scipp.DataArray) else None
    moments = None if times is None else plain(times).astype("datetime64[ns]", copy=False)
    last = values[-1] if len(values) else None
    return Log(name, unit_of(found), last.item() if isinstance(last, np.generic) else last, moments, sealed(values))
