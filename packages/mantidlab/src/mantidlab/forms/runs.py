"""Runs as Mantid writes them: ``1234-1240,1250``, ``LOQ74024+74025``; sums stay together, ranges are taken apart.

The syntax is that of Mantid's ``MultipleFileProperty`` (Kernel/MultiFileNameParser): ``,`` between files that are
loaded one by one, ``+`` between those that are summed, ``a:b`` for all from a to b one by one, ``a-b`` for their sum,
and ``:s`` behind it for every s-th.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mantidlab.docs.catalogue import Facility, Instrument
from mantidlab.forms.errors import FormError

_PART = re.compile(
    r"^(?P<instrument>[A-Za-z][A-Za-z0-9_-]*?[A-Za-z]_?|[A-Za-z]+)?0*(?P<first>\d+)"
    r"(?:(?P<how>[:-])(?:[A-Za-z_]+)?(?P<last>\d+)(?::(?P<step>\d+))?)?$"
)

MOST = 5000


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


def known_instrument(name: str, facilities: Sequence[Facility]) -> tuple[Instrument, Facility] | None:
    """Return an instrument by its name or its short one, in any case."""
    wanted = name.casefold()
    for facility in facilities:
        for instrument in facility.instruments:
            if wanted in (instrument.name.casefold(), instrument.short_name.casefold()):
                return instrument, facility
    return None
