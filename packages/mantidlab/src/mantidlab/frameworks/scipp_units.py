"""Units of scipp as people write them, products of several units too.

scipp's own text of a unit that its library has no name for is a number and what is left:
``2777777777777.77783counts/mC`` for counts per µAh and Å. Such a unit is looked for among products of what this field
measures in; where none is it, its number is written short.
"""

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, product
from typing import Any

from mantidlab.frameworks.units import written

FACTORS = ("angstrom", "us", "meV", "uA*hour", "cm", "K", "deg", "rad", "s", "m")
"""What products are looked for of, the likeliest first."""
MOST = 3
STRANGE = re.compile(r"(?!1/)\d|[A-Zµ]counts")
"""A number in front, or mega-counts."""
MICRO = re.compile(r"\bu(?=(?:Ah|A|s|eV|m)\b)")
POWERS = (-1, 1, -2, 2)
CLOSE = 1e-9

Powers = tuple[tuple[str, int], ...]


def spelled(unit: Any, make: Any) -> str:
    """Return a unit as people write it.

    Parameters
    ----------
    unit
        Of scipp.
    make
        Its class, which makes one of a text.
    """
    text = MICRO.sub("µ", str(unit))
    if not STRANGE.match(text):
        return written(text)
    found = unit.to_dict()
    multiplier, powers = float(found.get("multiplier", 1.0)), _key(found.get("powers", {}))
    likely = _spelled(multiplier, powers, make)
    if likely or not text[0].isdigit():
        return likely or written(text)
    return _fraction(powers) if multiplier == 1 else f"{multiplier:.3g} {_fraction(powers)}"


@cache
def _spelled(multiplier: float, powers: Powers, make: Any) -> str:
    counts = dict(powers).get("counts", 0)
    wanted = dict(powers)
    wanted.pop("counts", None)
    for names, exponents in _products():
        factor, dims = 1.0, dict[str, int]()
        for name, exponent in zip(names, exponents, strict=True):
            size, parts = _factor(name, make)
            factor *= size**exponent
            for dim, power in parts:
                dims[dim] = dims.get(dim, 0) + power * exponent
        if {dim: power for dim, power in dims.items() if power} == wanted and math.isclose(
            factor, multiplier, rel_tol=CLOSE
        ):
            return _fraction([("counts", counts), *zip(map(written, names), exponents, strict=True)])
    return ""


def _products() -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    for count in range(1, MOST + 1):
        for names in combinations(FACTORS, count):
            for exponents in product(POWERS, repeat=count):
                yield names, exponents


@cache
def _factor(name: str, make: Any) -> tuple[float, Powers]:
    found = make(name).to_dict()
    return float(found.get("multiplier", 1.0)), _key(found.get("powers", {}))


def _key(powers: Mapping[str, int]) -> Powers:
    return tuple(sorted((name, int(power)) for name, power in powers.items()))


def _fraction(parts: Any) -> str:
    """Return ``counts/(µAh Å)``."""
    named = [(NAMES.get(name, name), power) for name, power in parts if power]
    above = " ".join(_power(name, power) for name, power in named if power > 0) or "1"
    below = [_power(name, -power) for name, power in named if power < 0]
    if not below:
        return above
    return f"{above}/{below[0]}" if len(below) == 1 else f"{above}/({' '.join(below)})"


NAMES = {"uA*hour": "µAh"}
RAISED = {1: "", 2: "²", 3: "³"}


def _power(name: str, power: int) -> str:
    return f"{name}{RAISED.get(power, f'^{power}')}"
