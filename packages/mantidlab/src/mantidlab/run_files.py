"""The files that a person means by ``22048``, ``SANS2D22048``, ``1001-1005, 1007`` or paths.

One rule for all: an interface that is called finds its files here, and so does a form that shows which they will be.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from mantidlab.archive import SUFFIXES, ArchiveError, ArchiveMissing, InstrumentNotFound, RunNotFound, find_run

LONGEST_RANGE = 1000
"""How many runs ``1001-1005`` may stand for; more is a mistake."""

FindRun = Callable[[str, int | str], Path]
"""Finds a run of an instrument as `mantidlab.archive.find_run` does."""

_NAME = r"[A-Za-z](?:\w*[A-Za-z_])?"
_RANGE = re.compile(rf"(?P<name>{_NAME})?(?P<first>\d+)\s*[-:]\s*(?P<to>{_NAME})?(?P<last>\d+)")
_NAMED = re.compile(r"(.*?[A-Za-z_])_?(\d+)")


class RunsMismatch(RunNotFound):
    """A range of runs is none."""


class StillLooking(ArchiveError):
    """A folder is so large that it has not been looked through yet; ask again."""


class SeveralInstruments(RunNotFound):
    """More than one instrument has a run of that number.

    Attributes
    ----------
    paths
        Of the runs, by instrument.
    """

    def __init__(self, number: int, paths: dict[str, Path]) -> None:
        self.paths = paths
        super().__init__(
            f"{' and '.join(paths)} have a run {number}: write the instrument before it, {next(iter(paths))}{number}."
        )


def taken_apart(given: object) -> list[str]:
    """Return the runs and files that somebody names, one by one, in their order.

    Parameters
    ----------
    given
        A number, a path, a text with commas, semicolons or lines between and with ranges (``1001-1005``,
        ``SANS2D1001:1005``, both ends included), or a list of such.

    Raises
    ------
    RunsMismatch
        A range goes backwards, or stands for more than `LONGEST_RANGE` runs.
    """
    if isinstance(given, (list, tuple, set, frozenset)):
        return [one for item in given for one in _range(str(item).strip())]
    if isinstance(given, Path):
        return [str(given)]
    inner = re.sub(r"^\s*[\[(](.*)[\])]\s*$", r"\1", str(given), flags=re.DOTALL)
    parts = (part.strip().strip("'\"").strip() for part in re.split(r"[,;\n]", inner))
    return [one for part in parts if part for one in _range(part)]


def _range(part: str) -> Iterator[str]:
    found = _RANGE.fullmatch(part)
    if found is None:
        yield part
        return
    name, digits = found["name"] or "", len(found["first"])
    first, last = int(found["first"]), int(found["last"])
    if (found["to"] or name).upper() != name.upper():
        raise RunsMismatch(f"{part} begins with one instrument and ends with another. Write one range for each.")
    if last < first:
        raise RunsMismatch(f"{part} goes backwards. Write the smaller number first.")
    if last - first >= LONGEST_RANGE:
        raise RunsMismatch(f"{part} stands for {last - first + 1} runs, and at most {LONGEST_RANGE} go at once.")
    for number in range(first, last + 1):
        yield f"{name}{number:0{digits}d}"


def find_file(
    given: int | str | Path, instruments: Sequence[str], *, folder: Path | None = None, find: FindRun = find_run
) -> Path:
    """Return the absolute path of a run.

    Parameters
    ----------
    given
        Its number, with or without the instrument's name before it, or the path of its file.
    instruments
        Whose runs bare numbers mean.
    folder
        Of which relative paths are told; the one that the process works in if None.
    find
        Looks into the archive.

    Raises
    ------
    ArchiveError
        There is no such file, neither in the archive nor, by a run's name, in the folder or the home; or more than one
        instrument has the run (`SeveralInstruments`).
    """
    own = folder or Path.cwd()
    path = own / Path(str(given)).expanduser()
    if path.is_file():
        return path.absolute()
    if path.is_dir() and str(given).strip():
        raise RunNotFound(f"{path.absolute()} is a folder. Name the file in it.")
    text = re.sub(r"\s+", "", str(given))
    if not re.fullmatch(r"\w*\d", text):
        raise RunNotFound(f"There is no file {path.absolute()}, and it is no number of a run either.")
    try:
        return _by_number(int(text), instruments, find) if text.isdigit() else _by_name(text, instruments, find)
    except (StillLooking, SeveralInstruments):
        raise
    except ArchiveError as problem:
        beside = find_beside(text, instruments, own)
        if beside is not None:
            return beside
        where = " or ".join(dict.fromkeys(map(str, (own.absolute(), Path.home()))))
        raise RunNotFound(f"{problem} Nor does it lie in {where}.") from problem


def find_beside(text: str, instruments: Sequence[str], folder: Path) -> Path | None:
    """Return the file of a run that lies in the folder of the notebook, or else in the home, by its name.

    Parameters
    ----------
    text
        A number, or a number with an instrument before it.
    instruments
        Whose runs bare numbers mean.
    """
    named = _NAMED.fullmatch(text)
    number = int(named[2] if named else text)
    names = "|".join(map(re.escape, (named[1].rstrip("_"),) if named else instruments))
    ends = "|".join(map(re.escape, SUFFIXES))
    wanted = re.compile(rf"(?:{names})_?0*{number}(?:{ends})", re.IGNORECASE)
    for place in dict.fromkeys((folder.absolute(), Path.home())):
        try:
            found = sorted(entry.name for entry in os.scandir(place) if wanted.fullmatch(entry.name))
        except OSError:
            continue
        if found:
            return place / found[0]
    return None


def _by_number(number: int, instruments: Sequence[str], find: FindRun) -> Path:
    if not instruments:
        raise RunNotFound(
            f"Which instrument's run {number} is meant is not known: write it before the number, or a path."
        )
    found: dict[str, Path] = {}
    problems: list[ArchiveError] = []
    for instrument in instruments:
        try:
            found[instrument] = find(instrument, number)
        except (ArchiveMissing, StillLooking):
            raise
        except ArchiveError as problem:
            problems.append(problem)
    if len(found) > 1:
        raise SeveralInstruments(number, found)
    if not found:
        # Of instruments that have no folder here, only where none has one.
        known = [problem for problem in problems if not isinstance(problem, InstrumentNotFound)] or problems
        raise RunNotFound(" ".join(dict.fromkeys(str(problem) for problem in known)))
    return next(iter(found.values()))


def _by_name(text: str, instruments: Sequence[str], find: FindRun) -> Path:
    # A name may end with digits (SANS2D, D22, IN4): those that the interface is for are tried first.
    for instrument in sorted(instruments, key=len, reverse=True):
        if text.upper().startswith(instrument.upper()) and text[len(instrument) :].lstrip("_").isdigit():
            return find(instrument, text[len(instrument) :].lstrip("_"))
    named = _NAMED.fullmatch(text)
    if named is None:
        raise InstrumentNotFound(f"{text!r} names no instrument.")
    return find(named[1].rstrip("_"), named[2])
