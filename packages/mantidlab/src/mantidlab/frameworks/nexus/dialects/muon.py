"""Muon files: positron counts by time after the muon's arrival (definitions muonTD and pulsedTD)."""

from dataclasses import replace

from mantidlab.frameworks.nexus.instruments import MUONS
from mantidlab.frameworks.nexus.logs import logs_in, merged, values_in
from mantidlab.frameworks.nexus.part import Part, Surroundings
from mantidlab.frameworks.nexus.quantities import to_time, unit_text
from mantidlab.frameworks.nexus.reading import Reading, around, find_class, no_geometry, periods_of, read_header
from mantidlab.frameworks.nexus.spectra import SpectraPart, Values, fixed_axis
from mantidlab.frameworks.nexus.tree import Field, Group

NAME = "muon"

WORDS = ("time", "Time", "µs")
NO_POSITIONS = "Muon files name groups of detectors, not their places."


def recognises(entry: Group) -> bool:
    """Tell whether the definition is one of muons, or the probe is, and there are counts by time."""
    defined = entry.text("definition", "analysis").lower() in ("muontd", "pulsedtd")
    instrument = entry.group("instrument")
    source = find_class(instrument, "NXsource") if instrument is not None else None
    probed = source is not None and "muon" in source.text("probe").lower()
    return (defined or probed) and bool(_counts(entry))


def read(entry: Group) -> Reading:
    """Find the counts, split into periods if there are any."""
    header = read_header(entry, entry.group("instrument") or find_class(entry, "NXinstrument"))
    header = replace(
        header,
        technique=header.technique or MUONS,
        run=header.run or entry.text("number"),
        end=header.end or to_time(entry.text("stop_time")),
    )
    sample = entry.group("sample")
    logs = merged(
        logs_in(entry.group("runlog"), entry.group("selog"), entry, classes=("NXlog", "NXpositioner", "IXseblock")),
        values_in(sample, "sample."),
    )
    shared = around(header, logs, geometry=no_geometry(NO_POSITIONS))
    parts: list[Part] = []
    periods = 1
    spectra = 0
    for group, counts in _counts(entry):
        if len(counts.shape) == 3:
            periods = max(periods, counts.shape[0])
            parts += [_part(group, counts, (period,), shared) for period in periods_of(counts, entry.notes)]
        else:
            parts.append(_part(group, counts, (), shared))
        spectra += counts.shape[-2]
    states = entry.number("switching_states")
    if periods == 1 and isinstance(states, int) and states > 1 and spectra % states == 0:
        periods, spectra = states, spectra // states
        entry.notes.add(f"The spectra of {periods} periods follow one another, {spectra} of each.")
    return Reading(
        dialect=NAME,
        header=header,
        parts=tuple(parts),
        counted=tuple(parts),
        logs=logs,
        detectors=spectra,
        spectra=spectra,
        periods=periods,
    )


def _part(group: Group, counts: Field, before: tuple[int, ...], shared: Surroundings) -> SpectraPart:
    name = group.name if not before or counts.shape[0] == 1 else f"{group.name} period {before[0] + 1}"
    time = group.numbers("raw_time") or group.numbers("corrected_time") or group.numbers("time_of_flight")
    words = (*WORDS[:2], unit_text(time.unit) or WORDS[2]) if time is not None else WORDS
    return SpectraPart(
        name, "NXdetector", shared, Values(counts, before=before), fixed_axis(time, words, counts.shape[-1], name)
    )


def _counts(entry: Group) -> list[tuple[Group, Field]]:
    """Return the detectors with their counts: in the instrument (version 2), or data of the entry (version 1)."""
    instrument = entry.group("instrument")
    groups = instrument.groups("NXdetector") if instrument is not None else []
    groups = groups or entry.groups("NXdata")
    found = []
    for group in groups:
        counts = group.numbers("counts")
        if counts is not None and len(counts.shape) in (2, 3):
            found.append((group, counts))
    return found
