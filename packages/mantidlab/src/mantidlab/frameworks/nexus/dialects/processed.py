"""Mantid processed: workspaces that Mantid saved with SaveNexusProcessed, with their history."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.event_lists import EventList, rows_of_starts
from mantidlab.frameworks.index_lists import IndexLists
from mantidlab.frameworks.lazily import LazySequence
from mantidlab.frameworks.model import Axis, Geometry, Histogram, Image, Kind, NotThere, Numbers
from mantidlab.frameworks.nexus.counting import Counter, check_edges
from mantidlab.frameworks.nexus.counting import Rows as CountedRows
from mantidlab.frameworks.nexus.dialects.processed_masks import Masks
from mantidlab.frameworks.nexus.dialects.processed_tables import find_tables
from mantidlab.frameworks.nexus.history import read_history
from mantidlab.frameworks.nexus.logs import logs_in
from mantidlab.frameworks.nexus.part import Part, Surroundings, frozen, make_axis
from mantidlab.frameworks.nexus.quantities import axis_words
from mantidlab.frameworks.nexus.reading import (
    Reading,
    around,
    in_metres,
    in_radians,
    make_geometry,
    once,
    read_header,
    spherical,
    whole_numbers,
)
from mantidlab.frameworks.nexus.spectra import Rows, SpectraPart, Values, add_up
from mantidlab.frameworks.nexus.tree import Group, TooLarge

NAME = "Mantid processed"
PHYSICAL = ("detector_number", "distance", "polar_angle", "azimuthal_angle")
_MASKED = re.compile(r"detID:(-?\d{1,18});bool;masked;1")


def recognises(entry: Group) -> bool:
    """Tell whether Mantid wrote it: it says so, or its groups are Mantid's."""
    if entry.text("definition", "definition_local").startswith("Mantid Processed"):
        return True
    return entry.name.startswith("mantid_workspace_") and _first(entry) is not None


def _first(entry: Group) -> Group | None:
    names = ("workspace", "event_workspace", "table_workspace", "peaks_workspace")
    return next((group for group in map(entry.group, names) if group is not None), None)


def read(entry: Group) -> Reading:
    """Find the workspace."""
    instrument = entry.group("instrument")
    logs = logs_in(entry.group("logs"))
    header = read_header(entry, instrument, logs=entry.group("logs"))
    detectors = once(lambda: _Detectors(instrument))
    shared = around(
        header,
        logs,
        geometry=once(lambda: detectors().geometry(header.instrument)),
        history=once(lambda: read_history(entry)),
    )
    name = entry.text("workspace_name") or entry.name
    parts: list[Part] = []
    events = _events(entry, name, shared, detectors)
    if events is not None:
        parts.append(events)
    spectra = _spectra(entry, name, shared, detectors)
    if spectra is not None:
        parts.append(spectra)
    parts += find_tables(entry, name, shared)
    counted = tuple(parts[:1])
    listed = instrument.numbers("detector/detector_list") if instrument is not None else None
    physical = instrument.numbers("physical_detectors/detector_number") if instrument is not None else None
    return Reading(
        dialect=NAME,
        header=header,
        parts=tuple(parts),
        counted=counted,
        logs=logs,
        detectors=listed.size if listed is not None else physical.size if physical is not None else None,
        spectra=parts[0].shape[0] if parts and parts[0].kind in (Kind.SPECTRA, Kind.EVENTS) else None,
        events=events.events if events is not None else None,
    )


