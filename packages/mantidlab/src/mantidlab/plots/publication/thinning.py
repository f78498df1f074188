"""Of a curve with very many points, those that can be told apart on paper."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Axis, Histogram

COLUMNS = 4000
"""The double column of a journal, 170 mm, at 600 dots per inch."""


def thinned(
    curve: Histogram,
    between: tuple[float, float] | None = None,
    *,
    scale: Literal["linear", "log"] = "linear",
    columns: int = COLUMNS,
) -> Histogram:
    """Return of each column of the paper the first, last, lowest and highest point, and the ends of its error bars.

    All of them are points of the data, in their order. Drawn as a line in so many columns, they look as all would.

    Parameters
    ----------
    curve
        Bins or points, shape (n,); bins are taken at their middles.
    between
        The axis' range; all if nothing is said. The next point on either side is kept too.
    scale
        Of the axis.
    columns
        Into which the range is divided.
    """
    x = curve.axis.values
    if curve.axis.edges:
        x = x[:-1] + (x[1:] - x[:-1]) / 2
    places = _places(x, between, scale)
    inside = np.flatnonzero((places >= 0) & (places <= 1))
    if inside.size:
        inside = np.arange(max(inside.min() - 1, 0), min(inside.max() + 2, x.size))
    if inside.size <= 6 * columns:
        return _taken(curve, x, inside)
    column = np.floor(np.clip(np.nan_to_num(places[inside]) * columns, -1, columns)).astype(np.int64)
    values = curve.values[inside].astype(np.float64)
    if curve.mask is not None:
        values[curve.mask[inside]] = np.nan
    errors = np.zeros_like(values) if curve.errors is None else np.nan_to_num(curve.errors[inside].astype(np.float64))
    starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    ends = np.append(starts[1:], column.size) - 1
    kept = [starts, ends, *_extremes(values - errors, values + errors, starts), *_extremes(values, values, starts)]
    return _taken(curve, x, inside[np.unique(np.concatenate(kept))])


def _places(x: NDArray[Any], between: tuple[float, float] | None, scale: str) -> NDArray[np.float64]:
    """Return where points lie on an axis whose ends are 0 and 1; NaN for what has no place on it."""
    along = (x - x[:1]) / np.timedelta64(1, "ns") if np.issubdtype(x.dtype, np.datetime64) else x.astype(np.float64)
    low, high = (
        between if between is not None else (np.nanmin(along, initial=np.inf), np.nanmax(along, initial=-np.inf))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "log":
            along, low, high = np.log(along), np.log(low), np.log(high)
        places: NDArray[np.float64] = (along - low) / (high - low)
    return places


def _extremes(low: NDArray[Any], high: NDArray[Any], starts: NDArray[Any]) -> list[NDArray[np.int64]]:
    """Return where the lowest of *low* and the highest of *high* lies in each column."""
    sizes = np.diff(np.append(starts, low.size))
    found = []
    for values, reduce, worst in ((low, np.minimum, np.inf), (high, np.maximum, -np.inf)):
        filled = np.where(np.isnan(values), worst, values)
        best = np.repeat(reduce.reduceat(filled, starts), sizes)
        at = np.flatnonzero(filled == best)
        # Of several that are equal one is enough.
        column = np.searchsorted(starts, at, side="right")
        found.append(at[np.unique(column, return_index=True)[1]])
    return found


def _taken(curve: Histogram, x: NDArray[Any], index: NDArray[np.int64]) -> Histogram:
    axis = Axis(curve.axis.name, curve.axis.label, curve.axis.unit, x[index], edges=False, log=curve.axis.log)
    return Histogram(
        axis,
        curve.values[index],
        None if curve.errors is None else curve.errors[index],
        None if curve.mask is None else curve.mask[index],
        curve.label,
        curve.unit,
        curve.name,
        curve.distribution,
    )
