"""Saves a workspace as a file."""

from os import PathLike
from pathlib import Path
from typing import Any

from mantidlab.frameworks import mantid, scipp
from mantidlab.frameworks.model import DataObject, FrameworkError
from mantidlab.workspaces.aside import write_aside
from mantidlab.workspaces.columns import write_csv
from mantidlab.workspaces.errors import CannotSave
from mantidlab.workspaces.file_formats import CSV, NEXUS, NXCANSAS, Format, format_for, formats_of
from mantidlab.workspaces.nexus_files import write_nexus
from mantidlab.workspaces.nxcansas import write_nxcansas
from mantidlab.workspaces.objects import opened

WRITERS = {CSV: write_csv, NEXUS: write_nexus, NXCANSAS: write_nxcansas}


def save(thing: Any, path: str | PathLike[str], format: str = "", *, replace: bool = False) -> Path:  # noqa: A002
    """Save a workspace.

    It is written aside and renamed, so that no half of a file is ever found under its name.

    Parameters
    ----------
    thing
        An object of scipp, a workspace of Mantid or its name.
    path
        Of the file; ``~`` is the home. Without an ending it gets that of the format.
    format
        ``nexus``, ``scipp``, ``csv`` or ``nxcansas``; by the file's ending where nothing is said, and NeXus where it
        has none. `formats` says which fit.
    replace
        Whether a file that is there may go.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    AlreadyThere
        There is such a file.
    CannotSave
        The format does not fit, or nothing can be written there.
    """
    data = opened(thing)
    file = Path(path).expanduser()
    chosen = format_for(data, file.suffix.lower() or (".nxs" if not format else ""), format)
    if not file.suffix:
        file = file.with_suffix(chosen.extension)
    write_aside(file, lambda aside: _write(thing, data, chosen, aside), replace=replace)
    return file


def formats(thing: Any) -> tuple[Format, ...]:
    """Return the formats in which a workspace can be saved, the one that keeps most first."""
    return formats_of(opened(thing))


def _write(thing: Any, data: DataObject, chosen: Format, path: Path) -> None:
    try:
        if chosen in WRITERS:
            WRITERS[chosen](data, path)
        elif data.summary().framework == "scipp":
            scipp.save_hdf5(thing, path)
        else:
            mantid.save(data.summary().name, str(path), multi_dimensional=data.summary().type.startswith("MD"))
    except FrameworkError as error:
        raise CannotSave(f"{data.summary().name!r} could not be saved as {chosen.label}: {error}") from error