class _Detectors:
    """The tables of detectors: which are in which spectrum, and where each is."""

    def __init__(self, instrument: Group | None) -> None:
        self._instrument = instrument
        self._folder = instrument.group("detector") if instrument is not None else None

    def _column(self, name: str) -> NDArray[Any] | None:
        field = self._folder.numbers(name) if self._folder is not None else None
        if field is None:
            return None
        return field.read() if name == "detector_positions" else whole_numbers(field)

    def geometry(self, instrument: str) -> Geometry:
        """Return positions in the order of the list, in which a detector of several spectra comes several times."""
        ids, places = self._column("detector_list"), self._column("detector_positions")
        if ids is None or places is None or places.shape != (len(ids), 3):
            return self._of_instrument(instrument)
        # Mantid writes distance, polar and azimuthal angle in degrees (V3D::getSpherical).
        positions = spherical(places[:, 0], np.radians(places[:, 1]), np.radians(places[:, 2]))
        return make_geometry(
            instrument,
            ids,
            positions,
            monitor=np.isin(ids, self._monitors()),
            masked=np.isin(ids, self._masked()),
        )

    def _of_instrument(self, instrument: str) -> Geometry:
        """Return the detectors of the instrument, where the file does not say which of them the spectra have."""
        found = [self._physical(name) for name in ("physical_detectors", "physical_monitors")]
        ids = np.concatenate([numbers for numbers, _ in found])
        if not len(ids):
            raise NotThere("The file gives no positions of detectors; the workspace had none.")
        return make_geometry(
            instrument,
            ids,
            np.concatenate([positions for _, positions in found]),
            monitor=np.arange(len(ids)) >= len(found[0][0]),
            masked=np.isin(ids, self._masked()),
        )

    def _physical(self, name: str) -> tuple[NDArray[Any], Numbers]:
        folder = self._instrument.group(name) if self._instrument is not None else None
        fields = [folder.numbers(part) if folder is not None else None for part in PHYSICAL]
        number, distance, polar, azimuthal = fields
        if number is None or distance is None or polar is None or azimuthal is None:
            return np.empty(0, dtype=np.int32), np.empty((0, 3))
        if not number.size == distance.size == polar.size == azimuthal.size:
            raise NotThere(f"{number.path} has another number of detectors than the distances and angles beside it.")
        return whole_numbers(number), spherical(in_metres(distance), in_radians(polar), in_radians(azimuthal))

    def masked_spectra(self) -> NDArray[np.bool_]:
        """Return which spectra have detectors and all of them masked; nothing where the file does not tell."""
        listed, starts, counts = (self._column(f"detector_{name}") for name in ("list", "index", "count"))
        masked = self._masked()
        if listed is None or starts is None or counts is None or starts.shape != counts.shape or not len(masked):
            return np.zeros(0, dtype=np.bool_)
        up_to = np.concatenate(([0], np.cumsum(np.isin(listed, masked))))
        begins = np.clip(starts.astype(np.int64), 0, len(listed))
        ends = np.clip(begins + np.maximum(counts, 0), 0, len(listed))
        found: NDArray[np.bool_] = (ends > begins) & (up_to[ends] - up_to[begins] == ends - begins)
        return found

    def of_spectra(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Return the detectors of each spectrum as indices of the geometry."""
        starts, counts = self._column("detector_index"), self._column("detector_count")
        if starts is None or counts is None or starts.shape != counts.shape:
            raise NotThere("The file does not say which detectors each spectrum has.")
        return IndexLists(starts, counts)

    def numbers(self) -> NDArray[Any] | None:
        """Return spectrum numbers; None where the file has none."""
        return self._column("spectra")

    def _monitors(self) -> NDArray[Any]:
        field = self._instrument.numbers("physical_monitors/detector_number") if self._instrument is not None else None
        return whole_numbers(field) if field is not None else np.empty(0, dtype=np.int32)

    def _masked(self) -> NDArray[Any]:
        text = self._instrument.text("instrument_parameter_map/data") if self._instrument is not None else ""
        return np.array([int(number) for number in _MASKED.findall(text)], dtype=np.int64)


def _words(group: Group, axis: str) -> tuple[str, str, str]:
    field = group.field(axis)
    if field is None:
        return axis_words("", "Bin")
    return axis_words(field.unit, field.attribute("caption"))


def _row_names(group: Group, detectors: Callable[[], _Detectors], count: int) -> tuple[Callable[[int], str], Any]:
    """Return what names a spectrum, and what makes the axis along the spectra."""
    field = group.field("axis2")
    words = axis_words(field.unit, field.attribute("caption")) if field is not None else ("spectrum", "Spectrum", "")
    texts = field is not None and not field.numeric
    is_numbers = field is None or field.unit == "spectraNumber"
    if is_numbers:
        words = ("spectrum", "Spectrum number", "")

    def read_values() -> NDArray[Any]:
        if texts and field is not None:
            return np.asarray(
                "".join(field.texts()).split("\n") if field.shape == (1,) else field.texts(), dtype=object
            )
        values = field.numeric and field.read() if field is not None else None
        if is_numbers:
            own = detectors().numbers()
            values = own if own is not None and len(own) == count else values
        return np.asarray(values).reshape(-1) if values is not None else np.arange(1, count + 1)

    get = once(read_values)

    def name(row: int) -> str:
        values = get()
        if row >= len(values):
            return f"spectrum {row + 1}"
        if texts:
            return str(values[row])
        if is_numbers:
            return f"spectrum {values[row]:.0f}"
        place = (values[row] + values[row + 1]) / 2 if len(values) == count + 1 else values[row]
        return f"{words[1]} {place:g} {words[2]}".strip()

    return name, lambda: make_axis(words, get().copy(), count)


def _spectra(entry: Group, name: str, shared: Surroundings, detectors: Callable[[], _Detectors]) -> SpectraPart | None:
    group = entry.group("workspace")
    values = group.numbers("values") if group is not None else None
    if group is None or values is None or len(values.shape) != 2:
        return None
    positions = group.numbers("axis1")
    lengths = (values.shape[1], values.shape[1] + 1)
    ragged = positions is not None and len(positions.shape) == 2
    if positions is not None and (
        positions.shape[-1:] not in ((lengths[0],), (lengths[1],)) or (ragged and positions.shape[0] != values.shape[0])
    ):
        group.notes.add(f"{positions.path} has shape {positions.shape}, which fits no values of shape {values.shape}.")
        positions, ragged = None, False
    words = _words(group, "axis1")
    shared_axis: list[Axis] = []
    resolution = group.numbers("xerrors")

    def places(row: int) -> Axis:
        if positions is None:
            return Axis("bin", "Bin", "", np.arange(values.shape[1]))
        if ragged:
            return make_axis(words, positions.read(row), values.shape[1])
        if not shared_axis:
            shared_axis.append(make_axis(words, positions.read(), values.shape[1]))
        return shared_axis[0]

    def axis(row: int) -> Axis:
        if resolution is None or resolution.shape != values.shape:
            return places(row)
        return replace(places(row), errors=frozen(resolution.read(row).astype(np.float64)))

    errors = group.numbers("errors")
    row_name, row_axis = _row_names(group, detectors, values.shape[0])
    # Mantid writes the unit of the values as units="Counts", and units="" or another text for anything else.
    label = values.attribute("unit_label") or values.unit
    where = Values(
        values,
        errors if errors is not None and errors.shape == values.shape else None,
        label=label,
        unit="counts" if values.unit == "Counts" else values.unit,
        distribution=positions is not None and positions.attribute("distribution") == "1",
    )
    masks = Masks(group, lambda: detectors().masked_spectra())
    rows = Rows(row_name, None if ragged else row_axis, lambda: detectors().of_spectra(), masks)
    return SpectraPart(name, "Workspace2D", shared, where, axis, rows)


class WorkspaceEvents(Part):
    """An event workspace: its events lie in the order of the spectra, so that each is read alone."""

    kind = Kind.EVENTS

    def __init__(self, name: str, shared: Surroundings, group: Group, detectors: Callable[[], _Detectors]) -> None:
        super().__init__(name, "EventWorkspace", shared)
        index, times = group.numbers("indices"), group.numbers("tof")
        if index is None or times is None or len(times.shape) != 1 or len(index.shape) != 1:
            raise NotThere(f"{group.path} has no indices and tof.")
        self._index, self._times, self._group = index, times, group
        weights, squares = group.numbers("weight"), group.numbers("error_squared")
        self._weights = weights if weights is not None and weights.shape == times.shape else None
        self._squares = squares if squares is not None and squares.shape == times.shape else None
        self._words = _words(group, "axis1")
        self._detectors = detectors
        self._masks = Masks(group, lambda: detectors().masked_spectra())
        self._starts: NDArray[np.int64] | None = None
        self._edges: Numbers | None = None
        self.events = times.size
        self.shape = (max(0, index.size - 1), self._bins())
        self.dims = ("spectrum", "bin")
        self.unit = "counts"
        self.nbytes = self.events * 16
        self._row_name, self._row_axis = _row_names(group, detectors, self.shape[0])

    def summary(self) -> Any:
        """Return what it is, with the number of events."""
        return replace(super().summary(), events=self.events)

    def counts(self) -> float | None:
        """Return the number of events, or the sum of their weights."""
        if self._weights is None:
            return self.events
        return add_up(self._weights)

    def binned(self, edges: Numbers) -> "WorkspaceEvents":
        """Return the same events with other bins, in the unit of the workspace's axis."""
        other = WorkspaceEvents(self.name, self.around, self._group, self._detectors)
        other._edges = check_edges(edges)
        other.shape = (self.shape[0], len(other._edges) - 1)
        return other

    def spectra(self) -> Sequence[Histogram]:
        """Return a histogram for each spectrum."""
        return LazySequence(self.shape[0], self._one)

    def image(self) -> Image:
        """Return spectra × bins."""
        if self.shape[0] * self.shape[1] > 2**26:
            raise TooLarge(f"{self.name} has {self.shape[0]} × {self.shape[1]} bins. Ask for fewer bins.")
        values, errors = self._counted()
        axes = (self._row_axis(), make_axis(self._words, self.edges, self.shape[1]))
        return Image(
            axes, frozen(values), frozen(errors), self._masks.of_all(*self.shape), label="Counts", unit="counts"
        )

    def event_list(self) -> EventList:
        """Return all events in the order of their spectra; a saved mask of bins is not looked at."""
        starts = np.maximum.accumulate(np.clip(whole_numbers(self._index), 0, self.events).astype(np.int64))
        inside = slice(int(starts[0]), int(starts[-1]))
        return EventList(
            make_axis(self._words, self.edges, len(self.edges) - 1),
            rows_of_starts(starts[:-1], starts[1:]),
            np.asarray(self._times.read())[inside],
            np.asarray(self._weights.read(), dtype=np.float64)[inside] if self._weights is not None else None,
            self.shape[0],
            self.events - (inside.stop - inside.start),
        )

    def spectrum_detectors(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Return the detectors of each spectrum."""
        return self._detectors().of_spectra()

    @property
    def edges(self) -> Numbers:
        """Bin edges: chosen, else the workspace's own."""
        if self._edges is None:
            field = self._group.numbers("axis1")
            if field is None or len(field.shape) != 1:
                raise NotThere(f"{self.name} has no bin edges that all its spectra share; choose some with binned().")
            self._edges = check_edges(field.read())
        return self._edges

    def _bins(self) -> int:
        field = self._group.numbers("axis1")
        return max(1, field.shape[-1] - 1) if field is not None and field.shape else 1

    def _counted(self) -> tuple[Numbers, Numbers]:
        """Count all spectra at once: to make a counter takes longer than to count the few events of one of them."""
        starts = self._bounds()
        if (np.diff(starts) < 0).any():
            rows = [self._one(row) for row in range(self.shape[0])]  # a damaged index: its spectra may overlap
            return np.array([row.values for row in rows]), np.array([row.errors for row in rows])
        counter = Counter(self.edges, CountedRows(np.arange(self.shape[0])))
        for some in self._blocks(int(starts[0]), int(starts[-1])):
            spectrum = np.searchsorted(starts, np.arange(some.start, some.stop), side="right") - 1
            self._count(counter, some, spectrum)
        counted = counter.result()
        return counted.values.astype(np.float64), np.sqrt(counted.variances)

    def _bounds(self) -> NDArray[np.int64]:
        """Return where the events of each spectrum begin, and where those of the last one end."""
        if self._starts is None:
            self._starts = np.clip(whole_numbers(self._index), 0, self.events).astype(np.int64)
        return self._starts

    @staticmethod
    def _blocks(start: int, stop: int) -> Iterator[slice]:
        for begin in range(start, stop, 2**20):
            yield slice(begin, min(begin + 2**20, stop))

    def _count(self, counter: Counter, some: slice, spectrum: NDArray[np.int64] | None = None) -> None:
        weights = self._weights.read(some) if self._weights is not None else None
        squares = self._squares.read(some) if weights is not None and self._squares is not None else None
        counter.add(self._times.read(some), spectrum, weights, squares)

    def _one(self, row: int) -> Histogram:
        starts = self._bounds()
        counter = Counter(self.edges)
        for some in self._blocks(int(starts[row]), int(starts[row + 1])):
            self._count(counter, some)
        counted = counter.result()
        return Histogram(
            axis=make_axis(self._words, counted.edges, len(counted.values)),
            values=frozen(counted.values.astype(np.float64)),
            errors=frozen(np.sqrt(counted.variances)),
            mask=self._masks.of(row, len(counted.values)),
            label="Counts",
            unit="counts",
            name=self._row_name(row),
        )


def _events(
    entry: Group, name: str, shared: Surroundings, detectors: Callable[[], _Detectors]
) -> WorkspaceEvents | None:
    group = entry.group("event_workspace")
    if group is None or group.numbers("indices") is None or group.numbers("tof") is None:
        return None
    return WorkspaceEvents(name, shared, group, detectors)
