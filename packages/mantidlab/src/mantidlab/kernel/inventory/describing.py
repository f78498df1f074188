"""Makes items of what a variable holds: the object itself, and what it holds as a group.

Everything here is bounded: a few attributes and some thousand numbers of each object, whatever its size. Nothing of a
person's own classes is called: an object's class decides, and only classes of frameworks are known.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from mantidlab.frameworks import as_data_object
from mantidlab.frameworks.model import Kind, Summary
from mantidlab.frameworks.scipp_parts import unit_of
from mantidlab.kernel.inventory.items import Item
from mantidlab.kernel.inventory.spans import Span, span_of
from mantidlab.kernel.inventory.sparklines import course, of_rows, places, sample, sparkline

MEMBERS = 200
"""Of one group that are described; all are named."""
DEPTH = 4
"""Of groups within groups."""
EVENTS_AT_ONCE = 100_000
"""In one of Mantid's spectra; the course of larger ones is not shown."""
NUMBERS = ("float64", "float32", "int64", "int32", "bool")

log = logging.getLogger("mantidlab.kernel")


@dataclass(frozen=True)
class Described:
    """An item, and where its arrays lie: nowhere, after a look that was not close."""

    item: Item
    spans: tuple[Span, ...] = ()


Describer: TypeAlias = Callable[[str, Any, bool], Iterator[Described]]


def describer_of(kind: type[Any]) -> Describer | None:
    """Return what describes the objects of a class; None for a class that holds no data that are known here."""
    makers = {base.__module__.partition(".")[0] for base in kind.__mro__}
    if "scipp" in makers and kind.__name__ in ("Variable", "DataArray", "Dataset", "DataGroup"):
        return _scipp
    if issubclass(kind, np.ndarray):
        return _array
    if (kind.__module__, kind.__name__) == ("mantidlab.interfaces.results", "Result"):
        return _result
    if "mantidlab" in makers and all(hasattr(kind, name) for name in ("summary", "spectra", "logs", "members")):
        return _ours
    return None


def of_mantid(kind: type[Any]) -> bool:
    """Return whether the objects of a class are Mantid's workspaces, which only the main thread may look at."""
    return any(base.__module__.partition(".")[0] == "mantid" for base in kind.__mro__) and hasattr(kind, "getHistory")


def describe(name: str, thing: Any, *, fine: bool = True) -> list[Described]:
    """Return the items of a variable: its own first. Nothing for what holds no data.

    Less `fine`, its values are looked at in fewer places, for a list that is made while a cell runs.
    """
    describer = describer_of(type(thing))
    if describer is None:
        return []
    try:
        found = list(describer(name, thing, fine))
    except Exception as problem:  # one object that cannot be read must not hide the others
        log.debug("%s cannot be described", name, exc_info=True)
        title = f"cannot be read: {type(problem).__name__}"
        kind = type(thing)
        return [Described(Item(name, name, kind.__module__.partition(".")[0], "other", kind.__name__, title=title))]
    return found


def workspace_item(name: str, variable: str | None) -> Described:
    """Return the item of one of Mantid's workspaces, in the main thread, between two cells."""
    found = as_data_object(name)
    summary = found.summary()
    item = _item(name, name, summary, variable=variable)
    axes_units, line = _course(found, summary)
    return Described(replace(item, axes_units=axes_units, sparkline=line))


def _item(name: str, label: str, summary: Summary, **more: Any) -> Item:
    return Item(
        name=name,
        label=label,
        framework=summary.framework,
        kind=str(summary.kind),
        type=summary.type,
        shape=summary.shape,
        dims=summary.dims,
        unit=summary.unit,
        memory=summary.memory,
        members=summary.members,
        events=summary.events,
        title=summary.title,
        instrument=summary.instrument,
        **more,
    )


def _course(found: Any, summary: Summary) -> tuple[tuple[str, ...], tuple[float | None, ...]]:
    """Return the units of the axes and the course of some spectra of a data object."""
    if summary.kind not in (Kind.SPECTRA, Kind.EVENTS) or not summary.shape or not summary.shape[0]:
        return (), ()
    if (summary.events or 0) / summary.shape[0] > EVENTS_AT_ONCE:
        return (), ()
    spectra = found.spectra()
    read = [spectra[place] for place in places(len(spectra), 8)]
    units = ("",) * (len(summary.dims) - 1) + (read[0].axis.unit,)
    return units, of_rows([spectrum.values for spectrum in read])


def _ours(name: str, thing: Any, fine: bool) -> Iterator[Described]:
    summary = thing.summary()
    yield Described(_item(name, name, summary, variable=name))


