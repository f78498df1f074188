"""SIMSANS: a small-angle instrument at a cold source, and the runs of one experiment on it.

A pinhole instrument with time of flight: pulsed source, two round apertures, sample, square detector. Every neutron
is followed from aperture to detector, so that the resolution is that of the geometry and the pulse. Left out, and
so declared: gravity, multiple scattering, the longer path in the sample of neutrons that leave it at an angle, and the
mean delay of the moderator (event times are taken to be corrected for it, as facilities do).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mantidlab.simulation.drawing import Floats, cumulated, draw, draw_on_disc, integral
from mantidlab.simulation.measurement import Component, Detector, Events, Header, Monitor, Run, Sample, Source, Value
from mantidlab.simulation.monitor import count_in_monitor
from mantidlab.simulation.neutron import THERMAL_WAVELENGTH, time_of_flight
from mantidlab.simulation.source import Band, Beam, Moderator, efficiency
from mantidlab.simulation.spheres import Suspension
from mantidlab.simulation.truth import SPHERE_RADIUS, SPHERE_VOLUME_FRACTION

NAME = "SIMSANS"

SOURCE = Source(frequency=10.0, current=40.0)
BEAM = Beam(
    moderator=Moderator(temperature=25.0, epithermal_share=0.02),
    band=Band(shortest=2.0, longest=14.0),
    neutrons_per_charge=6.0e6,
)
SOURCE_TO_SAMPLE = 15.0
SAMPLE_TO_DETECTOR = 4.0
COLLIMATION = 4.0
SOURCE_APERTURE_RADIUS = 0.010
SAMPLE_APERTURE_RADIUS = 0.004
MONITOR_POSITION = -4.5
MONITOR_EFFICIENCY = 0.01
PIXELS = 128
PIXEL_SIZE = 0.008
DETECTOR_EFFICIENCY = 0.5
BEAM_STOP_RADIUS = 0.035
ATTENUATION = 0.01
PULSE_WIDTH = 20.0
"""µs, standard deviation of the moment at which a neutron leaves the moderator."""

WIDEST_ANGLE = np.arctan(np.hypot(PIXELS * PIXEL_SIZE / 2 + 0.02, PIXELS * PIXEL_SIZE / 2 + 0.02) / SAMPLE_TO_DETECTOR)
Q_TABLE = np.linspace(0.0, 4 * np.pi / 1.9, 60001)
CELL_THICKNESS = 0.2
"""cm of liquid that the beam passes."""

SUSPENSION = Suspension(
    radius=SPHERE_RADIUS,
    volume_fraction=SPHERE_VOLUME_FRACTION,
    contrast=2.89e-6,  # amorphous silica 3.47e-6/Å² in heavy water 6.36e-6/Å²
    incoherent=0.080,  # heavy water with some light water
    absorption=0.046,  # 0.1 mol/l of natural boron, 767 barn
)


@dataclass(frozen=True)
class Slab:
    """Something flat that the beam passes.

    Attributes
    ----------
    scattering:
        Thickness times differential cross section, per steradian, as a function of Q.
    absorbed:
        Thickness times absorption cross section at 1.798 Å.
    """

    scattering: Callable[[Floats], Floats]
    absorbed: float

    def cumulated(self) -> Floats:
        """Integral of Q times `scattering` over Q, at `Q_TABLE`."""
        return cumulated(Q_TABLE, Q_TABLE * self.scattering(Q_TABLE))

    def scattered(self, wavelength: Floats, largest_angle: float) -> Floats:
        r"""Share of neutrons that are scattered by at most an angle.

        .. math:: \frac{\lambda^2}{2\pi} \int Q \, \Sigma(Q) \, dQ, \quad
            \text{since } 2\pi \sin\theta \, d\theta = \frac{\lambda^2}{2\pi} \, Q \, dQ
        """
        largest_q = 4 * np.pi / wavelength * np.sin(largest_angle / 2)
        return wavelength**2 / (2 * np.pi) * np.interp(largest_q, Q_TABLE, self.cumulated())

    def transmission(self, wavelength: Floats) -> Floats:
        """Share of neutrons that are neither scattered nor absorbed (the law of Beer and Lambert)."""
        return np.exp(-self.scattered(wavelength, np.pi) - self.absorbed * wavelength / THERMAL_WAVELENGTH)


def window_scattering(q: Floats) -> Floats:
    r"""Scattering of the quartz windows of the cell: surfaces, and a flat part.

    The form is that of a random two-phase system, :math:`(1 + (Q\xi)^2)^{-2}`: P. Debye and A. M. Bueche, J. Appl.
    Phys. 20 (1949) 518, with ξ = 150 Å.
    """
    return 0.02 / (1 + (150.0 * q) ** 2) ** 2 + 1.0e-3


CELL = Slab(scattering=window_scattering, absorbed=1.0e-3)
LIQUID = Slab(
    scattering=lambda q: CELL_THICKNESS * SUSPENSION.cross_section(q), absorbed=CELL_THICKNESS * SUSPENSION.absorption
)


@dataclass(frozen=True)
class Arrangement:
    """How one run is set up.

    Attributes
    ----------
    sample:
        What the file says about it.
    slabs:
        What the beam passes.
    through:
        True for a transmission run: beam stop out, attenuator in.
    """

    sample: Sample
    slabs: tuple[Slab, ...]
    through: bool


SPHERES_SAMPLE = Sample(
    "silica spheres",
    "silica spheres in heavy water with borate buffer, quartz cell",
    {"thickness": Value(CELL_THICKNESS * 10, "mm"), "temperature": Value(298.15, "K")},
)
CELL_SAMPLE = Sample("empty cell", "quartz cell", {"temperature": Value(298.15, "K")})
NO_SAMPLE = Sample("none", "empty beam", {})

ARRANGEMENTS = {
    "sample": Arrangement(SPHERES_SAMPLE, (LIQUID, CELL), through=False),
    "cell": Arrangement(CELL_SAMPLE, (CELL,), through=False),
    "sample transmission": Arrangement(SPHERES_SAMPLE, (LIQUID, CELL), through=True),
    "cell transmission": Arrangement(CELL_SAMPLE, (CELL,), through=True),
    "empty beam": Arrangement(NO_SAMPLE, (), through=True),
}


def detector() -> Detector:
    """A square of pixels across the beam, numbered from 1 along x and then y."""
    centres = (np.arange(PIXELS) - (PIXELS - 1) / 2) * PIXEL_SIZE
    y, x = np.meshgrid(centres, centres, indexing="ij")
    numbers = np.arange(1, PIXELS**2 + 1, dtype=np.int32).reshape(PIXELS, PIXELS)
    return Detector(
        numbers,
        x,
        y,
        np.full_like(x, SAMPLE_TO_DETECTOR),
        (PIXEL_SIZE, PIXEL_SIZE),
        "position-sensitive helium-3 tubes",
    )


def measure(header: Header, arrangement: Arrangement, rng: np.random.Generator) -> Run:
    """Do one run."""
    attenuation = ATTENUATION if arrangement.through else 1.0
    table = BEAM.band.table()
    arriving = header.charge * BEAM.spectrum(table)
    countable = attenuation * arriving * efficiency(table, DETECTOR_EFFICIENCY)
    for slab in arrangement.slabs:
        countable = countable * slab.transmission(table)
    parts = [_scatter(rng, table, countable, slab, stopped=not arrangement.through) for slab in arrangement.slabs]
    if arrangement.through:
        parts.append(_pass(rng, table, countable))
    events = Events(
        np.concatenate([part.numbers for part in parts]), np.concatenate([part.time_of_flight for part in parts])
    )
    return Run(
        header=header,
        source=SOURCE,
        source_position=-SOURCE_TO_SAMPLE,
        sample=arrangement.sample,
        detector=detector(),
        events=events,
        monitor=monitor(header.charge, rng),
        components=_components(through=arrangement.through),
    )


def monitor(charge: float, rng: np.random.Generator) -> Monitor:
    """What the monitor upstream of the apertures counts; it sees all runs alike."""
    return count_in_monitor(
        BEAM,
        charge=charge,
        source_to_sample=SOURCE_TO_SAMPLE,
        position=MONITOR_POSITION,
        share_at_1_angstrom=MONITOR_EFFICIENCY,
        frequency=SOURCE.frequency,
        rng=rng,
    )


def _scatter(rng: np.random.Generator, table: Floats, countable: Floats, slab: Slab, *, stopped: bool) -> Events:
    """Neutrons that a slab scatters towards the detector."""
    density = countable * slab.scattered(table, WIDEST_ANGLE)
    count = rng.poisson(integral(table, density))
    wavelength = draw(rng, table, density, count)
    cumulative = slab.cumulated()
    largest_q = 4 * np.pi / wavelength * np.sin(WIDEST_ANGLE / 2)
    below = rng.random(count) * np.interp(largest_q, Q_TABLE, cumulative)
    q = np.interp(below, cumulative, Q_TABLE)
    angle = 2 * np.arcsin(q * wavelength / (4 * np.pi))
    return _fly(rng, wavelength, angle, stopped=stopped)


def _pass(rng: np.random.Generator, table: Floats, countable: Floats) -> Events:
    """Neutrons that go straight through."""
    wavelength = draw(rng, table, countable, rng.poisson(integral(table, countable)))
    return _fly(rng, wavelength, np.zeros_like(wavelength), stopped=False)


def _fly(rng: np.random.Generator, wavelength: Floats, angle: Floats, *, stopped: bool) -> Events:
    """From the apertures through the sample, where each turns by its angle, to the detector.

    The two directions across the incoming one are taken as (1, 0, -u) and (0, 1, -v), where u and v are its slopes: as
    these are below 4 mrad, they are perpendicular to better than 1e-5.
    """
    count = len(wavelength)
    x_first, y_first = draw_on_disc(rng, SOURCE_APERTURE_RADIUS, count)
    x, y = draw_on_disc(rng, SAMPLE_APERTURE_RADIUS, count)
    u, v = (x - x_first) / COLLIMATION, (y - y_first) / COLLIMATION
    around = rng.uniform(0, 2 * np.pi, count)
    across_x, across_y = np.sin(angle) * np.cos(around), np.sin(angle) * np.sin(around)
    along = np.cos(angle)
    ahead = along - across_x * u - across_y * v
    x = x + SAMPLE_TO_DETECTOR * (along * u + across_x) / ahead
    y = y + SAMPLE_TO_DETECTOR * (along * v + across_y) / ahead
    length = SOURCE_TO_SAMPLE + np.hypot(SAMPLE_TO_DETECTOR, np.hypot(x, y))
    time = time_of_flight(wavelength, length) + rng.normal(0, PULSE_WIDTH, count)
    column = np.floor(x / PIXEL_SIZE + PIXELS / 2).astype(np.int32)
    row = np.floor(y / PIXEL_SIZE + PIXELS / 2).astype(np.int32)
    seen = (column >= 0) & (column < PIXELS) & (row >= 0) & (row < PIXELS)
    if stopped:
        seen &= np.hypot(x, y) > BEAM_STOP_RADIUS
    return Events((1 + row * PIXELS + column)[seen], time[seen])


def _components(*, through: bool) -> tuple[Component, ...]:
    apertures = (
        Component(
            "source_aperture",
            "NXaperture",
            {"distance": Value(-COLLIMATION, "m"), "diameter": Value(2e3 * SOURCE_APERTURE_RADIUS, "mm")},
        ),
        Component(
            "sample_aperture",
            "NXaperture",
            {"distance": Value(0.0, "m"), "diameter": Value(2e3 * SAMPLE_APERTURE_RADIUS, "mm")},
        ),
    )
    if through:
        attenuator = {"attenuator_transmission": Value(ATTENUATION, "dimensionless")}
        return (*apertures, Component("attenuator", "NXattenuator", attenuator))
    return (*apertures, Component("beam_stop", "NXbeam_stop", {"size": Value(2e3 * BEAM_STOP_RADIUS, "mm")}))
