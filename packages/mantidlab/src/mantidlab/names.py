"""Names of things: whether Python takes one as it stands, and how several stand in a sentence."""

from collections.abc import Iterable
from keyword import iskeyword


def is_name(text: str) -> bool:
    """Return whether a text can be the name of a variable or an argument; ``CD-Distance`` and ``lambda`` cannot."""
    return text.isidentifier() and not iskeyword(text)


def some_of(names: Iterable[str], most: int) -> str:
    """Return names with commas between; of more than `most` the first ones, and how many there are besides."""
    listed = list(names)
    shown = ", ".join(listed[:most])
    return f"{shown} and {len(listed) - most} more" if len(listed) > most else shown
