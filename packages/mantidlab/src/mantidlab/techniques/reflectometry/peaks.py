"""What a reflectometer counted in the specular ridge, over Q."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mantidlab.frameworks.model import Mask, Numbers
from mantidlab.plots.conversion.quantities import Quantity
from mantidlab.techniques.counting import Counts, count, count_monitor
from mantidlab.techniques.errors import WrongRun, WrongSetting
from mantidlab.techniques.layouts import LAYOUTS
from mantidlab.techniques.reflectometry.optics import Slits
from mantidlab.techniques.runs import OpenRun, Places

ANGLE_LOGS = ("sample.rotation_angle", "Theta", "stheta", "theta")
"""Where files keep the angle of the sample, in degrees."""

UNKNOWN_HEIGHTS = ("POLREF",)
"""Instruments whose files do not say how high the detector stood."""


@dataclass(frozen=True, eq=False)
class Ridge:
    """One run.

    Attributes
    ----------
    rate
        Counts in the ridge less the background beside it, over wavelength, for each µA h or count of the monitor; of
        a direct beam, divided by the attenuator's transmission.
    theta
        rad; 0 for a direct beam.
    path
        From source to detector, m.
    slits
        None where the file does not say.
    """

    rate: Counts
    theta: float
    path: float
    slits: Slits | None
    instrument: str
    title: str
    run: str


@dataclass(frozen=True)
class Region:
    """Which detectors see the ridge.

    Attributes
    ----------
    half_width
        Distance in height from the middle of the ridge, m.
    background
        How many half widths out the background is looked at; 0 for none.
    normalise
        ``charge`` or ``monitor``.
    monitor
        Its name, empty for the usual one.
    angle
        ``file``: what the file says; ``detector``: from where the ridge is on the detector; or degrees.
    ridge
        Where it is: ``angle``: where a mirror at the angle sends the beam; ``brightest``; or a height in m.
    """

    half_width: float
    background: float
    normalise: str
    monitor: str
    angle: str
    ridge: str = "angle"


def read_ridge(path: Path, edges: tuple[float, ...], region: Region, *, direct: bool) -> Ridge:
    """Count the ridge of a run over wavelength.

    Parameters
    ----------
    edges
        Å, rising.
    direct
        Whether this is a beam without a sample.

    Raises
    ------
    WrongRun, WrongSetting
    """
    wavelength = np.array(edges)
    with OpenRun(path) as run:
        places = run.places()
        counts = count(run.part(), places, Quantity.WAVELENGTH, wavelength)
        if not counts.values[places.usable].sum():
            raise WrongRun(f"{run.named} has no counts between {edges[0]:g} and {edges[-1]:g} Å.")
        theta = 0.0 if direct else angle_of(run, region.angle, counts, places)
        ridge = _ridge(counts, places, _middle(run, region.ridge, counts, places, theta), region)
        scale = _normaliser(run, region, wavelength)
        attenuation = run.setting("NXattenuator", "attenuator_transmission", 1.0)
        return Ridge(
            rate=_divided(ridge, scale.values * attenuation, scale.variances * attenuation**2),
            theta=theta,
            path=float(places.l1 + np.median(places.l2[places.usable])),
            slits=slits_of(run),
            instrument=run.instrument,
            title=run.title,
            run=run.number,
        )


def angle_of_run(path: Path, region: Region, wavelength: tuple[float, float]) -> float:
    """Return the angle of incidence of a run in rad.

    Parameters
    ----------
    wavelength
        Those that are looked at where the ridge has to be found, Å.
    """
    with OpenRun(path) as run:
        places = run.places()
        counts = count(run.part(), places, Quantity.WAVELENGTH, np.array(wavelength))
        return angle_of(run, region.angle, counts, places)


def angle_of_logs(path: Path, angles: str, number: int) -> float:
    """Return the angle of incidence of one of several runs in degrees, as the setting or the file says.

    Raises
    ------
    WrongRun, WrongSetting
    """
    wish = one_of_several(angles, number)
    with OpenRun(path) as run:
        if wish == "detector":
            raise WrongSetting("With Mantid the angle comes from the file or the settings, not from the detector.")
        return float(np.degrees(_said(run, wish)))


def one_of_several(angles: str, number: int) -> str:
    """Return what is said of one run, where one is said for all or one for each, divided by commas."""
    parts = [part.strip().lower() for part in angles.split(",") if part.strip()] or ["file"]
    return parts[min(number, len(parts) - 1)]


def angle_of(run: OpenRun, how: str, counts: Counts, places: Places) -> float:
    """Return the angle of incidence in rad, as a `Region` asks for it."""
    wish = how.strip().lower()
    if wish == "detector":
        height = _brightest(counts, places)
        distance = float(np.median(places.positions[places.usable, 2]))
        return float(np.arctan2(height, distance) / 2)
    return _said(run, wish)


def _said(run: OpenRun, wish: str) -> float:
    """Return the angle that the file or a number says, in rad."""
    if wish == "file":
        degrees = run.log(*ANGLE_LOGS)
        if degrees is None:
            raise WrongRun(f"{run.named} does not say the angle of the sample; give it in degrees, or as “detector”.")
    else:
        try:
            degrees = float(wish)
        except ValueError as error:
            raise WrongSetting(f"The angle is “file”, “detector” or a number of degrees, not {wish!r}.") from error
    if not 0 < degrees < 45:
        raise WrongSetting(f"{run.named} says that the sample stood at {degrees:g}°; a reflectivity needs 0 to 45°.")
    return float(np.radians(degrees))


def slits_of(run: OpenRun) -> Slits | None:
    """Return the two slits before the sample, from the file or the instrument's layout."""
    heights, distances = run.settings("NXslit", "y_gap"), run.settings("NXslit", "distance")
    if len(heights) == 2 and len(distances) == 2:
        return Slits(heights[0], heights[1], abs(distances[1] - distances[0]))
    layout = LAYOUTS.get(run.instrument)
    if layout is None or layout.slits is None:
        return None
    first, second = run.log(layout.slits[0]), run.log(layout.slits[1])
    if first is None or second is None:
        return None
    return Slits(1e-3 * first, 1e-3 * second, layout.slits[2])


