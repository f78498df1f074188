"""Silicon diffracts where and as strongly as crystallography says."""

import numpy as np
import pytest

from mantidlab.simulation.crystals import Reflection
from mantidlab.simulation.diffraction import SILICON

REFLECTIONS = {reflection.hkl: reflection for reflection in SILICON.reflections(0.7)}
B = SILICON.scattering_length


@pytest.mark.parametrize("forbidden", [(1, 0, 0), (1, 1, 0), (2, 0, 0), (2, 1, 1), (2, 2, 2), (4, 2, 0), (4, 4, 2)])
def test_the_diamond_structure_extinguishes(forbidden):
    assert abs(SILICON.structure_factor(forbidden)) < 1e-9
    assert forbidden not in REFLECTIONS


def test_what_is_left_is_what_the_rule_allows():
    sums = sorted(sum(index**2 for index in hkl) for hkl in REFLECTIONS)
    assert sums == [3, 8, 11, 16, 19, 24, 27, 32, 35, 40, 43, 48, 51, 56, 59]


@pytest.mark.parametrize(
    ("hkl", "multiplicity", "squared"),
    [((1, 1, 1), 8, 32), ((2, 2, 0), 12, 64), ((4, 0, 0), 6, 64), ((3, 1, 1), 24, 32)],
)
def test_strength_is_multiplicity_times_the_square_of_the_structure_factor(hkl, multiplicity, squared):
    """|F|² is 64 b² where all eight atoms are in phase, 32 b² where the two lattices are a quarter apart."""
    assert REFLECTIONS[hkl].strength == pytest.approx(multiplicity * squared * B**2)


def test_333_and_511_share_a_spacing():
    both = REFLECTIONS[(5, 1, 1)]
    assert both.strength == pytest.approx((24 + 8) * 32 * B**2)


def test_spacings_follow_from_the_lattice_parameter():
    assert REFLECTIONS[(1, 1, 1)].spacing == pytest.approx(5.431020511 / np.sqrt(3))
    assert REFLECTIONS[(2, 2, 0)].spacing == pytest.approx(1.920155716, abs=1e-8)  # CODATA 2018, silicon 220


def test_the_integrated_intensity_is_that_of_the_debye_scherrer_cone():
    """Integrate the cone's cross section over a narrow ring instead: the same number by another way."""
    reflection, theta = Reflection((1, 1, 1), 3.0, 1000.0), np.radians(45.0)
    wavelength, cell = 2 * 3.0 * np.sin(theta), SILICON.lattice_parameter**3
    strength = 1000.0 * 1e-10 * SILICON.debye_waller(np.asarray(3.0))
    cone = strength * wavelength**3 / (4 * np.sin(theta)) / cell**2
    step = 1e-6
    ring = 2 * np.pi * (np.cos(2 * theta - step) - np.cos(2 * theta + step))
    width = 2 * 3.0 * (np.sin(theta + step / 2) - np.sin(theta - step / 2))
    assert SILICON.powder_intensity(reflection, np.asarray(theta)) == pytest.approx(1e8 * cone / ring * width, rel=1e-6)


def test_motion_takes_from_the_peaks_what_it_gives_to_the_background():
    assert SILICON.debye_waller(np.asarray(1e3)) == pytest.approx(1.0, abs=1e-6)
    slow, fast = SILICON.diffuse(np.array([1e-3, 10.0]))
    density = SILICON.atoms_per_cubic_angstrom
    assert slow == pytest.approx(density * SILICON.incoherent / (4 * np.pi), rel=0.01)
    assert fast == pytest.approx(density * (SILICON.incoherent + SILICON.coherent) / (4 * np.pi), rel=0.01)


def test_the_coherent_cross_section_is_that_of_the_tables():
    assert SILICON.coherent == pytest.approx(2.163, abs=0.001)  # barn, Sears 1992