def _result(name: str, thing: Any, fine: bool) -> Iterator[Described]:
    """Describe what an interface returned: a group of its parts that hold data."""
    known = (_scipp, _array, _ours)
    parts = {label: part for label, part in thing.values.items() if describer_of(type(part)) in known}
    places = {label: f"{name}.values[{json.dumps(label, ensure_ascii=False)}]" for label in parts}
    title = str(thing.provenance.interface)
    yield Described(
        Item(
            name,
            name,
            "mantidlab",
            str(Kind.GROUP),
            "Result",
            name,
            (len(parts),),
            members=tuple(places.values()),
            title=title,
        )
    )
    for label, part in parts.items():
        describer = describer_of(type(part))
        if describer is _scipp:
            yield from _scipp_part(_Place(places[label], label, parent=name, depth=1), part, fine)
        elif describer is _array:
            for one in _array(label, part, fine):
                yield replace(one, item=replace(one.item, name=places[label], variable=None, parent=name))
        else:
            summary = part.summary()
            axes_units, line = _course(part, summary)
            item = _item(places[label], label, summary, parent=name)
            yield Described(replace(item, axes_units=axes_units, sparkline=line))


def _array(name: str, thing: Any, fine: bool) -> Iterator[Described]:
    kinds = {0: Kind.TABLE, 1: Kind.SPECTRA}
    kind = kinds.get(thing.ndim, Kind.IMAGE) if thing.dtype.kind in "fiubcmM" else Kind.TABLE
    plain = thing.view(np.ndarray) if type(thing) is not np.ndarray else thing
    item = Item(
        name=name,
        label=name,
        framework="numpy",
        kind=str(kind),
        type=f"{type(thing).__name__} of {thing.dtype}" if thing.dtype.names is None else type(thing).__name__,
        variable=name,
        shape=tuple(thing.shape),
        memory=int(thing.nbytes),
        # What lies on disk is not read for a picture of it.
        sparkline=() if isinstance(thing, np.memmap) else sparkline(plain, fine=fine),
    )
    span = None if isinstance(thing, np.memmap) else span_of(plain)
    yield Described(item, (span,) if span else ())


def _scipp(name: str, thing: Any, fine: bool) -> Iterator[Described]:
    yield from _scipp_part(_Place(name, name, name), thing, fine)


@dataclass(frozen=True)
class _Place:
    """Where an object is: its item's name, the last part of that, its variable and its group, if it has one."""

    name: str
    label: str
    variable: str | None = None
    parent: str | None = None
    depth: int = 0


def _scipp_part(place: _Place, thing: Any, fine: bool) -> Iterator[Described]:
    summary = as_data_object(thing, place.label).summary()
    item = _item(place.name, place.label, summary, variable=place.variable, parent=place.parent)
    if summary.kind is not Kind.GROUP:
        line = _line(thing, fine)
        item = replace(item, type=type(thing).__name__, axes_units=_units(thing), sparkline=line)
        yield Described(item, tuple(_spans(thing)) if fine else ())
        return
    names = {member: f"{place.name}[{json.dumps(member, ensure_ascii=False)}]" for member in summary.members}
    yield Described(replace(item, members=tuple(names.values())))
    if place.depth < DEPTH:
        for member in summary.members[:MEMBERS]:
            within = _Place(names[member], member, parent=place.name, depth=place.depth + 1)
            yield from _scipp_part(within, thing[member], fine)


def _units(array: Any) -> tuple[str, ...]:
    coords: Mapping[str, Any] = getattr(array, "coords", {})
    found = [coords.get(dim) for dim in array.dims]
    return tuple("" if coord is None else unit_of(coord) for coord in found)


def _line(array: Any, fine: bool) -> tuple[float | None, ...]:
    """Return the course of an array's values, or of the numbers of events in its bins."""
    if not array.ndim:
        return ()
    if array.bins is None:
        return sparkline(array.values, fine=fine) if str(array.dtype) in NUMBERS else ()
    parts = array.bins.constituents
    return course(sample(parts["end"].values, fine=fine) - sample(parts["begin"].values, fine=fine))


def _spans(array: Any) -> Iterator[Span]:
    """Return where the arrays of a variable or data array lie, its coordinates, masks and events among them."""
    for variable in _variables(array):
        if variable.bins is not None:
            parts = variable.bins.constituents
            yield from (span for part in ("begin", "end", "data") for span in _spans(parts[part]))
        elif str(variable.dtype) in (*NUMBERS, "datetime64", "vector3"):
            yield from filter(None, (span_of(variable.values), span_of(variable.variances)))


def _variables(array: Any) -> Iterator[Any]:
    """Return the variables of a data array, of a dataset of events, or the variable itself."""
    if not hasattr(array, "coords"):
        yield array
        return
    yield from [array.data] if hasattr(array, "data") else [member.data for member in array.values()]
    yield from array.coords.values()
    yield from getattr(array, "masks", {}).values()
