"""SIMPOW: a time-of-flight powder diffractometer at a thermal source, and the runs of one experiment on it.

One bank of pixels on a cylinder around the sample, at right angles to the beam. For each reflection and pixel the
number of neutrons follows from the powder's cross section; each neutron is then given its own direction, place in the
sample and place in the pixel, its wavelength from Bragg's law at its own angle, and its own moment of leaving the
moderator. So width and shape of a peak are those of geometry and pulse. Left out, and so declared: multiple
scattering, texture, crystallite size and strain, gravity, and the attenuation of neutrons along the height of the
sample.
"""

from dataclasses import dataclass

import numpy as np

from mantidlab.simulation.crystals import Crystal
from mantidlab.simulation.drawing import Floats, draw, draw_on_disc, integral
from mantidlab.simulation.measurement import Detector, Events, Header, Run, Sample, Source, Value
from mantidlab.simulation.monitor import count_in_monitor
from mantidlab.simulation.neutron import THERMAL_WAVELENGTH, time_of_flight
from mantidlab.simulation.source import Band, Beam, Moderator, efficiency
from mantidlab.simulation.truth import LATTICE_PARAMETER

NAME = "SIMPOW"

SOURCE = Source(frequency=25.0, current=160.0)
BEAM = Beam(
    moderator=Moderator(temperature=110.0, epithermal_share=0.1, steepness=2.5),
    band=Band(shortest=0.6, longest=5.4),
    neutrons_per_charge=5.0e6,
)
SOURCE_TO_SAMPLE = 17.0
SAMPLE_TO_DETECTOR = 1.5
MONITOR_POSITION = -1.5
MONITOR_EFFICIENCY = 0.001
COLUMNS, ROWS = 80, 16
LOWEST_ANGLE, HIGHEST_ANGLE = np.radians(84.0), np.radians(96.0)
BANK_HEIGHT = 0.5
DETECTOR_EFFICIENCY = 0.8
DIVERGENCE = 0.0025
"""Standard deviation of the direction of incoming neutrons, in each plane."""
SAMPLE_RADIUS = 0.0025
SAMPLE_HEIGHT = 0.030
RISE, DECAY = 3.0, 9.0
"""µs per Å; time constants of the moderator's pulse before and after its maximum."""
SHORTEST_SPACING = 0.55
AIR_SCATTERING = 1.5e-4
"""Share of the beam that air and windows scatter, per steradian."""

SILICON = Crystal(
    lattice_parameter=LATTICE_PARAMETER, scattering_length=4.1491, displacement=0.46, incoherent=0.004, absorption=0.171
)
VANADIUM_DENSITY = 0.0723
"""Atoms per Å³."""
VANADIUM_INCOHERENT, VANADIUM_ABSORPTION = 5.08, 5.08
"""barn; V. F. Sears, Neutron News 3 (1992) 26, which also gives the values for silicon."""
PACKING = 0.6
"""Share of the can that the grains of the powder fill."""


@dataclass(frozen=True)
class Cylinder:
    """A rod across the beam.

    Attributes
    ----------
    sample:
        What the file says about it.
    crystal:
        What diffracts, if anything.
    density:
        Atoms per Å³, in the rod as a whole.
    isotropic:
        Cross section of an atom that scatters alike in all directions, barn.
    removed:
        Cross section of an atom for scattering, barn, which weakens the beam on its way.
    absorption:
        Cross section of an atom at 1.798 Å, barn.
    """

    sample: Sample
    crystal: Crystal | None
    density: float
    isotropic: float
    removed: float
    absorption: float

    def attenuation(self, wavelength: Floats) -> Floats:
        """Macroscopic cross section for scattering and absorption, 1/m."""
        return 100 * self.density * (self.removed + self.absorption * wavelength / THERMAL_WAVELENGTH)


ROOM = Value(295.65, "K")
SHAPE = {"temperature": ROOM, "diameter": Value(2e3 * SAMPLE_RADIUS, "mm"), "height": Value(1e3 * SAMPLE_HEIGHT, "mm")}
SILICON_ROD = Cylinder(
    Sample("silicon", "silicon powder, 22.5 degrees Celsius", SHAPE),
    SILICON,
    PACKING * SILICON.atoms_per_cubic_angstrom,
    SILICON.incoherent,
    SILICON.coherent + SILICON.incoherent,
    SILICON.absorption,
)
VANADIUM_ROD = Cylinder(
    Sample("vanadium", "vanadium rod", SHAPE),
    None,
    VANADIUM_DENSITY,
    VANADIUM_INCOHERENT,
    VANADIUM_INCOHERENT,
    VANADIUM_ABSORPTION,
)
NOTHING = Cylinder(Sample("none", "empty instrument", {"temperature": ROOM}), None, 0.0, 0.0, 0.0, 0.0)

