"""ISIS raw: what the data acquisition of ISIS writes, histograms and events (definition ISISTOFRAW)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Axis, Numbers
from mantidlab.frameworks.nexus.eventpart import EventPart, Suggested
from mantidlab.frameworks.nexus.events import EventSource, find_source
from mantidlab.frameworks.nexus.logs import logs_in
from mantidlab.frameworks.nexus.part import Part, Surroundings
from mantidlab.frameworks.nexus.quantities import AXES
from mantidlab.frameworks.nexus.reading import (
    Reading,
    around,
    no_geometry,
    once,
    periods_of,
    read_header,
    whole_numbers,
)
from mantidlab.frameworks.nexus.spectra import Rows, SpectraPart, Values, fixed_axis
from mantidlab.frameworks.nexus.tree import Field, Group

NAME = "ISIS raw"
LOG_CLASSES = ("NXlog", "NXpositioner", "IXseblock")

NO_POSITIONS = (
    "ISIS raw files hold a distance and a scattering angle for each detector but no azimuth, and for many instruments "
    "one value for all, so the places of the detectors are not known from the file. They are in the instrument "
    "definition of the facility, which Mantid applies when it loads the file."
)


def recognises(entry: Group) -> bool:
    """Tell whether there are counts of period × spectrum × time in a detector, and ISIS's tables beside it."""
    if entry.group("isis_vms_compat") is None and "ISISTOFRAW" not in entry.text("definition_local"):
        return False
    return bool(_detector_groups(entry))


def read(entry: Group) -> Reading:
    """Find detector groups with their periods, events and monitors."""
    instrument = entry.group("instrument")
    header = read_header(entry, instrument)
    # The frame log has a value for each pulse: proton charge, period, events. What the run log has too is taken there.
    folders = (entry.group(name) for name in ("runlog", "selog", "framelog"))
    logs = logs_in(*folders, classes=LOG_CLASSES)
    shared = around(header, logs, geometry=no_geometry(NO_POSITIONS), notes=entry.notes)
    groups = _detector_groups(entry)
    events: list[Part] = []
    histograms: list[Part] = []
    periods = _periods(entry, groups)
    for group in groups:
        histograms += _periods_of(group, periods, shared)
        source = find_source(group, f"{group.name} events")
        if source is not None and group.field("spectrum_index") is not None:
            events.append(_event_part(group, source, shared))
    if events and periods > 1:
        entry.notes.add(f"The events of {periods} periods are in one list; the histograms are apart by period.")
    return Reading(
        dialect=NAME,
        header=header,
        parts=(*events, *histograms),
        counted=tuple(events or histograms),
        monitors=tuple(_monitors(entry, shared, periods)),
        logs=logs,
        detectors=_detectors(entry),
        spectra=sum(field.size for group in groups if (field := group.field("spectrum_index")) is not None),
        periods=periods,
        events=sum(int(part.counts() or 0) for part in events) if events else None,
    )


def _detector_groups(entry: Group) -> list[Group]:
    instrument = entry.group("instrument")
    detectors = instrument.groups("NXdetector") if instrument is not None else []
    return [group for group in detectors if _counts(group) is not None]


def _counts(group: Group) -> Field | None:
    field = group.numbers("counts")
    return field if field is not None and len(field.shape) == 3 else None


def _periods(entry: Group, groups: list[Group]) -> int:
    told = entry.number("periods/number")
    stored = max((field.shape[0] for group in groups if (field := _counts(group)) is not None), default=1)
    if isinstance(told, int) and told != stored:
        entry.notes.add(f"The file says {told} periods and holds {stored}.")
    return stored


def _periods_of(group: Group, periods: int, shared: Surroundings) -> list[Part]:
    counts = _counts(group)
    if counts is None:
        return []
    parts: list[Part] = []
    for period in periods_of(counts, group.notes):
        name = group.name if periods == 1 else f"{group.name} period {period + 1}"
        parts.append(_spectra(name, counts, group, period, shared))
    return parts


def _spectra(name: str, counts: Field, group: Group, period: int, shared: Surroundings) -> SpectraPart:
    index = group.numbers("spectrum_index")
    read_numbers = once(lambda: whole_numbers(index) if index is not None else np.arange(1, counts.shape[1] + 1))

    def row_name(row: int) -> str:
        numbers = read_numbers()
        return f"spectrum {numbers[row] if row < len(numbers) else row + 1}"

    def row_axis() -> Axis:
        return Axis("spectrum", "Spectrum number", "", read_numbers())

    fits = index is not None and index.size == counts.shape[1]
    return SpectraPart(
        name,
        "NXdetector",
        shared,
        Values(counts, before=(period,)),
        fixed_axis(group.numbers("time_of_flight"), AXES["TOF"], counts.shape[-1], name),
        Rows(name=row_name, axis=row_axis if fits else None),
    )


def _event_part(group: Group, source: EventSource, shared: Surroundings) -> EventPart:
    """Events carry spectrum numbers here, not detector numbers."""
    index = group.numbers("spectrum_index")
    edges = group.numbers("time_of_flight")

    def suggested() -> Numbers | None:
        found: Numbers | None = edges.read().astype(np.float64) if edges is not None and len(edges.shape) == 1 else None
        return found

    def numbers() -> NDArray[np.integer[Any]]:
        return whole_numbers(index) if index is not None else np.empty(0, dtype=np.int32)

    return EventPart(
        f"{group.name} events", shared, (source,), numbers, index.size if index is not None else 0, Suggested(suggested)
    )


def _monitors(entry: Group, shared: Surroundings, periods: int) -> list[Part]:
    parts: list[Part] = []
    for group in entry.groups("NXmonitor"):
        data = group.numbers("data")
        if data is None or len(data.shape) != 3:
            continue
        for period in periods_of(data, group.notes):
            name = group.name if periods == 1 else f"{group.name} period {period + 1}"
            axis = fixed_axis(group.numbers("time_of_flight"), AXES["TOF"], data.shape[-1], name)
            parts.append(SpectraPart(name, "NXmonitor", shared, Values(data, before=(period,)), axis))
    return parts


def _detectors(entry: Group) -> int | None:
    """Return the number of detectors that are no monitors: the tables' sizes say so."""
    detectors, monitors = (entry.number(f"isis_vms_compat/{name}") for name in ("NDET", "NMON"))
    if isinstance(detectors, int) and isinstance(monitors, int):
        return max(0, detectors - monitors)
    return None
