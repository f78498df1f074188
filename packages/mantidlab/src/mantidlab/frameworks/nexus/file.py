"""A NeXus file, open: its entries, its data objects, and a summary; values are read when they are asked for."""

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import h5py
import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import (
    DataObject,
    EventObject,
    FrameworkError,
    Geometry,
    Histogram,
    Image,
    Kind,
    Log,
    NotThere,
    Numbers,
    Step,
    Summary,
    Table,
    Unreadable,
)
from mantidlab.frameworks.nexus.dialects import dialect_of
from mantidlab.frameworks.nexus.part import FRAMEWORK, Part
from mantidlab.frameworks.nexus.reading import Reading
from mantidlab.frameworks.nexus.signatures import refuse_what_is_no_hdf5
from mantidlab.frameworks.nexus.summary import FileSummary, summarise
from mantidlab.frameworks.nexus.tree import H5PY_ERRORS, Group, Notes

CHUNK_CACHE = 32 * 2**20
"""Bytes of unpacked blocks that HDF5 keeps for each dataset: spectra that lie across all blocks are read once."""

SHOWN = 8
"""How many names an error message lists."""

SHOWN_NOTES = 3
"""How many remarks it repeats."""


def open_file(path: str | PathLike[str]) -> "NexusFile":
    """Open a NeXus file for reading, without reading values.

    Raises
    ------
    Unreadable
        With a sentence that says what was found and what to do.
    """
    return NexusFile(Path(path))


