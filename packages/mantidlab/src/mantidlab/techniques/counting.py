"""Counts of each detector over wavelength, d-spacing or whatever its flight allows, from events or from histograms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks.event_lists import ListsEvents
from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.frameworks.nexus.part import Part
from mantidlab.plots.conversion.axes import convert
from mantidlab.plots.conversion.flight import Flight
from mantidlab.plots.conversion.quantities import FACES, Quantity, quantity_of
from mantidlab.plots.errors import NoConversion
from mantidlab.techniques.errors import WrongRun
from mantidlab.techniques.runs import Monitor, Places

Forward = Callable[[Numbers, NDArray[np.integer[Any]]], Numbers]

ROWS_AT_ONCE = 4096
"""Spectra whose histograms are rebinned together: some 30 MB for a thousand bins."""


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts in bins.

    Attributes
    ----------
    edges
        Shape (bins + 1,).
    values, variances
        Shape (detectors, bins), or (bins,) for a monitor.
    """

    edges: Numbers
    values: Numbers
    variances: Numbers

    def summed(self, chosen: Mask) -> "Counts":
        """Return the sum over some detectors."""
        return Counts(self.edges, self.values[chosen].sum(axis=0), self.variances[chosen].sum(axis=0))


def count(part: Part, places: Places, quantity: Quantity, edges: Numbers) -> Counts:
    """Return the counts of each spectrum in bins of a quantity.

    Events are each put into the bin of their own flight; a histogram is shared among the bins that its bins touch, in
    proportion to their overlap, values and variances alike (as Mantid's ``Rebin`` does for counts).

    Parameters
    ----------
    edges
        Increasing, in the quantity's unit.

    Raises
    ------
    WrongRun
        The flight is not known well enough.
    """
    flight = Flight(places.l1, places.l2, places.two_theta)
    if isinstance(part, ListsEvents):
        return _count_events(part, flight, quantity, edges)
    return _rebin(part, flight, quantity, edges)


def count_by(part: Part, forward: Forward, backward: Forward, edges: Numbers) -> Counts:
    """Return counts in bins of what a calibration makes of times of flight.

    Parameters
    ----------
    forward
        From times of flight (µs) and the rows of their spectra, both shape (k,), to the quantity.
    backward
        From the quantity, shape (1, n), and rows, shape (k, 1), to times of flight, shape (k, n).
    edges
        Rising, in the quantity's unit.

    Raises
    ------
    WrongRun
        The part does not count over time of flight.
    """
    if isinstance(part, ListsEvents):
        return _binned(part, forward, edges)
    return _rebinned(
        part, lambda source, rows: _time_only(part, source, backward(edges[None, :], rows[:, None])), edges
    )


def count_monitor(monitor: Monitor, quantity: Quantity, edges: Numbers) -> Counts:
    """Return the counts of a monitor in bins of wavelength or time."""
    flight = Flight(np.array([monitor.distance]), np.zeros(1), None)
    if hasattr(monitor.part, "count"):
        raise WrongRun(f"{monitor.name} holds events, which are not read for monitors; normalise by the charge.")
    counted = _rebin(monitor.part, flight, quantity, edges)
    return Counts(edges, counted.values[0], counted.variances[0])


def _count_events(part: ListsEvents, flight: Flight, quantity: Quantity, edges: Numbers) -> Counts:
    def forward(times: Numbers, rows: NDArray[np.integer[Any]]) -> Numbers:
        own = Flight(flight.before, _of(flight.after, rows), _of(flight.two_theta, rows))
        return _converted(times, Quantity.TIME, quantity, own)

    return _binned(part, forward, edges)


def _binned(part: ListsEvents, forward: Forward, edges: Numbers) -> Counts:
    events = part.event_list()
    bins = len(edges) - 1
    where = np.searchsorted(edges, forward(events.positions, events.rows), side="right") - 1
    inside = (where >= 0) & (where < bins)
    flat = events.rows[inside].astype(np.int64) * bins + where[inside]
    weights = None if events.weights is None else events.weights[inside]
    size = events.spectra * bins
    values = np.bincount(flat, weights, minlength=size).astype(np.float64).reshape(events.spectra, bins)
    if weights is None:
        return Counts(edges, values, values.copy())
    return Counts(edges, values, np.bincount(flat, weights**2, minlength=size).reshape(values.shape))