ARRANGEMENTS = {"silicon": SILICON_ROD, "vanadium": VANADIUM_ROD, "empty": NOTHING}


def detector() -> Detector:
    """Pixels on an upright cylinder around the sample, numbered from 1 with the angle and then upwards."""
    angles = LOWEST_ANGLE + (np.arange(COLUMNS) + 0.5) * (HIGHEST_ANGLE - LOWEST_ANGLE) / COLUMNS
    heights = ((np.arange(ROWS) + 0.5) / ROWS - 0.5) * BANK_HEIGHT
    y, angle = np.meshgrid(heights, angles, indexing="ij")
    numbers = np.arange(1, COLUMNS * ROWS + 1, dtype=np.int32).reshape(ROWS, COLUMNS)
    width = SAMPLE_TO_DETECTOR * (HIGHEST_ANGLE - LOWEST_ANGLE) / COLUMNS
    return Detector(
        numbers,
        SAMPLE_TO_DETECTOR * np.sin(angle),
        y,
        SAMPLE_TO_DETECTOR * np.cos(angle),
        (width, BANK_HEIGHT / ROWS),
        "scintillator bank at 90 degrees",
    )


def measure(header: Header, rod: Cylinder, rng: np.random.Generator) -> Run:
    """Do one run."""
    bank = detector()
    parts = [_scatter_evenly(rng, header.charge, rod, bank)]
    if rod.crystal is not None:
        parts.append(_diffract(rng, header.charge, rod, rod.crystal, bank))
    return Run(
        header=header,
        source=SOURCE,
        source_position=-SOURCE_TO_SAMPLE,
        sample=rod.sample,
        detector=bank,
        events=Events(
            np.concatenate([part.numbers for part in parts]), np.concatenate([part.time_of_flight for part in parts])
        ),
        monitor=count_in_monitor(
            BEAM,
            charge=header.charge,
            source_to_sample=SOURCE_TO_SAMPLE,
            position=MONITOR_POSITION,
            share_at_1_angstrom=MONITOR_EFFICIENCY,
            frequency=SOURCE.frequency,
            rng=rng,
        ),
    )


def mean_path() -> float:
    """Mean length of the sample along the beam, cm: its volume over the area that it shows to the beam."""
    return float(100 * np.pi * SAMPLE_RADIUS / 2)


def solid_angle(bank: Detector) -> Floats:
    """Of each pixel, steradian; the bank's surface is upright."""
    distance = np.sqrt(bank.x**2 + bank.y**2 + bank.z**2)
    return bank.pixel_size[0] * bank.pixel_size[1] * SAMPLE_TO_DETECTOR / distance**3


def half_angle(bank: Detector) -> Floats:
    """θ of each pixel's centre."""
    return np.arctan2(np.hypot(bank.x, bank.y), bank.z) / 2


def _countable(charge: float, wavelength: Floats) -> Floats:
    return charge * BEAM.spectrum(wavelength) * efficiency(wavelength, DETECTOR_EFFICIENCY)


def _diffract(rng: np.random.Generator, charge: float, rod: Cylinder, crystal: Crystal, bank: Detector) -> Events:
    """Neutrons of all reflections."""
    theta, solid = half_angle(bank).ravel(), solid_angle(bank).ravel()
    pixels, spacings = [], []
    for reflection in crystal.reflections(SHORTEST_SPACING):
        intensity = PACKING * mean_path() * crystal.powder_intensity(reflection, theta)
        expected = _countable(charge, 2 * reflection.spacing * np.sin(theta)) * intensity * solid
        counts = rng.poisson(expected)
        pixels.append(np.repeat(np.arange(len(theta)), counts))
        spacings.append(np.full(counts.sum(), reflection.spacing))
    flights = _fly(rng, np.concatenate(pixels), bank)
    return _arrive(rng, rod, flights, 2 * np.concatenate(spacings) * np.sin(flights.theta))


