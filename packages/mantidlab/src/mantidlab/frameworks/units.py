"""Units as people write them, from what Mantid and scipp call them: ``µs``, ``Å``, ``1/Å``, ``cm⁻¹`` as ``1/cm``."""

import re
import unicodedata

# Mantid's plain spellings (its ``UnitLabel.ascii``), which its tables, logs and multi-dimensional workspaces use.
PLAIN = {
    "angstrom": "Å",
    "ang": "Å",
    "a": "Å",
    "microsecond": "µs",
    "microseconds": "µs",
    "us": "µs",
    "usec": "µs",
    "degrees": "°",
    "degree": "°",
    "deg": "°",
    "dimensionless": "",
    "none": "",
    "uah": "µAh",
}
POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
INVERSE = re.compile(r"^(?P<base>[^\d\s/*·^⁻()]+)⁻(?P<power>[¹²³⁴⁵⁶⁷⁸⁹])$")


def written(unit: str) -> str:
    """Return a unit as a person would write it.

    One sign for each letter: Mantid's µ is a Greek letter and one of its Å is the Ångström sign, which look the same
    and do not compare equal.
    """
    # NFC makes the Ångström sign the letter Å; the two kinds of µ it leaves alone.
    text = unicodedata.normalize("NFC", unit.strip()).replace("μ", "µ")
    text = re.sub(r"\^(?:\((-?\d+)\)|(-?\d+))", lambda found: (found[1] or found[2]).translate(POWERS), text)
    base, sign, power = text.partition("⁻")
    text = PLAIN.get(base.lower(), base) + sign + power
    inverse = INVERSE.match(text)
    if inverse is None:
        return text
    power = inverse["power"]
    return f"1/{inverse['base']}{'' if power == '¹' else power}"
