"""The file that a person means by ``22048``, ``SANS2D22048`` or a path."""

import re
from collections.abc import Sequence
from pathlib import Path

from mantidlab.archive import ArchiveError, ArchiveMissing, InstrumentNotFound, RunNotFound, find_run


def find_file(given: int | str | Path, instruments: Sequence[str]) -> Path:
    """Return the absolute path of a run.

    Parameters
    ----------
    given
        Its number, with or without the instrument's name before it, or the path of its file.
    instruments
        Whose runs bare numbers mean.

    Raises
    ------
    ArchiveError
        There is no such file, or more than one instrument has the run.
    """
    path = Path(str(given)).expanduser()
    if path.is_file():
        return path.absolute()
    text = re.sub(r"\s+", "", str(given))
    if not re.fullmatch(r"\w*\d", text):
        raise RunNotFound(f"There is no file {path.absolute()}, and it is no number of a run either.")
    if text.isdigit():
        return _by_number(int(text), instruments)
    return _by_name(text, instruments)


def _by_number(number: int, instruments: Sequence[str]) -> Path:
    if not instruments:
        raise RunNotFound(
            f"Which instrument's run {number} is meant is not known: write it before the number, or a path."
        )
    found: dict[str, Path] = {}
    problems: list[ArchiveError] = []
    for instrument in instruments:
        try:
            found[instrument] = find_run(instrument, number)
        except ArchiveMissing:
            raise
        except ArchiveError as problem:
            problems.append(problem)
    if len(found) > 1:
        raise RunNotFound(
            f"{' and '.join(found)} have a run {number}: write the instrument before it, {next(iter(found))}{number}."
        )
    if not found:
        # Of instruments that have no folder here, only where none has one.
        known = [problem for problem in problems if not isinstance(problem, InstrumentNotFound)] or problems
        raise RunNotFound(" ".join(dict.fromkeys(str(problem) for problem in known)))
    return next(iter(found.values()))


def _by_name(text: str, instruments: Sequence[str]) -> Path:
    # A name may end with digits (SANS2D, D22, IN4): those that the interface is for are tried first.
    for instrument in sorted(instruments, key=len, reverse=True):
        if text.upper().startswith(instrument.upper()) and text[len(instrument) :].lstrip("_").isdigit():
            return find_run(instrument, text[len(instrument) :].lstrip("_"))
    named = re.fullmatch(r"(.*?[A-Za-z_])_?(\d+)", text)
    if named is None:
        raise InstrumentNotFound(f"{text!r} names no instrument.")
    return find_run(named[1].rstrip("_"), named[2])
