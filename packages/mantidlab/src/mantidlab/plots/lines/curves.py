"""The curves of a plot: one for each spectrum that was chosen, with what is known of where it was measured."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from mantidlab.frameworks.model import DataObject, FrameworkError, Histogram, Kind, Log, NotThere
from mantidlab.plots.arrays import histograms_of_table
from mantidlab.plots.conversion.flight import FINAL_LOGS, INCIDENT_LOGS, UNKNOWN, Flight, Flights, logged_energy
from mantidlab.plots.conversion.quantities import Quantity, quantity_of
from mantidlab.plots.errors import NotPlottable
from mantidlab.plots.lines.choice import Choice, binned
from mantidlab.plots.sources import Source

MOST_CURVES = 500
"""Spectra that are drawn as curves; more are shown as a colour map."""

CHARGE_LOGS = ("gd_prtn_chrg", "proton_charge", "good_uamp_hours", "total_charge")
"""Under which names instruments keep the charge of the protons that made the neutrons."""

EVEN = 1e-6
"""Bins whose widths differ by less than this part are equal."""


@dataclass(frozen=True)
class Energies:
    """Fixed energies in meV that a person gave."""

    incident: float | None = None
    final: float | None = None


class Surroundings:
    """What the curves of one data object share, found out when it is asked for and once."""

    def __init__(self, source: Source, energies: Energies) -> None:
        self._source, self._energies = source, energies

    @cached_property
    def logs(self) -> Mapping[str, Log]:
        """Sample logs; none where there are none."""
        try:
            return self._source.data.logs()
        except FrameworkError:
            return {}

    @cached_property
    def flights(self) -> Flights | None:
        """The ways of the neutrons; None where nobody knows the detectors."""
        try:
            geometry = self._source.data.geometry()
        except FrameworkError:
            return None
        return Flights(geometry, *self._fixed())

    @cached_property
    def charge(self) -> float | None:
        """Proton charge, in the unit of the log."""
        for name in CHARGE_LOGS:
            found = self.logs[name].value if name in self.logs else None
            if isinstance(found, float | int) and not isinstance(found, bool) and found > 0:
                return float(found)
        return None

    @cached_property
    def monitor(self) -> float | None:
        """Counts of the first monitor beside the data; None where there is none."""
        for name, sibling in self._source.siblings.items():
            if name.startswith("monitor"):
                try:
                    total = float(np.nansum(sibling.spectra()[0].values))
                except (FrameworkError, IndexError):
                    continue
                if total > 0:
                    return total
        return None

    def flight(self, place: int) -> Flight:
        """Return the flight of a spectrum."""
        if self.flights is None:
            return UNKNOWN.with_energies(*self._fixed())
        try:
            return self.flights.of(self._behind[place])
        except (FrameworkError, IndexError):
            return UNKNOWN

    @cached_property
    def _behind(self) -> Sequence[Any]:
        return self._source.data.spectrum_detectors()

    def _fixed(self) -> tuple[float | None, float | None]:
        """Return the energies that were given, else those that the data say hold for all neutrons."""
        given = self._energies
        if given.incident is not None or given.final is not None:
            return given.incident, given.final
        mode = str(self.logs["deltaE-mode"].value).lower() if "deltaE-mode" in self.logs else ""
        incident = logged_energy(self.logs, INCIDENT_LOGS if mode == "direct" else INCIDENT_LOGS[:1])
        final = logged_energy(self.logs, FINAL_LOGS if mode == "indirect" else FINAL_LOGS[:1])
        return (incident, None) if incident is not None else (None, final)


@dataclass(frozen=True, eq=False)
class Curve:
    """One spectrum to draw.

    Attributes
    ----------
    id
        By which Python and the browser name it; never used again in one plot.
    name, source
        For the legend: of this curve, and of the data object that it came from.
    """

    id: int
    name: str
    source: str
    histogram: Histogram
    framework: str = ""
    place: int = 0
    around: Surroundings | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """Bins, or points."""
        return len(self.histogram.values)

    @property
    def masked(self) -> int:
        """How many values are masked."""
        return 0 if self.histogram.mask is None else int(self.histogram.mask.sum())

    @property
    def mark(self) -> Literal["steps", "points", "line"]:
        """How it is drawn: bins as steps, series over time as a line, else points."""
        axis = self.histogram.axis
        if axis.edges:
            return "steps"
        if axis.values.dtype.kind == "M":
            return "line"
        return "points"

    @cached_property
    def quantity(self) -> tuple[Quantity, float] | None:
        """What the axis shows and how many of that quantity's units its own is; None for anything else."""
        return quantity_of(self.histogram.axis)

    @cached_property
    def flight(self) -> Flight:
        """How the neutrons went."""
        return UNKNOWN if self.around is None else self.around.flight(self.place)

    def settle(self) -> None:
        """Find out now what is found out once, so that the file that it comes from may be closed."""
        if self.around is not None:
            _ = self.flight, self.around.charge, self.around.monitor

    @cached_property
    def divisible(self) -> bool:
        """Whether its values are counts in bins, which can be divided by the widths.

        Of Mantid, every histogram that is not a distribution yet, as ``mantid.plots`` does; of others, those in counts.
        """
        data = self.histogram
        if not data.axis.edges or data.distribution or data.axis.values.dtype.kind == "M":
            return False
        return self.framework == "mantid" or data.unit == "counts"

    @cached_property
    def divided_by_itself(self) -> bool:
        """Whether it is divided unless somebody says otherwise: Mantid's data, and bins of unequal widths."""
        return self.divisible and (self.framework == "mantid" or not self._even)

    @property
    def _even(self) -> bool:
        widths = np.diff(self.histogram.axis.values)
        return bool(len(widths) == 0 or np.ptp(widths) <= EVEN * abs(float(widths[0])))


