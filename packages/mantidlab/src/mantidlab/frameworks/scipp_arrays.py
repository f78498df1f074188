"""scipp's data arrays without events, and what all of scipp's objects share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.index_lists import one_each
from mantidlab.frameworks.lazily import LazyMapping, LazySequence
from mantidlab.frameworks.model import (
    Axis,
    Geometry,
    Histogram,
    Image,
    Kind,
    Log,
    Mask,
    NotThere,
    Summary,
    Table,
)
from mantidlab.frameworks.partial import PartialObject
from mantidlab.frameworks.scipp_geometry import aligned, geometry_of, plain
from mantidlab.frameworks.scipp_parts import axis_of, column_of, errors_of, log_of, sealed, unit_of

# Dimensions along which a spectrum runs, and whose events can be counted, the most likely first.
SPECTRAL = (
    "tof",
    "time_of_flight",
    "event_time_offset",
    "wavelength",
    "dspacing",
    "energy_transfer",
    "energy",
    "Q",
    "time",
    "frame_time",
)


class ScippObject(PartialObject):
    """What data arrays and groups share. scipp keeps no history."""

    def __init__(self, scipp: Any, thing: Any, name: str) -> None:
        self._scipp = scipp
        self._thing = thing
        self._name = name or str(getattr(thing, "name", "") or type(thing).__name__)

    def _absent(self, what: str) -> NotThere:
        return NotThere(f"The {type(self._thing).__name__} {self._name!r} has no {what}.")


class ArrayObject(ScippObject):
    """A data array. Its last dimension is the one along which spectra run."""

    def summary(self) -> Summary:
        """Return what it is."""
        array = self._thing
        return Summary(
            name=self._name,
            kind=self._kind(),
            type=type(array).__name__,
            framework="scipp",
            title=self._title(),
            shape=tuple(array.shape),
            dims=tuple(array.dims),
            unit=unit_of(array) if array.bins is None else unit_of(array.bins),
            memory=int(array.underlying_size()),
            notes={"data type": str(array.dtype)},
        )

    def _title(self) -> str:
        title = self._thing.coords.get("title")
        return "" if title is None or title.ndim else str(title.value)

    def _kind(self) -> Kind:
        array = self._thing
        if not self._numeric() or array.ndim == 0:
            return Kind.TABLE
        along = array.dims[-1] in SPECTRAL or self._has_edges(array.dims[-1])
        return Kind.SPECTRA if array.ndim == 1 or (along and not self._all_edges()) else Kind.IMAGE

    def _all_edges(self) -> bool:
        return all(self._has_edges(dim) for dim in self._thing.dims)

    def _has_edges(self, dim: str) -> bool:
        """Tell whether a dimension has bin edges; a coordinate of its name may run along others, or be one value."""
        coords = self._thing.coords
        return dim in coords and dim in coords[dim].dims and bool(coords.is_edges(dim, dim))

    def _numeric(self) -> bool:
        return str(self._thing.dtype) in ("float64", "float32", "int64", "int32", "bool")

    def spectra(self) -> Sequence[Histogram]:
        """Return the rows along the last dimension: views of scipp's memory, errors made when they are asked for."""
        array = self._thing
        if array.ndim == 0 or not self._numeric():
            raise self._absent(f"spectra: its data are {array.ndim}-dimensional {array.dtype}")
        values, variances = array.values, array.variances
        return self._rows(lambda where: (sealed(values[where]), errors_of(variances, where)), array.dims[-1])

    def _rows(self, read: Callable[[tuple[int, ...]], tuple[Any, Any]], along: str) -> Sequence[Histogram]:
        array = self._thing
        across = tuple(dim for dim in array.dims if dim != along)
        shape = tuple(array.sizes[dim] for dim in across)
        axis = self._axis_of_row(across, along)
        masks = [aligned(mask, (*across, along)) for mask in array.masks.values()]
        label, unit = array.name, self._unit()

        def make(index: int) -> Histogram:
            where = tuple(int(place) for place in np.unravel_index(index, shape)) if shape else ()
            values, errors = read(where)
            mask = _any_mask(masks, where, len(values))
            return Histogram(axis(where), values, errors, mask, label, unit, self._row_name(across, where))

        return LazySequence(int(np.prod(shape, dtype=np.int64)), make)

    def _unit(self) -> str:
        return unit_of(self._thing)

    def _row_name(self, across: tuple[str, ...], where: tuple[int, ...]) -> str:
        if not where:
            return self._name
        return ", ".join(f"{dim} {place}" for dim, place in zip(across, where, strict=True))

    def _coordinate(self, dim: str) -> Any | None:
        coords = self._thing.coords
        found = coords.get(dim)
        if found is not None and dim in found.dims:
            return found
        others = [coord for name, coord in coords.items() if dim in coord.dims and name in SPECTRAL]
        return others[0] if len(others) == 1 else None

    def _axis_of_row(self, across: tuple[str, ...], along: str) -> Callable[[tuple[int, ...]], Axis]:
        coordinate = self._coordinate(along)
        size = self._thing.sizes.get(along, 0)
        if coordinate is None:
            points = Axis(along, along, "", np.arange(size, dtype=np.float64))
            return lambda where: points
        positions = aligned(coordinate, (*across, along))
        if positions.size == positions.shape[-1]:
            shared = axis_of(along, coordinate, positions.reshape(-1), size)
            return lambda where: shared

        def own(where: tuple[int, ...]) -> Axis:
            return axis_of(along, coordinate, positions[_picked(positions, where)], size)

        return own

    def image(self) -> Image:
        """Return all values, a view of scipp's memory; the errors are new."""
        array = self._thing
        if array.ndim == 0 or not self._numeric():
            raise self._absent(f"image: its data are {array.ndim}-dimensional {array.dtype}")
        return self._image(array, array.masks.values())

    def _image(self, array: Any, masks: Iterable[Any]) -> Image:
        masks = list(masks)
        mask: Mask | None = None
        if masks:
            mask = np.zeros(array.shape, dtype=np.bool_)
            for found in masks:
                mask |= aligned(found, array.dims)
        axes = tuple(self._image_axis(array, place) for place in range(array.ndim))
        errors = errors_of(array.variances, ())
        return Image(axes, sealed(array.values), errors, mask, array.name or self._name, unit_of(array))

    def _image_axis(self, array: Any, place: int) -> Axis:
        dim, size = array.dims[place], array.shape[place]
        coordinate = array.coords.get(dim)
        if coordinate is None or dim not in coordinate.dims:
            return Axis(dim, dim, "", np.arange(size, dtype=np.float64))
        if coordinate.ndim == 1:
            return axis_of(dim, coordinate, plain(coordinate), size)
        if place != array.ndim - 1:
            raise NotThere(
                f"{self._name!r} makes no image: the positions along {dim!r} differ from row to row; "
                f"transpose it so that {dim!r} comes last."
            )
        positions = aligned(coordinate, array.dims)
        return axis_of(dim, coordinate, np.broadcast_to(positions, (*array.shape[:-1], positions.shape[-1])), size)

    def geometry(self) -> Geometry:
        """Return where the detectors are."""
        return geometry_of(self._thing, self._name)

    def spectrum_detectors(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Return for each spectrum the indices of its detectors in the geometry."""
        array = self._thing
        position = array.coords.get("position")
        if position is None:
            raise self._absent("coordinate 'position'")
        along = self._along()
        across = tuple(dim for dim in array.dims if dim != along)
        shape = tuple(array.sizes[dim] for dim in across)
        if not set(position.dims) <= set(across):
            raise self._absent("detectors that belong to one spectrum each")
        numbers = np.arange(int(np.prod(position.shape, dtype=np.int64))).reshape(position.shape)
        order = sorted(range(position.ndim), key=lambda place: across.index(position.dims[place]))
        lengths = tuple(size if dim in position.dims else 1 for dim, size in zip(across, shape, strict=True))
        return one_each(np.broadcast_to(numbers.transpose(order).reshape(lengths), shape).reshape(-1))

    def _along(self) -> str:
        return str(self._thing.dims[-1]) if self._thing.ndim else ""

    def table(self) -> Table:
        """Return coordinates and data of one dimension as columns, or the one row of a single value."""
        array = self._thing
        if array.ndim > 1 or array.bins is not None:
            raise self._absent("columns: it has more than one dimension or holds events")
        named = {**dict(array.coords.items()), array.name or self._name: array.data}
        columns = [column_of(name, variable, array.shape) for name, variable in named.items()]
        return Table(tuple(column for column in columns if column is not None))

    def logs(self) -> Mapping[str, Log]:
        """Return the coordinates that are one value, or one series over time (as scippnexus keeps logs)."""
        single = {name: coord for name, coord in self._thing.coords.items() if coord.ndim == 0}
        return LazyMapping(single, lambda name: log_of(self._scipp, name, single[name]))


def _picked(values: NDArray[Any], where: tuple[int, ...]) -> tuple[int, ...]:
    """Return the place of a row in values that may have length 1 along some dimensions."""
    return tuple(place if length > 1 else 0 for place, length in zip(where, values.shape[:-1], strict=True))


def _any_mask(masks: list[NDArray[Any]], where: tuple[int, ...], bins: int) -> Mask | None:
    rows = [mask[_picked(mask, where)] for mask in masks]
    if not any(row.any() for row in rows):
        return None
    found = np.zeros(bins, dtype=np.bool_)
    for row in rows:
        found |= row
    return found
