"""Reads where a figure came from out of its file."""

import re
from os import PathLike
from pathlib import Path

from mantidlab.plots.publication.errors import NoProvenance
from mantidlab.plots.publication.provenance import Provenance
from mantidlab.plots.publication.saving import PNG_KEY


def provenance_of(file: str | PathLike[str]) -> Provenance:
    """Return what ``save_figure`` stored in a file.

    Parameters
    ----------
    file
        An SVG, PDF or PNG file. Its content decides which, not its name.

    Raises
    ------
    NoProvenance
        It cannot be read, or has none: another program wrote it, or wrote it anew.
    """
    path = Path(file)
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise NoProvenance(f"{path} cannot be read: {problem.strerror}.") from problem
    if content.startswith(b"\x89PNG"):
        text = _from_png(path)
    elif content.startswith(b"%PDF"):
        text = _from_pdf(content)
    else:
        text = _from_svg(content)
    if not text:
        raise NoProvenance(
            f"{path.name} does not say where its figure came from: it was not saved with save_figure, or another "
            "program has written it anew without that."
        )
    return Provenance.from_json(text)


def _from_png(path: Path) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            image.load()  # chunks may stand behind the pixels
            return str(image.info.get(PNG_KEY, ""))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        raise NoProvenance(f"{path.name} is damaged: {problem}.") from problem


def _from_svg(content: bytes) -> str:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError):
        return ""
    return next((each.text or "" for each in root.iter("{http://purl.org/dc/elements/1.1/}source")), "")


def _from_pdf(content: bytes) -> str:
    """Return the document's keywords, which matplotlib writes as a plain string object (PDF 32000-1:2008, 7.3.4)."""
    found = re.search(rb"/Keywords\s*(?:<([0-9A-Fa-f\s]*)>|\(((?:[^\\()]|\\.)*)\))", content, re.DOTALL)
    if not found:
        return ""
    digits, literal = found.groups()
    raw = bytes.fromhex(digits.decode("ascii")) if digits is not None else _unescaped(literal)
    try:
        return raw[2:].decode("utf-16-be") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")
    except UnicodeDecodeError:
        return ""


ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}


def _unescaped(literal: bytes) -> bytes:
    def sign(found: re.Match[bytes]) -> bytes:
        escape = found[1]
        return bytes([int(escape, 8) & 0xFF]) if escape.isdigit() else ESCAPES.get(escape, escape)

    return re.sub(rb"\\([0-7]{1,3}|.)", sign, literal, flags=re.DOTALL)
