"""Layers reflect as Fresnel, Parratt and Kiessig say."""

import numpy as np
import pytest

from mantidlab.simulation.films import Layer, reflectivity, smeared_reflectivity

AIR, SILICON = Layer(0.0), Layer(2.073e-6)
Q = np.linspace(0.002, 0.25, 5000)


def fresnel(q, density):
    k0, k1 = q / 2, np.sqrt((q / 2) ** 2 - 4 * np.pi * density + 0j)
    return np.abs((k0 - k1) / (k0 + k1)) ** 2


def abeles(q, layers):
    """The same physics by the product of matrices, an independent way to compute it."""
    k = [np.sqrt((q / 2) ** 2 - 4 * np.pi * layer.density + 0j) for layer in layers]
    total = np.tile(np.eye(2, dtype=complex), (len(q), 1, 1))
    for i in range(len(layers) - 1):
        r = (k[i] - k[i + 1]) / (k[i] + k[i + 1]) * np.exp(-2 * k[i] * k[i + 1] * layers[i + 1].roughness ** 2)
        phase = 1j * k[i] * layers[i].thickness if i else np.zeros_like(q)
        step = np.array([[np.exp(phase), r * np.exp(phase)], [r * np.exp(-phase), np.exp(-phase)]])
        total = np.einsum("nij,jkn->nik", total, step)
    return np.abs(total[:, 1, 0] / total[:, 0, 0]) ** 2


def test_a_bare_substrate_reflects_as_fresnel():
    assert reflectivity(Q, (AIR, SILICON)) == pytest.approx(fresnel(Q, 2.073e-6), rel=1e-10)


def test_below_the_critical_q_everything_is_reflected():
    critical = 4 * np.sqrt(np.pi * 2.073e-6)
    assert reflectivity(np.array([0.999 * critical]), (AIR, SILICON)) == pytest.approx(1.0)
    assert reflectivity(np.array([1.05 * critical]), (AIR, SILICON)) < 0.5


def test_parratts_recursion_equals_abeles_matrices():
    layers = (AIR, Layer(6.4e-6, 463.0, 6.0), Layer(3.4e-6, 15.0, 3.0), Layer(2.073e-6, 0.0, 4.0))
    assert reflectivity(Q, layers) == pytest.approx(abeles(Q, layers), rel=1e-8)


def test_kiessigs_fringes_are_two_pi_over_the_thickness_apart():
    q = np.linspace(0.1, 0.2, 20001)
    curve = reflectivity(q, (AIR, Layer(6.4e-6, 463.0), SILICON)) * q**4
    maxima = q[1:-1][(curve[1:-1] > curve[:-2]) & (curve[1:-1] > curve[2:])]
    assert np.diff(maxima) == pytest.approx(2 * np.pi / 463.0, rel=0.02)


def test_a_film_of_the_substrates_density_does_not_show():
    assert reflectivity(Q, (AIR, Layer(2.073e-6, 300.0), SILICON)) == pytest.approx(fresnel(Q, 2.073e-6), rel=1e-9)


def test_roughness_damps_an_interface_as_nevot_and_croce_say():
    smooth, rough = (reflectivity(Q, (AIR, Layer(2.073e-6, roughness=sigma))) for sigma in (0.0, 8.0))
    k0, k1 = Q / 2, np.sqrt((Q / 2) ** 2 - 4 * np.pi * 2.073e-6 + 0j)
    assert rough / smooth == pytest.approx(np.exp(-4 * k0 * k1.real * 8.0**2), rel=1e-9)
    assert rough[-1] < 0.1 * smooth[-1]


def test_resolution_flattens_fringes_and_keeps_their_mean():
    film = (AIR, Layer(6.4e-6, 463.0), SILICON)
    q = np.linspace(0.1, 0.2, 2001)
    sharp, smeared = reflectivity(q, film) * q**4, smeared_reflectivity(q, film, 0.0126) * q**4
    assert np.ptp(smeared) < 0.9 * np.ptp(sharp)
    assert smeared.mean() == pytest.approx(sharp.mean(), rel=0.02)
