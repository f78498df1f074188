"""The way back: what was taken out of a plot, as scipp's data array."""

from typing import Any

import numpy as np

from mantidlab.frameworks.model import Axis, DoesNotFit, Histogram, Image

PLAIN = {"°": "deg", "µs": "us", "Å": "angstrom", "1/Å": "1/angstrom"}
"""Units that scipp knows by another spelling."""


def made(scipp: Any, thing: Histogram | Image) -> Any:
    """Return a data array: axes as coordinates, errors as variances, a mask as the mask ``masked``. Arrays are copied.

    A unit that scipp does not know is left out.
    """
    axes = (thing.axis,) if isinstance(thing, Histogram) else thing.axes
    dims = _dims(axes)
    errors = None if thing.errors is None else np.square(np.asarray(thing.errors, dtype=np.float64))
    data = scipp.array(
        dims=dims,
        values=np.array(thing.values, dtype=np.float64 if errors is not None else None),
        variances=errors,
        unit=_unit(scipp, thing.unit),
    )
    coords = {
        dim: _coordinate(scipp, dims, place, axis) for place, (dim, axis) in enumerate(zip(dims, axes, strict=True))
    }
    masks = {} if thing.mask is None else {"masked": scipp.array(dims=dims, values=np.array(thing.mask))}
    name = thing.name if isinstance(thing, Histogram) else thing.label
    return scipp.DataArray(data, coords=coords, masks=masks, name=name)


def made_value(scipp: Any, value: float, error: float | None, unit: str) -> Any:
    """Return one number with its error."""
    return scipp.scalar(value, variance=None if error is None else error**2, unit=_unit(scipp, unit))


def _dims(axes: tuple[Axis, ...]) -> list[str]:
    names = [axis.name or f"dim_{place}" for place, axis in enumerate(axes)]
    if len(set(names)) < len(names):
        raise DoesNotFit(f"scipp needs different names of dimensions; these are {', '.join(names)}.")
    return names


def _coordinate(scipp: Any, dims: list[str], place: int, axis: Axis) -> Any:
    across = dims if axis.values.ndim > 1 else [dims[place]]
    values = axis.values
    if values.dtype.kind not in "fiubM":
        return scipp.array(dims=across, values=[str(value) for value in values])
    return scipp.array(dims=across, values=np.array(values), unit=_unit(scipp, axis.unit))


def _unit(scipp: Any, text: str) -> Any:
    if not text:
        return scipp.units.dimensionless
    try:
        return scipp.Unit(PLAIN.get(text, text))
    except (scipp.UnitError, ValueError):
        return None
