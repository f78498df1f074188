"""Events read from a file a block at a time, and nothing kept but the histogram."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.model import FrameworkError, Mask, NotThere, Numbers, Unreadable
from mantidlab.frameworks.nexus.counting import OUTSIDE, Counted, Counter, Rows
from mantidlab.frameworks.nexus.quantities import SECONDS, unit_text
from mantidlab.frameworks.nexus.tree import READ_LIMIT, Field, Group, TooLarge

BLOCK = 2**20
"""Events that are in memory at a time: some 60 MB with what is computed of them."""

Progress = Callable[[int, int], None]
"""Called with events done and events in all."""

PulseFilter = Callable[[Numbers], Mask]
"""Takes the pulses' times in seconds after the source's start, shape (pulses,), and says which are used."""


class Stopped(FrameworkError):
    """Counting was stopped because the caller asked for it."""


@dataclass(frozen=True, eq=False)
class EventSource:
    """The events of one bank, where they lie.

    Attributes
    ----------
    name
        Of the bank.
    offsets
        Time of flight of each event, in the file's unit.
    numbers
        Detector number of each; None where the events carry none.
    index, zero
        First event of each pulse, and the time of each pulse; None where the file does not say.
    weights, squares
        Of each event, and their squared errors; None where each counts as one.
    count
        How many events; a file may hold one empty placeholder that is none.
    """

    name: str
    offsets: Field
    numbers: Field | None
    count: int
    index: Field | None = None
    zero: Field | None = None
    weights: Field | None = None
    squares: Field | None = None

    @cached_property
    def to_microseconds(self) -> float:
        """Factor from the file's unit of time."""
        unit = unit_text(self.offsets.unit)
        return SECONDS.get(unit, 1e-6) * 1e6 if unit else 1.0


def find_source(group: Group, name: str) -> EventSource | None:
    """Return the events of an NXevent_data group, or of a detector that holds them itself; None without events.

    Older files say ``event_time_of_flight`` and ``event_pixel_id``. What ``total_counts`` says is believed where it is
    less than the length of the arrays: SNS writes one zero where a bank counted nothing.
    """
    offsets = _of_events(group, "event_time_offset", "event_time_of_flight")
    if offsets is None:
        return None
    numbers = _of_events(group, "event_id", "event_pixel_id")
    weights = _of_events(group, "event_weight", "weight")
    count = offsets.size
    for other in (numbers, weights):
        if other is not None and other.size != count:
            group.notes.add(f"{other.path} has {other.size} values for {offsets.size} events; the shorter was used.")
            count = min(count, other.size)
    told = group.number("total_counts")
    if isinstance(told, int) and 0 <= told < count:
        if count - told > 1:
            group.notes.add(f"{group.path} says {told} events and holds {count}; {told} were used.")
        count = told
    index, zero = (_of_events(group, part) for part in ("event_index", "event_time_zero"))
    return EventSource(name, offsets, numbers, count, index, zero, weights)


def _of_events(group: Group, *names: str) -> Field | None:
    for name in names:
        field = group.numbers(name)
        if field is not None and len(field.shape) == 1:
            return field
    return None


def pulse_times(source: EventSource) -> Numbers | None:
    """Return the times of the pulses in seconds; None where the file does not say."""
    if source.zero is None:
        return None
    step = SECONDS.get(unit_text(source.zero.unit), 1.0)
    return np.asarray(source.zero.read(), dtype=np.float64) * step


