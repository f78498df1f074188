"""What is in a group, however deep: which of it can be drawn, which matters most, and what is left out.

A whole entry of a NeXus file as scippnexus loads it has dozens of members: counts, monitors, logs, tables of the
electronics, and groups with nothing in them. One of them is what people want to see; the others must not stand in its
way, and must not be passed over in silence.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from mantidlab.frameworks.model import DataObject, FrameworkError, Kind, Summary
from mantidlab.names import some_of

DEEPEST = 8
SHOWN = 6
"""How many names a sentence lists."""

_DRAWN = (Kind.SPECTRA, Kind.EVENTS, Kind.IMAGE)


@dataclass(frozen=True, eq=False)
class Member:
    """One object in a group; its name says the way to it: ``instrument/detector_1/counts``."""

    name: str
    data: DataObject
    summary: Summary

    @property
    def size(self) -> int:
        """How many numbers or events."""
        return max(math.prod(self.summary.shape), self.summary.events or 0)

    @property
    def sort(self) -> tuple[str, str]:
        """What it is along and of: what has the same can be compared."""
        return (self.summary.dims[-1] if self.summary.dims else "", self.summary.unit)


def members_of(group: DataObject) -> tuple[list[Member], list[str]]:
    """Return what can be drawn of a group, and the names of what cannot: empty groups, tables, single values."""
    drawn: list[Member] = []
    others: list[str] = []
    for name, member in _walked(group, "", 0):
        fits = member is not None and member.summary.kind in _DRAWN and member.size > 1 and bool(member.summary.shape)
        if fits and member is not None:
            drawn.append(member)
        else:
            others.append(name)
    return drawn, others


def _walked(group: DataObject, way: str, depth: int) -> Iterator[tuple[str, Member | None]]:
    try:
        members = group.members()
    except FrameworkError:
        members = {}
    if not members and way:
        yield way.rstrip("/"), None
    for name in members:
        path = f"{way}{name}"
        try:
            data = members[name]
            summary = data.summary()
        except FrameworkError:
            yield path, None
            continue
        if summary.kind is Kind.GROUP and depth < DEEPEST and summary.type != "Dataset":
            yield from _walked(data, f"{path}/", depth + 1)
        else:
            yield path, Member(path, data, summary)


def main_of(members: list[Member]) -> Member:
    """Return what matters most: the largest that is no log over time."""
    return max(members, key=lambda member: (member.sort[0] != "time", member.size))


def left_out(shown: list[Member], members: list[Member], others: list[str], called: str) -> str:
    """Say what is shown of a group, and what is not."""
    names = [member.name for member in members if member not in shown] + others
    if not names:
        return ""
    what = ", ".join(member.name for member in shown[:SHOWN])
    return f"Shown: {what} of {called}. Left out: {some_of(names, SHOWN)}; part=… shows one of those that hold data."


def member_called(group: DataObject, part: str) -> DataObject | None:
    """Return a member by its name or the way to it; None where there is none."""
    found: DataObject = group
    for name in [part] if part in _names(group) else part.split("/"):
        if name not in _names(found):
            return None
        found = found.members()[name]
    return found


def _names(group: DataObject) -> list[str]:
    try:
        return list(group.members())
    except FrameworkError:
        return []
