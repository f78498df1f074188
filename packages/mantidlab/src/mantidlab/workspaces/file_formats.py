"""In which formats a workspace can be saved."""

from collections.abc import Callable
from dataclasses import dataclass

from mantidlab.frameworks.model import DataObject, FrameworkError, Kind, Summary
from mantidlab.workspaces.errors import CannotSave

Q_NAMES = ("q", "momentumtransfer", "|q|")
"""What frameworks call the axis of I(Q): scipp and ess ``Q``, Mantid ``MomentumTransfer``; compared in lower case."""


@dataclass(frozen=True)
class Format:
    """One way to write a file.

    Attributes
    ----------
    name
        By which a call names it.
    label
        For a menu.
    extension
        With which its files end.
    keeps
        What a person should know of what is kept.
    """

    name: str
    label: str
    extension: str
    keeps: str


NEXUS = Format("nexus", "NeXus", ".nxs", "Values, errors, axes, units and single logs; read by any program for NeXus.")
PROCESSED = Format("nexus", "NeXus (Mantid's processed)", ".nxs", "All, with instrument and history.")
SCIPP = Format("scipp", "scipp's HDF5", ".h5", "All of it, as it is; read by scipp.io.load_hdf5.")
MD = Format("nexus", "NeXus (Mantid's multi-dimensional)", ".nxs", "All, with instrument and history.")
CSV = Format("csv", "CSV", ".csv", "Numbers with errors, units in the header; for spreadsheets.")
NXCANSAS = Format("nxcansas", "NXcanSAS", ".h5", "I(Q) with errors and resolution; read by SasView and others.")

FORMATS = (NEXUS, SCIPP, CSV, NXCANSAS)

MOST_CELLS = 20_000_000
"""Numbers that go into one CSV file: some 400 MB, which no spreadsheet opens any more."""


def formats_of(data: DataObject) -> tuple[Format, ...]:
    """Return the formats that fit, the one that keeps most first."""
    summary = data.summary()
    found = list(_own(summary))
    if _fits(lambda: _in_columns(data, summary)):
        found.append(CSV)
    if _fits(lambda: is_iq(data)):
        found.append(NXCANSAS)
    return tuple(found)


def _own(summary: Summary) -> tuple[Format, ...]:
    if summary.framework == "mantid":
        return (MD,) if summary.type.startswith("MD") else (PROCESSED,)
    if summary.framework == "scipp":
        in_nexus = summary.kind in (Kind.SPECTRA, Kind.EVENTS, Kind.IMAGE, Kind.GROUP)
        return (NEXUS, SCIPP) if in_nexus else (SCIPP,)
    is_file = summary.framework == "nexus"
    return (NEXUS,) if is_file and summary.kind in (Kind.SPECTRA, Kind.EVENTS, Kind.IMAGE) else ()


def _in_columns(data: DataObject, summary: Summary) -> bool:
    if summary.kind in (Kind.TABLE, Kind.PEAKS, Kind.GROUP):
        return data.table().rows > 0
    if summary.kind not in (Kind.SPECTRA, Kind.EVENTS):
        return False
    spectra = data.spectra()
    return len(spectra) > 0 and len(spectra) * spectra[0].axis.size <= MOST_CELLS


def is_iq(data: DataObject) -> bool:
    """Tell whether it is one spectrum, or a few, of intensity against Q."""
    spectra = data.spectra()
    return 0 < len(spectra) <= 100 and all(is_q(each.axis.name, each.axis.unit) for each in spectra)


def is_q(name: str, unit: str) -> bool:
    """Tell whether an axis is the magnitude of the momentum transfer."""
    return name.lower() in Q_NAMES and unit in ("1/Å", "1/nm")


def _fits(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except FrameworkError:
        return False


def format_for(data: DataObject, extension: str, name: str = "") -> Format:
    """Return the format of a name, else the first that writes files which end so.

    Raises
    ------
    CannotSave
        The name is none, or it does not fit the workspace.
    """
    fitting = formats_of(data)
    called = data.summary().name
    there = ", ".join(f"{each.name} ({each.extension})" for each in fitting) or "none"
    if name and name not in {each.name for each in FORMATS}:
        raise CannotSave(f"There is no format {name!r}. Formats of {called!r}: {there}.")
    wanted = [each for each in fitting if (each.name == name if name else each.extension == extension)]
    if not wanted:
        asked = name or f"files that end with {extension!r}"
        raise CannotSave(f"{called!r} cannot be saved as {asked}. What fits it: {there}.")
    return wanted[0]