def _scatter_evenly(rng: np.random.Generator, charge: float, rod: Cylinder, bank: Detector) -> Events:
    """Neutrons in no peak: incoherent and thermal diffuse scattering of the rod, and of air and windows.

    The spectrum of the thermal part is taken at the mean angle of the bank, over which it hardly changes.
    """
    table = BEAM.band.table()
    solid = solid_angle(bank).ravel()
    share = mean_path() * rod.density / (4 * np.pi) * rod.isotropic + np.zeros_like(table)
    if rod.crystal is not None:
        share = PACKING * mean_path() * rod.crystal.diffuse(np.sin(half_angle(bank).mean()) / table)
    parts = []
    for scattered, attenuating in ((share, rod), (np.full_like(table, AIR_SCATTERING), NOTHING)):
        density = _countable(charge, table) * scattered * solid.sum()
        count = rng.poisson(integral(table, density))
        pixel = rng.choice(len(solid), count, p=solid / solid.sum())
        parts.append(_arrive(rng, attenuating, _fly(rng, pixel, bank), draw(rng, table, density, count)))
    return Events(
        np.concatenate([part.numbers for part in parts]), np.concatenate([part.time_of_flight for part in parts])
    )


@dataclass(frozen=True)
class Flights:
    """Ways of neutrons through the instrument.

    Attributes
    ----------
    pixel:
        Index of the pixel where each ends.
    theta:
        Half the angle by which each is scattered.
    length:
        From source to detector, m.
    inside:
        Within the sample, m.
    """

    pixel: np.ndarray
    theta: Floats
    length: Floats
    inside: Floats


def _fly(rng: np.random.Generator, pixel: np.ndarray, bank: Detector) -> Flights:
    """Give each neutron its own incoming direction, point of scattering and point in its pixel."""
    count = len(pixel)
    x, z = draw_on_disc(rng, SAMPLE_RADIUS, count)
    y = rng.uniform(-SAMPLE_HEIGHT / 2, SAMPLE_HEIGHT / 2, count)
    column_angle = np.arctan2(bank.x, bank.z).ravel()[pixel]
    column_angle += rng.uniform(-0.5, 0.5, count) * (HIGHEST_ANGLE - LOWEST_ANGLE) / COLUMNS
    height = bank.y.ravel()[pixel] + rng.uniform(-0.5, 0.5, count) * bank.pixel_size[1]
    out_x = SAMPLE_TO_DETECTOR * np.sin(column_angle) - x
    out_y = height - y
    out_z = SAMPLE_TO_DETECTOR * np.cos(column_angle) - z
    u, v = rng.normal(0, DIVERGENCE, count), rng.normal(0, DIVERGENCE, count)
    out = np.sqrt(out_x**2 + out_y**2 + out_z**2)
    cosine = (out_x * u + out_y * v + out_z) / (out * np.sqrt(1 + u**2 + v**2))
    level = np.hypot(out_x, out_z)
    inside = _to_edge(x, z, 0.0, -1.0) + _to_edge(x, z, out_x / level, out_z / level)
    return Flights(pixel, np.arccos(cosine) / 2, SOURCE_TO_SAMPLE + z + out, inside)


def _to_edge(x: Floats, z: Floats, toward_x: Floats | float, toward_z: Floats | float) -> Floats:
    """Distance from a point in the rod to its surface, along a horizontal direction of length 1."""
    along = x * toward_x + z * toward_z
    return -along + np.sqrt(along**2 + SAMPLE_RADIUS**2 - x**2 - z**2)


def _arrive(rng: np.random.Generator, rod: Cylinder, flights: Flights, wavelength: Floats) -> Events:
    """Drop those that the sample removes on the way; time the others."""
    kept = rng.random(len(wavelength)) < np.exp(-rod.attenuation(wavelength) * flights.inside)
    wavelength, length = wavelength[kept], flights.length[kept]
    time = time_of_flight(wavelength, length) + emission(rng, wavelength)
    return Events((1 + flights.pixel[kept]).astype(np.int32), time)


def emission(rng: np.random.Generator, wavelength: Floats) -> Floats:
    r"""When neutrons leave the moderator, µs relative to the most probable moment.

    Two exponentials back to back, one rising and one falling; their time constants grow with the wavelength, as those
    of neutrons that are still slowing down do. R. B. Von Dreele, J. D. Jorgensen and C. G. Windsor, J. Appl. Cryst. 15
    (1982) 581 describe peaks of time-of-flight diffractometers with this shape, folded with a Gaussian.
    """
    count = len(wavelength)
    before = rng.random(count) < RISE / (RISE + DECAY)
    return wavelength * np.where(before, -RISE, DECAY) * rng.exponential(1.0, count)