def wanted_ranges(source: EventSource, pulses: PulseFilter | None) -> list[tuple[int, int]]:
    """Return the ranges of events to read, in order: all, or those of the pulses that the filter lets through.

    Raises
    ------
    TooLarge
        There are more pulses than fit into memory.
    Unreadable
        The file says it, and what it says cannot be.
    FrameworkError
        A filter was given and the file does not say which events belong to which pulse.
    """
    if pulses is None:
        return [(0, source.count)] if source.count else []
    times = pulse_times(source)
    if times is None or source.index is None:
        raise FrameworkError(
            f"The events of {source.name} cannot be chosen by pulse: the file has no event_index and event_time_zero. "
            f"Count them all."
        )
    first = source.index.read()
    length = min(len(first), len(times))
    first = _in_order(source, first[:length])
    used = np.asarray(pulses(times[:length]), dtype=bool)
    stops = np.append(first[1:], source.count)
    steps = np.diff(np.concatenate(([0], used.astype(np.int8), [0])))
    begins, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1
    ranges = [(int(first[begin]), int(stops[end])) for begin, end in zip(begins, ends, strict=True)]
    return [(start, stop) for start, stop in ranges if stop > start]


def _in_order(source: EventSource, index: NDArray[Any]) -> NDArray[np.int64]:
    """Return the first event of each pulse.

    SNS writes −1, in unsigned numbers the largest, for the last pulses where nothing came any more.

    Raises
    ------
    Unreadable
        They do not grow from pulse to pulse, or lie outside the events, so that nobody knows which is of which pulse.
    """
    none = np.iinfo(index.dtype).max if index.dtype.kind == "u" else -1
    # Compared as they were written: unsigned numbers and floats may be larger than any signed one.
    first = np.where(index == none, source.offsets.size, index)
    inside = (first >= 0) & (first <= source.offsets.size)
    nowhere = source.count > 0 and len(first) > 0 and bool((first == source.offsets.size).all())
    if nowhere or not inside.all() or (first[1:] < first[:-1]).any():
        raise Unreadable(
            f"The events of {source.name} cannot be chosen by pulse: event_index must grow from pulse to pulse between "
            f"0 and {source.offsets.size}, the number of events, and does not. Count them all."
        )
    return np.minimum(first.astype(np.int64), source.count)


