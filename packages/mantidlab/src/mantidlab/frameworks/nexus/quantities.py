"""Units, names of axes and times as files write them, turned into the words of the data model."""

import re
from datetime import UTC, datetime

import numpy as np

from mantidlab.frameworks.units import written

UNITS = {
    "us": "µs", "microsecond": "µs", "microseconds": "µs", "micro.second": "µs", "usec": "µs", "μs": "µs",
    "ns": "ns", "nanosecond": "ns", "nanoseconds": "ns", "nano.second": "ns",
    "ms": "ms", "millisecond": "ms", "milliseconds": "ms",
    "s": "s", "sec": "s", "second": "s", "seconds": "s", "min": "min", "minute": "min", "minutes": "min",
    "angstrom": "Å", "angstroms": "Å", "angstroem": "Å", "a": "Å",
    "1/angstrom": "1/Å", "angstrom^-1": "1/Å", "1/a": "1/Å",
    "mev": "meV", "uev": "µeV", "ev": "eV",
    "m": "m", "metre": "m", "metres": "m", "meter": "m", "meters": "m",
    "mm": "mm", "millimetre": "mm", "millimeter": "mm", "cm": "cm", "centimetre": "cm",
    "degree": "°", "degrees": "°", "deg": "°", "rad": "rad", "radian": "rad", "radians": "rad",
    "k": "K", "kelvin": "K", "celsius": "°C", "c": "°C",
    "hz": "Hz", "hertz": "Hz", "rpm": "rpm",
    "gauss": "G", "g": "G", "t": "T", "tesla": "T",
    "uah": "µAh", "ua*h": "µAh", "uamp.hour": "µAh", "microamps*hour": "µAh", "picocoulomb": "pC", "picocoulombs": "pC",
    "ua": "µA", "amp": "A", "amps": "A", "ampere": "A", "mbar": "mbar", "deg.": "°", "mu-s": "µs", "nones": "",
    "count": "counts", "counts": "counts", "none": "", "dimensionless": "", "unknown": "",
}  # fmt: skip
"""Spellings met in files of ISIS, SNS, ILL, PSI and Mantid, in lower case."""

AS_THEY_ARE = ("g", "MeV")
"""Gram and mega-electronvolt, which in another case are gauss and milli-electronvolt."""

SECONDS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "": 1.0}
METRES = {"m": 1.0, "cm": 1e-2, "mm": 1e-3, "": 1.0}
RADIANS = {"rad": 1.0, "°": np.pi / 180}

AXES = {
    "TOF": ("TOF", "Time-of-flight", "µs"),
    "Wavelength": ("wavelength", "Wavelength", "Å"),
    "dSpacing": ("dSpacing", "d-Spacing", "Å"),
    "dSpacingPerpendicular": ("dSpacingPerpendicular", "d-Spacing perpendicular", "Å"),
    "Energy": ("energy", "Energy", "meV"),
    "DeltaE": ("DeltaE", "Energy transfer", "meV"),
    "DeltaE_inWavenumber": ("DeltaE_inWavenumber", "Energy transfer", "1/cm"),
    "Momentum": ("momentum", "Momentum", "1/Å"),
    "MomentumTransfer": ("Q", "q", "1/Å"),
    "QSquared": ("QSquared", "Q2", "1/Å²"),
    "Degrees": ("degrees", "Scattering angle", "°"),
}
"""Mantid's unit names (its Unit factory) as name, label and unit of an axis."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""As files write them, whatever the language of the session."""
EPOCH = np.datetime64("1970-01-01T00:00:00", "ns")


def unit_text(found: str) -> str:
    """Return a unit as people write it: ``microsecond`` as ``µs``, whoever wrote the file."""
    text = found.strip()
    known = text if text in AS_THEY_ARE else UNITS.get(text.lower())
    return written(text) if known is None else known


def axis_words(mantid_name: str, caption: str = "") -> tuple[str, str, str]:
    """Return name, label and unit of an axis that Mantid calls `mantid_name`."""
    if mantid_name in AXES:
        return AXES[mantid_name]
    words = caption or mantid_name
    return words, words, ""


def to_time(text: str) -> datetime | None:
    """Return a moment from its text; None where it is none.

    ISO 8601 with or without zone and with any number of decimals, ``04-Mar-13 16:04:08`` (ILL) and
    ``2014-Jun-11 12:37:03`` (Mantid). A moment without a zone is taken as UTC: such files do not say what they mean.
    """
    cleaned = re.sub(r"(\.\d{6})\d+", r"\1", text.strip().strip("\"'"))
    named = re.fullmatch(r"(\d{1,4})-([A-Za-z]{3})-(\d{2,4})[ T](\d{1,2}:\d{2}:\d{2}(?:\.\d+)?)", cleaned)
    if named is not None:
        first, month, last, clock = named.groups()
        year, day = (first, last) if len(first) == 4 else (last, first)
        number = MONTHS.index(month.lower()) + 1 if month.lower() in MONTHS else 0
        cleaned = f"{int(year) + (2000 if len(year) == 2 else 0):04d}-{number:02d}-{int(day):02d}T{clock:0>8}"
    try:
        moment = datetime.fromisoformat(cleaned)
    except ValueError:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None


def says_zone(text: str) -> bool:
    """Tell whether a moment's text says its time zone."""
    return re.search(r"(Z|[+-]\d{2}:?\d{2})$", text.strip().strip("\"'")) is not None and ":" in text


def to_datetime64(moment: datetime | None) -> np.datetime64:
    """Return a moment for NumPy, in nanoseconds; the beginning of 1970 where none is known."""
    return np.datetime64(moment.replace(tzinfo=None), "ns") if moment is not None else EPOCH
