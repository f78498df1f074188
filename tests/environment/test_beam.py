"""The beam: spectrum, flight, monitor, attenuation, and drawing from them."""

import numpy as np
import pytest

from mantidlab.simulation import diffraction, sans
from mantidlab.simulation.drawing import draw, draw_on_disc, integral
from mantidlab.simulation.neutron import time_of_flight, wavelength
from mantidlab.simulation.source import MAXWELL_CONSTANT, efficiency, maxwellian


def test_a_thermal_neutron_flies_at_2200_metres_a_second():
    assert 1e6 / time_of_flight(1.798, 1.0) == pytest.approx(2200, rel=1e-3)
    assert wavelength(time_of_flight(5.0, 19.0), 19.0) == pytest.approx(5.0)


def test_the_maxwellian_is_normalised_and_peaks_where_it_should():
    table = np.linspace(0.05, 200, 400001)
    flux = maxwellian(table, 25.0)
    assert integral(table, flux) == pytest.approx(1.0, rel=1e-3)
    assert table[flux.argmax()] == pytest.approx(np.sqrt(2 * MAXWELL_CONSTANT / 25.0 / 5), abs=1e-3)


def test_a_beam_delivers_the_neutrons_that_it_promises():
    table = sans.BEAM.band.table()
    assert integral(table, sans.BEAM.spectrum(table)) == pytest.approx(sans.BEAM.neutrons_per_charge, rel=1e-6)


def test_nothing_of_the_next_pulse_arrives_in_a_frame():
    for beam, source, length in (
        (sans.BEAM, sans.SOURCE, sans.SOURCE_TO_SAMPLE + 1.1 * sans.SAMPLE_TO_DETECTOR),
        (diffraction.BEAM, diffraction.SOURCE, diffraction.SOURCE_TO_SAMPLE + 1.1 * diffraction.SAMPLE_TO_DETECTOR),
    ):
        assert time_of_flight(beam.band.longest + beam.band.edge, length) < 1e6 / source.frequency


def test_transmission_falls_with_wavelength_and_multiplies():
    table = np.linspace(2.0, 14.0, 50)
    liquid, cell = sans.LIQUID.transmission(table), sans.CELL.transmission(table)
    assert np.all(np.diff(liquid) < 0)
    assert np.all((liquid > 0.6) & (liquid < 0.9) & (cell > 0.95) & (cell < 1))


def test_a_flat_scatterer_removes_four_pi_times_its_cross_section():
    flat = sans.Slab(scattering=lambda q: np.full_like(q, 0.01), absorbed=0.0)
    assert flat.transmission(np.array([3.0, 8.0])) == pytest.approx(np.exp(-4 * np.pi * 0.01), rel=1e-6)


def test_absorption_follows_the_1_over_v_law():
    black = sans.Slab(scattering=np.zeros_like, absorbed=0.1)
    assert black.transmission(np.array([1.798, 2 * 1.798])) == pytest.approx(np.exp([-0.1, -0.2]))


def test_efficiency_is_a_share():
    assert efficiency(np.array([0.0]), 0.5) == 0
    assert 0.99 < efficiency(np.array([14.0]), 0.5) < 1


def test_drawn_numbers_have_the_density_that_they_are_drawn_from():
    rng = np.random.default_rng(1)
    x = np.linspace(0, np.pi, 1001)
    drawn = draw(rng, x, np.sin(x), 200_000)
    counts, edges = np.histogram(drawn, 20, (0, np.pi))
    expected = 200_000 * -np.diff(np.cos(edges)) / 2
    assert np.sum((counts - expected) ** 2 / expected) < 45  # chi² with 19 degrees of freedom, 99.9 %


def test_points_fill_a_disc_evenly():
    x, y = draw_on_disc(np.random.default_rng(2), 2.0, 200_000)
    assert np.hypot(x, y).max() <= 2.0
    assert x.var() == pytest.approx(2.0**2 / 4, rel=0.02)
    assert np.mean(np.hypot(x, y) < 1.0) == pytest.approx(0.25, abs=0.01)


def test_the_moderators_pulse_has_the_mean_and_width_of_its_two_exponentials():
    rise, decay = diffraction.RISE, diffraction.DECAY
    times = diffraction.emission(np.random.default_rng(3), np.full(400_000, 2.0))
    assert times.mean() == pytest.approx(2.0 * (decay - rise), rel=0.01)
    assert times.var() == pytest.approx(4.0 * (decay**2 + rise**2), rel=0.02)
