"""Which spectra of a data object are drawn, as a person says it: by place, by number, by detector."""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from mantidlab.frameworks.model import DataObject, EventObject, Histogram, NotThere
from mantidlab.plots.errors import WrongArgument

Wanted: TypeAlias = int | slice | Iterable[int] | None

BINS = 500
"""Equal bins for events that have none."""

FEW = 2
"""Events in fewer bins than this are as good as not binned: what Mantid and files hold before anybody rebinned."""

LOOKED_THROUGH = 50_000
"""Spectra whose names are read to find a number; beyond, the place must be given."""


@dataclass(frozen=True, eq=False)
class Choice:
    """What `plot` was told of the data.

    Attributes
    ----------
    spectra
        Places, from 0, as in ``spectra()``; negative ones count from the end.
    numbers
        Spectrum numbers, as Mantid and ISIS files count.
    detectors
        Detector numbers, as the facility gives them.
    bins
        For events: how many equal bins, or their edges.
    columns
        For tables: names of the columns ``x``, ``y`` and ``error``.
    """

    spectra: Wanted = None
    numbers: Wanted = None
    detectors: Wanted = None
    bins: Any = None
    columns: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse two ways to say the same."""
        said = [name for name in ("spectra", "numbers", "detectors") if getattr(self, name) is not None]
        if len(said) > 1:
            raise WrongArgument(f"Choose spectra in one way: {' and '.join(f'{name}=' for name in said)} were given.")

    def places(self, data: DataObject, spectra: Sequence[Histogram], name: str) -> Sequence[int]:
        """Return the places of the spectra that are drawn.

        Raises
        ------
        WrongArgument
            There is no such spectrum.
        """
        if self.numbers is not None:
            return [_place_of(spectra, number, "spectrum", name) for number in _listed(self.numbers, "numbers", 2**31)]
        if self.detectors is not None:
            return _places_of_detectors(data, spectra, _listed(self.detectors, "detectors", 2**31), name)
        if self.spectra is None:
            return range(len(spectra))
        return [_inside(place, len(spectra), name) for place in _listed(self.spectra, "spectra", len(spectra))]


def _listed(wanted: Wanted, argument: str, size: int) -> Sequence[int]:
    if isinstance(wanted, slice):
        return range(*wanted.indices(size))
    listed = list(wanted) if isinstance(wanted, Iterable) else [wanted]
    try:
        return [operator.index(item) for item in listed]  # type: ignore[arg-type]  # what is none, raises
    except TypeError as error:
        raise WrongArgument(f"{argument}= takes a whole number, a slice or a list of them, not {wanted!r}.") from error


def _inside(place: int, size: int, name: str) -> int:
    found = place + size if place < 0 else place
    if not 0 <= found < size:
        raise WrongArgument(
            f"{name} has {size} spectra, from 0 to {size - 1}; {place} is none of them. "
            "Spectrum numbers are given with numbers=."
        )
    return found


def _place_of(spectra: Sequence[Histogram], number: int, word: str, name: str) -> int:
    """Find a spectrum by the number in its name; most are numbered without gaps, which is tried first."""
    wanted, size = f"{word} {number}", len(spectra)
    if size:
        first = spectra[0].name
        before, _, begin = first.rpartition(" ")
        if before == word and begin.lstrip("-").isdigit():
            guess = number - int(begin)
            if 0 <= guess < size and spectra[guess].name == wanted:
                return guess
        if before == word and size <= LOOKED_THROUGH:
            for place in range(size):
                if spectra[place].name == wanted:
                    return place
    shown = f"they are called {spectra[0].name!r} to {spectra[size - 1].name!r}" if size else "there is none"
    raise WrongArgument(f"{name} has no {wanted}; {shown}. spectra= takes places from 0.")


def _places_of_detectors(
    data: DataObject, spectra: Sequence[Histogram], wanted: Sequence[int], name: str
) -> Sequence[int]:
    if len(spectra) and spectra[0].name.startswith("detector "):
        return [_place_of(spectra, number, "detector", name) for number in wanted]
    try:
        ids, behind = data.geometry().ids, data.spectrum_detectors()
    except NotThere as error:
        raise WrongArgument(f"{name} does not say which detectors its spectra have. {error}") from error
    place_of: dict[int, int] = {}
    for place in range(len(behind)):
        for index in behind[place]:
            place_of.setdefault(int(ids[index]), place)
    missing = [number for number in wanted if number not in place_of]
    if missing:
        raise WrongArgument(f"{name} has no spectrum with the detector {missing[0]}.")
    return list(dict.fromkeys(place_of[number] for number in wanted))


def binned(data: DataObject, bins: Any, name: str) -> tuple[DataObject, str]:
    """Return data whose events are in bins, and a sentence on the bins if nobody chose them.

    Raises
    ------
    WrongArgument
        Bins were given for what has no events.
    """
    has_events = isinstance(data, EventObject) and data.summary().events is not None
    if not has_events:
        if bins is not None:
            raise WrongArgument(f"{name} has no events, so that its bins are what they are: leave out bins=.")
        return data, ""
    assert isinstance(data, EventObject)  # noqa: S101  # as `has_events` says
    if bins is not None and not isinstance(bins, int | np.integer):
        return data.binned(np.asarray(bins, dtype=np.float64)), ""
    spectra = data.spectra()
    if not len(spectra):
        return data, ""
    axis = spectra[0].axis
    if bins is None and axis.size >= FEW:
        return data, f"Events of {name} are counted into {axis.size} bins (bins=… takes a number of bins, or edges)."
    low, high = float(np.nanmin(axis.values)), float(np.nanmax(axis.values))
    count = BINS if bins is None else int(bins)
    if count < 1:
        raise WrongArgument(f"bins= takes one bin or more, not {count}.")
    if not high > low:
        return data, ""
    chosen = data.binned(np.linspace(low, high, count + 1))
    unit = f" {axis.unit}" if axis.unit else ""
    told = f"Events of {name} are counted into {count} equal bins from {low:.6g} to {high:.6g}{unit} (bins=…)."
    return chosen, told if bins is None else ""
