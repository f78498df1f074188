"""Whatever a person gives to a plot, as named data objects: workspaces, scipp's objects, files, arrays, lists, dicts.

Nothing is read or copied here. `slices` and `instrument` take their data through the same door.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import Any

import numpy as np

from mantidlab.frameworks import as_data_object, nexus
from mantidlab.frameworks.model import DataObject, FrameworkError, Histogram, Kind, Log, NotThere, Table
from mantidlab.names import some_of
from mantidlab.plots.arrays import ArraysObject, HistogramObject, LogObject, TableOnly
from mantidlab.plots.errors import NotPlottable, WrongArgument
from mantidlab.plots.members import Member, left_out, main_of, member_called, members_of

MOST_MEMBERS = 64
"""Members of a group that are drawn without asking; more are a mistake more often than a wish."""


@dataclass(frozen=True, eq=False)
class Source:
    """One data object that something is drawn of.

    Attributes
    ----------
    name
        For the legend: what the person calls it, else what it calls itself.
    note
        What the person should know of how it was read: which part of a file.
    siblings
        What was measured beside it, by name: the other parts of a file, its monitors among them.
    close
        Closes the file, if it was opened here; its parts cannot be read any more then.
    """

    name: str
    data: DataObject
    note: str = ""
    siblings: Mapping[str, DataObject] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None


def sources_of(*things: Any, part: str = "") -> list[Source]:
    """Return the data objects in what a person gave, in order.

    Parameters
    ----------
    things
        Each a workspace's name, a workspace, a variable, data array, dataset or data group of scipp, the path of a
        NeXus file, a data object, a `Histogram`, `Table` or `Log` of the data model, an array y, a tuple (x, y) or
        (x, y, errors), or a list or dict of those.
    part
        Of a file or group with several: the name of the one that is meant.

    Raises
    ------
    NotPlottable
        Something of it is nothing that could be drawn.
    """
    found = [source for thing in things for source in _opened(thing, "", part)]
    if not found:
        raise NotPlottable("There is nothing to plot: the call was given no data.")
    return found


def _opened(thing: Any, name: str, part: str) -> Iterator[Source]:
    if isinstance(thing, Source):
        yield thing
    elif isinstance(thing, Mapping) and not _of_scipp(thing):
        for key, value in thing.items():
            yield from _opened(value, str(key), part)
    elif isinstance(thing, list) and not _numeric(thing):
        for item in thing:
            yield from _opened(item, name, part)
    elif isinstance(thing, Histogram):
        yield Source(name or thing.name or "histogram", HistogramObject(thing, name or thing.name))
    elif isinstance(thing, Log):
        yield Source(name or thing.name, LogObject(thing))
    elif isinstance(thing, Table):
        yield Source(name or "table", TableOnly(thing, name or "table"))
    elif isinstance(thing, np.ndarray | tuple | list):
        yield Source(name or "data", ArraysObject.of(thing, name or "data"))
    elif isinstance(thing, str | PathLike):
        yield from _from_name(thing, name, part)
    else:
        yield from _parts(_data_object(thing, name), name, part)


def _from_name(thing: str | PathLike[str], name: str, part: str) -> Iterator[Source]:
    """Open a workspace, or a file, which whoever has read all that is needed of it may close."""
    data = as_data_object(thing, name)
    for source in _parts(data, name, part):
        yield replace(source, close=data.close) if isinstance(data, nexus.NexusFile) else source


def _of_scipp(thing: Any) -> bool:
    return type(thing).__module__.partition(".")[0] == "scipp"


def _numeric(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, int | float | np.number) for item in items)


def _data_object(thing: Any, name: str) -> DataObject:
    try:
        found: DataObject = as_data_object(thing, name)
    except NotThere as error:
        if hasattr(thing, "__array__"):  # of another library: its numbers can be drawn
            return ArraysObject.of(thing, name or "data")
        raise NotPlottable(
            f"What was given ({type(thing).__name__}) cannot be plotted. Give a workspace or its name, a scipp "
            "object, the path of a NeXus file, an array y, a tuple (x, y) or (x, y, errors), or lists of those."
        ) from error
    return found


def _parts(data: DataObject, name: str, part: str) -> Iterator[Source]:
    """Open groups: files with one part that matters most, groups of workspaces with all of them."""
    summary = data.summary()
    called = name or summary.name
    if part:
        found = _member(data, called, part)
        if found.summary().kind is Kind.GROUP and found.summary().framework == "scipp":
            yield from _comparable(found, f"{called}: {part}")
        else:
            yield Source(f"{called}: {part}", found, "", data.members())
    elif summary.kind is not Kind.GROUP:
        yield Source(called, data)
    elif summary.framework == "nexus":
        yield _main_part(data, called)
    elif summary.framework == "scipp":
        yield from _comparable(data, called)
    else:
        yield from _members(data, called)


def _member(data: DataObject, called: str, part: str) -> DataObject:
    found = member_called(data, part)
    if found is None:
        try:
            there = ", ".join(list(data.members())[:12])
        except NotThere:
            there = ""
        raise WrongArgument(f"{called} has no part {part!r}. Parts: {there or 'it has no parts'}.")
    return found


def _main_part(data: DataObject, called: str) -> Source:
    members = data.members()
    first = next(iter(members))
    others = [member for member in members if member != first]
    note = f"Shown: {first} of {called}, which also has {some_of(others, 6)} (part=…)."
    return Source(f"{called}: {first}", members[first], note, members)


def _comparable(data: DataObject, called: str) -> Iterator[Source]:
    """Return what can be drawn together of a group of scipp: all of it, or what matters most and is alike."""
    members, others = members_of(data)
    if not members:
        names = ", ".join(others[:8]) or "nothing"
        raise NotPlottable(f"{called} holds {names}: nothing that can be drawn.")
    if data.summary().type == "Dataset":
        yield from (Source(member.name, member.data) for member in members)
        return
    shown = _alike(members)
    if len(shown) > MOST_MEMBERS:
        raise NotPlottable(
            f"{called} holds {len(shown)} objects, more than the {MOST_MEMBERS} that are drawn at once. Name "
            "those you mean: plot([group[name] for name in …]), or part=…."
        )
    note = left_out(shown, members, others, called)
    for member in shown:
        yield Source(member.name, member.data, note)


def _alike(members: list[Member]) -> list[Member]:
    main = main_of(members)
    alike = [member for member in members if member.sort == main.sort]
    return alike if len(alike) == len(members) or len(main.summary.shape) == 1 else [main]


def _members(data: DataObject, called: str) -> Iterator[Source]:
    members = data.members()
    if len(members) > MOST_MEMBERS:
        raise NotPlottable(
            f"{called} holds {len(members)} objects, more than the {MOST_MEMBERS} that are drawn at once. Name "
            "those you mean: plot([group[name] for name in …]), or part=…."
        )
    drawn = 0
    for name in members:
        try:
            member = members[name]
            yield from _parts(member, name, "")
            drawn += 1
        except (FrameworkError, NotPlottable):
            continue  # a group may hold tables and groups with nothing in them besides
    if not drawn:
        raise NotPlottable(f"{called} holds {', '.join(list(members)[:8]) or 'nothing'}: nothing that can be drawn.")
