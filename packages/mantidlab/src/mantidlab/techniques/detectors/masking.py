"""Masks by place, by number, and from files that Mantid reads and writes."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Mask
from mantidlab.techniques.errors import WrongSetting
from mantidlab.techniques.runs import Places

MOST_DETECTORS = 10_000_000
"""More than any instrument has; a range in a file that is longer is a mistake."""


def read_mask(path: Path) -> NDArray[np.int64]:
    """Return the detector numbers of a mask file, as Mantid's ``SaveMask`` and MantidHub's masks write it.

    ``<detids>`` holds numbers and ranges that include both ends: ``1-5,9``.

    Raises
    ------
    WrongSetting
        It is no such file.
    """
    try:
        # A mask file is the user's own, a few hundred bytes of text, and entities are refused below.
        text = path.read_text(encoding="utf-8")
        if "<!ENTITY" in text:
            raise WrongSetting(f"{path} defines entities, which a mask has no need of. Save the mask again.")
        root = ET.fromstring(text)  # noqa: S314 - no entities
    except (OSError, UnicodeDecodeError, ET.ParseError) as error:
        raise WrongSetting(
            f"{path} cannot be read as a mask: {error}. Give an XML file as SaveMask writes it."
        ) from error
    texts = [element.text or "" for element in root.iter("detids")]
    if root.tag != "detector-masking" or not texts:
        raise WrongSetting(f"{path} is XML and no mask: it has no <detids>. Give an XML file as SaveMask writes it.")
    return numbers_in(",".join(texts), str(path))


def numbers_in(text: str, where: str = "the list of detectors") -> NDArray[np.int64]:
    """Return numbers from a text such as ``1-5,9``; negative numbers stand alone."""
    found: list[NDArray[np.int64]] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, dash, last = part[1:].partition("-")
        first = part[0] + first
        try:
            low, high = int(first), int(last) if dash else int(first)
        except ValueError as error:
            raise WrongSetting(f"{where} says {part!r}, which is no detector number or range such as 1-5.") from error
        if not 0 <= high - low < MOST_DETECTORS:
            raise WrongSetting(f"{where} says {part!r}, a range that does not go upwards or is too long.")
        found.append(np.arange(low, high + 1))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def inside_of_detector(places: Places, *, beam_stop: float, outer: float | None, edge: float) -> Mask:
    """Return which detectors are lit: beyond the beam stop, within a radius, not at the detector's edge; shape (n,).

    Parameters
    ----------
    beam_stop, outer
        Radii around the beam on the detector, m; None for no limit outside.
    edge
        Width of the margin that is left out, m, of the rectangle that holds all usable detectors.
    """
    x, y = places.positions[:, 0], places.positions[:, 1]
    radius = np.hypot(x, y)
    with np.errstate(invalid="ignore"):
        lit = places.usable & (radius >= beam_stop)
        if outer is not None:
            lit &= radius <= outer
        if edge > 0 and places.usable.any():
            for values in (x, y):
                low, high = np.nanmin(values[places.usable]), np.nanmax(values[places.usable])
                lit &= (values >= low + edge) & (values <= high - edge)
    return lit


def named(places: Places, numbers: NDArray[np.integer]) -> Mask:
    """Return which detectors have one of these numbers, shape (n,)."""
    return np.isin(places.numbers, numbers)
