"""PSI: banks of counts × time with a scattering angle for each detector (FOCUS at SINQ)."""

from collections.abc import Callable

from mantidlab.frameworks.model import Axis
from mantidlab.frameworks.nexus.logs import merged, values_in
from mantidlab.frameworks.nexus.part import Part, Surroundings, make_axis
from mantidlab.frameworks.nexus.quantities import AXES, unit_text
from mantidlab.frameworks.nexus.reading import Reading, around, find_class, no_geometry, once, read_header
from mantidlab.frameworks.nexus.spectra import Rows, SpectraPart, Values, fixed_axis
from mantidlab.frameworks.nexus.tree import Field, Group

NAME = "PSI"

NO_POSITIONS = (
    "The file holds a scattering angle for each detector and one distance, but no azimuth, so the places of the "
    "detectors are not known."
)


def recognises(entry: Group) -> bool:
    """Tell whether detectors have counts, ``theta`` and ``time_binning``."""
    return bool(_banks(entry))


def read(entry: Group) -> Reading:
    """Find the banks; ``merged`` is the sum of the others and stands for them."""
    instrument = find_class(entry, "NXinstrument")
    header = read_header(entry, instrument)
    components = instrument.groups() if instrument is not None else []
    logs = merged(
        *(values_in(group, f"{group.name}.") for group in components), values_in(entry.group("sample"), "sample.")
    )
    shared = around(header, logs, geometry=no_geometry(NO_POSITIONS))
    parts = {group.name: _part(group, counts, shared) for group, counts in _banks(entry)}
    together = parts.pop("merged", None)
    if together is not None and together.shape[0] != sum(part.shape[0] for part in parts.values()):
        entry.notes.add("The bank “merged” has another number of detectors than the other banks together.")
    counted = (together,) if together is not None else tuple(parts.values())
    detectors = sum(part.shape[0] for part in counted)
    return Reading(
        dialect=NAME,
        header=header,
        parts=(*((together,) if together is not None else ()), *parts.values()),
        counted=counted,
        monitors=tuple(_monitors(instrument, shared)),
        logs=logs,
        detectors=detectors,
        spectra=detectors,
    )


def _banks(entry: Group) -> list[tuple[Group, Field]]:
    instrument = find_class(entry, "NXinstrument")
    found = []
    for group in instrument.groups("NXdetector") if instrument is not None else []:
        counts, angles = group.numbers("counts"), group.numbers("theta")
        two = counts is not None and len(counts.shape) == 2
        if counts is not None and two and angles is not None and group.numbers("time_binning") is not None:
            found.append((group, counts))
    return found


def _part(group: Group, counts: Field, shared: Surroundings) -> SpectraPart:
    angles = group.numbers("theta")
    fits = angles is not None and angles.shape == (counts.shape[0],)
    return SpectraPart(
        group.name,
        "NXdetector",
        shared,
        Values(counts),
        fixed_axis(group.numbers("time_binning"), AXES["TOF"], counts.shape[1], group.name),
        Rows(axis=_angles(angles, counts.shape[0]) if angles is not None and fits else None),
    )


def _angles(angles: Field, count: int) -> Callable[[], Axis]:
    words = ("two_theta", "Scattering angle", unit_text(angles.unit) or "°")
    axis: Callable[[], Axis] = once(lambda: make_axis(words, angles.read(), count))
    return axis


def _monitors(instrument: Group | None, shared: Surroundings) -> list[Part]:
    counts = instrument.numbers("tof_monitor") if instrument is not None else None
    if instrument is None or counts is None or len(counts.shape) != 1:
        return []
    times = next((group.numbers("time_binning") for group in instrument.groups("NXdetector")), None)
    axis = fixed_axis(times, AXES["TOF"], counts.shape[0], "tof_monitor")
    return [SpectraPart("tof_monitor", "NXmonitor", shared, Values(counts), axis)]
