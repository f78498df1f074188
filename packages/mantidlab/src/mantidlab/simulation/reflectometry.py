"""SIMREF: a reflectometer at a cold source, and the runs of one experiment on it.

Two slits define a flat beam; the sample's surface stands in it at a small angle and reflects it up to a detector that
resolves height alone. Every neutron is followed from slit to detector; whether it is reflected is decided by the
reflectivity at its own angle and wavelength, so that the resolution is that of slits and pulse. Left out, and so
declared: gravity, the oxide layer that real silicon has, off-specular scattering other than a flat background, and
the mean delay of the moderator (event times are taken to be corrected for it, as facilities do). The sample is long
enough for the whole beam (no correction for the footprint).
"""

from dataclasses import dataclass

import numpy as np

from mantidlab.simulation.drawing import Floats, draw, integral
from mantidlab.simulation.films import Layer, reflectivity
from mantidlab.simulation.measurement import Component, Detector, Events, Header, Monitor, Run, Sample, Source, Value
from mantidlab.simulation.monitor import count_in_monitor
from mantidlab.simulation.neutron import time_of_flight
from mantidlab.simulation.source import Band, Beam, Moderator, efficiency
from mantidlab.simulation.truth import FILM_THICKNESS

NAME = "SIMREF"

SOURCE = Source(frequency=10.0, current=40.0)
MODERATOR = Moderator(temperature=40.0, epithermal_share=0.05, steepness=2.5)
BAND = Band(shortest=2.0, longest=14.0)
NEUTRONS_PER_CHARGE = 1.4e6
"""For each µA h, with both slits as narrow as in `NARROW`."""
SOURCE_TO_SAMPLE = 19.0
SAMPLE_TO_DETECTOR = 4.0
SLIT_POSITIONS = (-2.3, -0.3)
MONITOR_POSITION = -3.0
MONITOR_EFFICIENCY = 0.01
PIXELS = 220
PIXEL_SIZE = (0.2, 0.002)
LOWEST_PIXEL = -0.060
DETECTOR_EFFICIENCY = 0.5
ATTENUATION = 0.005
BACKGROUND = 4.0e-8
"""Share of the incoming neutrons that each pixel counts though they were not reflected."""
PULSE_WIDTH = 25.0
"""µs, standard deviation of the moment at which a neutron leaves the moderator."""

FILM = (
    Layer(density=0.0),
    Layer(density=6.40e-6, thickness=FILM_THICKNESS, roughness=6.0),  # deuterated polystyrene
    Layer(density=2.073e-6, roughness=4.0),  # silicon
)


@dataclass(frozen=True)
class Slits:
    """Heights of the two slits, m."""

    first: float
    second: float

    def opened(self, factor: float) -> "Slits":
        """Both slits opened by the same factor, which keeps the resolution relative to a larger angle."""
        return Slits(self.first * factor, self.second * factor)

    def neutrons_per_charge(self) -> float:
        """What reaches the sample grows with the area of both slits."""
        return NEUTRONS_PER_CHARGE * self.first * self.second / (NARROW.first * NARROW.second)


NARROW = Slits(first=0.0007, second=0.0003)


@dataclass(frozen=True)
class Arrangement:
    """How one run is set up.

    Attributes
    ----------
    angle:
        Of the sample's surface to the beam, degrees; None without a sample.
    slits:
        Their heights.
    attenuation:
        Transmission of the attenuator, 1 where there is none.
    """

    angle: float | None
    slits: Slits
    attenuation: float = 1.0

    def beam(self) -> Beam:
        """What reaches the sample."""
        return Beam(MODERATOR, BAND, self.attenuation * self.slits.neutrons_per_charge())


WIDE = NARROW.opened(4.0)
ARRANGEMENTS = {
    "direct beam, narrow slits": Arrangement(None, NARROW),
    "film, 0.5 degrees": Arrangement(0.5, NARROW),
    "direct beam, wide slits": Arrangement(None, WIDE, ATTENUATION),
    "film, 2.0 degrees": Arrangement(2.0, WIDE),
}


def detector() -> Detector:
    """A column of pixels, numbered from 1 upwards."""
    y = LOWEST_PIXEL + (np.arange(PIXELS) + 0.5) * PIXEL_SIZE[1]
    numbers = np.arange(1, PIXELS + 1, dtype=np.int32)
    return Detector(
        numbers, np.zeros_like(y), y, np.full_like(y, SAMPLE_TO_DETECTOR), PIXEL_SIZE, "linear helium-3 detector"
    )


def measure(header: Header, arrangement: Arrangement, rng: np.random.Generator) -> Run:
    """Do one run."""
    table = BAND.table()
    countable = header.charge * arrangement.beam().spectrum(table) * efficiency(table, DETECTOR_EFFICIENCY)
    if arrangement.angle is None:
        events = _direct(rng, table, countable, arrangement.slits)
    else:
        events = _reflect(rng, table, countable, arrangement.slits, np.radians(arrangement.angle))
    return Run(
        header=header,
        source=SOURCE,
        source_position=-SOURCE_TO_SAMPLE,
        sample=_sample(arrangement),
        detector=detector(),
        events=events,
        monitor=_monitor(arrangement, header.charge, rng),
        components=_components(arrangement),
    )


