"""Counts of all detectors, or of rings of them, over d-spacing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mantidlab.frameworks.model import Mask, NotThere, Numbers
from mantidlab.plots.conversion.quantities import Quantity, quantity_of
from mantidlab.techniques.counting import Counts, count, count_by
from mantidlab.techniques.detectors.masking import named, read_mask
from mantidlab.techniques.errors import WrongRun
from mantidlab.techniques.powder.calibration import Calibration, from_places, read_calibration
from mantidlab.techniques.runs import OpenRun, Places


@dataclass(frozen=True, eq=False)
class Focused:
    """A run over d-spacing.

    Attributes
    ----------
    counts
        Shape (rings, bins).
    two_theta
        Mean angle of each ring, rad.
    charge
        µA h; NaN where the file does not say.
    """

    counts: Counts
    two_theta: tuple[float, ...]
    charge: float
    instrument: str
    title: str
    run: str

    def whole(self) -> Counts:
        """Return the sum over the rings."""
        return self.counts.summed(np.ones(len(self.counts.values), dtype=bool))

    def ring(self, index: int) -> Counts:
        """Return one ring."""
        return Counts(self.counts.edges, self.counts.values[index], self.counts.variances[index])


@dataclass(frozen=True)
class Focusing:
    """How detectors are put together.

    Attributes
    ----------
    rings
        How many groups of equal width in 2θ.
    calibration
        A file; None for that of the places.
    factors
        For each ring, how much larger d-spacings of its calibration are than the true ones; empty for none.
    source
        From source to sample, m; None for what the file says.
    mask
        A mask file.
    """

    rings: int = 1
    calibration: Path | None = None
    factors: tuple[float, ...] = ()
    source: float | None = None
    mask: Path | None = None


def focus(path: Path, edges: tuple[float, ...], how: Focusing) -> Focused:
    """Count a run over d-spacing.

    Parameters
    ----------
    edges
        Å.

    Raises
    ------
    WrongRun
        The file does not say what is needed.
    """
    spacing = np.array(edges)
    with OpenRun(path) as run:
        part = run.part()
        places = run.places().moved(None, how.source)
        ring_of = rings_of(places, how.rings)
        chosen = places.usable if how.mask is None else places.usable & ~named(places, read_mask(how.mask))
        if _is_spacing(run):
            counted = count(part, places, Quantity.SPACING, spacing)
        else:
            calibration = calibration_of(places, how, ring_of)
            chosen &= calibration.usable
            counted = count_by(part, calibration.spacings, calibration.times, spacing)
        if not counted.values[chosen].sum():
            raise WrongRun(
                f"{run.named} has no counts from {edges[0]:g} to {edges[-1]:g} Å in detectors that are used."
            )
        return Focused(
            counts=_ringed(counted, ring_of, chosen, how.rings),
            two_theta=tuple(_mean_angle(places, chosen & (ring_of == ring)) for ring in range(how.rings)),
            charge=_charge(run),
            instrument=run.instrument,
            title=run.title,
            run=run.number,
        )


def calibration_of(places: Places, how: Focusing, ring_of: Numbers) -> Calibration:
    """Return the calibration that is used for a run's detectors."""
    base = from_places(places) if how.calibration is None else read_calibration(how.calibration, places)
    if not how.factors:
        return base
    return base.stretched(np.array(how.factors)[np.maximum(ring_of, 0)])


def rings_of(places: Places, rings: int) -> Numbers:
    """Return the ring of each detector, groups of equal width in 2θ; −1 for what is not usable."""
    angles = places.two_theta
    low, high = np.min(angles[places.usable]), np.max(angles[places.usable])
    if high <= low:
        return np.where(places.usable, 0, -1)
    with np.errstate(invalid="ignore"):
        found = np.clip(np.floor((angles - low) / (high - low) * rings), 0, rings - 1)
    return np.where(places.usable, found, -1).astype(np.int64)


def spacing_edges(low: float, high: float, step: float) -> tuple[float, ...]:
    """Return edges of d-spacing, each larger by a factor 1 + `step`."""
    count_ = max(1, int(np.ceil(np.log(high / low) / np.log1p(step))))
    return tuple((low * (1 + step) ** np.arange(count_ + 1)).tolist())


def _is_spacing(run: OpenRun) -> bool:
    try:
        known = quantity_of(run.part().spectra()[0].axis)
    except NotThere:
        return False
    return known is not None and known[0] is Quantity.SPACING


def _ringed(counts: Counts, ring_of: Numbers, chosen: Mask, rings: int) -> Counts:
    summed: Sequence[Counts] = [counts.summed(chosen & (ring_of == ring)) for ring in range(rings)]
    return Counts(counts.edges, np.stack([one.values for one in summed]), np.stack([one.variances for one in summed]))


def _mean_angle(places: Places, chosen: Mask) -> float:
    return float(places.two_theta[chosen].mean()) if chosen.any() else float("nan")


def _charge(run: OpenRun) -> float:
    try:
        return run.charge()
    except WrongRun:
        return float("nan")
