"""Texts that Mantid holds as bytes of whatever encoding the file had that they came from."""

from collections.abc import Callable


def text(read: Callable[[], object]) -> str:
    """Return a text of Mantid; where it is not UTF-8 (``°`` or ``Å`` in a title of an old file), as Latin-1.

    Mantid hands its texts to Python as UTF-8, and raises where they are not.
    """
    try:
        return str(read())
    except UnicodeDecodeError as error:
        return error.object.decode("latin-1")
