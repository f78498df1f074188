"""What a run consists of, before it becomes a file."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from mantidlab.simulation.drawing import Floats


@dataclass(frozen=True)
class Source:
    """A pulsed source."""

    frequency: float
    """Hz."""
    current: float
    """µA of protons, on average."""

    def duration(self, charge: float) -> timedelta:
        """How long it takes to collect a charge (µA h), in whole pulses."""
        return timedelta(seconds=self.pulses(charge) / self.frequency)

    def pulses(self, charge: float) -> int:
        """How many pulses it takes to collect a charge (µA h)."""
        return max(1, round(charge / self.current * 3600 * self.frequency))


@dataclass(frozen=True)
class Detector:
    """A position-sensitive detector: where its pixels are, in metres from the sample; z is along the beam, y is up."""

    numbers: NDArray[np.int32]
    """Detector number of each pixel; shape as the pixels are arranged."""
    x: Floats
    """Shape of `numbers`, m."""
    y: Floats
    z: Floats
    pixel_size: tuple[float, float]
    """Width and height of a pixel, m."""
    description: str


@dataclass(frozen=True)
class Events:
    """Neutrons that the detector counted."""

    numbers: NDArray[np.int32]
    """Detector number of each."""
    time_of_flight: Floats
    """µs after the pulse, of each."""


@dataclass(frozen=True)
class Monitor:
    """A histogram of what a thin monitor in the beam counted."""

    position: float
    """m downstream of the sample; upstream is negative."""
    time_edges: Floats
    """µs, shape (n + 1,)."""
    counts: NDArray[np.int64]
    """Shape (n,)."""


@dataclass(frozen=True)
class Value:
    """A number with its unit, as written to a file."""

    number: float
    unit: str


@dataclass(frozen=True)
class Sample:
    """What was in the beam, as far as the experimenter knows beforehand."""

    name: str
    description: str
    properties: dict[str, Value] = field(default_factory=dict)
    """More fields of NXsample: thickness, temperature, rotation_angle, …"""


@dataclass(frozen=True)
class Component:
    """Something in the beam of which the reduction needs a number: an attenuator, a slit."""

    name: str
    nexus_class: str
    properties: dict[str, Value]


@dataclass(frozen=True)
class Header:
    """What is decided before a run begins."""

    instrument: str
    number: int
    title: str
    start: datetime
    charge: float
    """µA h of protons to collect."""
    cycle: str


@dataclass(frozen=True)
class Run:
    """One measurement, complete."""

    header: Header
    source: Source
    source_position: float
    """m from the sample; negative, since z is along the beam."""
    sample: Sample
    detector: Detector
    events: Events
    monitor: Monitor
    components: tuple[Component, ...] = ()
