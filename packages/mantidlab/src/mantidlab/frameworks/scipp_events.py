"""scipp's binned data: events, counted for the spectrum that is asked for."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mantidlab.frameworks.event_lists import EventList
from mantidlab.frameworks.index_lists import IndexLists
from mantidlab.frameworks.model import Axis, Histogram, Image, Kind, NotThere, Numbers, Summary
from mantidlab.frameworks.scipp_arrays import SPECTRAL, ArrayObject
from mantidlab.frameworks.scipp_parts import axis_of, errors_of, sealed, unit_of

NUMBERS = ("float64", "float32", "int64", "int32")
MOMENTS = "datetime64"

# So many bins cover events for which nobody has chosen any.
BINS = 100


class EventArray(ArrayObject):
    """Binned data: a table of events in each element. They are counted for the spectrum that is asked for."""

    def __init__(self, scipp: Any, thing: Any, name: str, edges: Numbers | None = None) -> None:
        super().__init__(scipp, thing, name)
        self._chosen = edges

    def summary(self) -> Summary:
        """Return what it is."""
        found, sizes = super().summary(), self._thing.bins.size()
        shape, dims = found.shape, found.dims
        if self._chosen is not None:
            kept = [place for place, dim in enumerate(dims) if dim != self._along()]
            shape = (*(shape[place] for place in kept), len(self._chosen) - 1)
            dims = (*(dims[place] for place in kept), self._along())
        return Summary(
            **{**vars(found), "kind": Kind.EVENTS, "shape": shape, "dims": dims, "events": int(sizes.sum().value)}
        )

    def binned(self, edges: Numbers) -> "EventArray":
        """Return it with bins of one's own, in the unit of its events."""
        try:
            chosen = np.array(edges, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise NotThere(f"Bin edges must be numbers: {error}.") from error
        if chosen.ndim != 1 or len(chosen) < 2 or not (np.diff(chosen) > 0).all():
            raise NotThere(f"Bins need two edges or more, each larger than the one before; these are {edges!r}.")
        along = self._along()
        if self._type_of(along) == MOMENTS:
            raise NotThere(
                f"{self._name!r} has its events along {along!r}, which are moments; its bins are what they are."
            )
        return EventArray(self._scipp, self._thing, self._name, chosen)

    def spectra(self) -> Sequence[Histogram]:
        """Return a spectrum for each element across; its events are counted when it is asked for."""
        array, along = self._thing, self._along()
        across = tuple(dim for dim in array.dims if dim != along)
        edges = self._edges()

        def read(where: tuple[int, ...]) -> tuple[Any, Any]:
            row = array
            for dim, place in zip(across, where, strict=True):
                row = row[dim, place]
            counted = row.hist({along: edges})
            return sealed(counted.values), errors_of(counted.variances, ())

        return self._rows(read, along)

    def image(self) -> Image:
        """Count all events into one grid."""
        along = self._along()
        self._refuse_hidden(along)
        counted = self._thing.hist({along: self._edges()})
        # scipp leaves out what is masked along the bins and drops that mask; the bins are still to be marked.
        masks = self._thing.masks.values()
        return self._image(counted.transpose([*(dim for dim in counted.dims if dim != along), along]), masks)

    def event_list(self) -> EventList:
        """Return all events that are not masked, in the order of their spectra."""
        along = self._along()
        self._refuse_hidden(along)
        parts = self._thing.bins.constituents
        across = tuple(dim for dim in self._thing.dims if dim != along)
        shape = tuple(self._thing.sizes[dim] for dim in across)
        spectra = int(np.prod(shape, dtype=np.int64))
        order = (*across, *(dim for dim in self._thing.dims if dim == along))
        begins, ends = (parts[name].transpose(order).values.reshape(-1) for name in ("begin", "end"))
        where, boxes = IndexLists(begins, ends - begins).flat()
        kept = ~self._masked_events(parts["data"], where)
        where, boxes = where[kept], boxes[kept]
        buffer = parts["data"]
        weights = np.asarray(buffer.values)[where]
        edges = self._edges()
        return EventList(
            axis_of(along, edges, sealed(edges.values), edges.size - 1),
            (boxes // max(1, len(begins) // max(1, spectra))).astype(np.int32),
            np.asarray(buffer.coords[along].values)[where],
            None if (weights == 1).all() else weights,
            spectra,
        )

    def _masked_events(self, buffer: Any, where: Any) -> Any:
        masked = np.zeros(len(where), dtype=np.bool_)
        for mask in buffer.masks.values():
            masked |= np.broadcast_to(mask.values, (buffer.sizes[buffer.dim],))[where]
        return masked

    def _unit(self) -> str:
        return unit_of(self._thing.bins)

    def _along(self) -> str:
        events = self._thing.bins.coords
        last = str(self._thing.dims[-1]) if self._thing.ndim else ""
        wanted = [last] if last in SPECTRAL else []
        found = [name for name in (*wanted, *SPECTRAL, last, *events) if name in events and self._counts_along(name)]
        if not found:
            raise self._absent("coordinate of its events that is a number, so that they cannot be counted")
        return str(found[0])

    def _counts_along(self, name: str) -> bool:
        """Tell whether events can be counted along a coordinate: moments only into the bins that they have."""
        kind = self._type_of(name)
        return kind in NUMBERS or (kind == MOMENTS and self._own_edges(name) is not None)

    def _type_of(self, name: str) -> str:
        return str(self._thing.bins.constituents["data"].coords[name].dtype)

    def _own_edges(self, along: str) -> Any | None:
        coords = self._thing.coords
        there = coords.get(along)
        return there if there is not None and there.dims == (along,) and coords.is_edges(along, along) else None

    def _edges(self) -> Any:
        """Return the edges that were chosen, else those it has, else some that cover all events."""
        along = self._along()
        events = self._thing.bins.coords[along]
        if self._chosen is None:
            there = self._own_edges(along)
            if there is not None:
                return there
            values = _covering(
                *(float(limit.value) for limit in (events.bins.nanmin().nanmin(), events.bins.nanmax().nanmax()))
            )
        else:
            values = self._chosen
        return self._scipp.array(dims=[along], values=values, unit=events.bins.unit)

    def _axis_of_row(self, across: tuple[str, ...], along: str) -> Callable[[tuple[int, ...]], Axis]:
        edges = self._edges()
        axis = axis_of(along, edges, sealed(edges.values), edges.size - 1)
        return lambda where: axis

    def _rows(self, read: Callable[[tuple[int, ...]], tuple[Any, Any]], along: str) -> Sequence[Histogram]:
        self._refuse_hidden(along)
        return super()._rows(read, along)

    def _refuse_hidden(self, along: str) -> None:
        if self._chosen is not None and any(along in mask.dims for mask in self._thing.masks.values()):
            raise NotThere(f"{self._name!r} masks bins along {along!r}: other bins would show what they hide.")


def _covering(low: float, high: float) -> Numbers:
    """Return edges of equal bins for events from `low` to `high`, for none of them too, or for all at one place."""
    if not (np.isfinite([low, high]).all() and low <= high):
        low, high = 0.0, 1.0
    if low == high:
        high = low + max(1.0, abs(low) * 1e-6)
    edges = np.linspace(low, high, BINS + 1)
    # The last event is on the last edge, and a bin does not hold its upper edge.
    edges[-1] = np.nextafter(high, np.inf)
    return edges