class TooMany(Exception):
    """More spectra than curves can show: they are to be shown as a colour map. No error that people see.

    Attributes
    ----------
    source, count
        Whose spectra, and how many.
    """

    def __init__(self, source: Source, count: int) -> None:
        super().__init__(source.name, count)
        self.source, self.count = source, count


def curves_of(
    sources: Sequence[Source], choice: Choice, energies: Energies, first_id: int = 0
) -> tuple[list[Curve], list[str]]:
    """Return the curves of data objects, in order, and sentences that the plot should say.

    Files that were opened for it are closed again: nobody could write them while a plot of them is somewhere.

    Raises
    ------
    NotPlottable
        A source has nothing that curves could be drawn of.
    WrongArgument
        The choice does not fit the data.
    TooMany
        They are more than `MOST_CURVES`.
    """
    try:
        curves, notes = _all_curves(sources, choice, energies, first_id)
        for curve in curves:
            curve.settle()
    except TooMany:
        raise  # who draws the colour map still reads from the file
    except BaseException:
        _close(sources)
        raise
    _close(sources)
    return curves, notes


def _close(sources: Sequence[Source]) -> None:
    for source in sources:
        source.close()


def _all_curves(
    sources: Sequence[Source], choice: Choice, energies: Energies, first_id: int
) -> tuple[list[Curve], list[str]]:
    curves: list[Curve] = []
    notes = [source.note for source in sources if source.note]
    for source in sources:
        for made in _curves_of(source, choice, energies, len(sources) > 1, notes):
            if len(curves) >= MOST_CURVES:
                raise TooMany(source, len(curves) + 1)
            curves.append(made(first_id + len(curves)))
    if not curves:
        raise NotPlottable(f"{sources[0].name} holds no spectra: there is nothing to draw.")
    return curves, notes


def _curves_of(
    source: Source, choice: Choice, energies: Energies, among_others: bool, notes: list[str]
) -> Iterator[Callable[[int], Curve]]:
    summary = source.data.summary()
    if summary.kind in (Kind.TABLE, Kind.PEAKS):
        for histogram in histograms_of_table(source.data.table(), choice.columns, source.name):
            name = f"{source.name}: {histogram.name}" if among_others else histogram.name
            yield _maker(source, name, histogram, summary.framework, 0, None)
        return
    data, told = binned(source.data, choice.bins, source.name)
    spectra = _spectra(data, source.name)
    places = choice.places(data, spectra, source.name)
    if len(places) > MOST_CURVES:
        raise TooMany(replace(source, data=data), len(places))
    if told:
        notes.append(told)
    around = Surroundings(replace(source, data=data), energies)
    for place in places:
        histogram = spectra[place]
        name = _name(source.name, histogram.name, alone=len(spectra) == 1, among_others=among_others)
        yield _maker(source, name, histogram, summary.framework, place, around)


def _maker(
    source: Source, name: str, histogram: Histogram, framework: str, place: int, around: Surroundings | None
) -> Callable[[int], Curve]:
    return lambda number: Curve(number, name, source.name, histogram, framework, place, around)


def _name(source: str, own: str, *, alone: bool, among_others: bool) -> str:
    if alone or not own:
        return source or own
    return f"{source}: {own}" if among_others else own


def _spectra(data: DataObject, name: str) -> Sequence[Histogram]:
    try:
        return data.spectra()
    except NotThere as error:
        raise NotPlottable(f"{name} has no spectra to draw as curves. {error}") from error
