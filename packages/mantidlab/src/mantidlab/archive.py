"""Find runs in a facility's archive by instrument and number.

An archive has a folder for each instrument; below it, in folders of whatever kind (cycles, experiments, years), lie
files whose names end with the run number: ``SIMSANS/cycle_26_1/SIMSANS00001001.nxs``. Before the number there may be
the instrument's name, a short form of it in letters, or nothing.
"""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mantidlab.names import some_of

VARIABLE = "MANTIDHUB_DATA"
"""Environment variable that names the archive's folder."""

DEFAULT_ARCHIVE = Path("/data/instrument")
"""The archive's folder in a session."""

SUFFIXES = (".nxs.h5", ".nxs", ".h5", ".hdf5", ".hdf")
"""How a file of a run ends, in any case; of several files of one run, the one that is first here is taken."""

Files = Mapping[int, tuple[Path, ...]]
"""By the number of a run, its files: the one that is taken first."""

NEAR = 1000
"""A run whose number is further away was not meant."""

SHOWN = 12
"""How many names an error message lists."""


class ArchiveError(Exception):
    """What can go wrong with an archive; the message says where was looked and what is there."""


class ArchiveMissing(ArchiveError):
    """The archive's folder is not there, or cannot be read."""


class InstrumentNotFound(ArchiveError):
    """The archive has no such instrument."""


class RunNotFound(ArchiveError):
    """The instrument has no such run, or the run number is not a number."""


@dataclass(frozen=True, order=True)
class RunFile:
    """The file of a run."""

    number: int
    path: Path


def run_file_name(instrument: str, number: int) -> str:
    """Name of the file of a run: instrument, and the number with eight digits."""
    return f"{instrument}{number:08d}.nxs"


def archive_folder(archive: Path | str | None = None) -> Path:
    """The folder to look in: the argument, else ``MANTIDHUB_DATA``, else ``/data/instrument``.

    Raises
    ------
    ArchiveMissing
        If it is not a folder that can be read.
    """
    folder = Path(archive or os.environ.get(VARIABLE) or DEFAULT_ARCHIVE)
    if not folder.is_dir():
        raise ArchiveMissing(
            f"There is no archive in {folder}. Name its folder with archive=… or with the environment variable "
            f"{VARIABLE}."
        )
    return folder


def list_instruments(archive: Path | str | None = None) -> list[str]:
    """Names of the instruments that have a folder in the archive, sorted."""
    folder = archive_folder(archive)
    try:
        return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    except OSError as problem:
        raise ArchiveMissing(f"The archive {folder} cannot be read: {problem.strerror}.") from problem


def list_runs(instrument: str, archive: Path | str | None = None) -> list[RunFile]:
    """Every run of an instrument, sorted by number.

    Parameters
    ----------
    instrument:
        Its name, in upper or lower case.
    archive:
        The archive's folder; see `archive_folder`.

    Raises
    ------
    ArchiveMissing, InstrumentNotFound
    """
    return [RunFile(number, paths[0]) for number, paths in sorted(files_of_runs(instrument, archive).items())]


def files_of_runs(
    instrument: str, archive: Path | str | None = None, seen: Callable[[int], None] | None = None
) -> dict[int, tuple[Path, ...]]:
    """All files of each run of an instrument, by the run's number; of several files of one run the first is taken.

    Parameters
    ----------
    seen:
        Is told how many files have been looked at; what it raises ends the search.

    Raises
    ------
    ArchiveMissing, InstrumentNotFound
    """
    folder = _instrument_folder(instrument, archive)
    found: dict[int, list[Path]] = {}
    for count, path in enumerate(_files(folder), start=1):
        number = _number(path, folder.name)
        if number is not None:
            found.setdefault(number, []).append(path)
        if seen is not None:
            seen(count)
    return {number: tuple(sorted(paths, key=_rank)) for number, paths in found.items()}


def find_run(
    instrument: str,
    run: int | str,
    archive: Path | str | None = None,
    files_of: Callable[[str, Path | str | None], Files] = files_of_runs,
) -> Path:
    """The file of a run.

    Parameters
    ----------
    instrument:
        Its name, in upper or lower case.
    run:
        The run's number, as a number or as text, with or without leading zeros, with or without the instrument's
        name before it: ``1001``, ``"00001001"``, ``"SIMSANS1001"``.
    archive:
        The archive's folder; see `archive_folder`.
    files_of:
        Lists the files of an instrument; whoever keeps the list for a while gives their own.

    Raises
    ------
    ArchiveMissing, InstrumentNotFound, RunNotFound
    """
    folder = _instrument_folder(instrument, archive)
    wanted = _wanted_number(folder.name, run)
    files = files_of(instrument, archive)
    if wanted in files:
        return files[wanted][0]
    raise RunNotFound(f"{folder.name} has no run {wanted} in {folder}. {_what_is_there(wanted, sorted(files))}")


def _instrument_folder(instrument: str, archive: Path | str | None) -> Path:
    folder = archive_folder(archive)
    names = list_instruments(folder)
    for name in names:
        if name.casefold() == instrument.strip().casefold():
            return folder / name
    there = some_of(names, SHOWN) if names else "no instrument at all"
    close = difflib.get_close_matches(instrument.upper(), [name.upper() for name in names], n=1)
    guess = next((f" Did you mean {name}?" for name in names if close and name.upper() == close[0]), "")
    raise InstrumentNotFound(f"There is no instrument {instrument!r} in {folder}. It has {there}.{guess}")


def _wanted_number(instrument: str, run: int | str) -> int:
    digits = re.fullmatch(rf"(?:{re.escape(instrument)}_?)?(\d+)", str(run).strip(), re.IGNORECASE)
    if digits is None:
        raise RunNotFound(f"{run!r} is not a run number of {instrument}. Give a number such as 1001.")
    return int(digits[1])


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(parent, name)


def _number(path: Path, instrument: str) -> int | None:
    """Run number in the name of a file of this instrument; None for any other file."""
    suffix = next((suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)), None)
    if suffix is None:
        return None
    stem = path.name[: -len(suffix)]
    digits = re.fullmatch(rf"(?:(?:{re.escape(instrument)}|[a-z]+)_?)?(\d+)", stem, re.IGNORECASE)
    return int(digits[1]) if digits else None


def _rank(path: Path) -> int:
    return next(rank for rank, suffix in enumerate(SUFFIXES) if path.name.lower().endswith(suffix))


def _what_is_there(wanted: int, numbers: Sequence[int]) -> str:
    if not numbers:
        return "There is no run at all."
    nearest = min(numbers, key=lambda number: abs(number - wanted))
    near = f"; {nearest} is nearest" if abs(nearest - wanted) <= NEAR else ""
    if len(numbers) <= SHOWN:
        return f"It has {some_of(map(str, numbers), SHOWN)}{near}."
    return f"It has {len(numbers)} runs from {numbers[0]} to {numbers[-1]}{near}."
