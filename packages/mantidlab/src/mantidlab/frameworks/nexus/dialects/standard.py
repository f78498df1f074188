"""NeXus as its manual has it: detectors that hold their events and say where they are (ESS, and what is simulated)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.index_lists import one_each
from mantidlab.frameworks.model import Bank, Geometry, NotThere, Numbers
from mantidlab.frameworks.nexus.dialects.generic import monitor_parts
from mantidlab.frameworks.nexus.eventpart import EventPart
from mantidlab.frameworks.nexus.events import EventSource, find_source
from mantidlab.frameworks.nexus.logs import logs_in, merged, values_in
from mantidlab.frameworks.nexus.part import Part
from mantidlab.frameworks.nexus.reading import (
    Header,
    Reading,
    around,
    find_class,
    in_metres,
    make_geometry,
    once,
    read_header,
    whole_numbers,
)
from mantidlab.frameworks.nexus.transformations import place_of
from mantidlab.frameworks.nexus.tree import Field, Group

NAME = "NeXus events"
OFFSETS = ("x_pixel_offset", "y_pixel_offset", "z_pixel_offset")


def recognises(entry: Group) -> bool:
    """Tell whether a detector of the instrument holds events."""
    return bool(_banks(entry))


def read(entry: Group) -> Reading:
    """Find the banks, in the order of their names."""
    instrument = find_class(entry, "NXinstrument")
    header = read_header(entry, instrument)
    logs = merged(
        logs_in(*entry.groups("NXcollection"), entry.group("sample")), values_in(entry.group("sample"), "sample.")
    )
    banks = _banks(entry)
    pixels = [_pixels(detector) for detector, _ in banks]
    shared = around(header, logs, geometry=once(lambda: _geometry(entry, header, banks)), notes=entry.notes)
    parts: list[Part] = []
    for (detector, source), count in zip(banks, pixels, strict=True):
        parts.append(EventPart(source.name, shared, (source,), _numbers(detector, count), count))
    whole = EventPart(
        "events",
        shared,
        tuple(source for _, source in banks),
        once(lambda: _all_numbers(banks)),
        sum(pixels),
        spectrum_detectors=lambda: one_each(np.arange(sum(pixels))),
    )
    monitors = monitor_parts([*entry.groups("NXmonitor"), *_monitors(instrument)], shared)
    return Reading(
        dialect=NAME,
        header=header,
        parts=(whole, *parts) if len(parts) > 1 else (whole,),
        counted=(whole,),
        monitors=tuple(monitors),
        logs=logs,
        detectors=sum(pixels) or None,
        spectra=sum(pixels) or None,
        events=whole.events,
    )


def _banks(entry: Group) -> list[tuple[Group, EventSource]]:
    instrument = find_class(entry, "NXinstrument")
    found = []
    for detector in instrument.groups("NXdetector") if instrument is not None else []:
        for group in (*detector.groups("NXevent_data"), detector):
            source = find_source(group, detector.name)
            if source is not None:
                found.append((detector, source))
                break
    return found


def _monitors(instrument: Group | None) -> list[Group]:
    return instrument.groups("NXmonitor") if instrument is not None else []


def _number_field(detector: Group) -> Field | None:
    return detector.numbers("detector_number") or detector.numbers("pixel_id")


def _pixels(detector: Group) -> int:
    field = _number_field(detector)
    return field.size if field is not None else 0


def _numbers(detector: Group, count: int) -> Any:
    def numbers() -> NDArray[np.integer[Any]]:
        field = _number_field(detector)
        return whole_numbers(field) if field is not None else np.empty(count, dtype=np.int64)

    return once(numbers)


def _all_numbers(banks: list[tuple[Group, EventSource]]) -> NDArray[np.integer[Any]]:
    numbers = [_numbers(detector, 0)() for detector, _ in banks]
    return np.concatenate(numbers) if numbers else np.empty(0, dtype=np.int64)


def _geometry(entry: Group, header: Header, banks: list[tuple[Group, EventSource]]) -> Geometry:
    """Return the detectors in the frame of NeXus, moved so that the sample is its origin."""
    sample = entry.group("sample")
    origin = place_of(sample)[:3, 3] if sample is not None else np.zeros(3)
    ids: list[NDArray[Any]] = []
    positions: list[Numbers] = []
    sizes: list[Numbers] = []
    named: list[Bank] = []
    first = 0
    for detector, source in banks:
        field = _number_field(detector)
        if field is None:
            raise NotThere(f"{detector.path} gives no numbers of its detectors.")
        ids.append(whole_numbers(field))
        positions.append(_positions(detector, field) - origin)
        sizes.append(_sizes(detector, field.size))
        named.append(Bank(source.name, first, first + field.size, field.shape))
        first += field.size
    return make_geometry(
        header.instrument,
        np.concatenate(ids),
        np.concatenate(positions),
        source=_source(entry, origin),
        sizes=np.concatenate(sizes) if any(np.isfinite(some).any() for some in sizes) else None,
        banks=tuple(named),
    )


def _positions(detector: Group, numbers: Field) -> Numbers:
    offsets = [_offsets(detector, name, numbers) for name in OFFSETS]
    points = np.stack([*offsets, np.ones(numbers.size)], axis=0)
    placed: Numbers = (place_of(detector) @ points)[:3].T
    return placed


def _offsets(detector: Group, name: str, numbers: Field) -> Numbers:
    """Return one coordinate of every pixel: given for each, or along one dimension of the detector."""
    field = detector.numbers(name)
    if field is None:
        return np.zeros(numbers.size)
    values = in_metres(field)
    if field.size == numbers.size:
        return values
    shape = numbers.shape
    axis = detector.attribute(f"{name}_indices")
    # Without an index: x runs along the last dimension and y along the one before, as in an image.
    assumed = {"x": -1, "y": -2, "z": -3}[name[0]] % max(1, len(shape))
    dimension = int(axis) if axis.isdigit() and int(axis) < len(shape) else assumed
    if not shape or shape[dimension] != field.size:
        raise NotThere(f"{field.path} has {field.size} values, which fit no dimension of the detector {shape}.")
    along = values.reshape([field.size if number == dimension else 1 for number in range(len(shape))])
    return np.broadcast_to(along, shape).reshape(-1)


def _sizes(detector: Group, count: int) -> Numbers:
    found = np.full((count, 3), np.nan)
    for column, name in enumerate(("x_pixel_size", "y_pixel_size")):
        field = detector.numbers(name)
        if field is not None and field.size in (1, count):
            found[:, column] = in_metres(field)
    return found


def _source(entry: Group, origin: Numbers) -> Numbers | None:
    instrument = find_class(entry, "NXinstrument")
    source = find_class(instrument, "NXsource") if instrument is not None else None
    if source is None or (not source.text("depends_on") and source.number("distance") is None):
        return None
    place: Numbers = place_of(source)[:3, 3] - origin
    return place
