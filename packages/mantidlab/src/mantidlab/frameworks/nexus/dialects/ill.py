"""ILL: counts of pixels × time channels in one dataset for each bank, time axis as start, number and width."""

import re
from collections.abc import Callable

import numpy as np

from mantidlab.frameworks.model import Axis
from mantidlab.frameworks.nexus.logs import Logs, merged, values_in
from mantidlab.frameworks.nexus.part import Part, Surroundings, frozen
from mantidlab.frameworks.nexus.reading import Reading, around, find_class, no_geometry, once, read_header
from mantidlab.frameworks.nexus.spectra import ImagePart, Rows, SpectraPart, Values
from mantidlab.frameworks.nexus.tree import Field, Group

NAME = "ILL"

NO_POSITIONS = (
    "ILL files hold the positions of motors, not of detectors: the places are in the instrument definition, which "
    "Mantid's loader for the instrument applies."
)


def recognises(entry: Group) -> bool:
    """Tell whether there are counts of three dimensions beside the group names and dates that ILL writes."""
    instrument = find_class(entry, "NXinstrument")
    dated = re.match(r"\d{1,2}-[A-Za-z]{3}-\d{2}\b", entry.text("start_time"))
    return instrument is not None and dated is not None and bool(_banks(entry))


def read(entry: Group) -> Reading:
    """Find the banks."""
    instrument = find_class(entry, "NXinstrument")
    header = read_header(entry, instrument)
    logs = merged(*_instrument_logs(instrument), values_in(entry.group("sample"), "sample."))
    shared = around(header, logs, geometry=no_geometry(NO_POSITIONS))
    parts: list[Part] = []
    pixels = 0
    for name, data, channels in _banks(entry):
        parts.append(_bank(name, data, channels, shared))
        pixels += data.shape[0] * data.shape[1]
    raw = [_bank(name, data, channels, shared) for name, data, channels in _banks(entry, "data_raw")]
    return Reading(
        dialect=NAME,
        header=header,
        parts=(*parts, *raw),
        counted=tuple(parts),
        monitors=tuple(_monitors(entry, shared)),
        logs=logs,
        detectors=pixels,
        spectra=pixels,
    )


def _banks(entry: Group, prefix: str = "data") -> list[tuple[str, Field, Field | None]]:
    """Return name, counts and time channels of each bank.

    Small-angle instruments write ``data1`` … beside the instrument and the time channels in ``tof``; spectrometers
    write the counts into their detectors, and the entry's ``data`` is a link to the first of them.
    """
    instrument = find_class(entry, "NXinstrument")
    shared = instrument.numbers("tof/time_of_flight") if instrument is not None else None
    found: list[tuple[str, Field, Field | None]] = []
    if prefix == "data" and instrument is not None:
        for group in instrument.groups("NXdetector"):
            data = group.numbers("data")
            if data is not None and len(data.shape) == 3:
                found.append((group.name, data, group.numbers("time_of_flight") or shared))
    if not found:
        for group in entry.groups("NXdata"):
            if re.fullmatch(rf"{prefix}\d*", group.name):
                fields = [field for field in group.fields() if field.numeric and len(field.shape) == 3]
                found += [(group.name, fields[0], shared)] if fields else []
    return found


def _bank(name: str, data: Field, channels: Field | None, shared: Surroundings) -> ImagePart:
    time = once(lambda: _time_axis(channels, data.shape[2]))
    spectra = SpectraPart(
        name,
        "NXdetector",
        shared,
        Values(data),
        lambda _: time(),
        Rows(name=lambda row: f"{name} pixel {row // data.shape[1] + 1}, {row % data.shape[1] + 1}"),
    )
    return ImagePart(
        name,
        "NXdetector",
        shared,
        Values(data),
        lambda: (_pixels("x", data, 0), _pixels("y", data, 1), time()),
        spectra=spectra,
    )


def _pixels(name: str, data: Field, dimension: int) -> Axis:
    return Axis(name, f"Pixel {name}", "", frozen(np.arange(1, data.shape[dimension] + 1)))


def _time_axis(channels: Field | None, count: int) -> Axis:
    """Return the edges of the time channels: the file holds width, number and first delay in µs, for ``count`` > 1.

    The order is width, number, delay, as the ILL writes it for all its time-of-flight instruments; it is believed if
    the number is the one of the data.
    """
    if channels is not None and channels.size == 3:
        width, number, delay = (float(value) for value in channels.read().reshape(-1))
        if number == count and width > 0 and np.isfinite([width, delay]).all():
            return Axis("TOF", "Time-of-flight", "µs", frozen(delay + width * np.arange(count + 1)), edges=True)
    return Axis("channel", "Time channel", "", frozen(np.arange(1, count + 1)))


def _monitors(entry: Group, shared: Surroundings) -> list[Part]:
    parts: list[Part] = []
    for group in entry.groups("NXmonitor"):
        data = group.numbers("data")
        if data is None or not data.shape:
            continue
        parts.append(SpectraPart(group.name, "NXmonitor", shared, Values(data), _monitor_axis(group, data)))
    return parts


def _monitor_axis(group: Group, data: Field) -> Callable[[int], Axis]:
    time = once(lambda: _time_axis(group.numbers("time_of_flight"), data.shape[-1]))
    return lambda _: time()


def _instrument_logs(instrument: Group | None) -> list[Logs]:
    """Return the settings of every component: ``beamstop.bx_actual``, ``vs.value``."""
    if instrument is None:
        return []
    return [values_in(group, f"{group.name}.") for group in instrument.groups()]
