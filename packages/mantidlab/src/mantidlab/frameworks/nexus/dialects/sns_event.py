"""SNS events: a group of events for each bank beside the instrument (``bank1_events``), as SNS and HFIR write them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.index_lists import one_each
from mantidlab.frameworks.model import Bank, Geometry, NotThere, Numbers
from mantidlab.frameworks.nexus.eventpart import EventPart
from mantidlab.frameworks.nexus.events import EventSource, find_source
from mantidlab.frameworks.nexus.logs import logs_in
from mantidlab.frameworks.nexus.part import Part
from mantidlab.frameworks.nexus.quantities import AXES
from mantidlab.frameworks.nexus.reading import (
    Header,
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
from mantidlab.frameworks.nexus.spectra import SpectraPart, Values, fixed_axis
from mantidlab.frameworks.nexus.tree import Group

NAME = "SNS events"
PLACE = ("distance", "polar_angle", "azimuthal_angle")


def recognises(entry: Group) -> bool:
    """Tell whether there are events of banks directly in the entry."""
    return any(group.name.endswith("_events") for group in entry.groups("NXevent_data"))


def read(entry: Group) -> Reading:
    """Find the banks."""
    instrument = entry.group("instrument")
    header = read_header(entry, instrument)
    logs = logs_in(entry.group("DASlogs"))
    banks = _banks(entry)
    sizes = {source.name: _pixels(detector) for source, detector in banks}
    geometry = once(lambda: _geometry(header, banks, instrument))
    shared = around(header, logs, geometry=geometry, notes=entry.notes)
    sources = tuple(source for source, _ in banks)
    whole = EventPart(
        "events",
        shared,
        sources,
        once(lambda: _all_numbers(banks)),
        sum(sizes.values()),
        spectrum_detectors=lambda: one_each(np.arange(sum(sizes.values()))),
    )
    parts: list[Part] = [whole]
    for source, detector in banks:
        parts.append(EventPart(source.name, shared, (source,), _numbers(detector), sizes[source.name]))
    _compare(entry, whole.events)
    return Reading(
        dialect=NAME,
        header=header,
        parts=tuple(parts),
        counted=(whole,),
        monitors=tuple(_monitors(entry, shared)),
        logs=logs,
        detectors=sum(sizes.values()) or None,
        spectra=sum(sizes.values()) or None,
        events=whole.events,
    )


def _banks(entry: Group) -> list[tuple[EventSource, Group | None]]:
    found = []
    for group in entry.groups("NXevent_data"):
        name = group.name.removesuffix("_events")
        source = find_source(group, name)
        if source is not None and group.name.endswith("_events"):
            found.append((source, entry.group(f"instrument/{name}")))
    return sorted(found, key=lambda bank: _order(bank[0].name))


def _order(name: str) -> tuple[str, int]:
    digits = "".join(char for char in name if char.isdigit())[:9]
    return name.rstrip("0123456789"), int(digits or 0)


def _pixels(detector: Group | None) -> int:
    field = detector.numbers("pixel_id") if detector is not None else None
    return field.size if field is not None else 0


def _numbers(detector: Group | None) -> Any:
    def numbers() -> NDArray[np.integer[Any]]:
        field = detector.numbers("pixel_id") if detector is not None else None
        return whole_numbers(field) if field is not None else np.empty(0, dtype=np.int64)

    return once(numbers)


def _all_numbers(banks: Sequence[tuple[EventSource, Group | None]]) -> NDArray[np.integer[Any]]:
    numbers = [_numbers(detector)() for _, detector in banks]
    return np.concatenate(numbers) if numbers else np.empty(0, dtype=np.int64)


def _geometry(header: Header, banks: Sequence[tuple[EventSource, Group | None]], instrument: Group | None) -> Geometry:
    ids: list[NDArray[Any]] = []
    positions: list[Numbers] = []
    named: list[Bank] = []
    first = 0
    for source, detector in banks:
        numbers = _numbers(detector)()
        fields = [detector.numbers(name) if detector is not None else None for name in PLACE]
        distance, polar, azimuthal = fields
        if distance is None or polar is None or azimuthal is None:
            raise NotThere(f"The file gives no distance and angles for the detectors of {source.name}.")
        if not len(numbers) == distance.size == polar.size == azimuthal.size:
            raise NotThere(
                f"The file gives distances and angles for another number of detectors than {source.name} has."
            )
        ids.append(numbers)
        positions.append(spherical(in_metres(distance), in_radians(polar), in_radians(azimuthal)))
        pixels = detector.numbers("pixel_id") if detector is not None else None
        named.append(Bank(source.name, first, first + len(numbers), pixels.shape if pixels is not None else ()))
        first += len(numbers)
    if not ids:
        raise NotThere("The file names no detectors.")
    return make_geometry(
        header.instrument,
        np.concatenate(ids),
        np.concatenate(positions),
        source=_source(instrument),
        banks=tuple(named),
    )


def _source(instrument: Group | None) -> Numbers | None:
    """Return where the moderator is: its distance from the sample is negative, against the beam."""
    distance = instrument.number("moderator/distance") if instrument is not None else None
    return np.array([0.0, 0.0, -abs(float(distance))]) if distance else None


def _monitors(entry: Group, shared: Any) -> list[Part]:
    parts: list[Part] = []
    for group in entry.groups("NXmonitor"):
        data = group.numbers("data")
        source = find_source(group, group.name)
        if source is not None:
            parts.append(EventPart(group.name, shared, (source,), lambda: np.empty(0, dtype=np.int64), 0))
        elif data is not None and len(data.shape) == 1:
            axis = fixed_axis(group.numbers("time_of_flight"), AXES["TOF"], data.shape[-1], group.name)
            parts.append(SpectraPart(group.name, "NXmonitor", shared, Values(data), axis))
    return parts


def _compare(entry: Group, events: int) -> None:
    told = entry.number("total_counts")
    if told is not None and told != events:
        entry.notes.add(f"The file says {told} counts in all and holds {events} events.")
