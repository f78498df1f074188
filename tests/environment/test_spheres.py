"""Spheres scatter as the textbook says."""

import numpy as np
import pytest

from mantidlab.simulation.spheres import Suspension, amplitude, form_factor

SUSPENSION = Suspension(radius=50.0, volume_fraction=0.01, contrast=3e-6, incoherent=0.1, absorption=0.0)


def test_at_zero_q_the_form_factor_is_one():
    assert form_factor(np.array([0.0]), 60.0) == pytest.approx(1.0)


def test_the_series_near_zero_meets_the_formula():
    below, above = amplitude(np.array([0.01 - 1e-9, 0.01 + 1e-9]))
    assert below == pytest.approx(above, abs=1e-11)


def test_at_small_q_it_is_guiniers_law_with_radius_of_gyration_root_three_fifths():
    q, radius = np.array([0.1 / 60]), 60.0
    assert np.log(form_factor(q, radius)) == pytest.approx(-(q**2) * 0.6 * radius**2 / 3, rel=1e-3)


@pytest.mark.parametrize("qr", [4.493409458, 7.725251837, 10.904121659])
def test_the_minima_are_where_tan_x_is_x(qr):
    around = form_factor(np.array([qr - 0.05, qr, qr + 0.05]) / 62.0, 62.0)
    assert around[1] < 1e-18
    assert around[1] < min(around[0], around[2])


def test_far_out_it_falls_as_porods_law():
    """⟨P⟩ tends to 9/2 x⁻⁴, the mean of 9 cos²x / x⁴."""
    x = np.linspace(200, 200 + 20 * np.pi, 20001)
    assert np.mean(form_factor(x, 1.0) * x**4) == pytest.approx(4.5, rel=1e-3)


def test_forward_scattering_is_volume_fraction_times_volume_times_contrast_squared():
    volume_cm3 = 4 / 3 * np.pi * (50e-8) ** 3
    assert SUSPENSION.forward() == pytest.approx(0.01 * volume_cm3 * (3e10) ** 2)
    assert SUSPENSION.cross_section(np.array([0.0])) == pytest.approx(SUSPENSION.forward() + 0.1)