def _middle(run: OpenRun, where: str, counts: Counts, places: Places, theta: float) -> float:
    """Return the height of the ridge in m, as a `Region` asks for it."""
    wish = where.strip().lower()
    if wish == "brightest":
        return _brightest(counts, places)
    if wish == "angle":
        if run.instrument in UNKNOWN_HEIGHTS:
            raise WrongRun(
                f"{run.named} does not say how high the detector stood, so that the angle does not tell where the "
                f"ridge is. Give its height on the detector in m, or take the brightest pixels."
            )
        return float(np.median(places.positions[places.usable, 2]) * np.tan(2 * theta))
    try:
        return float(wish)
    except ValueError as error:
        raise WrongSetting(
            f"The ridge is at the “angle”, the “brightest” or at a height in m, not {where!r}."
        ) from error


def _brightest(counts: Counts, places: Places) -> float:
    """Return the height of the ridge: the centre of gravity around the pixel that counted most, m."""
    total = np.where(places.usable, counts.values.sum(axis=1), 0.0)
    height = places.positions[:, 1]
    top = height[int(np.argmax(total))]
    steps = np.diff(np.unique(height[places.usable]))
    near = places.usable & (np.abs(height - top) <= 5 * (np.median(steps) if len(steps) else 0.0))
    return float(np.average(height[near], weights=total[near]))


def _ridge(counts: Counts, places: Places, middle: float, region: Region) -> Counts:
    if places.usable.sum() == 1:  # a point detector behind a slit has no pixels to choose from
        return _never_certain(counts.summed(places.usable))
    away = np.abs(places.positions[:, 1] - middle)
    inside = places.usable & (away < region.half_width)
    if not inside.any():
        raise WrongSetting(
            f"No pixel lies within {1e3 * region.half_width:g} mm of the ridge at {1e3 * middle:.1f} mm. Give the "
            f"angle, or take it from the detector."
        )
    peak = _never_certain(counts.summed(inside))
    around = places.usable & (away >= region.half_width) & (away < region.half_width * (1 + region.background))
    if not around.any():
        return peak
    share = inside.sum() / around.sum()
    beside = counts.summed(around)
    return Counts(counts.edges, peak.values - share * beside.values, peak.variances + share**2 * beside.variances)


def _never_certain(counts: Counts) -> Counts:
    """Return counts where a bin that counted nothing has the variance of one count."""
    return Counts(counts.edges, counts.values, np.where(counts.variances > 0, counts.variances, 1.0))


def _normaliser(run: OpenRun, region: Region, wavelength: Numbers) -> Counts:
    if region.normalise == "monitor":
        return count_monitor(run.monitor(region.monitor), Quantity.WAVELENGTH, wavelength)
    even = np.full(len(wavelength) - 1, run.charge())
    return Counts(wavelength, even, np.zeros_like(even))


def _divided(counts: Counts, by: Numbers, variances: Numbers) -> Counts:
    with np.errstate(divide="ignore", invalid="ignore"):
        values = counts.values / by
        found = counts.variances / by**2 + values**2 * variances / by**2
    there: Mask = by > 0
    return Counts(counts.edges, np.where(there, values, np.nan), np.where(there, found, np.nan))
