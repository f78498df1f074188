"""What a SANS run gives to the reduction: detectors over wavelength, the incident monitor, the apertures."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.conversion.quantities import Quantity
from mantidlab.techniques.counting import Counts, count, count_monitor
from mantidlab.techniques.errors import WrongRun
from mantidlab.techniques.runs import OpenRun, Places


@dataclass(frozen=True, eq=False)
class SansCounts:
    """A run, counted.

    Attributes
    ----------
    places
        Of the detectors that have one.
    detector
        Counts over wavelength (Å), shape (detectors, bins).
    monitor
        The incident monitor, shape (bins,); ones where the charge stands for it.
    attenuation
        Transmission of the attenuator in the beam; 1 without one.
    thickness
        Of the sample in cm; NaN where the file does not say.
    apertures
        Diameter of source and sample aperture and their distance, m; NaN where the file does not say.
    """

    places: Places
    detector: Counts
    monitor: Counts
    attenuation: float
    thickness: float
    apertures: tuple[float, float, float]
    instrument: str
    title: str
    run: str


def count_run(
    path: Path, edges: tuple[float, ...], monitor: str, distance: float | None = None, source: float | None = None
) -> SansCounts:
    """Count a run over wavelength.

    Parameters
    ----------
    edges
        Of the wavelength bins, Å.
    monitor
        Name or number of the incident monitor; empty for the instrument's own; ``charge`` for the protons instead.
    distance, source
        From the sample to the middle of the detector, and from source to sample, m; None for what the file says.

    Raises
    ------
    WrongRun
        The file has no such monitor, or does not say where its detectors are.
    """
    wavelength = np.array(edges)
    with OpenRun(path) as run:
        places = run.places().moved(distance, source)
        if not places.usable.any():
            raise WrongRun(f"{run.named} has no detector whose place is known, so that it has no Q.")
        if not np.isfinite(places.l1):
            raise WrongRun(f"{run.named} does not say how far the source is, so that it has no wavelengths.")
        counted = count(run.part(), places, Quantity.WAVELENGTH, wavelength)
        return SansCounts(
            places=_chosen(places, places.usable),
            detector=Counts(wavelength, counted.values[places.usable], counted.variances[places.usable]),
            monitor=_incident(run, monitor, wavelength),
            attenuation=run.setting("NXattenuator", "attenuator_transmission", 1.0),
            thickness=thickness_of(run),
            apertures=_apertures(run),
            instrument=run.instrument,
            title=run.title,
            run=run.number,
        )


def _chosen(places: Places, chosen: Mask) -> Places:
    return Places(
        places.numbers[chosen],
        places.positions[chosen],
        places.l1,
        places.l2[chosen],
        places.two_theta[chosen],
        None if places.sizes is None else places.sizes[chosen],
        places.usable[chosen],
    )


def _incident(run: OpenRun, monitor: str, wavelength: Numbers) -> Counts:
    if monitor.strip().lower() != "charge":
        return count_monitor(run.monitor(monitor.strip()), Quantity.WAVELENGTH, wavelength)
    even = np.full(len(wavelength) - 1, run.charge())
    return Counts(wavelength, even, np.zeros_like(even))


def thickness_of(run: OpenRun) -> float:
    """Return the thickness in cm: of NXsample with its unit, of ISIS without one in mm."""
    field = run.entry.field("sample/thickness")
    if field is None or not field.numeric:
        return float("nan")
    value = float(np.asarray(field.read()).reshape(-1)[0])
    scale = {"mm": 0.1, "": 0.1, "cm": 1.0, "m": 100.0}.get(field.unit.strip(), np.nan)
    return value * scale if value > 0 else float("nan")


def _apertures(run: OpenRun) -> tuple[float, float, float]:
    diameters, distances = run.settings("NXaperture", "diameter"), run.settings("NXaperture", "distance")
    if len(diameters) != 2 or len(distances) != 2:
        return (np.nan, np.nan, np.nan)
    first = int(np.argmin(distances))  # the source's aperture stands farther upstream
    return diameters[first], diameters[1 - first], abs(distances[0] - distances[1])
