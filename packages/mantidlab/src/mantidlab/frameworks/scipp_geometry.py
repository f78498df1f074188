"""Where the detectors of a scipp data array are, by scippneutron's and scippnexus's names of coordinates.

``position``, ``sample_position``, ``source_position`` and ``gravity`` are vectors with a unit of length;
``detector_number`` (in older files ``detector_id`` or ``spectrum``) numbers the detectors.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Bank, Geometry, Mask, NotThere, Numbers

NUMBERS = ("detector_number", "detector_id", "spectrum")
GRID = 2


def geometry_of(array: Any, name: str) -> Geometry:
    """Return where the detectors are; positions in metres are views.

    Raises
    ------
    NotThere
        There are no positions.
    """
    position = array.coords.get("position")
    if position is None:
        raise NotThere(f"{name!r} has no coordinate 'position', so that nobody knows where its detectors are.")
    positions = metres(position).reshape(-1, 3)
    sample = _one(array, "sample_position")
    source = _one(array, "source_position")
    here = np.zeros(3) if sample is None else sample
    gravity = array.coords.get("gravity")
    return Geometry(
        instrument=_text(array, "instrument_name"),
        ids=_ids(array, position, len(positions)),
        positions=positions,
        monitor=np.zeros(len(positions), dtype=np.bool_),
        masked=_masked(array, position, len(positions)),
        source=source,
        sample=here,
        beam=np.array((0.0, 0.0, 1.0)) if source is None else _unit(here - source),
        up=np.array((0.0, 1.0, 0.0)) if gravity is None or gravity.ndim else _unit(-np.asarray(gravity.value)),
        banks=_banks(position),
    )


def _banks(position: Any) -> tuple[Bank, ...]:
    """Return the banks of detectors that lie on a grid: rows and columns are the last two dimensions of positions."""
    if position.ndim < GRID:
        return ()
    *outer, rows, columns = position.shape
    size = rows * columns
    *names, _, _ = position.dims
    return tuple(
        Bank(
            ", ".join(f"{name} {place}" for name, place in zip(names, where, strict=True)) or "all detectors",
            index * size,
            (index + 1) * size,
            (rows, columns),
        )
        for index, where in enumerate(np.ndindex(*outer))
    )


def metres(vectors: Any) -> Numbers:
    """Return the numbers of vectors in metres, shape (…, 3); a view if they are in metres already."""
    return np.asarray(vectors.to(unit="m", copy=False).values)


def _one(array: Any, name: str) -> Numbers | None:
    vector = array.coords.get(name)
    if vector is None or vector.ndim:
        return None
    return metres(vector).reshape(3)


def _unit(vector: Numbers) -> Numbers:
    return np.asarray(vector / np.linalg.norm(vector))


def _text(array: Any, name: str) -> str:
    found = array.coords.get(name)
    return "" if found is None or found.ndim else str(found.value)


def _ids(array: Any, position: Any, count: int) -> NDArray[np.integer[Any]]:
    for name in NUMBERS:
        numbers = array.coords.get(name)
        if numbers is not None and set(numbers.dims) == set(position.dims):
            return np.asarray(numbers.transpose(position.dims).values).reshape(count)
    return np.arange(count)


def _masked(array: Any, position: Any, count: int) -> Mask:
    masked = np.zeros(position.shape, dtype=np.bool_)
    for mask in array.masks.values():
        if set(mask.dims) <= set(position.dims):
            masked |= aligned(mask, position.dims)
    return masked.reshape(count)


def aligned(variable: Any, dims: tuple[str, ...]) -> NDArray[Any]:
    """Return values with one axis for each of `dims`, in their order, of length 1 where the variable has none."""
    there = tuple(dim for dim in dims if dim in variable.dims)
    values = plain(variable.transpose(there))
    shape = tuple(variable.sizes.get(dim, 1) for dim in dims)
    return values.reshape(shape)


def plain(variable: Any) -> NDArray[Any]:
    """Return the values as an array, a view where scipp gives one (texts it does not)."""
    values = variable.values if variable.ndim else variable.value
    if isinstance(values, np.ndarray):
        return values
    return np.asarray(list(values) if variable.ndim else values)
