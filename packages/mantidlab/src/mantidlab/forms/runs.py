"""Files by run number: ``1234-1240,1250``, ``LOQ74024+74025``; sums stay together, ranges are taken apart.

The syntax is that of Mantid's ``MultipleFileProperty`` (Kernel/MultiFileNameParser): ``,`` between files that are
loaded one by one, ``+`` between those that are summed, ``a:b`` for all from a to b one by one, ``a-b`` for their sum,
and ``:s`` behind it for every s-th.
"""

import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mantidlab.archive import ArchiveError, archive_folder, list_instruments, list_runs
from mantidlab.docs.catalogue import Facility, Instrument
from mantidlab.forms.errors import FormError

_PART = re.compile(
    r"^(?P<instrument>[A-Za-z][A-Za-z0-9_-]*?[A-Za-z]_?|[A-Za-z]+)?0*(?P<first>\d+)"
    r"(?:(?P<how>[:-])(?:[A-Za-z_]+)?(?P<last>\d+)(?::(?P<step>\d+))?)?$"
)

MOST = 5000

KEPT_FOR, ASKED_AGAIN_AFTER = 60.0, 5.0
"""Seconds: what an archive holds is kept, and how old it may be when a run is not in it."""


class NoRuns(FormError):
    """A text names no runs."""


@dataclass(frozen=True)
class Run:
    """One run: the instrument as it was written (empty: not), and the number."""

    instrument: str
    number: int


def parse_runs(text: str) -> tuple[tuple[Run, ...], ...]:
    """Return the runs that a text names: groups whose members are summed, in their order.

    Parameters
    ----------
    text
        ``1234-1240`` is one group, ``1234:1240`` seven; an instrument stands for those behind it too.

    Raises
    ------
    NoRuns
        Something in it is no run.
    """
    groups: list[tuple[Run, ...]] = []
    instrument = ""
    for part in text.split(","):
        summed: list[Run] = []
        for piece in part.split("+"):
            instrument, runs, apart = _piece(piece.strip(), instrument)
            if apart and "+" not in part:
                groups += [(run,) for run in runs]
            else:
                summed += runs
        if summed:
            groups.append(tuple(summed))
        if sum(map(len, groups)) > MOST:
            raise NoRuns(f"{text!r} names more than {MOST} runs.")
    return tuple(groups)


def _piece(piece: str, before: str) -> tuple[str, list[Run], bool]:
    found = _PART.match(piece)
    if found is None:
        what = repr(piece) if piece else "An empty part"
        raise NoRuns(f"{what} is no run. Write numbers such as 1234, 1234:1240 (one by one) or 1234-1240 (summed).")
    instrument = (found["instrument"] or before).rstrip("_")
    first, last, step = int(found["first"]), int(found["last"] or found["first"]), int(found["step"] or 1)
    if last < first or not step:
        raise NoRuns(f"{piece} goes backwards. Write the smaller number first.")
    if last - first > MOST * step:
        raise NoRuns(f"{piece} names more than {MOST} runs.")
    return instrument, [Run(instrument, number) for number in range(first, last + 1, step)], found["how"] == ":"


def file_name(instrument: Instrument, facility: Facility, number: int) -> str:
    """Return how a facility names the file of a run."""
    digits = str(number).zfill(instrument.zero_padding)
    return f"{instrument.file_prefix}{instrument.delimiter}{digits}{facility.preferred_extension}"


def known_instrument(name: str, facilities: Sequence[Facility]) -> tuple[Instrument, Facility] | None:
    """Return an instrument by its name or its short one, in any case."""
    wanted = name.casefold()
    for facility in facilities:
        for instrument in facility.instruments:
            if wanted in (instrument.name.casefold(), instrument.short_name.casefold()):
                return instrument, facility
    return None


def describe_runs(text: str, instrument: str, facilities: Sequence[Facility]) -> Mapping[str, Any]:
    """Return the files that a text names, as far as the session's archive and the facilities' rules tell.

    Parameters
    ----------
    instrument
        Of numbers without one.

    Returns
    -------
    dict
        ``groups``: lists of ``{run, instrument, name, path}``, summed within a list, ``path`` null where the archive
        has none; ``mantid``: the text as Mantid reads it; ``missing``: a sentence, or null.

    Raises
    ------
    NoRuns
        Something in the text is no run.
    """
    groups = parse_runs(text)
    named = [[Run(run.instrument or instrument, run.number) for run in group] for group in groups]
    archive = _Archive()
    described = [[_described(run, facilities, archive) for run in group] for group in named]
    lacking = [one["name"] for group in described for one in group if one["path"] is None]
    prefix = "" if groups and groups[0][0].instrument else instrument
    return {
        "groups": described,
        "mantid": f"{prefix}{text.strip()}",
        "missing": archive.sentence(lacking),
        "instruments": archive.instruments(),
    }


def _described(run: Run, facilities: Sequence[Facility], archive: "_Archive") -> dict[str, Any]:
    known = known_instrument(run.instrument, facilities)
    path = archive.find(known[0].name if known else run.instrument, run.number) or archive.find(
        run.instrument, run.number
    )
    name = file_name(*known, run.number) if known else f"{run.instrument}{run.number}"
    return {
        "run": run.number,
        "instrument": run.instrument,
        "name": path.rpartition("/")[2] if path else name,
        "path": path,
    }


class _Archive:
    """The session's archive.

    An instrument with 50,000 files takes 2 s to walk through, and a person types a run number in less: what was found
    is kept for a while, and looked for again when a run is not there.
    """

    _kept: ClassVar[dict[str, tuple[float, Mapping[int, str]]]] = {}

    def find(self, instrument: str, number: int) -> str | None:
        """Return the path of a run's file; None where there is none."""
        read_at, runs = self._kept.get(instrument, (-math.inf, {}))
        age = time.monotonic() - read_at
        if age > KEPT_FOR or (number not in runs and age > ASKED_AGAIN_AFTER):
            runs = self._read(instrument)
        return runs.get(number)

    def _read(self, instrument: str) -> Mapping[int, str]:
        try:
            runs = {run.number: str(run.path) for run in list_runs(instrument)}
        except ArchiveError:
            runs = {}
        self._kept[instrument] = time.monotonic(), runs
        return runs

    def instruments(self) -> list[str]:
        """Return the instruments that have a folder."""
        try:
            return list_instruments()
        except ArchiveError:
            return []

    def sentence(self, lacking: Sequence[str]) -> str | None:
        """Say which files are not there."""
        if not lacking:
            return None
        try:
            where = f"in {archive_folder()}"
        except ArchiveError as problem:
            return str(problem)
        shown = ", ".join(lacking[:5]) + (f" and {len(lacking) - 5} more" if len(lacking) > 5 else "")
        return f"{shown} {'is' if len(lacking) == 1 else 'are'} not {where}."
