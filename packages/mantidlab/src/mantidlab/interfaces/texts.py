"""Texts of tables and command lines as values: how they are read where a text alone does not fit."""

import ast
import re
from typing import Any

LONGEST_RANGE = 1000
"""How many whole numbers ``1001-1005`` may stand for; more is a mistake."""


def as_literal(text: str) -> Any:
    """Read a text as Python writes values: ``(2, 14)``, ``2, 14``, ``None``, ``{"a": 1}``; any other stays as it is."""
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def as_list(text: str) -> list[Any]:
    """Read a text as a list: ``1001``, ``1001, SANS2D1003``, ``1001-1005``."""
    found: list[Any] = []
    for part in (part.strip() for part in text.strip("[]() ").split(",")):
        numbers = re.fullmatch(r"(\d+)\s*-\s*(\d+)", part)
        if numbers and 0 <= int(numbers[2]) - int(numbers[1]) < LONGEST_RANGE:
            found += range(int(numbers[1]), int(numbers[2]) + 1)
        elif part:
            found.append(as_literal(part))
    return found


def as_decimal(text: str) -> Any:
    """Read a number with a decimal comma, ``0,25``; ``1,000`` may be a thousand and stays a text."""
    comma = re.fullmatch(r"\s*([-+]?\d*),(\d+(?:[eE][-+]?\d+)?)\s*", text)
    if comma is None or re.fullmatch(r"\s*[-+]?[1-9]\d{0,2},\d{3}\s*", text):
        return text
    return float(f"{comma[1]}.{comma[2]}")


READINGS = (as_literal, as_list, as_decimal)
"""In this order, for each field that does not fit as it is."""
