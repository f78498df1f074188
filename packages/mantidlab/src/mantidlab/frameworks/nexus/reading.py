"""What a dialect finds in one entry of a file, and what all dialects ask of an entry in the same way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Geometry, Log, NotThere, Numbers
from mantidlab.frameworks.nexus.instruments import FACILITIES, find_instrument, technique_of
from mantidlab.frameworks.nexus.part import Part, Surroundings
from mantidlab.frameworks.nexus.quantities import METRES, RADIANS, SECONDS, says_zone, to_time, unit_text
from mantidlab.frameworks.nexus.tree import Field, Group, Notes

MOST_PERIODS = 4096
"""More than any data acquisition has had."""


@dataclass(frozen=True)
class Header:
    """Who, what and when. Texts are empty where the file does not say."""

    instrument: str = ""
    facility: str = ""
    technique: str = ""
    run: str = ""
    title: str = ""
    start: datetime | None = None
    end: datetime | None = None
    duration: timedelta | None = None
    zoned: bool = False
    """Whether the file says the time zone; where it does not, its times are given as if they were UTC."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What one entry holds.

    Attributes
    ----------
    dialect
        In words: ``ISIS raw``.
    parts
        Data objects, the most useful one first.
    counted
        Those of them whose counts add up to the total: a bank and a copy of it are not both counted.
    monitors
        Data objects too.
    detectors, spectra
        How many; None where the file does not tell.
    events
        How many were recorded; None where the file holds histograms alone.
    """

    dialect: str
    header: Header
    parts: tuple[Part, ...]
    counted: tuple[Part, ...] = ()
    monitors: tuple[Part, ...] = ()
    logs: Mapping[str, Log] = field(default_factory=dict)
    detectors: int | None = None
    spectra: int | None = None
    periods: int = 1
    events: int | None = None


def find_class(entry: Group, nx_class: str) -> Group | None:
    """Return the first group of a class below an entry; None where there is none."""
    found = entry.groups(nx_class)
    return found[0] if found else None


def read_header(entry: Group, instrument: Group | None, *, logs: Group | None = None) -> Header:
    """Read title, run, times and instrument from where most facilities put them.

    Parameters
    ----------
    logs
        A group of logs that hold them too, as in files that Mantid wrote.
    """

    def said(*paths: str) -> str:
        found = entry.text(*paths)
        if not found and logs is not None:
            found = logs.text(*(f"{path}/value" for path in paths))
        return found

    name = entry.text("beamline", "instrument_name", "name")
    short = ""
    source = ""
    if instrument is not None:
        name = instrument.text("name") or name
        named = instrument.field("name")
        short = named.attribute("short_name") if named is not None else ""
        origin = find_class(instrument, "NXsource")
        source = origin.text("name") if origin is not None else ""
    known = find_instrument(name, short)
    written = said("start_time", "run_start")
    start, end = to_time(written), to_time(said("end_time", "run_end"))
    facility = FACILITIES.get("".join(source.upper().split()), "")
    return Header(
        instrument=known.name if known is not None else name,
        facility=facility or (known.facility if known is not None else ""),
        technique=technique_of(entry.text("definition"), known),
        run=said("run_number", "entry_identifier"),
        title=said("title", "experiment_title", "run_title"),
        start=start,
        end=end,
        duration=_duration(entry.field("duration"), start, end),
        zoned=start is not None and says_zone(written),
    )


def _duration(field: Field | None, start: datetime | None, end: datetime | None) -> timedelta | None:
    seconds = field.scalar() if field is not None and field.numeric else None
    if field is not None and isinstance(seconds, int | float) and 0 < seconds < 1e9:
        return timedelta(seconds=float(seconds) * SECONDS.get(unit_text(field.unit), 1.0))
    return end - start if start is not None and end is not None and end >= start else None


def around(header: Header, logs: Mapping[str, Log], **providers: Any) -> Surroundings:
    """Return what the parts of an entry share."""
    return Surroundings(title=header.title, instrument=header.instrument, logs=logs, **providers)


def once(make: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that makes its result when it is first called, and keeps it."""
    kept: list[Any] = []

    def get() -> Any:
        if not kept:
            kept.append(make())
        return kept[0]

    return get


def no_geometry(reason: str) -> Callable[[], Geometry]:
    """Return what raises `NotThere` with a reason when positions are asked for."""

    def refuse() -> Geometry:
        raise NotThere(reason)

    return refuse


def spherical(distance: NDArray[Any], polar: NDArray[Any], azimuthal: NDArray[Any]) -> Numbers:
    """Return positions from distances to the sample (m) and angles (rad), shape (n, 3).

    NeXus measures the polar angle from z, which is along the beam, and the azimuthal one from x towards y.
    """
    across = distance * np.sin(polar)
    return np.stack([across * np.cos(azimuthal), across * np.sin(azimuthal), distance * np.cos(polar)], axis=-1)


def periods_of(field: Field, notes: Notes) -> range:
    """Return the indices of the periods, the first dimension of counts; of absurdly many, the first ones."""
    if field.shape[0] > MOST_PERIODS:
        notes.add(f"{field.path} has {field.shape[0]} periods; the first {MOST_PERIODS} are shown.")
    return range(min(field.shape[0], MOST_PERIODS))


def whole_numbers(field: Field) -> NDArray[np.integer[Any]]:
    """Read detector or spectrum numbers, flat; what is no number among them becomes 0."""
    values = np.asarray(field.read()).reshape(-1)
    if values.dtype.kind in "iu":
        return values
    return np.clip(np.nan_to_num(values.astype(np.float64)), -(2.0**62), 2.0**62).astype(np.int64)


def in_metres(field: Field) -> NDArray[Any]:
    """Read lengths, flat, in metres."""
    factor = METRES.get(unit_text(field.unit), 1.0)
    return np.asarray(field.read(), dtype=np.float64).reshape(-1) * factor


def in_radians(field: Field, assumed: str = "°") -> NDArray[Any]:
    """Read angles, flat, in radians; `assumed` is the unit of those that have none."""
    factor = RADIANS.get(unit_text(field.unit) or assumed, RADIANS[assumed])
    return np.asarray(field.read(), dtype=np.float64).reshape(-1) * factor


def make_geometry(
    instrument: str,
    ids: NDArray[Any],
    positions: Numbers,
    *,
    monitor: NDArray[np.bool_] | None = None,
    masked: NDArray[np.bool_] | None = None,
    source: Numbers | None = None,
    **more: Any,
) -> Geometry:
    """Return a geometry in the frame of NeXus: sample at the origin, z along the beam, y up."""
    none = np.zeros(len(ids), dtype=bool)
    return Geometry(
        instrument=instrument,
        ids=ids,
        positions=positions,
        monitor=monitor if monitor is not None else none,
        masked=masked if masked is not None else none,
        source=source,
        sample=np.zeros(3),
        beam=np.array([0.0, 0.0, 1.0]),
        up=np.array([0.0, 1.0, 0.0]),
        **more,
    )
