"""Which field the column of somebody else's table means: ``Sample``, ``Q bins``, ``SETTINGS.Q_BINS``, ``Angle [°]``."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mantidlab.interfaces.errors import BatchRefused

OURS = ("row", "status", "message", "seconds", "folder")
"""Columns that a table of results has before those of the fields: how a row went."""

RESULT = "result."
"""Before the names of its columns with what came out."""

CLOSE = 0.8
"""A title that is so like the name of a field was meant to be it."""

_UNIT = re.compile(r"\s*[\[(][^\])]*[\])]\s*$")


@dataclass(frozen=True)
class Matching:
    """The columns of a table.

    Attributes
    ----------
    fields
        By the title of a column.
    kept
        Titles of columns that are no fields: they stay in the table, and nothing is done with them.
    remark
        What a person should know of it, in one sentence; empty where every column is called as its field.
    """

    fields: Mapping[str, str]
    kept: tuple[str, ...]
    remark: str


def match_columns(titles: Iterable[str], known: Mapping[str, Iterable[str]]) -> Matching:
    """Find the fields of columns.

    Parameters
    ----------
    known
        The names of fields, each with what people call it besides.

    Raises
    ------
    BatchRefused
        No column is a field, two are the same one, or a title is nearly the name of one and not quite.
    """
    calls = _calls(known)
    fields: dict[str, str] = {}
    kept: list[str] = []
    for title in titles:
        if is_ours(title):
            continue
        field = title if title in known or title.partition(".")[0] in known else calls.get(_plain(title))
        if field is None:
            _refuse_a_slip(title, calls)
            kept.append(title)
        elif field in fields.values():
            other = next(one for one, taken in fields.items() if taken == field)
            raise BatchRefused(
                f"The columns {other!r} and {title!r} are both the field {field}. Leave one of them out."
            )
        else:
            fields[title] = field
    if not fields:
        raise BatchRefused(f"No column is a field: {_listed(kept)}. Fields are {', '.join(sorted(known))}.")
    return Matching(fields, tuple(kept), _remark(fields, kept))


def is_ours(title: str) -> bool:
    """Say whether a column is one that a table of results has of itself."""
    return title in OURS or title.startswith(RESULT)


def _calls(known: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return fields by what people may call them; what would mean two means none."""
    found: dict[str, set[str]] = {}
    for name, others in known.items():
        for call in (name, name.rpartition(".")[2], *others):
            found.setdefault(_plain(call), set()).add(name)
    whole = {_plain(name): name for name in known}
    return {call: names.pop() for call, names in found.items() if len(names) == 1} | whole


def _plain(title: str) -> str:
    return re.sub(r"[\s_-]+", "", _UNIT.sub("", title)).casefold()


def _refuse_a_slip(title: str, calls: Mapping[str, str]) -> None:
    close = difflib.get_close_matches(_plain(title), calls, n=1, cutoff=CLOSE)
    if close:
        raise BatchRefused(
            f"The table has the column {title!r}, which is no field. Did you mean {calls[close[0]]}? If not, give the "
            "column a name that is less like it."
        )


def _remark(fields: Mapping[str, str], kept: list[str]) -> str:
    renamed = [f"{title!r} is {field}" for title, field in fields.items() if title != field]
    parts = [", ".join(renamed)] if renamed else []
    if kept:
        one = len(kept) == 1
        parts.append(f"{_listed(kept)} {'is no field and stays' if one else 'are no fields and stay'} as a remark")
    return f"Columns of the table: {'; '.join(parts)}." if parts else ""


def _listed(titles: Iterable[str]) -> str:
    return ", ".join(map(repr, titles)) or "there is none"
