"""Names of properties that a call gives and the function does not have, with the nearest right ones."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mantidlab.docs.catalogue import Algorithm, PythonObject
from mantidlab.docs.looking.names import Meant
from mantidlab.docs.looking.tokens import CallSite
from mantidlab.docs.search.words import distances

ALWAYS = frozenset({"Version", "EnableLogging", "StoreInADS", "startProgress", "endProgress"})
"""What every function of ``mantid.simpleapi`` takes besides the properties of its algorithm."""

_MOST_OFFERS = 3


@dataclass(frozen=True)
class Problem:
    """A name that is wrong: where it stands, in characters, and what may be meant instead, the likeliest first."""

    start: int
    end: int
    name: str
    message: str
    offers: tuple[str, ...]


def problems_of(call: CallSite, meant: Meant) -> Iterator[Problem]:
    """Return the wrong names of a call; nothing where any name may be right."""
    allowed = names_allowed(meant)
    if allowed is None or not meant.sure:
        return
    word = "property" if isinstance(meant.called, Algorithm) else "argument"
    folded = {name.casefold() for name in allowed}
    for argument in call.arguments:
        token = argument.keyword
        if token is None or token.text in allowed:
            continue
        if word == "property" and token.text.casefold() in folded:
            continue  # Mantid does not look at capitals
        offers = nearest(token.text, allowed)
        instead = f" Did you mean {_either(offers)}?" if offers else ""
        message = f"{call.parts[-1]} has no {word} {token.text}.{instead}"
        yield Problem(token.start, token.end, token.text, message, offers)


def names_allowed(meant: Meant) -> tuple[str, ...] | None:
    """Return the names that a call may use; None where nobody knows before it runs."""
    called = meant.called
    if isinstance(called, Algorithm):
        if "**" in called.signature or not called.properties:
            return None  # Load, Fit: more properties appear when the first are set
        return (*(prop.name for prop in called.properties), *sorted(ALWAYS))
    return _of_object(called)


def _of_object(called: PythonObject) -> tuple[str, ...] | None:
    if called.kind not in ("function", "class") or not called.arguments:
        return None
    if any(one.kind.endswith("list") for one in called.arguments) or "**" in called.signature:
        return None
    named = tuple(one.name for one in called.arguments if one.kind != "positional")
    if "\n" not in called.signature:
        return named
    # Of several signatures the catalogue has the arguments of one.
    return tuple(dict.fromkeys((*named, *re.findall(r"(\w+)\s*[:=,)]", called.signature))))


def nearest(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that are most like one, at most three."""
    typed = name.casefold()
    allowed = max(1, min(4, len(typed) // 3))
    scored = []
    for place, one in enumerate(names):
        whole, begun = distances(typed, one.casefold())
        within = len(typed) > 2 and typed in one.casefold()
        if whole <= allowed or within or (begun == 0 and len(typed) > 2):
            scored.append((whole - 2 * within, place, one))
    return tuple(one for _, _, one in sorted(scored)[:_MOST_OFFERS])


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