def blocks(ranges: list[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    """Cut ranges into pieces of at most `size` events."""
    for start, stop in ranges:
        for begin in range(start, stop, size):
            yield begin, min(begin + size, stop)


def count_events(
    sources: Sequence[EventSource],
    edges: Numbers,
    *,
    rows: NDArray[np.integer[Any]] | None = None,
    pulses: PulseFilter | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    block: int = BLOCK,
) -> Counted:
    """Count events into bins of time of flight.

    Parameters
    ----------
    sources
        The banks.
    edges
        Bin edges in µs. A bin holds its lower edge and not its upper one.
    rows
        Detector numbers: the result has a row for each, shape (rows, bins). None adds all detectors up.
    pulses
        Says which pulses are used.
    progress
        Called after each block, with events done and events in all.
    stop
        Asked before each block; True ends the counting.
    block
        Events that are in memory at a time.

    Raises
    ------
    Stopped
        `stop` said so.
    TooLarge
        The histogram does not fit into memory.
    NotThere
        Rows are wanted, and the events do not say which detector each is from.
    BadEdges, Unreadable
    """
    wanted = Rows(rows) if rows is not None else None
    size = (len(edges) - 1) * (wanted.count if wanted is not None else 1) * 8
    if size > READ_LIMIT:
        raise TooLarge(
            f"{wanted.count if wanted else 1} × {len(edges) - 1} bins would take {size / 2**30:.3g} GB, and one "
            f"histogram may take {READ_LIMIT / 2**30:.2g} GB. Ask for fewer bins or fewer detectors, or add them up."
        )
    nameless = [source.name for source in sources if source.numbers is None and source.count]
    if wanted is not None and nameless:
        raise NotThere(f"The events of {nameless[0]} carry no detector numbers. Add all detectors up.")
    counter = Counter(edges, wanted)
    reader = _Reader(block)
    ranges = [(source, wanted_ranges(source, pulses)) for source in sources]
    total = sum(end - begin for _, some in ranges for begin, end in some)
    done = 0
    for source, some in ranges:
        for begin, end in blocks(some, block):
            if stop is not None and stop():
                raise Stopped(f"Counting was stopped after {done:,} of {total:,} events.")
            counter.add(*reader.read(source, begin, end, numbers=wanted is not None))
            done += end - begin
            if progress is not None:
                progress(done, total)
    return counter.result()


def extent(
    sources: Sequence[EventSource],
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    block: int = BLOCK,
) -> tuple[float, float]:
    """Return the smallest and the largest time of flight in µs, in one pass; (0, 0) without events.

    Parameters
    ----------
    progress, stop, block
        As for `count_events`.

    Raises
    ------
    Stopped, Unreadable
    """
    low, high = np.inf, -np.inf
    reader = _Reader(block)
    total = sum(source.count for source in sources)
    done = 0
    for source in sources:
        for begin, end in blocks([(0, source.count)], block):
            if stop is not None and stop():
                raise Stopped(f"Looking for the range of times was stopped after {done:,} of {total:,} events.")
            values, *_ = reader.read(source, begin, end, numbers=False)
            finite = values[np.isfinite(values)]
            if len(finite):
                low, high = min(low, float(finite.min())), max(high, float(finite.max()))
            done += end - begin
            if progress is not None:
                progress(done, total)
    return (low, high) if low <= high else (0.0, 0.0)


def read_events(
    sources: Sequence[EventSource], numbers: NDArray[np.integer[Any]], *, block: int = BLOCK
) -> tuple[NDArray[np.int32], Numbers, Numbers | None]:
    """Return of each event of a detector among `numbers` its row there, its time in µs, and its weight.

    Weights are None where each event counts as one. Times keep the file's precision.

    Raises
    ------
    NotThere
        The events do not say which detector each is from.
    Unreadable
    """
    wanted, reader = Rows(numbers), _Reader(block)
    weighted = any(source.weights is not None for source in sources)
    rows: list[NDArray[np.int32]] = []
    times: list[Numbers] = []
    weights: list[Numbers] = []
    for source in sources:
        if source.numbers is None and source.count:
            raise NotThere(f"The events of {source.name} carry no detector numbers.")
        for begin, end in blocks([(0, source.count)], block):
            when, which, weight, _ = reader.read(source, begin, end, numbers=True)
            places = wanted.of(which) if which is not None else np.empty(0, dtype=np.int32)
            known = places != OUTSIDE
            rows.append(places[known].astype(np.int32))
            times.append(when[known])
            if weighted:
                weights.append(np.ones(int(known.sum())) if weight is None else weight[known].astype(np.float64))
    none = np.empty(0)
    return (
        np.concatenate(rows) if rows else none.astype(np.int32),
        np.concatenate(times) if times else none,
        (np.concatenate(weights) if weights else none) if weighted else None,
    )


class _Reader:
    """Reads blocks into the same memory again and again."""

    def __init__(self, block: int) -> None:
        self._block = block
        self._space: dict[tuple[str, str], NDArray[Any]] = {}

    def read(
        self, source: EventSource, begin: int, end: int, *, numbers: bool
    ) -> tuple[NDArray[Any], NDArray[Any] | None, NDArray[Any] | None, NDArray[Any] | None]:
        """Read times in µs, and as needed detector numbers, weights and squared errors."""
        times = self._take("times", source.offsets, begin, end)
        if source.to_microseconds != 1.0:
            times = times * source.to_microseconds
        return (
            times,
            self._take("numbers", source.numbers, begin, end) if numbers and source.numbers is not None else None,
            self._take("weights", source.weights, begin, end) if source.weights is not None else None,
            self._take("squares", source.squares, begin, end) if source.squares is not None else None,
        )

    def _take(self, what: str, field: Field, begin: int, end: int) -> NDArray[Any]:
        key = (what, field.dtype.str)
        if key not in self._space:
            self._space[key] = np.empty(self._block, dtype=field.dtype.newbyteorder("="))
        space = self._space[key]
        field.read_into(space, begin, end)
        return space[: end - begin]
