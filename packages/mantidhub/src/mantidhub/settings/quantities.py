"""Sizes and durations with their unit, as a person writes them: ``"4 GiB"``, ``"90 s"``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_BYTES = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "kB": 10**3, "MB": 10**6, "GB": 10**9}
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")


def parse_size(text: object) -> int:
    """Read a size with its unit.

    Parameters
    ----------
    text
        A number and one of B, KiB, MiB, GiB, TiB (powers of 1024) or kB, MB, GB (powers of 1000).

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    ValueError
        If the text is not such a size; the message says what is allowed.
    """
    return round(_parse(text, _BYTES, 'a size with its unit, such as "512 MiB" or "4 GiB"'))


def parse_duration(text: object) -> timedelta:
    """Read a duration with its unit: s, min, h or d.

    Raises
    ------
    ValueError
        If the text is not such a duration; the message says what is allowed.
    """
    if isinstance(text, timedelta):
        return text
    return timedelta(seconds=_parse(text, _SECONDS, 'a time with its unit, such as "90 s", "5 min" or "2 h"'))


def parse_duration_or_never(text: object) -> timedelta | None:
    """Read a duration with its unit, or "never", which gives None.

    Raises
    ------
    ValueError
        If the text is neither; the message says what is allowed.
    """
    if text is None or text == "never":
        return None
    try:
        return parse_duration(text)
    except ValueError as error:
        raise ValueError(f'{error}, or "never"') from error


def format_duration(duration: timedelta) -> str:
    """Write a duration with the largest unit that gives a whole number: ``90 min``, ``8 h``."""
    seconds = round(duration.total_seconds())
    unit = next(unit for unit, length in reversed(_SECONDS.items()) if seconds % length == 0)
    return f"{seconds // _SECONDS[unit]} {unit}"


def format_size(size: int) -> str:
    """Write bytes with the largest unit that keeps the number at least 1, to three figures."""
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        if size >= _BYTES[unit]:
            number = size / _BYTES[unit]
            return f"{number:.0f} {unit}" if number >= 1000 else f"{number:.3g} {unit}"
    return f"{size} B"


def _parse(text: object, units: dict[str, int], allowed: str) -> float:
    found = _QUANTITY.fullmatch(text) if isinstance(text, str) else None
    if found is None or found[2] not in units or float(found[1]) <= 0:
        raise ValueError(f"allowed is {allowed}")
    quantity = float(found[1]) * units[found[2]]
    if quantity > 1000 * max(units.values()):
        raise ValueError(f"allowed is {allowed}, of at most 1000 {max(units, key=lambda unit: units[unit])}")
    return quantity


Size = Annotated[int, BeforeValidator(parse_size), PlainSerializer(lambda size: f"{size} B", return_type=str)]
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(lambda duration: f"{duration.total_seconds():g} s", return_type=str),
]
DurationOrNever = Annotated[
    timedelta | None,
    BeforeValidator(parse_duration_or_never),
    PlainSerializer(
        lambda duration: "never" if duration is None else f"{duration.total_seconds():g} s", return_type=str
    ),
]
