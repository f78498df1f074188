"""Which files the value of a field means, while somebody types: found as the call will find them.

Runs of interfaces are found by `mantidlab.run_files.find_file`, which is what an interface asks when it is called. Of
Mantid's syntax (`mantidlab.forms.runs`) each run is looked for in the same way; Mantid has its own settings besides.
"""

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mantidlab.archive import ArchiveError, InstrumentNotFound
from mantidlab.docs.catalogue import Facility
from mantidlab.forms.book import FormBook
from mantidlab.forms.literals import is_expression
from mantidlab.forms.runs import NoRuns, known_instrument, parse_runs
from mantidlab.forms.spec import Field, FormSpec, Json
from mantidlab.forms.walks import Walks
from mantidlab.run_files import RunsMismatch, SeveralInstruments, StillLooking, find_file, taken_apart

PATIENCE = 0.8
"""Seconds after which an answer comes, whatever is known by then."""

MOST_FILES, MOST_SENTENCES = 200, 20
"""How many files and sentences an answer holds; all are counted."""

_SETTINGS = Path(".mantid", "Mantid.user.properties")
_INSTRUMENT = re.compile(r"^\s*default\.instrument\s*=\s*(\S+)", re.MULTILINE)

_walks = Walks()


@dataclass(frozen=True)
class MeantFile:
    """One file.

    Attributes
    ----------
    asked
        What was written for it.
    size, modified
        In bytes, and as ISO 8601 has it.
    others
        Paths of further files of the same run, which are not taken.
    """

    asked: str
    name: str
    path: str
    size: int
    modified: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotFound:
    """What was asked for and is not there, or is more than one: a sentence, and the paths to choose from."""

    asked: str
    sentence: str
    candidates: tuple[str, ...] = ()


def files_meant(
    spec: FormSpec, name: str, value: Json, folder: Path, facilities: Sequence[Facility] = (), walks: Walks = _walks
) -> Mapping[str, Any]:
    """Return the files that the value of a field means.

    Parameters
    ----------
    folder
        Of the notebook, in which the call will run.

    Returns
    -------
    dict
        ``asked`` and ``found`` count; ``files`` and ``missing`` are lists of `MeantFile` and `NotFound`; ``problem``
        is a sentence where the text itself cannot be read, ``looking`` one while folders are still looked through.

    Raises
    ------
    KeyError
        The form has no such field.
    """
    field = spec.field(name)
    if field is None:
        raise KeyError(name)
    until = time.monotonic() + PATIENCE
    try:
        asked = [] if value is None or is_expression(value) else list(_asked(spec, field, value))
    except (NoRuns, RunsMismatch) as problem:
        return _answer(problem=str(problem))
    finder = _Finder(spec, field, folder, facilities, walks, until)
    files: list[MeantFile] = []
    missing: list[NotFound] = []
    looking, found = "", 0
    for one in asked:
        try:
            file = finder.find(one, detailed=len(files) < MOST_FILES)
        except StillLooking as problem:
            looking = str(problem)
            break
        except SeveralInstruments as problem:
            missing.append(NotFound(one, str(problem), tuple(map(str, problem.paths.values()))))
        except ArchiveError as problem:
            missing.append(NotFound(one, str(problem)))
        else:
            found += 1
            files += [file] if file is not None else []
    return _answer(len(asked), found, files, missing, looking)


def path_meant(spec: FormSpec, value: Json, folder: Path, book: FormBook) -> Path | None:
    """Return the first file that the value of the field ``Filename`` means; None where it is not known."""
    files = files_meant(spec, "Filename", value, folder, book.facilities)["files"]
    return Path(files[0]["path"]) if files else None


def _answer(
    asked: int = 0,
    found: int = 0,
    files: Sequence[MeantFile] = (),
    missing: Sequence[NotFound] = (),
    looking: str = "",
    problem: str = "",
) -> Mapping[str, Any]:
    return {
        **{"asked": asked, "found": found, "lacking": len(missing), "looking": looking, "problem": problem},
        "files": [asdict(one) for one in files],
        "missing": [asdict(one) for one in missing[:MOST_SENTENCES]],
    }


def _asked(spec: FormSpec, field: Field, value: Json) -> Iterator[str]:
    if spec.framework == "mantid":
        texts = [one for row in _rows(value) for one in (row if isinstance(row, list) else [row])]
        yield from (one for text in texts for one in _as_mantid(str(text)))
    elif field.runs:
        yield from taken_apart(value)
    else:
        yield from map(str, value if isinstance(value, list) else [value])


def _rows(value: Json) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_mantid(text: str) -> Iterator[str]:
    """Take a text apart as Mantid's ``MultipleFileProperty`` does; what names no run is a path."""
    instrument = ""
    for part in (part.strip() for part in re.split(r"[,+]", text)):
        if not part:
            continue
        if "/" in part or "." in part:
            yield part
            continue
        for group in parse_runs(part):
            for run in group:
                instrument = run.instrument or instrument
                yield f"{instrument}{run.number}"


class _Finder:
    """Finds the files of one field of one form."""

    def __init__(
        self,
        spec: FormSpec,
        field: Field,
        folder: Path,
        facilities: Sequence[Facility],
        walks: Walks,
        until: float,
    ) -> None:
        self._folder, self._facilities, self._walks, self._until = folder, facilities, walks, until
        self._takes_runs = spec.framework == "mantid" or field.runs
        self._is_mantid = spec.framework == "mantid"
        self._instruments = _default_instrument() if self._is_mantid else tuple(spec.instruments)
        self._others: dict[Path, tuple[Path, ...]] = {}

    def find(self, asked: str, *, detailed: bool) -> MeantFile | None:
        """Return a file, or None where it is there and nobody wants to know more of it."""
        if time.monotonic() > self._until:
            raise StillLooking("There are many files; they are being looked for.")
        path = self._path(asked)
        if not detailed:
            return None
        state = path.stat()
        modified = datetime.fromtimestamp(state.st_mtime, UTC).isoformat(timespec="seconds")
        others = tuple(map(str, self._others.get(path, ())))
        return MeantFile(asked, path.name, str(path), state.st_size, modified, others)

    def _path(self, asked: str) -> Path:
        if not self._takes_runs:
            path = self._folder / Path(asked).expanduser()
            if path.exists():
                return path
            raise ArchiveError(f"There is no file {path}.")
        if self._is_mantid and re.fullmatch(r"\w+\.\w[\w.]*", asked):  # LOQ74024.nxs, wherever it lies
            asked = asked if (self._folder / asked).is_file() else asked.partition(".")[0]
        return find_file(asked, self._instruments, folder=self._folder, find=self._run)

    def _run(self, instrument: str, run: int | str) -> Path:
        known = known_instrument(instrument, self._facilities) if self._is_mantid else None
        try:
            path, others = self._walks.find(known[0].name if known else instrument, run, self._until)
        except InstrumentNotFound:
            if known is None or known[0].name == instrument:
                raise
            path, others = self._walks.find(instrument, run, self._until)
        self._others[path] = others
        return path


def _default_instrument() -> tuple[str, ...]:
    """Return whose runs bare numbers are for Mantid: a person's setting, else the session's."""
    try:
        found = _INSTRUMENT.search((Path.home() / _SETTINGS).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        found = None
    name = found[1] if found else os.environ.get("MANTIDHUB_INSTRUMENT", "").strip()
    return (name,) if name else ()
