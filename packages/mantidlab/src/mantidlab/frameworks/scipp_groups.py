"""scipp's datasets and data groups."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.lazily import LazyMapping, LazySequence
from mantidlab.frameworks.model import DataObject, Geometry, Histogram, Image, Kind, Log, Summary, Table
from mantidlab.frameworks.scipp_arrays import ScippObject
from mantidlab.frameworks.scipp_geometry import geometry_of
from mantidlab.frameworks.scipp_parts import column_of, log_of


class GroupObject(ScippObject):
    """A dataset or a data group; `open_member` makes an object of what it holds."""

    def __init__(self, scipp: Any, thing: Any, name: str, open_member: Callable[[Any, str], DataObject]) -> None:
        super().__init__(scipp, thing, name)
        self._open = open_member

    def summary(self) -> Summary:
        """Return what it is."""
        thing = self._thing
        names = tuple(self.members())
        title = thing.get("title") if isinstance(thing, self._scipp.DataGroup) else None
        return Summary(
            name=self._name,
            kind=Kind.GROUP,
            type=type(thing).__name__,
            framework="scipp",
            title=title if isinstance(title, str) else "",
            shape=(len(names),),
            dims=tuple(str(dim) for dim in thing.dims),
            memory=int(thing.underlying_size()),
            members=names,
        )

    def members(self) -> Mapping[str, DataObject]:
        """Return what it holds and scipp made; texts and numbers beside it are among the logs."""
        scipp = self._scipp
        kinds = (scipp.Variable, scipp.DataArray, scipp.Dataset, scipp.DataGroup)
        names = [str(name) for name in self._thing if isinstance(self._thing[name], kinds)]
        return LazyMapping(names, lambda name: self._open(self._thing[name], name))

    def spectra(self) -> Sequence[Histogram]:
        """Return the columns of a dataset as spectra, if they have one dimension."""
        if not isinstance(self._thing, self._scipp.Dataset) or self._thing.ndim != 1:
            raise self._absent("spectra; its members may")
        names = [str(name) for name in self._thing]
        return LazySequence(len(names), lambda place: self._open(self._thing[names[place]], names[place]).spectra()[0])

    def image(self) -> Image:
        """Refuse."""
        raise self._absent("image; its members may")

    def geometry(self) -> Geometry:
        """Return where the detectors of a dataset are."""
        if not isinstance(self._thing, self._scipp.Dataset) or not len(self._thing):
            raise self._absent("detectors; its members may")
        return geometry_of(next(iter(self._thing.values())), self._name)

    def spectrum_detectors(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Refuse."""
        raise self._absent("detectors; its members may")

    def table(self) -> Table:
        """Return a dataset of one dimension as columns."""
        if not isinstance(self._thing, self._scipp.Dataset) or self._thing.ndim != 1:
            raise self._absent("columns; its members may")
        named = {**dict(self._thing.coords.items()), **{name: found.data for name, found in self._thing.items()}}
        columns = [column_of(str(name), variable, self._thing.shape) for name, variable in named.items()]
        return Table(tuple(column for column in columns if column is not None))

    def logs(self) -> Mapping[str, Log]:
        """Return texts, single values and series over time."""
        found = {str(name): value for name, value in self._thing.items() if _is_log(self._scipp, value)}
        return LazyMapping(found, lambda name: log_of(self._scipp, name, found[name]))


def _is_log(scipp: Any, value: Any) -> bool:
    if isinstance(value, scipp.DataArray):
        return value.dims == ("time",) and value.bins is None
    if isinstance(value, scipp.Variable):
        return bool(value.ndim == 0)
    return isinstance(value, (str, int, float, bool))
