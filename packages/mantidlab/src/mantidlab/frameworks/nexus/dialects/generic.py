"""Any other NeXus: whatever NXdata, NXdetector and NXmonitor call their signal.

The signal is named by the group's attribute ``signal``, or is the dataset with the attribute ``signal=1``, and axes by
the attribute ``axes`` of the group or of the signal, or by ``axis=N`` of a dataset (the three ways that the NeXus
manual has had: manual.nexusformat.org/datarules.html).
"""

import re
from collections.abc import Sequence

import numpy as np

from mantidlab.frameworks.model import Axis
from mantidlab.frameworks.nexus.eventpart import EventPart
from mantidlab.frameworks.nexus.events import find_source
from mantidlab.frameworks.nexus.logs import logs_in, merged, values_in
from mantidlab.frameworks.nexus.part import Part, Surroundings, make_axis
from mantidlab.frameworks.nexus.quantities import AXES, unit_text
from mantidlab.frameworks.nexus.reading import Reading, around, find_class, read_header
from mantidlab.frameworks.nexus.spectra import ImagePart, SpectraPart, Values, fixed_axis
from mantidlab.frameworks.nexus.tree import Field, Group

NAME = "NeXus"
USUAL = ("data", "counts", "signal", "values")
TIMES = ("time_of_flight", "tof", "time_binning")


def recognises(entry: Group) -> bool:
    """Tell whether anything has a signal."""
    return bool(_signals(entry))


def read(entry: Group) -> Reading:
    """Find everything that has a signal."""
    instrument = find_class(entry, "NXinstrument")
    header = read_header(entry, instrument)
    sample = find_class(entry, "NXsample")
    logs = merged(logs_in(*entry.groups("NXcollection"), entry, sample), values_in(sample, "sample."))
    shared = around(header, logs)
    found = _signals(entry)
    parts = tuple(_part(group, signal, shared) for group, signal in found)
    groups = [*entry.groups("NXmonitor"), *(instrument.groups("NXmonitor") if instrument is not None else [])]
    entry.notes.add("It is of no facility's kind that is known here: what its groups call signal is shown as it is.")
    return Reading(
        dialect=NAME,
        header=header,
        parts=parts,
        counted=parts[:1],
        monitors=tuple(monitor_parts(groups, shared)),
        logs=logs,
    )


def monitor_parts(groups: Sequence[Group], shared: Surroundings) -> list[Part]:
    """Return the monitors among groups: events, or counts whose last dimension is time."""
    parts: list[Part] = []
    for group in groups:
        inner = next(iter(group.groups("NXevent_data")), group)
        source = find_source(inner, group.name)
        signal = _signal(group)
        if source is not None:
            parts.append(EventPart(group.name, shared, (source,), lambda: np.empty(0, dtype=np.int64), 0))
        elif signal is not None and signal.shape:
            times = next((field for name in TIMES if (field := group.numbers(name)) is not None), None)
            axis = fixed_axis(times, AXES["TOF"], signal.shape[-1], group.name)
            parts.append(SpectraPart(group.name, "NXmonitor", shared, Values(signal), axis))
    return parts


def _signals(entry: Group) -> list[tuple[Group, Field]]:
    """Return the groups with a signal: NXdata first, then detectors that no NXdata shows."""
    instrument = find_class(entry, "NXinstrument")
    groups = entry.groups("NXdata")
    groups += instrument.groups("NXdetector") if instrument is not None else []
    named = ((group, _signal(group)) for group in groups)
    return [(group, signal) for group, signal in named if signal is not None and signal.size > 0 and signal.shape]


def _signal(group: Group) -> Field | None:
    told = group.attribute("signal")
    if told and not told.isdigit():
        return group.numbers(told) if group.field(told) is not None else None
    marked = [field for field in group.fields() if field.numeric and field.attribute("signal") == "1"]
    if marked:
        return marked[0]
    return next((field for name in USUAL if (field := group.numbers(name)) is not None), None)


def _part(group: Group, signal: Field, shared: Surroundings) -> Part:
    written = signal.unit
    unit = (
        "counts"
        if unit_text(written) == "counts" or (not written and signal.dtype.kind in "iu")
        else unit_text(written)
    )
    label = signal.attribute("long_name") or ("Counts" if unit == "counts" else signal.path.rsplit("/", 1)[-1])
    errors = next((field for name in _error_names(signal) if (field := group.numbers(name)) is not None), None)
    same = errors if errors is not None and errors.shape == signal.shape else None
    where = Values(signal, same, label=label, unit=unit)
    fields = _axis_fields(group, signal)
    if len(signal.shape) == 1:
        words = _words(fields[0], 0)
        axis = fixed_axis(fields[0], words, signal.shape[0], group.name)
        return SpectraPart(group.name, group.nx_class, shared, where, axis)
    return ImagePart(
        group.name,
        group.nx_class,
        shared,
        where,
        lambda: tuple(_axis(field, number, signal.shape[number]) for number, field in enumerate(fields)),
    )


def _error_names(signal: Field) -> tuple[str, ...]:
    name = signal.path.rsplit("/", 1)[-1]
    return (f"{name}_errors", "errors", f"{name}_error", "error")


def _axis_fields(group: Group, signal: Field) -> list[Field | None]:
    """Return the dataset of each dimension's axis, None where the file names none that fits."""
    names = [name for name in re.split(r"[,:\s\[\]]+", group.attribute("axes") or signal.attribute("axes")) if name]
    found: list[Field | None] = [None] * len(signal.shape)
    for dimension, name in enumerate(names[: len(found)]):
        found[dimension] = group.numbers(name) if name != "." and group.field(name) is not None else None
    for field in group.fields() if not names else []:
        number = field.attribute("axis")
        if number.isdigit() and 1 <= int(number) <= len(found) and field.numeric:
            found[int(number) - 1] = found[int(number) - 1] or field
    return [
        field if field is not None and field.shape in ((count,), (count + 1,)) else None
        for field, count in zip(found, signal.shape, strict=True)
    ]


def _words(field: Field | None, dimension: int) -> tuple[str, str, str]:
    if field is None:
        return (f"dimension {dimension}", f"Dimension {dimension + 1}", "")
    name = field.path.rsplit("/", 1)[-1]
    return (name, field.attribute("long_name") or name.replace("_", " ").capitalize(), unit_text(field.unit))


def _axis(field: Field | None, dimension: int, count: int) -> Axis:
    words = _words(field, dimension)
    if field is None:
        return Axis(*words, np.arange(1, count + 1))
    return make_axis(words, field.read(), count)
