"""The simulated film: thickness, density and roughness that went into it; footprint and stitching by their formulas."""

import numpy as np
import pytest
import scipp as sc
from ess.reflectometry.corrections import footprint_on_sample
from ess.reflectometry.tools import scale_for_reflectivity_overlap
from scipy.optimize import curve_fit

from mantidlab.simulation import truth
from mantidlab.techniques.errors import WrongRun, WrongSetting
from mantidlab.techniques.reflectivity import reflectivity
from mantidlab.techniques.reflectometry.optics import Slits, lit_share, relative_width
from mantidlab.techniques.reflectometry.stitching import Piece, overlap_factor, plateau_factor, stitched

RUNS = {"runs": [2002, 2004], "direct_beams": [2001, 2003]}
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
SILICON = 2.073e-6
DENSITY = 6.40  # 10⁻⁶/Å²; roughness 6 Å at the top and 4 Å at the silicon (docs/simulated-instruments.md)


def film(q, thickness, density, top, bottom):
    k0, k1, k2 = (np.sqrt((q / 2) ** 2 - 4 * np.pi * sld + 0j) for sld in (0, 1e-6 * density, SILICON))
    r01 = (k0 - k1) / (k0 + k1) * np.exp(-2 * k0 * k1 * top**2)
    r12 = (k1 - k2) / (k1 + k2) * np.exp(-2 * k1 * k2 * bottom**2)
    phase = np.exp(2j * k1 * thickness)
    return np.abs((r01 + r12 * phase) / (1 + r01 * r12 * phase)) ** 2


def fit_film(curve):
    """Return best values, errors and χ² for each degree of freedom."""
    q = curve.x[:, None] + curve.resolution[:, None] * NODES

    def model(_, *parameters):
        return film(q, *parameters) @ (WEIGHTS / WEIGHTS.sum())

    best, covariance = curve_fit(
        model, curve.x, curve.y, p0=(460, 6.3, 5, 5), sigma=curve.errors, absolute_sigma=True, bounds=(0, np.inf)
    )
    chi_square = np.sum(((curve.y - model(None, *best)) / curve.errors) ** 2) / (len(curve.x) - 4)
    return best, np.sqrt(np.diag(covariance)), chi_square


def test_thickness_density_and_roughness():
    result = reflectivity(**RUNS, settings={"pulse": 25.0}).value
    assert result.thetas == pytest.approx((0.5, 2.0))
    best, errors, chi_square = fit_film(result.stitched)
    pulls = (best - [truth.FILM_THICKNESS, DENSITY, 6.0, 4.0]) / errors
    assert np.abs(pulls).max() < 3.5
    assert errors[0] < 0.1
    assert errors[2] < 0.2
    assert 0.7 < chi_square < 1.35


@pytest.mark.parametrize("angle", [0, 1])
def test_each_angle_by_itself(angle):
    result = reflectivity(**RUNS, settings={"pulse": 25.0}).value
    best, errors, _ = fit_film(result.angles[angle])
    assert abs(best[0] - truth.FILM_THICKNESS) < 3.5 * errors[0]


def test_total_reflection_is_one_without_scaling():
    first = reflectivity(**RUNS).value.angles[0]
    below = first.x < 0.013
    weights = 1 / first.errors[below] ** 2
    mean = np.sum(weights * first.y[below]) / weights.sum()
    assert abs(mean - 1) < 4 / np.sqrt(weights.sum()) + 0.005


def test_by_the_monitor_and_by_the_charge_are_alike():
    by_charge = reflectivity(runs=[2002], direct_beams=[2001]).value.stitched
    by_monitor = reflectivity(runs=[2002], direct_beams=[2001], settings={"normalise": "monitor"}).value.stitched
    below = by_charge.x < 0.04
    assert np.median(by_monitor.y[below] / by_charge.y[below]) == pytest.approx(1.0, abs=0.02)


def test_the_angle_from_the_detector():
    found = reflectivity(**RUNS, settings={"angle": "detector"}).value.thetas
    assert found == pytest.approx((0.5, 2.0), rel=0.02)
    given = reflectivity(**RUNS, settings={"angle": "0.51, 2.0"}).value.thetas
    assert given == pytest.approx((0.51, 2.0))


def test_a_wrong_scale_is_mended_by_overlap_and_plateau():
    right = reflectivity(**RUNS).value
    wrong = reflectivity(runs=[2002, 2004], direct_beams=[2001], settings={"rescale": True}).value
    # Divided by the first one's direct beam, the second angle, whose slits are open, has 16 times the intensity.
    assert wrong.factors[1].value == pytest.approx(1 / 16, rel=0.06)
    high = right.angles[1].x > 0.05
    ratio = wrong.angles[1].y[high][:20] / right.angles[1].y[high][:20]
    assert np.median(ratio) == pytest.approx(1.0, abs=0.06)
    scaled = reflectivity(runs=[2002], settings={"plateau": (0.009, 0.013)}).value
    assert scaled.factors[0].error / scaled.factors[0].value < 0.02
    assert np.average(scaled.stitched.y[scaled.stitched.x < 0.013]) == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("profile", ["box", "gaussian"])
