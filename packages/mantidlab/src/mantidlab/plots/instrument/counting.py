"""What each spectrum counts in a range of its axis, and the spectrum of several: of histograms, events and files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.event_lists import EventList, ListsEvents
from mantidlab.frameworks.model import Axis, DataObject, EventObject, Histogram, Image, NotThere, Numbers
from mantidlab.plots.instrument.blocksums import AT_A_TIME, BlockSums

Rows: TypeAlias = NDArray[np.integer[Any]]
Limits: TypeAlias = tuple[float, float] | tuple[Numbers, Numbers]
"""A range for all spectra, or one for each: two numbers, or two arrays of shape (rows,)."""

Conversion: TypeAlias = Callable[[Numbers, Rows], Numbers]
"""Takes positions and the spectrum of each, of one shape, and returns them in another quantity."""

LISTED = 50_000_000
"""Most events that are kept in memory, 8 to 16 bytes each; of more, the file is read again for each range."""

FEWEST_BINS, FINE_BINS = 10, 500
"""Events in fewer bins than the first are shown in as many as the second."""

STRIP_BINS = 200
"""Bins of the spectrum of all detectors, where events are too many to be kept."""

CELLS = 50_000_000
"""Most values of the grid that is counted for it."""


class Counts(Protocol):
    """Counts of spectra.

    A bin counts to a range if its middle does; so ranges are of whole bins, and neighbouring ones add up.
    """

    rows: int
    axis: Axis
    label: str
    unit: str
    distribution: bool

    def within(self, limits: Limits | None) -> Numbers:
        """Return what each spectrum counts in a range (its lower end in it, its upper end not), shape (rows,)."""

    def spectrum(self, rows: Rows) -> Histogram:
        """Return the sum of some spectra."""

    def spread(self, rows: Rows, edges: Numbers, convert: Conversion) -> tuple[Numbers, Numbers]:
        """Return the sum of some spectra in bins of another quantity, and the variances; each shape (bins,)."""

    def notes(self) -> tuple[str, ...]:
        """Return in sentences what is not counted."""


def counts_of(thing: DataObject) -> Counts:
    """Return how the spectra of a data object are counted.

    Raises
    ------
    NotThere
        It has no spectra.
    """
    events = thing.summary().events
    if isinstance(thing, EventObject) and events is not None:
        if isinstance(thing, ListsEvents) and events <= LISTED:
            return ListedCounts(thing.event_list())
        return RecountedEvents(thing)
    try:
        return GridCounts(thing.image())
    except NotThere:
        return SeparateCounts(list(thing.spectra()))


def middles(axis: Axis) -> Numbers:
    """Return the middle of each bin, or the points; shape (n,) or (rows, n)."""
    values = np.asarray(axis.values, dtype=np.float64)
    return np.asarray((values[..., :-1] + values[..., 1:]) / 2) if axis.edges else values


class GridCounts:
    """Spectra on one grid; each may have positions of its own."""

    def __init__(self, image: Image) -> None:
        self.axis = image.axes[-1]
        if self.axis.values.dtype.kind not in "iuf":
            raise NotThere(f"The last axis ({self.axis.label}) is no axis of numbers, so that no range can be chosen.")
        bins = image.values.shape[-1]
        self._values = image.values.reshape(-1, bins)
        self._errors = image.errors.reshape(-1, bins) if image.errors is not None else None
        mask = image.mask.reshape(-1, bins) if image.mask is not None else None
        own = self.axis.values.ndim > 1
        self._positions = middles(self.axis).reshape(-1, bins) if own else middles(self.axis)
        self._edges = np.asarray(self.axis.values).reshape(-1, self.axis.values.shape[-1]) if own else self.axis.values
        self._widths = np.diff(self.axis.values) if image.distribution and self.axis.edges and not own else None
        self._sums = BlockSums(self._values, mask, self._widths)
        self.rows, self.label, self.unit = len(self._values), image.label, image.unit
        self.distribution = image.distribution
        self._order = np.argsort(self._positions) if not own else None

    def within(self, limits: Limits | None) -> Numbers:
        """Return what each spectrum counts in a range, shape (rows,)."""
        if limits is None:
            return self._sums.within(0, self._sums.bins)
        if self._order is None or not self._grows():
            return self._sums.within_each(*self._places_each(limits))
        first, last = (np.searchsorted(self._positions, end, side="left") for end in limits)
        if np.ndim(first) == 0:
            return self._sums.within(int(first), int(last))
        return self._sums.within_each(first, last)

    def _grows(self) -> bool:
        return bool((np.diff(self._positions) >= 0).all())

    def _places_each(self, limits: Limits) -> tuple[Rows, Rows]:
        """Return first and last bin of each spectrum, for positions of their own that grow (or fall)."""
        positions = np.broadcast_to(self._positions, (self.rows, self._sums.bins))
        low, high = (np.broadcast_to(np.asarray(end, dtype=np.float64), (self.rows,)) for end in limits)
        first, last = np.empty(self.rows, dtype=np.int64), np.empty(self.rows, dtype=np.int64)
        step = max(1, AT_A_TIME // max(1, self._sums.bins))
        for start in range(0, self.rows, step):
            some = slice(start, start + step)
            inside = (positions[some] >= low[some, None]) & (positions[some] < high[some, None])
            any_inside = inside.any(axis=1)
            first[some] = np.where(any_inside, inside.argmax(axis=1), 0)
            last[some] = np.where(any_inside, inside.shape[1] - inside[:, ::-1].argmax(axis=1), 0)
        return first, last

    def spectrum(self, rows: Rows) -> Histogram:
        """Return the sum of some spectra; with bins of their own, on those of the first."""
        if self._order is None:
            return add([self._one(int(row)) for row in rows])
        squares = None
        if self._errors is not None:
            squares = np.zeros(self._sums.bins)
            step = max(1, AT_A_TIME // max(1, self._sums.bins))
            for start in range(0, len(rows), step):
                piece = np.asarray(self._errors[rows[start : start + step]], dtype=np.float64)
                squares += (np.where(np.isfinite(piece), piece, 0.0) ** 2).sum(axis=0)
        values = self._sums.total(rows)
        return Histogram(
            self.axis,
            values,
            np.sqrt(squares) if squares is not None else None,
            label=self.label,
            unit=self.unit,
            distribution=self.distribution,
        )

    def spread(self, rows: Rows, edges: Numbers, convert: Conversion) -> tuple[Numbers, Numbers]:
        """Return the sum of some spectra in bins of another quantity: each bin counts where its middle is."""
        if len(rows) * self._sums.bins > CELLS:
            raise NotThere(
                f"{len(rows):,} spectra of {self._sums.bins:,} bins are too many to be shown in another unit together. "
                "Choose fewer detectors, or leave the unit as it is."
            )
        values, squares = np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
        step = max(1, AT_A_TIME // max(1, self._sums.bins))
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            own = (
                self._positions[some]
                if self._order is None
                else np.broadcast_to(self._positions, (len(some), self._sums.bins))
            )
            where = convert(own, np.broadcast_to(some[:, None], own.shape)).ravel()
            piece = self._sums.good(some).ravel()
            values += np.histogram(where, edges, weights=piece)[0]
            if self._errors is not None:
                error = np.asarray(self._errors[some], dtype=np.float64) * (
                    1.0 if self._widths is None else self._widths
                )
                squares += np.histogram(where, edges, weights=np.where(np.isfinite(error), error, 0.0).ravel() ** 2)[0]
        return values, squares if self._errors is not None else np.abs(values)

    def _one(self, row: int) -> Histogram:
        axis = Axis(self.axis.name, self.axis.label, self.axis.unit, self._edges[row], self.axis.edges, self.axis.log)
        errors = self._errors[row] if self._errors is not None else None
        return Histogram(
            axis, self._values[row], errors, label=self.label, unit=self.unit, distribution=self.distribution
        )

    def notes(self) -> tuple[str, ...]:
        """Return how many values are masked or no numbers."""
        if not self._sums.left_out:
            return ()
        return (f"{self._sums.left_out:,} values are masked or no finite numbers and count as nothing.",)


class SeparateCounts:
    """Spectra that differ in their number of bins."""

    def __init__(self, spectra: list[Histogram]) -> None:
        if not spectra:
            raise NotThere("There are no spectra to count.")
        self._spectra = spectra
        self.rows, self.axis = len(spectra), spectra[0].axis
        self.label, self.unit, self.distribution = spectra[0].label, spectra[0].unit, spectra[0].distribution

    def within(self, limits: Limits | None) -> Numbers:
        """Return what each spectrum counts in a range, shape (rows,)."""
        found = np.zeros(self.rows)
        low, high = (-np.inf, np.inf) if limits is None else limits
        lows, highs = np.broadcast_to(low, (self.rows,)), np.broadcast_to(high, (self.rows,))
        for row, one in enumerate(self._spectra):
            positions = middles(one.axis)
            inside = (positions >= lows[row]) & (positions < highs[row]) if limits is not None else ~np.isnan(positions)
            inside &= np.isfinite(one.values)
            if one.mask is not None:
                inside &= ~one.mask
            weights = np.diff(one.axis.values) if one.distribution and one.axis.edges else 1.0
            found[row] = (one.values * weights)[inside].sum()
        return found

    def spectrum(self, rows: Rows) -> Histogram:
        """Return the sum of some spectra, on the bins of the first."""
        return add([self._spectra[int(row)] for row in rows])

    def spread(self, rows: Rows, edges: Numbers, convert: Conversion) -> tuple[Numbers, Numbers]:
        """Return the sum of some spectra in bins of another quantity: each bin counts where its middle is."""
        values, squares = np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
        for row in rows:
            one = self._spectra[int(row)]
            good = np.isfinite(one.values) if one.mask is None else np.isfinite(one.values) & ~one.mask
            positions = middles(one.axis)[good]
            where = convert(positions, np.full(len(positions), row))
            values += np.histogram(where, edges, weights=one.values[good])[0]
            errors = one.errors[good] if one.errors is not None else np.sqrt(np.abs(one.values[good]))
            squares += np.histogram(where, edges, weights=errors**2)[0]
        return values, squares

    def notes(self) -> tuple[str, ...]:
        """Return nothing."""
        return ()


class ListedCounts:
    """Events in memory: each range is counted anew, some 15 ms for a million events."""

    label, unit, distribution = "Counts", "counts", False

    def __init__(self, events: EventList) -> None:
        self.events = events
        self.rows, self.axis = events.spectra, _fine(events.axis)

    def within(self, limits: Limits | None) -> Numbers:
        """Return what each spectrum counts in a range, shape (rows,)."""
        events = self.events
        if limits is None:
            return self._tally(events.rows, events.weights)
        low, high = limits
        if np.ndim(low):
            low, high = np.asarray(low)[events.rows], np.asarray(high)[events.rows]
        inside = (events.positions >= low) & (events.positions < high)
        weights = events.weights[inside] if events.weights is not None else None
        return self._tally(events.rows[inside], weights)

    def _tally(self, rows: Rows, weights: Numbers | None) -> Numbers:
        return np.bincount(rows, weights, minlength=self.rows).astype(np.float64)

    def spectrum(self, rows: Rows) -> Histogram:
        """Return the events of some spectra in the bins of the object's own axis."""
        events = self.events
        wanted = np.zeros(self.rows, dtype=np.bool_)
        wanted[rows] = True
        chosen = wanted[events.rows] if not wanted.all() else slice(None)
        edges = np.asarray(self.axis.values, dtype=np.float64)
        weights = events.weights[chosen] if events.weights is not None else None
        values = np.histogram(events.positions[chosen], edges, weights=weights)[0].astype(np.float64)
        squares = values if weights is None else np.histogram(events.positions[chosen], edges, weights=weights**2)[0]
        return Histogram(self.axis, values, np.sqrt(squares), label=self.label, unit=self.unit)

    def spread(self, rows: Rows, edges: Numbers, convert: Conversion) -> tuple[Numbers, Numbers]:
        """Return the events of some spectra in bins of another quantity."""
        events = self.events
        wanted = np.zeros(self.rows, dtype=np.bool_)
        wanted[rows] = True
        chosen = wanted[events.rows]
        where = convert(events.positions[chosen], events.rows[chosen])
        weights = events.weights[chosen] if events.weights is not None else None
        values = np.histogram(where, edges, weights=weights)[0].astype(np.float64)
        return values, values if weights is None else np.histogram(where, edges, weights=weights**2)[0]

    def notes(self) -> tuple[str, ...]:
        """Return how many events are of no spectrum."""
        if not self.events.left_out:
            return ()
        return (f"{self.events.left_out:,} events are of detectors that are not listed, and are not counted.",)


