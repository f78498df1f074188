"""The interface: look at a run's detectors, find the bad ones, and keep a mask."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mantidlab.frameworks.model import Axis, Column, Mask, Numbers, Table
from mantidlab.interfaces import Group, InputFile, OutputFile, Progress, RunFile, Unit, interface, step
from mantidlab.plots.instrument.masks import DetectorMask
from mantidlab.techniques.backends import Backend, backend
from mantidlab.techniques.counting import count_by
from mantidlab.techniques.detectors.masking import inside_of_detector, named, numbers_in, read_mask
from mantidlab.techniques.detectors.rules import PERIODS, Thresholds, judge
from mantidlab.techniques.errors import WrongRun
from mantidlab.techniques.runs import OpenRun, Places
from mantidlab.techniques.settings import Positive, Settings

RULES = "Rules"
PLACE = "Place"
VERDICTS = ("dead", "cold", "hot", "noisy", "place", "named")


class MaskSettings(Settings):
    """When a detector is left out."""

    find_bad: Annotated[bool, Group(RULES), Field(description="Whether the rules are used at all.")] = True
    cold_below: Annotated[
        float,
        Group(RULES),
        Field(ge=0, lt=1, description="Share of the neighbours' median below which one counts too little."),
    ] = 0.1
    hot_above: Annotated[
        float, Group(RULES), Field(gt=1, description="Times the neighbours' median above which one counts too much.")
    ] = 5.0
    noisy_above: Annotated[
        float,
        Group(RULES),
        Field(gt=1, description="χ² of the counts over time against the neighbours', over the usual one."),
    ] = 20.0
    deviations: Annotated[
        float, Group(RULES), Field(gt=0, description="Standard deviations that it must be off besides.")
    ] = 5.0
    neighbours: Annotated[
        int, Group(RULES), Field(ge=4, le=200, description="How many detectors around are compared.")
    ] = 24

    beam_stop: Annotated[
        float, Unit("m"), Group(PLACE), Field(ge=0, description="Radius around the beam that is left out.")
    ] = 0.0
    outer: Annotated[
        Positive | None,
        Unit("m"),
        Group(PLACE),
        Field(description="Radius beyond which all is left out."),
    ] = None
    edge: Annotated[
        float, Unit("m"), Group(PLACE), Field(ge=0, description="Margin of the detector that is left out.")
    ] = 0.0
    numbers: Annotated[
        str, Group(PLACE), Field(description="Detector numbers that are left out, such as 1-128,300.")
    ] = ""
    start_from: Annotated[InputFile | None, Group(PLACE), Field(description="A mask file (XML) to begin with.")] = None


@dataclass(frozen=True, eq=False)
class MaskResult:
    """What was found.

    Attributes
    ----------
    mask
        For NumPy, scipp and Mantid: ``mask.array``, ``mask.scipp()``, ``mask.xml()``.
    bad
        A table: number, verdict, counts, and what the neighbours make one expect.
    found
        How many of each verdict.
    run
        The file.
    """

    mask: DetectorMask
    bad: Table
    found: dict[str, int]
    run: Path

    def plot(self) -> Any:
        """Show the instrument with the masked detectors chosen."""
        from mantidlab import instrument

        with OpenRun(self.run) as run:
            geometry = run.geometry()
        return instrument(self.run, selection=self.mask.detector_list(), geometry=geometry)


@interface(title="Detectors: look, find bad ones, mask", technique="", instruments=["SIMSANS", "SIMREF", "SIMPOW"])
def detector_mask(
    run: RunFile, settings: MaskSettings = MaskSettings(), save: OutputFile | None = None
) -> Generator[Progress, None, MaskResult]:
    """Find dead, hot and noisy detectors of a run, and make a mask of them.

    Parameters
    ----------
    run
        Any run whose detectors have places.
    settings
        Rules, and places that are left out in any case.
    save
        Where to write the mask, as Mantid's LoadMask reads it.
    """
    yield Progress(0.0, "counting")
    counted = step(count_detectors, run)
    yield Progress(0.5, "comparing")
    verdicts = verdicts_of(counted, settings)
    if settings.find_bad and backend() is Backend.MANTID:
        from mantidlab.techniques.detectors.in_mantid import find_bad

        numbers = find_bad(run, settings.cold_below, settings.hot_above, settings.deviations)
        known = named(counted.places, numbers)
        verdicts = {**verdicts, "dead": known & (counted.spectra.sum(axis=1) == 0)}
        verdicts["hot"] = known & ~verdicts["dead"]
    result = _result(run, counted, verdicts)
    if save is not None:
        result.mask.save_xml(save)
    return result


@dataclass(frozen=True, eq=False)
class DetectorCounts:
    """Counts of each spectrum in a few parts of the time of flight, shape (n, parts)."""

    places: Places
    spectra: Numbers


def count_detectors(path: Path) -> DetectorCounts:
    """Count each detector in equal parts of the time of flight.

    Raises
    ------
    WrongRun
        No detector has a place.
    """
    with OpenRun(path) as run:
        part, places = run.part(), run.places()
        if not places.usable.any():
            raise WrongRun(f"{run.named} has no detectors whose place is known, so that none has neighbours.")
        axis = part.spectra()[0].axis
        edges = _parts(axis)
        if axis.name == "TOF":
            spectra = count_by(part, lambda times, rows: times, lambda at, rows: at + 0.0 * rows, edges).values
        else:
            spectra = part.image().values.sum(axis=1, keepdims=True)
        return DetectorCounts(places, spectra)


def verdicts_of(counted: DetectorCounts, settings: MaskSettings) -> dict[str, Mask]:
    """Return for each verdict the detectors that have it, shape (n,); one detector has one."""
    places = counted.places
    none = np.zeros(len(places.numbers), dtype=bool)
    chosen = none.copy()
    if settings.start_from is not None:
        chosen |= named(places, read_mask(settings.start_from))
    if settings.numbers.strip():
        chosen |= named(places, numbers_in(settings.numbers))
    lit = inside_of_detector(places, beam_stop=settings.beam_stop, outer=settings.outer, edge=settings.edge)
    placed = places.usable & ~lit & ~chosen
    found = {"named": chosen, "place": placed}
    if not settings.find_bad or backend() is Backend.MANTID:
        return found
    limits = Thresholds(
        cold_below=settings.cold_below,
        hot_above=settings.hot_above,
        noisy_above=settings.noisy_above,
        deviations=settings.deviations,
        neighbours=settings.neighbours,
    )
    several = counted.spectra if counted.spectra.shape[1] > 1 else None
    told = judge(counted.spectra.sum(axis=1), several, places.positions, lit & ~chosen, limits)
    return {**found, "dead": told.dead, "cold": told.cold, "hot": told.hot, "noisy": told.noisy}


def _parts(axis: Axis) -> NDArray[Any]:
    low, high = float(np.nanmin(axis.values)), float(np.nanmax(axis.values))
    edges = np.linspace(low, high, PERIODS + 1)
    edges[-1] = np.nextafter(high, np.inf)  # a bin does not hold its upper edge
    return edges


def _result(run: Path, counted: DetectorCounts, verdicts: dict[str, Mask]) -> MaskResult:
    places = counted.places
    bad = np.zeros(len(places.numbers), dtype=bool)
    words = np.full(len(bad), "", dtype=object)
    for name in VERDICTS:
        chosen = verdicts.get(name, np.zeros_like(bad))
        words[chosen] = name
        bad |= chosen
    rows = np.flatnonzero(bad)
    counts = counted.spectra.sum(axis=1)
    table = Table(
        (
            Column("detector", "", places.numbers[rows]),
            Column("verdict", "", np.array(words[rows], dtype=str)),
            Column("counts", "counts", counts[rows]),
            Column("x", "m", places.positions[rows, 0]),
            Column("y", "m", places.positions[rows, 1]),
        )
    )
    mask = DetectorMask(ids=places.numbers, array=bad, spectra=bad, dims=("spectrum",))
    found = {name: int(verdicts[name].sum()) for name in VERDICTS if name in verdicts}
    return MaskResult(mask, table, found, run)