def test_the_footprint_is_the_integral_of_the_beam(profile):
    theta, length, height = 0.01, 0.05, 0.0008
    heights = np.linspace(-0.005, 0.005, 200_001)
    if profile == "box":
        beam = (np.abs(heights) < height / 2).astype(float)
    else:
        beam = np.exp(-4 * np.log(2) * (heights / height) ** 2)
    on_sample = np.abs(heights) < length * np.sin(theta) / 2
    share = beam[on_sample].sum() / beam.sum()
    assert lit_share(theta, profile, length, height) == pytest.approx(share, rel=1e-3)
    assert lit_share(theta, "none", length, height) == 1.0
    # Why ess.reflectometry's function is not used: it takes the width for something else.
    theirs = footprint_on_sample(
        sc.scalar(theta, unit="rad"), sc.scalar(height, unit="m"), sc.scalar(length, unit="m")
    ).value
    assert profile == "box" or abs(theirs - share) > 0.1


def test_the_footprint_divides_the_reflectivity():
    plain = reflectivity(runs=[2002], direct_beams=[2001]).value.stitched
    settings = {"footprint": "box", "sample_length": 0.04, "beam_height": 1.0}
    corrected = reflectivity(runs=[2002], direct_beams=[2001], settings=settings).value.stitched
    share = 0.04 * np.sin(np.radians(0.5)) / 1e-3
    np.testing.assert_allclose(corrected.y, plain.y / share, rtol=1e-9)


def test_resolution_of_slits_and_bins():
    slits = Slits(0.0007, 0.0003, 2.0)
    edges = np.array([0.010, 0.0102])
    width = relative_width(np.radians(0.5), slits, edges, 0.0, np.array([40_000.0]))[0]
    angle = np.hypot(0.0007, 0.0003) / np.sqrt(12) / 2 / np.tan(np.radians(0.5))
    assert width == pytest.approx(np.hypot(angle, 0.0002 / 0.0101 / np.sqrt(12)), rel=1e-3)


def test_stitching_finds_factors_with_honest_errors_and_agrees_with_ess():
    rng = np.random.default_rng(5)
    edges = np.geomspace(0.01, 0.1, 61)
    curve = np.geomspace(1, 1e-3, 60)
    pulls = []
    for _ in range(60):
        relative = 0.05
        first = np.where(np.arange(60) < 35, curve * (1 + rng.normal(0, relative, 60)), np.nan)
        second = np.where(np.arange(60) > 20, curve / 3 * (1 + rng.normal(0, relative, 60)), np.nan)
        pieces = [Piece(one, (relative * one) ** 2, 0.01 * curve) for one in (first, second)]
        factor, error = overlap_factor(*pieces)
        pulls.append((factor - 3) / error)
    assert abs(np.mean(pulls)) < 0.6
    assert 0.75 < np.std(pulls) < 1.3
    theirs = scale_for_reflectivity_overlap(
        {name: data_array(piece, edges, where) for name, piece, where in
         (("a", pieces[0], slice(0, 35)), ("b", pieces[1], slice(21, 60)))}
    )  # fmt: skip
    assert factor == pytest.approx(float(theirs["b"]), rel=0.02)
    whole, used = stitched(pieces, rescale=True)
    assert used[1].factor == pytest.approx(factor)
    assert np.isfinite(whole.values).all()
    both = slice(21, 35)
    assert (np.sqrt(whole.variances[both]) < np.sqrt(pieces[0].variances[both])).all()
    assert plateau_factor(Piece(np.full(60, 0.5), np.full(60, 1e-4), curve), edges[:-1], 0.01, 0.02)[
        0
    ] == pytest.approx(2)


def test_factors_believe_the_points_that_are_certain():
    rng = np.random.default_rng(9)
    curve, relative = np.ones(40), np.where(np.arange(40) % 2, 0.5, 0.02)
    pulls = []
    for _ in range(60):
        first = Piece(curve * (1 + rng.normal(0, 0.02, 40)), np.full(40, 4e-4), curve)
        second = Piece(curve * (1 + rng.normal(0, relative)), relative**2, curve)
        factor, error = overlap_factor(first, second)
        pulls.append((factor - 1) / error)
    assert 0.75 < np.std(pulls) < 1.3


def data_array(piece, edges, where):
    return sc.DataArray(
        sc.array(dims=["Q"], values=piece.values[where], variances=piece.variances[where]),
        coords={"Q": sc.array(dims=["Q"], values=edges[where.start : where.stop + 1], unit="1/angstrom")},
    )


def test_wrong_things_get_sentences():
    with pytest.raises(WrongSetting, match="1 runs and 2 direct beams"):
        reflectivity(runs=[2002], direct_beams=[2001, 2003])
    with pytest.raises(WrongRun, match="is run 1 and run 3: counted twice, its errors would be too small"):
        reflectivity(runs=[2002, 2004, 2002], direct_beams=[2001])
    with pytest.raises(WrongRun, match="does not say the angle of the sample"):
        reflectivity(runs=[2001])
    with pytest.raises(WrongSetting, match="reach no bin of Q"):
        reflectivity(runs=[2002], settings={"q": (1.0, 2.0)})
    with pytest.raises(WrongSetting, match="“file”, “detector” or a number"):
        reflectivity(runs=[2002], settings={"angle": "steep"})
    with pytest.raises(WrongSetting, match="No pixel lies within"):
        reflectivity(runs=[2002], settings={"ridge": "3.0"})
    with pytest.raises(WrongSetting, match="do not overlap"):
        reflectivity(**RUNS, settings={"wavelength": (6.0, 7.0), "rescale": True})