def _fine(axis: Axis) -> Axis:
    """Return an axis with bins enough to see a spectrum: events are often saved in a single one."""
    if axis.size >= FEWEST_BINS or not axis.edges:
        return axis
    edges = np.linspace(float(axis.values[0]), float(axis.values[-1]), FINE_BINS + 1)
    edges[-1] = np.nextafter(edges[-1], np.inf)  # the last event is on it
    return Axis(axis.name, axis.label, axis.unit, edges, edges=True)


class RecountedEvents:
    """Events that are too many to be kept, or whose owner counts them itself: asked anew for each range."""

    label, unit, distribution = "Counts", "counts", False

    def __init__(self, thing: EventObject) -> None:
        self._thing = thing
        self.axis = thing.spectra()[0].axis
        self.rows = len(thing.spectra())

    def within(self, limits: Limits | None) -> Numbers:
        """Return what each spectrum counts in a range, shape (rows,)."""
        ends = np.asarray(self.axis.values)
        low, high = (float(ends[0]), float(np.nextafter(ends[-1], np.inf))) if limits is None else limits
        if np.ndim(low):
            raise NotThere("There are too many events to count them in another unit than that of the data.")
        return self._grid(np.array([low, high])).sum(axis=1)

    def spectrum(self, rows: Rows) -> Histogram:
        """Return the sum of some spectra; of many, in at most 200 bins."""
        if len(rows) <= STRIP_BINS:
            spectra = self._thing.spectra()
            return add([spectra[int(row)] for row in rows])
        ends = np.asarray(self.axis.values, dtype=np.float64)
        edges = np.linspace(ends[0], ends[-1], max(2, min(STRIP_BINS, CELLS // max(1, self.rows)) + 1))
        values = self._grid(edges)[rows].sum(axis=0)
        axis = Axis(self.axis.name, self.axis.label, self.axis.unit, edges, edges=True)
        return Histogram(axis, values, np.sqrt(np.abs(values)), label=self.label, unit=self.unit)

    def spread(self, rows: Rows, edges: Numbers, convert: Conversion) -> tuple[Numbers, Numbers]:
        """Refuse."""
        raise NotThere("There are too many events to show them in another unit than that of the data.")

    def _grid(self, edges: Numbers) -> Numbers:
        values = self._thing.binned(edges).image().values
        return np.asarray(values, dtype=np.float64).reshape(-1, len(edges) - 1)

    def notes(self) -> tuple[str, ...]:
        """Return that ranges take a while."""
        return ("There are too many events to keep them in memory: they are read again for each range.",)


def add(spectra: list[Histogram]) -> Histogram:
    """Return the sum of spectra; those with other bins than the first are shared out over its bins by their overlap.

    Raises
    ------
    NotThere
        There are none, or they are points at different positions.
    """
    if not spectra:
        raise NotThere("Nothing is chosen, so that there is no spectrum.")
    first = spectra[0]
    values = np.zeros(first.axis.size)
    squares = np.zeros(first.axis.size) if all(one.errors is not None for one in spectra) else None
    for one in spectra:
        good = np.isfinite(one.values) if one.mask is None else np.isfinite(one.values) & ~one.mask
        parts = [np.where(good, one.values, 0.0)]
        if squares is not None and one.errors is not None:
            parts.append(np.where(good & np.isfinite(one.errors), one.errors, 0.0) ** 2)
        if not np.array_equal(one.axis.values, first.axis.values):
            if not (one.axis.edges and first.axis.edges):
                raise NotThere("The spectra are points at different positions, so that they cannot be added up.")
            parts = [_shared_out(part, one.axis.values, first.axis.values) for part in parts]
        values += parts[0]
        if squares is not None:
            squares += parts[1]
    return Histogram(
        first.axis,
        values,
        np.sqrt(squares) if squares is not None else None,
        label=first.label,
        unit=first.unit,
        distribution=first.distribution,
    )


def _shared_out(values: Numbers, edges: Numbers, wanted: Numbers) -> Numbers:
    below = np.concatenate(([0.0], np.cumsum(values)))
    return np.diff(np.interp(wanted, edges, below))


@dataclass(frozen=True)
class Extremes:
    """Of the counts that are shown: the smallest, the largest, and the smallest above zero (None where none is)."""

    low: float
    high: float
    positive: float | None


def extremes(values: Numbers) -> Extremes:
    """Return the extremes of finite values; zeros where there are none."""
    good = values[np.isfinite(values)]
    if not len(good):
        return Extremes(0.0, 0.0, None)
    above = good[good > 0]
    return Extremes(float(good.min()), float(good.max()), float(above.min()) if len(above) else None)
