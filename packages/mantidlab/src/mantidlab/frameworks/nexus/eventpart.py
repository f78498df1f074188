"""Measured events as a data object: its bins can be chosen, and it counts when it is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.event_lists import EventList
from mantidlab.frameworks.lazily import LazySequence
from mantidlab.frameworks.model import Axis, Histogram, Image, Kind, Numbers
from mantidlab.frameworks.nexus.counting import Counted, check_edges
from mantidlab.frameworks.nexus.events import (
    EventSource,
    Progress,
    PulseFilter,
    count_events,
    extent,
    read_events,
)
from mantidlab.frameworks.nexus.part import Part, Surroundings, frozen, make_axis
from mantidlab.frameworks.nexus.quantities import AXES

DEFAULT_BINS = 500
"""Where a file suggests no bins: its events' range in this many equal ones."""

BLOCK_OF_SPECTRA = 64 * 2**20
"""Bytes of the histograms that one pass over the events makes, when spectra are asked for one by one."""


@dataclass(frozen=True, eq=False)
class Suggested:
    """Bin edges in µs that a file suggests, from its own histograms; None where it has none."""

    edges: Callable[[], Numbers | None]


class EventPart(Part):
    """Events of one bank or several, in the order in which they came.

    Its spectra are those of its detectors. As events of all detectors are mixed, a spectrum needs a pass over all of
    them: one pass makes as many spectra as fit into 64 MB, and these are kept until others are asked for.
    """

    kind = Kind.EVENTS

    def __init__(
        self,
        name: str,
        around: Surroundings,
        sources: Sequence[EventSource],
        numbers: Callable[[], NDArray[np.integer[Any]]],
        detectors: int,
        suggested: Suggested | None = None,
        spectrum_detectors: Callable[[], Sequence[NDArray[Any]]] | None = None,
    ) -> None:
        super().__init__(name, "NXevent_data", around)
        self.sources = tuple(sources)
        self._numbers_of = numbers
        self._suggested = suggested
        self._spectrum_detectors = spectrum_detectors
        self._edges: Numbers | None = None
        self._numbers: NDArray[np.integer[Any]] | None = None
        self._kept: tuple[range, Counted] | None = None
        self.events = sum(source.count for source in self.sources)
        self.shape = (detectors,)
        self.dims = ("spectrum",)
        self.unit = "counts"
        self.nbytes = self.events * 16

    def summary(self) -> Any:
        """Return what it is, with the number of events."""
        return replace(super().summary(), events=self.events)

    def counts(self) -> float | None:
        """Return the number of events."""
        return self.events

    @property
    def numbers(self) -> NDArray[np.integer[Any]]:
        """Detector numbers of the spectra, in their order."""
        if self._numbers is None:
            self._numbers = self._numbers_of()
        return self._numbers

    @property
    def edges(self) -> Numbers:
        """Bin edges in µs: those that were chosen, else those of the file, else 500 equal bins from end to end.

        The last needs a pass over all events, which `count` can tell the progress of.
        """
        return self._find_edges()

    def _find_edges(self, progress: Progress | None = None, stop: Callable[[], bool] | None = None) -> Numbers:
        if self._edges is None:
            suggested = self._suggested.edges() if self._suggested is not None else None
            if suggested is None:
                low, high = extent(self.sources, progress=progress, stop=stop)
                high = high if high > low else low + 1.0
                suggested = np.linspace(low, high, DEFAULT_BINS + 1)
                # The last event is on the last edge, and a bin does not hold its upper edge.
                suggested[-1] = np.nextafter(high, np.inf)
            self._edges = check_edges(suggested)
        return self._edges

    def binned(self, edges: Numbers) -> "EventPart":
        """Return the same events with other bins, in µs."""
        other = EventPart(
            self.name,
            self.around,
            self.sources,
            lambda: self.numbers,
            self.shape[0],
            None,
            self._spectrum_detectors,
        )
        other._edges = check_edges(edges)
        other.shape, other.dims = (self.shape[0], len(other._edges) - 1), ("spectrum", "bin")
        return other

    def count(
        self,
        edges: Numbers | None = None,
        *,
        detectors: NDArray[np.integer[Any]] | None = None,
        pulses: PulseFilter | None = None,
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Counted:
        """Count the events into bins, reading them once and a block at a time.

        Parameters
        ----------
        edges
            In µs; None takes `edges`.
        detectors
            Numbers of the detectors that get a row each; None adds all up.
        pulses, progress, stop
            As for `mantidlab.frameworks.nexus.events.count_events`. Where edges have to be found in the events, they
            are read twice, and the progress is told of each time by itself.
        """
        chosen = self._find_edges(progress, stop) if edges is None else check_edges(edges)
        return count_events(self.sources, chosen, rows=detectors, pulses=pulses, progress=progress, stop=stop)

    def event_list(self) -> EventList:
        """Return all events of listed detectors, in µs, reading the file once."""
        edges = self.edges
        rows, positions, weights = read_events(self.sources, self.numbers)
        return EventList(
            make_axis(AXES["TOF"], edges, len(edges) - 1),
            rows,
            positions,
            weights,
            len(self.numbers),
            self.events - len(rows),
        )

    def total(self) -> Histogram:
        """Return the sum over all detectors."""
        counted = self.count()
        return self._histogram(counted, counted.values, counted.variances, self.name)

    def spectra(self) -> Sequence[Histogram]:
        """Return a spectrum for each detector."""
        return LazySequence(len(self.numbers), self._one)

    def image(self) -> Image:
        """Return detectors × bins."""
        counted = self._noted(self.count(detectors=self.numbers))
        numbers = Axis("detector", "Detector number", "", frozen(self.numbers.copy()))
        return Image(
            axes=(numbers, self._axis(counted)),
            values=frozen(counted.values.astype(np.float64)),
            errors=frozen(np.sqrt(counted.variances)),
            label="Counts",
            unit="counts",
        )

    def spectrum_detectors(self) -> Sequence[NDArray[np.integer[Any]]]:
        """Return the detector of each spectrum."""
        if self._spectrum_detectors is None:
            raise self._absent("detectors for its spectra")
        return self._spectrum_detectors()

    def _one(self, index: int) -> Histogram:
        if self._kept is None or index not in self._kept[0]:
            rows = max(1, BLOCK_OF_SPECTRA // (8 * (len(self.edges) - 1)))
            start = index - index % rows
            some = range(start, min(start + rows, len(self.numbers)))
            counted = self.count(detectors=self.numbers[some.start : some.stop])
            self._kept = (some, self._noted(counted) if len(some) == len(self.numbers) else counted)
        some, counted = self._kept
        row = index - some.start
        name = f"detector {self.numbers[index]}"
        return self._histogram(counted, counted.values[row], counted.variances[row], name)

    def _noted(self, counted: Counted) -> Counted:
        """Say so if events are of detectors that the file does not list: no spectrum holds them."""
        if counted.unknown and self.around.notes is not None:
            self.around.notes.add(
                f"{counted.unknown:,} of {counted.events:,} events of {self.name} are of detectors that the file does "
                f"not list, and are in no spectrum."
            )
        return counted

    def _axis(self, counted: Counted) -> Axis:
        return make_axis(AXES["TOF"], counted.edges, len(counted.edges) - 1)

    def _histogram(self, counted: Counted, values: NDArray[Any], variances: NDArray[Any], name: str) -> Histogram:
        return Histogram(
            axis=self._axis(counted),
            values=frozen(values.astype(np.float64)),
            errors=frozen(np.sqrt(variances)),
            label="Counts",
            unit="counts",
            name=name,
        )
