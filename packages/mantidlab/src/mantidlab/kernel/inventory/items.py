"""What panels are told of one thing that a kernel holds."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Item:
    """One variable, workspace or member of a group.

    Attributes
    ----------
    name
        Unlike that of any other: the variable, the name in Mantid's list, or for a member what Python reads as it
        (``group["up"]``).
    label
        For a person: the last part of the name.
    variable
        The notebook's variable that holds it; None for a workspace that none does.
    framework
        ``scipp``, ``mantid``, ``numpy``, ``nexus``, ``mantidlab``.
    kind
        One of `mantidlab.frameworks.model.Kind`.
    type
        The framework's own word.
    shape, dims, unit
        As in `mantidlab.frameworks.model.Summary`.
    axes_units
        For each of `dims`, empty where there is none or nobody knows yet.
    memory
        Bytes; None where nobody knows. What two things share is counted for both.
    members
        Names of the members, for a group.
    parent
        Name of the group that it belongs to; None for none.
    events
        How many; None for what holds none.
    sparkline
        At most 48 numbers that show the course of the values, None where one is no number; empty where there is none.
    fresh
        Grows with each change of any item: the larger, the later it changed.
    known
        Whether the rest has been read; False while a cell runs, for workspaces of Mantid of which only the name is
        known until it ends.
    """

    name: str
    label: str
    framework: str
    kind: str
    type: str = ""
    variable: str | None = None
    shape: tuple[int, ...] = ()
    dims: tuple[str, ...] = ()
    unit: str = ""
    axes_units: tuple[str, ...] = ()
    memory: int | None = None
    members: tuple[str, ...] = ()
    parent: str | None = None
    events: int | None = None
    title: str = ""
    instrument: str = ""
    sparkline: tuple[float | None, ...] = ()
    fresh: int = 0
    known: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return vars(self).copy()
