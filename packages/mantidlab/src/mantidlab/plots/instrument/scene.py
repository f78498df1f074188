"""An instrument and what its detectors count: all that the picture is made of, without a widget."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantidlab.frameworks import as_data_object
from mantidlab.frameworks.model import Axis, DataObject, Geometry, Histogram, Kind, Mask, NotThere, Numbers
from mantidlab.frameworks.spacing import grows
from mantidlab.plots.conversion.axes import convert, reachable
from mantidlab.plots.conversion.flight import FINAL_LOGS, INCIDENT_LOGS, Flight, Flights, logged_energy
from mantidlab.plots.conversion.quantities import FACES, Quantity, quantity_of
from mantidlab.plots.errors import NotPlottable
from mantidlab.plots.instrument.camera import first_direction
from mantidlab.plots.instrument.counting import Counts, Limits, Rows, counts_of
from mantidlab.plots.instrument.detectors import MONITOR, NONE, NOWHERE, SAMPLE, Detectors, make_detectors
from mantidlab.plots.instrument.projections import Unwrapped, ends_without_strays, unwrap
from mantidlab.plots.members import left_out, main_of, members_of
from mantidlab.plots.sources import Source, sources_of

CONVERTED_BINS = 500
"""Bins of a spectrum in another unit than that of the data."""

OUTERMOST = 0.5
"""Percent of positions at either end that do not decide where such a spectrum begins: 2θ near 0 makes d endless."""


WIDE = 50.0
"""Where such a spectrum spans more than this factor, its bins grow with the values."""


class Scene:
    """Detectors in their places and the counts of their spectra.

    Parameters
    ----------
    source
        What is shown.
    geometry
        Where its detectors are: a `Geometry`, or any object that has one; None takes the data's own.

    Raises
    ------
    NotPlottable
        Nobody knows where the detectors are, or they do not fit the spectra; the message says why.
    """

    def __init__(self, source: Source, geometry: Any = None) -> None:
        self.name, self.data = source.name, source.data
        self._note = source.note
        self.counts: Counts = counts_of(self.data)
        found, lists = _own(self.data) if geometry is None else _lent(geometry, self.counts.rows)
        self.detectors: Detectors = make_detectors(found, lists)
        self._check()
        self._unwrapped: dict[str, Unwrapped] = {}

    def _check(self) -> None:
        if self.detectors.count == 0:
            raise NotPlottable(f"{self.name} has an instrument without detectors, so that there is nothing to show.")
        beyond = self.detectors.spectrum_of >= self.counts.rows
        self.detectors.spectrum_of[beyond] = NONE

    @cached_property
    def quantity(self) -> tuple[Quantity, float] | None:
        """What the spectra's axis shows, and how many of that quantity's units its own unit is; None if unknown."""
        return quantity_of(self.counts.axis)

    @cached_property
    def flights(self) -> Flight:
        """The flights of all detectors, in arrays of shape (n,)."""
        geometry = self.detectors.geometry
        flight = Flights(geometry, *self._energies()).of_all()
        after = np.ravel(flight.after)
        if geometry.source is not None:
            # To a monitor neutrons fly straight from the source, wherever it stands.
            straight = np.linalg.norm(geometry.positions - geometry.source, axis=1) - np.asarray(flight.before)
            after = np.where(geometry.monitor, straight, after)
        return replace(flight, after=after, two_theta=np.ravel(flight.two_theta))

    def _energies(self) -> tuple[float | None, float | None]:
        """Return the fixed energies, of data that show energy transfers: other instruments log energies too."""
        if self.quantity is None or self.quantity[0] != Quantity.ENERGY_TRANSFER:
            return None, None
        try:
            logs = self.data.logs()
        except NotThere:
            return None, None
        return logged_energy(logs, INCIDENT_LOGS), logged_energy(logs, FINAL_LOGS)

    @cached_property
    def units(self) -> tuple[Quantity, ...]:
        """The quantities that the axis can be shown in; empty where it is none of them."""
        return reachable(self.quantity[0], self.flights) if self.quantity is not None else ()

    @cached_property
    def first_detector(self) -> NDArray[np.int64]:
        """The first detector of each spectrum, shape (rows,); `NONE` for those without."""
        found = np.full(self.counts.rows, NONE, dtype=np.int64)
        of = self.detectors.spectrum_of
        with_one = np.flatnonzero(of != NONE)
        found[of[with_one][::-1]] = with_one[::-1]
        return found

    @cached_property
    def counted_rows(self) -> Rows:
        """The spectra that have a detector which counts."""
        return self.rows_of(self.detectors.counting())

    def rows_of(self, detectors: Any) -> Rows:
        """Return the spectra of some detectors, each once, in order."""
        of = self.detectors.spectrum_of[detectors]
        there = np.zeros(self.counts.rows, dtype=np.bool_)
        there[of[of != NONE]] = True
        return np.flatnonzero(there)

    def total(self, values: Numbers) -> float:
        """Return the sum of what detectors that count show, each spectrum once."""
        counted = values[self.first_detector[self.counted_rows]]
        return float(counted[np.isfinite(counted)].sum())

    def axis(self, quantity: Quantity | None = None) -> tuple[str, str]:
        """Return label and unit of the axis, or of another quantity."""
        if quantity is None or self._native(quantity):
            return self.counts.axis.label, self.counts.axis.unit
        return FACES[quantity].label, FACES[quantity].unit

    def _native(self, quantity: Quantity | None) -> bool:
        return quantity is None or (self.quantity is not None and quantity == self.quantity[0])

    def values(self, chosen: tuple[float, float] | None, quantity: Quantity | None = None) -> Numbers:
        """Return what each detector counts in a range, shape (n,); NaN for those without a spectrum.

        Detectors that share a spectrum have its counts each.
        """
        of = self.detectors.spectrum_of
        counted = self.counts.within(self._limits(chosen, quantity))
        return np.where(of == NONE, np.nan, counted[np.maximum(of, 0)] if len(counted) else np.nan)

    def _limits(self, chosen: tuple[float, float] | None, quantity: Quantity | None) -> Limits | None:
        if chosen is None or self._native(quantity):
            return chosen
        rows = np.arange(self.counts.rows)
        ends = np.stack([self._back(np.full(len(rows), end), rows, quantity) for end in chosen])
        known = np.isfinite(ends).all(axis=0)
        low, high = np.sort(ends, axis=0)
        return np.where(known, low, np.inf), np.where(known, high, -np.inf)

    def _flight(self, rows: Rows) -> Flight:
        """Return the flights of spectra, those of their first detectors, in arrays of the rows' shape."""
        which = self.first_detector[rows]
        after, angle = np.asarray(self.flights.after), np.asarray(self.flights.two_theta)
        there = which != NONE
        return replace(
            self.flights,
            after=np.where(there, after[which], np.nan),
            two_theta=np.where(there, angle[which], np.nan),
        )

    def _forth(self, positions: Numbers, rows: Rows, quantity: Quantity) -> Numbers:
        source, factor = self._known_quantity()
        return convert(np.asarray(positions, dtype=np.float64) * factor, source, quantity, self._flight(rows))

    def _back(self, positions: Numbers, rows: Rows, quantity: Quantity | None) -> Numbers:
        source, factor = self._known_quantity()
        return convert(positions, quantity or source, source, self._flight(rows)) / factor

    def _known_quantity(self) -> tuple[Quantity, float]:
        if self.quantity is None:
            raise NotPlottable(
                f"The axis of {self.name} ({self.counts.axis.label}) cannot be shown in another unit: it is none of "
                f"{', '.join(quantity.value for quantity in Quantity)}."
            )
        return self.quantity

    def spectrum(self, detectors: NDArray[np.integer[Any]], quantity: Quantity | None = None) -> Histogram:
        """Return the sum of the spectra of some detectors; a spectrum of several of them is added once.

        Raises
        ------
        NotThere
            None of them has one.
        """
        return self.spectrum_of_rows(self.rows_of(detectors), quantity)

    def spectrum_of_rows(self, rows: Rows, quantity: Quantity | None = None) -> Histogram:
        """Return the sum of some spectra."""
        if not len(rows):
            raise NotThere("Nothing with a spectrum is chosen.")
        if quantity is None or self._native(quantity):
            return self.counts.spectrum(rows)
        edges = self._edges(rows, quantity)
        values, squares = self.counts.spread(rows, edges, lambda where, which: self._forth(where, which, quantity))
        label, unit = self.axis(quantity)
        widths = np.diff(edges) if self.counts.distribution else 1.0
        return Histogram(
            Axis(quantity.value, label, unit, edges, edges=True, log=grows(edges)),
            values / widths,
            np.sqrt(squares) / widths,
            label=self.counts.label,
            unit=self.counts.unit,
            distribution=self.counts.distribution,
        )

    def _edges(self, rows: Rows, quantity: Quantity) -> Numbers:
        ends = np.asarray(self.counts.axis.values, dtype=np.float64)
        ends = ends[np.isfinite(ends)]
        places = np.array([ends.min(), ends.max()])
        found = self._forth(
            np.broadcast_to(places[:, None], (2, len(rows))), np.broadcast_to(rows, (2, len(rows))), quantity
        )
        good = found[np.isfinite(found)]
        if not len(good):
            raise NotThere(f"None of the detectors has a {FACES[quantity].label} for these data.")
        low, high = np.percentile(good, [OUTERMOST, 100 - OUTERMOST])
        if 0 < low < high / WIDE:
            return np.geomspace(low, high, CONVERTED_BINS + 1)
        return np.linspace(low, high if high > low else low + 1.0, CONVERTED_BINS + 1)

    def unwrapped(self, projection: str) -> Unwrapped:
        """Return the detectors laid out flat; kept."""
        if projection not in self._unwrapped:
            self._unwrapped[projection] = unwrap(self.detectors, projection)
        return self._unwrapped[projection]

    def bounds(self) -> tuple[Numbers, Numbers]:
        """Return the corners of the box around detectors that are no monitors, in metres from the sample.

        A few that stand far from all others are left out: see `ends_without_strays`.
        """
        return self._box[:2]

    @cached_property
    def _box(self) -> tuple[Numbers, Numbers, int]:
        """Two opposite corners of that box, and how many detectors were left out."""
        return ends_without_strays(self.detectors.places, self._seen_at_first)

    @cached_property
    def towards(self) -> Numbers:
        """Direction from the instrument to the eye of the first view, a unit vector."""
        some = np.flatnonzero(self._seen_at_first)
        sample = self.detectors.places[some[:: max(1, len(some) // SAMPLE)]]
        return first_direction(sample, self.detectors.geometry.beam, self.detectors.geometry.up)

    @property
    def _seen_at_first(self) -> Mask:
        """Which detectors are no monitors and have a place, shape (n,)."""
        return (self.detectors.flags & (MONITOR | NOWHERE)) == 0

    def notes(self) -> tuple[str, ...]:
        """Return in sentences what a person should know of the picture."""
        told = [self._note] if self._note else []
        told += self.counts.notes()
        if self.detectors.guessed:
            told.append("The data name no sizes of detectors: they are drawn as large as the distances between them.")
        strays = self._box[2]
        if strays:
            told.append(f"{strays:,} detectors stand far from the others, outside of the first view.")
        nowhere = int(np.count_nonzero(~np.isfinite(self.detectors.geometry.positions).all(axis=1)))
        if nowhere:
            told.append(f"{nowhere:,} detectors have no finite position and are not drawn.")
        shared = self.detectors.count - self.counts.rows
        if 0 < self.counts.rows < np.count_nonzero(self.detectors.spectrum_of != NONE) and shared > 0:
            told.append("Detectors are grouped: those that share a spectrum show its counts each.")
        return tuple(told)


def open_scene(thing: Any, *, geometry: Any = None, part: str = "") -> Scene:
    """Return the scene of whatever a person has: a workspace or its name, scipp's data, a file.

    Raises
    ------
    NotPlottable
        It is not one object with detectors in known places.
    """
    bare = thing.values() if isinstance(thing, dict) else [thing]
    if any(isinstance(one, np.ndarray | tuple | list) for one in bare):
        raise NotPlottable(
            "An array does not say where its detectors are. Give a workspace, a data array of scipp with the "
            "coordinate 'position', or the path of a file."
        )
    found = sources_of(thing, part=part)
    if not part and geometry is None and not isinstance(thing, dict | str | PathLike):
        found = _with_places(thing) or found
    if len(found) != 1:
        raise NotPlottable(
            f"An instrument view shows one object, and {len(found)} were given: {', '.join(one.name for one in found)}."
        )
    return Scene(_one_part(found[0]), geometry)


def _with_places(thing: Any) -> list[Source]:
    """Return what matters most of a group of scipp, if it can be of what says where its detectors are."""
    try:
        group = as_data_object(thing)
    except NotThere:
        return []
    summary = group.summary()
    if summary.kind is not Kind.GROUP or summary.framework != "scipp" or summary.type == "Dataset":
        return []
    members, others = members_of(group)
    if not members:
        return []
    main = main_of([member for member in members if _has_places(member.data)] or members)
    return [Source(main.name, main.data, left_out([main], members, others, summary.name or "the group"))]


def _has_places(data: DataObject) -> bool:
    try:
        data.geometry()
    except NotThere:
        return False
    return True


def _one_part(source: Source) -> Source:
    """Return the only part of a file instead of the file: it can do more."""
    if source.data.summary().framework != "nexus":
        return source
    try:
        members = source.data.members()
    except NotThere:
        return source
    return Source(source.name, next(iter(members.values())), source.note) if len(members) == 1 else source


def _own(data: DataObject) -> tuple[Geometry, Any]:
    try:
        return data.geometry(), _lists(data)
    except NotThere as error:
        raise NotPlottable(
            f"The instrument cannot be drawn. {error} Give the places with geometry=…: another object that has them, "
            "such as an empty instrument that Mantid has loaded."
        ) from error


def _lists(data: DataObject) -> Any:
    return data.spectrum_detectors()


def _lent(thing: Any, rows: int) -> tuple[Geometry, Any]:
    if isinstance(thing, Geometry):
        return _fitting(thing, None, rows)
    data = as_data_object(thing)
    try:
        lists = _lists(data)
    except NotThere:
        lists = None
    return _fitting(data.geometry(), lists, rows)


def _fitting(geometry: Geometry, lists: Any, rows: int) -> tuple[Geometry, Any]:
    if lists is not None and len(lists) == rows:
        return geometry, lists
    if len(geometry.ids) == rows:
        return geometry, None
    used = np.flatnonzero(~geometry.monitor)
    if len(used) == rows:
        return geometry, [np.array([index]) for index in used]
    raise NotPlottable(
        f"The geometry that was given has {len(geometry.ids):,} detectors ({len(used):,} without monitors) and the "
        f"data have {rows:,} spectra, so that nobody knows which belongs to which."
    )


def told_axis(scene: Scene) -> Mapping[str, Any]:
    """Return the axis and its units as plain values."""
    label, unit = scene.axis()
    units = [{"id": one.value, "label": FACES[one].label, "unit": FACES[one].unit} for one in scene.units]
    return {"label": label, "unit": unit, "units": units, "native": scene.quantity[0].value if scene.quantity else ""}