class NexusFile:
    """One file. It is a data object itself: what is asked of it is asked of its first part.

    Use it in a ``with`` statement: its parts read from it as long as it is open.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._size = refuse_what_is_no_hdf5(path)
        self._notes = Notes()
        self._file = _opened(path)
        try:
            self.readings = self._read()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; its parts cannot be read any more."""
        self._file.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """What is odd in the file, as far as it was met."""
        return self._notes.all()

    def entry(self, name: str | None = None) -> Group:
        """Return an entry as a tree, for what the data model has no word for: slits, attenuators, apertures.

        Parameters
        ----------
        name
            None takes the first one that has data.
        """
        chosen = name or next(iter(self.readings))
        found = Group(self._file, "/", self._notes).group(chosen)
        if found is None:
            raise NotThere(f"{self.path} has no entry {chosen!r}; it has {', '.join(self.readings)}.")
        return found

    def contents(self) -> FileSummary:
        """Return what the file holds; this adds up counts, so it reads data that are not events, a block at a time."""
        entries = tuple(summarise(name, reading) for name, reading in self.readings.items())
        return FileSummary(self.path, self._size, entries, self.notes)

    def members(self) -> Mapping[str, DataObject]:
        """Return the data objects by name, monitors last; with several entries, names begin with the entry's."""
        found: dict[str, DataObject] = {}
        for entry, reading in self.readings.items():
            before = f"{entry}/" if len(self.readings) > 1 else ""
            for part in (*reading.parts, *reading.monitors):
                found.setdefault(before + part.name, part)
        return found

    @property
    def main(self) -> Part:
        """The first part of the first entry."""
        for reading in self.readings.values():
            for part in (*reading.parts, *reading.monitors):
                return part
        raise NotThere(f"{self.path} has no data.")

    def summary(self) -> Summary:
        """Return what the file is, as one of a list of data objects."""
        names = tuple(self.members())
        first = next(iter(self.readings.values()))
        return Summary(
            name=self.path.name,
            kind=Kind.GROUP if len(names) > 1 else self.main.kind,
            type=first.dialect,
            framework=FRAMEWORK,
            title=first.header.title,
            shape=(len(names),) if len(names) > 1 else self.main.shape,
            instrument=first.header.instrument,
            members=names if len(names) > 1 else (),
            events=first.events,
        )

    def binned(self, edges: Numbers) -> DataObject:
        """Return the events of the first part with other bins; `NotThere` where it has none."""
        first = self.main
        if not isinstance(first, EventObject):
            raise NotThere(
                f"{first.name} ({first.type}) has no events in this file, so that its bins are what they are."
            )
        return first.binned(edges)

    def spectra(self) -> Sequence[Histogram]:
        """Return the spectra of the first part."""
        return self.main.spectra()

    def image(self) -> Image:
        """Return the first part on its grid."""
        return self.main.image()

    def geometry(self) -> Geometry:
        """Return where the detectors of the first part are."""
        return self.main.geometry()

    def spectrum_detectors(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Return which detectors the spectra of the first part have."""
        return self.main.spectrum_detectors()

    def table(self) -> Table:
        """Return the table of the first part."""
        return self.main.table()

    def logs(self) -> Mapping[str, Log]:
        """Return the sample logs of the first part's entry."""
        return self.main.logs()

    def history(self) -> tuple[Step, ...]:
        """Return what was done to the first part."""
        return self.main.history()

    def _read(self) -> dict[str, Reading]:
        root = Group(self._file, "/", self._notes)
        found: dict[str, Reading] = {}
        problems: list[str] = []
        empty: list[str] = []
        entries = [group for group in root.groups() if _is_entry(group)]
        for entry in entries:
            reading = _reading_of(entry, problems)
            if reading is not None and (reading.parts or reading.monitors):
                found[entry.name] = reading
            else:
                empty.append(entry.name)
        if not found:
            # What was odd on the way is most often why: a link that leads nowhere, numbers of a strange kind.
            odd = self._notes.all()[:SHOWN_NOTES]
            raise Unreadable(" ".join((f"{self.path} {_nothing_found(root, entries, problems)}", *odd)))
        for name in empty:
            self._notes.add(f"The entry {name} has no data that can be read.")
        for problem in problems:
            self._notes.add(problem)
        return found


def _reading_of(entry: Group, problems: list[str]) -> Reading | None:
    """Read one entry; what is wrong with it does not keep the others from being read."""
    try:
        dialect = dialect_of(entry)
        return dialect.read(entry) if dialect is not None else None
    except FrameworkError as error:
        problems.append(str(error))
        return None


def _opened(path: Path) -> Any:
    """Open the file as h5py does by itself, since HDF5 refuses a second way of locking a file that is open already.

    Only where the lock itself fails, as on some network file systems, it is done without: nothing is written here.
    """
    try:
        try:
            return h5py.File(path, "r", rdcc_nbytes=CHUNK_CACHE)
        except OSError as error:
            if "lock" not in str(error):
                raise
            return h5py.File(path, "r", rdcc_nbytes=CHUNK_CACHE, locking=False)
    except H5PY_ERRORS as error:
        raise Unreadable(f"{path} {_why_not(str(error))}") from error


def _is_entry(group: Group) -> bool:
    return group.nx_class in ("NXentry", "NXsubentry") or group.name.startswith("mantid_workspace_")


def _why_not(error: str) -> str:
    if "truncated" in error:
        return (
            "is cut off: it is shorter than it says itself. It is still being written, or the copy was broken off; "
            "wait for the end of the run, or fetch it again."
        )
    if "already open for write" in error or "consistency flags" in error:
        return "is still being written. Wait for the end of the run."
    return f"is HDF5 and cannot be opened: HDF5 says “{error}”. It may be damaged; fetch it again."


def _nothing_found(root: Group, entries: list[Group], problems: list[str]) -> str:
    if problems:
        return f"is NeXus and cannot be read: {problems[0]}"
    if entries:
        names = ", ".join(entry.name for entry in entries[:SHOWN])
        inside = _listed(entries[0]) or "nothing"
        return f"is NeXus with the entry {names} and holds no counts that are known here; in it: {inside}."
    inside = _listed(root)
    if not inside:
        return "is HDF5 with nothing in it. The measurement or the copy was broken off; fetch it again."
    return (
        f"is HDF5 and not NeXus: it has no entry (a group of class NXentry). In it: {inside}. Open it with h5py, or "
        f"ask for the NeXus file."
    )


def _listed(group: Group) -> str:
    names = group.names()
    described = []
    for name in names[:SHOWN]:
        field = group.field(name)
        described.append(
            f"{name} {field.shape}" if field is not None else f"{name}/" if group.group(name) is not None else name
        )
    return ", ".join(described) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
