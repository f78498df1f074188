"""What a thin monitor in the incident beam counts."""

import numpy as np

from mantidlab.simulation.drawing import cumulated
from mantidlab.simulation.measurement import Monitor
from mantidlab.simulation.neutron import time_of_flight
from mantidlab.simulation.source import Beam, monitor_efficiency

BIN_WIDTH = 50.0
"""µs."""


def count_in_monitor(
    beam: Beam,
    *,
    charge: float,
    source_to_sample: float,
    position: float,
    share_at_1_angstrom: float,
    frequency: float,
    rng: np.random.Generator,
) -> Monitor:
    """Histogram over one frame of a monitor `position` metres from the sample (negative: upstream).

    The expected counts are the integral of the beam's spectrum over each bin; the counts are drawn from Poisson's law.
    """
    length = source_to_sample + position
    edges = np.arange(0.0, 1e6 / frequency + BIN_WIDTH / 2, BIN_WIDTH)
    table = beam.band.table()
    cumulative = cumulated(table, charge * beam.spectrum(table) * monitor_efficiency(table, share_at_1_angstrom))
    at_edges = np.interp(edges, time_of_flight(table, length), cumulative)
    return Monitor(position, edges, rng.poisson(np.diff(at_edges)))