def _rebin(part: Part, flight: Flight, quantity: Quantity, edges: Numbers) -> Counts:
    return _rebinned(part, lambda source, rows: _positions(edges, quantity, source, flight, rows), edges)


def _rebinned(part: Part, positions: Callable[[Quantity, NDArray[np.integer[Any]]], Numbers], edges: Numbers) -> Counts:
    """Share histograms among bins whose edges lie at `positions` (rows, bins + 1) of the axis that the spectra have."""
    first = part.spectra()[0].axis
    known = quantity_of(first)
    if known is None or not first.edges:
        raise WrongRun(f"{part.name} counts over {first.label} ({first.unit}), which is no histogram of a flight.")
    source, factor = known
    image = part.image()
    squares = np.square(image.errors) if image.errors is not None else np.abs(image.values)
    old = image.axes[-1].values * factor
    shared = old.ndim == 1
    values = np.empty((len(image.values), len(edges) - 1))
    variances = np.empty_like(values)
    step = ROWS_AT_ONCE if shared else 1
    for start in range(0, len(values), step):
        rows = np.arange(start, min(start + step, len(values)))
        wanted = positions(source, rows)
        values[rows], variances[rows] = _share(old if shared else old[start], image.values[rows], squares[rows], wanted)
    return Counts(edges, values, variances)


def _time_only(part: Part, source: Quantity, positions: Numbers) -> Numbers:
    if source is not Quantity.TIME:
        raise WrongRun(f"{part.name} counts over {FACES[source].label}, and a calibration needs times of flight.")
    return positions


def _positions(
    edges: Numbers, quantity: Quantity, source: Quantity, flight: Flight, rows: NDArray[np.integer[Any]]
) -> Numbers:
    """Return the wanted edges along the axis that the spectra have, shape (rows, bins + 1)."""
    own = Flight(_of(flight.before, rows, 1), _of(flight.after, rows, 1), _of(flight.two_theta, rows, 1))
    converted = _converted(np.asarray(edges, dtype=np.float64)[None, :], quantity, source, own)
    return np.broadcast_to(converted, (len(rows), len(edges)))


def _share(old: Numbers, values: Numbers, variances: Numbers, wanted: Numbers) -> tuple[Numbers, Numbers]:
    """Share histograms among new bins.

    Parameters
    ----------
    old
        Edges that all rows share, shape (m + 1,).
    values, variances
        Shape (rows, m).
    wanted
        New edges of each row, rising or falling, shape (rows, n + 1).
    """
    inside = np.clip(np.nan_to_num(wanted, nan=old[0]), old[0], old[-1])
    place = np.clip(np.searchsorted(old, inside, side="right") - 1, 0, len(old) - 2)
    part = (inside - old[place]) / (old[place + 1] - old[place])

    def between(rows: Numbers) -> Numbers:
        whole = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(rows, axis=1)], axis=1)
        low, high = np.take_along_axis(whole, place, 1), np.take_along_axis(whole, place + 1, 1)
        return np.abs(np.diff(low + part * (high - low), axis=1))

    return between(values), between(variances)


def _converted(values: Numbers, source: Quantity, target: Quantity, flight: Flight) -> Numbers:
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            return convert(values, source, target, flight)
    except NoConversion as error:
        raise WrongRun(f"{error} ({FACES[target].label} was asked for.)") from error


def _of(measure: Numbers | float | None, rows: NDArray[np.integer[Any]], more: int = 0) -> Numbers | float | None:
    """Return a measure of some spectra, with `more` dimensions behind."""
    return measure[rows].reshape(-1, *[1] * more) if isinstance(measure, np.ndarray) else measure
