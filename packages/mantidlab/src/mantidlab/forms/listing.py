"""Lists of numbers as people write them for Mantid: ``1,3-5``, ``1:9:2``, ``0, 0.1, 20``.

The rules are those of Mantid's ``ArrayProperty`` (Kernel/ArrayProperty): ranges are of whole numbers only, ``a-b`` and
``a:b`` both reach from a to b, ``a:b:s`` and ``a-b:s`` take every s-th.
"""

import re
from collections.abc import Iterator

from mantidlab.forms.spec import Json

_RANGE = re.compile(r"^(?P<first>-?\d+)\s*[-:]\s*(?P<last>-?\d+)(?:\s*:\s*(?P<step>\d+))?$")

_MOST = 10_000_000


class NotAList(Exception):
    """A text is no list of numbers; the message says which part."""


def numbers_of(value: Json, *, whole: bool) -> list[float]:
    """Return the numbers of a list, or of a text that stands for one.

    Parameters
    ----------
    whole
        Whether they must be whole numbers, so that ranges are allowed too.

    Raises
    ------
    NotAList
        Something in it is no number.
    """
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    numbers: list[float] = []
    for part in parts:
        numbers += _number(part, whole=whole) if not isinstance(part, str) else _text(part.strip(), whole=whole)
        if len(numbers) > _MOST:
            raise NotAList(f"{value!r} stands for more than {_MOST} numbers.")
    return numbers


def _number(part: Json, *, whole: bool) -> list[float]:
    if isinstance(part, dict) and "expression" in part:
        return []
    if isinstance(part, bool) or not isinstance(part, (int, float)):
        raise NotAList(f"{part!r} is no number.")
    if whole and not float(part).is_integer():
        raise NotAList(f"{part!r} is no whole number.")
    return [float(part)]


def _text(part: str, *, whole: bool) -> Iterator[float] | list[float]:
    if not part:
        raise NotAList("there is nothing between two commas. Take one out.")
    found = _RANGE.match(part) if whole else None
    if found:
        first, last, step = int(found["first"]), int(found["last"]), int(found["step"] or 1)
        if last < first or not step:
            raise NotAList(f"{part} goes backwards. Write the smaller number first.")
        if (last - first) // step > _MOST:
            raise NotAList(f"{part} stands for more than {_MOST} numbers.")
        return [float(number) for number in range(first, last + 1, step)]
    try:
        number = float(part)
    except ValueError:
        hint = "Write numbers with commas between them" + (", or ranges such as 3-5." if whole else ".")
        raise NotAList(f"{part!r} is no number. {hint}") from None
    return _number(number, whole=whole)
