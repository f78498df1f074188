"""What Mantid's own validators say of the values of an algorithm that never runs."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mantidlab.frameworks.mantid_algorithm_calls import AlgorithmUnderTest

# "Invalid value for property Target (string) "bad": When setting value of property "Target": The value "bad" is not …"
_REASON = re.compile(r'When setting value of property "[^"]*":\s*(?P<reason>.*)', re.DOTALL)
_INVALID = re.compile(r"^Invalid value for property (?P<name>\S+) \([^)]*\)(?: from string)?(?P<rest>.*)", re.DOTALL)


def objections(
    algorithm: AlgorithmUnderTest, values: Mapping[str, Any], judged: Iterable[str], *, whole: bool
) -> dict[str, str]:
    """Return what Mantid says against values, by property.

    Parameters
    ----------
    algorithm
        A fresh one, which was not initialised.
    values
        As Python would give them.
    judged
        The properties whose values are looked at, given or not: that one is missing is an objection too.
    whole
        Whether these are all values of the call, so that they can be looked at together.
    """
    algorithm.initialize()
    found: dict[str, str] = {}
    for name, value in values.items():
        try:
            algorithm.setProperty(name, value)
        except (ValueError, TypeError, RuntimeError, OverflowError) as refusal:  # the last: no number of that size
            found[name] = _sentence(name, refusal)
    for name in judged:
        objection = "" if name in found else str(algorithm.getProperty(name).isValid)
        if objection:
            found[name] = _said(name, objection)
    if whole and not found:
        for name, text in dict(algorithm.validateInputs()).items():
            found[str(name)] = _said(str(name), str(text))
    return found


def _sentence(name: str, refusal: Exception) -> str:
    text = str(refusal)
    reason = _REASON.search(text)
    if reason:
        return _said(name, reason["reason"])
    invalid = _INVALID.match(text)
    return _said(name, invalid["rest"].lstrip(' :"') if invalid and invalid["rest"].strip() else text)


def _said(name: str, text: str) -> str:
    words = " ".join(text.split())
    return f"{name}: {words}" + ("" if words.endswith((".", "!", "?")) else ".")
