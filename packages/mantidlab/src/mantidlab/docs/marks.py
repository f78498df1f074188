"""Texts of docstrings without the marks of rst, for lists and titles that show a line of them."""

import re

_NAMED = re.compile(r":[\w:+-]+:`~?([^`<]*?)(?:\s*<[^>]*>)?`")
_QUOTED = re.compile(r"``?([^`]*)``?_?_?")


def without_marks(text: str) -> str:
    """Return a text in which roles and quotes of rst are what they show: ``:func:`~scipp.bin``` is ``scipp.bin``."""
    return _QUOTED.sub(r"\1", _NAMED.sub(r"\1", text))