def _direct(rng: np.random.Generator, table: Floats, countable: Floats, slits: Slits) -> Events:
    count = rng.poisson(integral(table, countable))
    height, slope = _rays(rng, slits, count)
    return _count(rng, draw(rng, table, countable, count), height + slope * SAMPLE_TO_DETECTOR, slope)


def _reflect(rng: np.random.Generator, table: Floats, countable: Floats, slits: Slits, angle: float) -> Events:
    """Neutrons that the surface reflects, and the flat background.

    Wavelengths are drawn from an upper bound of the reflectivity over all angles in the beam; each neutron is then
    kept with the ratio of the reflectivity at its own angle to that bound, which leaves the exact distribution.
    """
    spread = (slits.first + slits.second) / 2 / (SLIT_POSITIONS[1] - SLIT_POSITIONS[0])
    angles = angle + np.linspace(-spread, spread, 41)[:, np.newaxis]
    bound = 1.1 * reflectivity(4 * np.pi * np.sin(angles) / table, FILM).max(axis=0)
    candidates = rng.poisson(integral(table, countable * bound))
    wavelength = draw(rng, table, countable * bound, candidates)
    height, slope = _rays(rng, slits, candidates)
    own_angle = angle - np.arctan(slope)
    ratio = reflectivity(4 * np.pi * np.sin(own_angle) / wavelength, FILM) / np.interp(wavelength, table, bound)
    kept = rng.random(candidates) < ratio
    wavelength, height, slope, own_angle = wavelength[kept], height[kept], slope[kept], own_angle[kept]
    hit = height / (np.tan(angle) - slope)
    upward = np.tan(angle + own_angle)
    reflected = _count(rng, wavelength, hit * np.tan(angle) + upward * (SAMPLE_TO_DETECTOR - hit), upward)
    background = _background(rng, table, countable)
    return Events(
        np.concatenate([reflected.numbers, background.numbers]),
        np.concatenate([reflected.time_of_flight, background.time_of_flight]),
    )


def _background(rng: np.random.Generator, table: Floats, countable: Floats) -> Events:
    count = rng.poisson(BACKGROUND * PIXELS * integral(table, countable))
    height = LOWEST_PIXEL + rng.uniform(0, PIXELS * PIXEL_SIZE[1], count)
    return _count(rng, draw(rng, table, countable, count), height, height / SAMPLE_TO_DETECTOR)


def _rays(rng: np.random.Generator, slits: Slits, count: int) -> tuple[Floats, Floats]:
    """Height where the ray would pass the sample position, and slope, of rays through both slits."""
    first = rng.uniform(-slits.first / 2, slits.first / 2, count)
    second = rng.uniform(-slits.second / 2, slits.second / 2, count)
    slope = (second - first) / (SLIT_POSITIONS[1] - SLIT_POSITIONS[0])
    return second - slope * SLIT_POSITIONS[1], slope


def _count(rng: np.random.Generator, wavelength: Floats, height: Floats, slope: Floats) -> Events:
    length = SOURCE_TO_SAMPLE + SAMPLE_TO_DETECTOR * np.hypot(1.0, slope)
    time = time_of_flight(wavelength, length) + rng.normal(0, PULSE_WIDTH, len(wavelength))
    pixel = np.floor((height - LOWEST_PIXEL) / PIXEL_SIZE[1]).astype(np.int32)
    seen = (pixel >= 0) & (pixel < PIXELS)
    return Events(1 + pixel[seen], time[seen])


def _monitor(arrangement: Arrangement, charge: float, rng: np.random.Generator) -> Monitor:
    """The monitor stands upstream of slits and attenuator: it sees the beam of the narrow slits in every run."""
    return count_in_monitor(
        Beam(MODERATOR, BAND, NEUTRONS_PER_CHARGE),
        charge=charge,
        source_to_sample=SOURCE_TO_SAMPLE,
        position=MONITOR_POSITION,
        share_at_1_angstrom=MONITOR_EFFICIENCY,
        frequency=SOURCE.frequency,
        rng=rng,
    )


def _sample(arrangement: Arrangement) -> Sample:
    if arrangement.angle is None:
        return Sample("none", "direct beam", {})
    angle = Value(arrangement.angle, "deg")
    return Sample("polystyrene film", "deuterated polystyrene on a silicon block", {"rotation_angle": angle})


def _components(arrangement: Arrangement) -> tuple[Component, ...]:
    heights = (arrangement.slits.first, arrangement.slits.second)
    slits = tuple(
        Component(
            f"slit_{number}", "NXslit", {"distance": Value(position, "m"), "y_gap": Value(round(1e3 * height, 6), "mm")}
        )
        for number, (position, height) in enumerate(zip(SLIT_POSITIONS, heights, strict=True), start=1)
    )
    if arrangement.attenuation == 1.0:
        return slits
    attenuator = {"attenuator_transmission": Value(arrangement.attenuation, "dimensionless")}
    return (*slits, Component("attenuator", "NXattenuator", attenuator))
