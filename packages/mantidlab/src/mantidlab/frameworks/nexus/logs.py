"""Sample logs of an entry, each read when it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import Log, Unreadable
from mantidlab.frameworks.nexus.quantities import SECONDS, to_datetime64, to_time, unit_text
from mantidlab.frameworks.nexus.tree import Field, Group

LONGEST = 4 * 10**9
"""Seconds from the start of a log that are believed; more do not fit beside a start into nanoseconds."""

LOG_CLASSES = ("NXlog", "NXpositioner")


class Logs(Mapping[str, Log]):
    """Logs by name; the names are known, the values are read one at a time."""

    def __init__(self, readers: Mapping[str, Callable[[], Log]]) -> None:
        self._readers = dict(readers)

    def __getitem__(self, name: str) -> Log:
        return self._readers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def __len__(self) -> int:
        return len(self._readers)

    def __contains__(self, name: object) -> bool:
        return name in self._readers


def logs_in(*folders: Group | None, classes: tuple[str, ...] = LOG_CLASSES) -> Logs:
    """Return the logs that lie directly in groups such as ``runlog``, ``selog``, ``DASlogs`` and ``logs``.

    A name that is met twice keeps its first log.
    """
    found: dict[str, Callable[[], Log]] = {}
    for folder in folders:
        if folder is None:
            continue
        for group in folder.groups(*classes):
            inner = group.group("value_log") or group
            if inner.field("value") is not None or inner.field("time") is not None:
                found.setdefault(group.name, _reader(group.name, inner))
    return Logs(found)


def values_in(folder: Group | None, prefix: str = "") -> Logs:
    """Return the single values of a group, such as an instrument's motor positions, as logs."""
    found: dict[str, Callable[[], Log]] = {}
    for field in folder.fields() if folder is not None else []:
        if field.size == 1:
            name = prefix + field.path.rsplit("/", 1)[-1]
            found[name] = _value_reader(name, field)
    return Logs(found)


def merged(*logs: Logs) -> Logs:
    """Return the logs of several; a name that is met twice keeps its first."""
    found: dict[str, Callable[[], Log]] = {}
    for some in logs:
        for name, read in some._readers.items():
            found.setdefault(name, read)
    return Logs(found)


def _value_reader(name: str, field: Field) -> Callable[[], Log]:
    return lambda: Log(name, unit_text(field.unit), field.scalar())


def _reader(name: str, group: Group) -> Callable[[], Log]:
    return lambda: read_log(name, group)


def read_log(name: str, group: Group) -> Log:
    """Read an NXlog: a single value, or values over time.

    Times are seconds, or what their unit says, after the attribute ``start`` (also written ``offset``); a start without
    a zone is taken as UTC. More values than times, or fewer, are cut to the shorter.

    Raises
    ------
    Unreadable
        It has no value, or the file is damaged.
    """
    values = group.field("value")
    if values is None:
        raise Unreadable(f"The log {group.path} has no dataset “value”.")
    unit = unit_text(values.unit)
    times = group.numbers("time")
    if times is None:
        return Log(name, unit, values.scalar())
    series = values.read() if values.numeric else np.asarray(values.texts(), dtype=object)
    series = series.reshape(-1) if series.ndim <= 1 else series.reshape(series.shape[0], -1)[:, 0]
    moments = _moments(times)
    count = min(len(series), len(moments))
    if len(series) != len(moments):
        group.notes.add(f"{group.path} has {len(series)} values and {len(moments)} times; the first {count} were used.")
    last = series[count - 1] if count else None
    value = last.item() if isinstance(last, np.generic) else last
    return Log(name, unit, value, moments[:count], series[:count])


def _moments(times: Field) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    start = to_datetime64(to_time(times.attribute("start") or times.attribute("offset")))
    step = SECONDS.get(unit_text(times.unit), 1.0)
    nanoseconds = _nanoseconds(times.read().reshape(-1), step)
    moments: np.ndarray[tuple[int], np.dtype[np.datetime64]] = start + nanoseconds.astype("timedelta64[ns]")
    return moments


def _nanoseconds(values: NDArray[Any], step: float) -> NDArray[np.int64]:
    """Return times in nanoseconds, kept within 127 years of the start.

    Whole numbers stay exact: since 1970 it is more nanoseconds than a float can tell apart.
    """
    if values.dtype.kind in "iu":
        each = round(step * 1e9)
        most = LONGEST * 10**9 // each
        inside = np.minimum(values, min(most, np.iinfo(values.dtype).max)).astype(np.int64)
        return np.maximum(inside, -most) * each
    with np.errstate(over="ignore"):
        seconds = np.nan_to_num(values.astype(np.float64) * step, nan=0.0, posinf=0.0, neginf=0.0)
    return np.rint(np.clip(seconds, -LONGEST, LONGEST) * 1e9).astype(np.int64)
