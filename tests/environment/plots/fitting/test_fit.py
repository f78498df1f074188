"""Fits find what was put in, with errors that hold, and say what they cannot tell."""

import numpy as np
import pytest
import scipp as sc
from scipy import integrate

from mantidlab.plots.errors import FitFailed, WrongArgument
from mantidlab.plots.fitting import MODELS, fit, model_named
from mantidlab.plots.fitting.fit import Wish, covariance_of
from mantidlab.plots.fitting.models import BACKGROUNDS
from mantidlab.plots.fitting.points import points_in, written

TRUTH = {
    "gaussian": [4000, 5, 0.4],
    "lorentzian": [4000, 5, 0.4],
    "pseudo_voigt": [4000, 5, 0.4, 0.4],
    "voigt": [2500, 5, 0.3, 0.25],
    "back_to_back": [2500, 5, 0.1, 8, 3],
    "line": [300, 200],
    "quadratic": [300, 100, 50],
    "cubic": [300, 200, -30, 4],
    "exponential": [3000, 2.0],
    "guinier": [10000, 0.3],
    "porod": [30000],
    "power_law": [5000, 2.2],
}
UNDER = [200.0, 20.0]
EDGES = np.linspace(0.5, 10, 401)
MIDDLES = (EDGES[1:] + EDGES[:-1]) / 2
CASES = [(model.id, background) for model in MODELS for background in model.backgrounds]


def truth(model, background):
    return [*TRUTH[model], *UNDER[: BACKGROUNDS[background] + 1]]


@pytest.mark.parametrize(("model", "background"), CASES)
def test_the_exact_curve_is_found_again(model, background):
    values = truth(model, background)
    y = model_named(model).evaluate(MIDDLES, values)
    found = fit(points_in(EDGES, y, errors=np.full_like(y, 1.0)), model, Wish(background))
    np.testing.assert_allclose([each.value for each in found.parameters], values, rtol=1e-4, atol=1e-4)
    assert found.reduced_chi_square < 1e-6
    np.testing.assert_allclose(found.residual, 0, atol=1e-2)


@pytest.mark.parametrize(("model", "background"), [(model.id, model.backgrounds[0]) for model in MODELS])
def test_errors_are_the_scatter_of_many_measurements(model, background):
    rng = np.random.default_rng(7)
    values = np.array(truth(model, background))
    expected = model_named(model).evaluate(MIDDLES, values.tolist())
    sigma = np.sqrt(np.abs(expected)) + 1
    pulls, quality = [], []
    for _ in range(60):
        y = expected + sigma * rng.standard_normal(len(expected))
        found = fit(points_in(EDGES, y, errors=sigma), model, Wish(background))
        pulls.append([(each.value - true) / each.error for each, true in zip(found.parameters, values, strict=True)])
        quality.append(found.reduced_chi_square)
    spread = np.std(pulls, axis=0)
    assert (np.abs(np.mean(pulls, axis=0)) < 0.6).all()
    assert ((spread > 0.7) & (spread < 1.35)).all()
    assert np.mean(quality) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("model", ["gaussian", "lorentzian", "pseudo_voigt", "voigt", "back_to_back"])
def test_areas_are_areas(model):
    values = TRUTH[model]
    y = model_named(model).evaluate(MIDDLES, values)
    found = fit(points_in(EDGES, y, errors=np.ones_like(y)), model, Wish("none"))
    area, _ = integrate.quad(
        lambda x: float(model_named(model).evaluate(np.array([x]), values)[0]), -2000, 2010, points=[4, 5, 6], limit=400
    )
    assert found["area"].value == pytest.approx(area, rel=2e-3)


def test_an_error_of_an_area_knows_that_height_and_width_go_together():
    rng, values = np.random.default_rng(3), truth("gaussian", "linear")
    expected = model_named("gaussian").evaluate(MIDDLES, values)
    found = [
        fit(points_in(EDGES, rng.poisson(expected).astype(float), errors=np.sqrt(expected)), "gaussian")["area"]
        for _ in range(100)
    ]
    assert np.std([each.value for each in found]) == pytest.approx(found[0].error, rel=0.25)


def test_a_dip_is_found():
    y = 500 - model_named("gaussian").evaluate(MIDDLES, [300, 6, 0.5])
    found = fit(points_in(EDGES, y, errors=np.ones_like(y)), "gaussian")
    assert found["height"].value == pytest.approx(-300, rel=1e-3)
    assert found["centre"].value == pytest.approx(6, rel=1e-4)


def test_a_straight_line_is_that_of_linear_algebra():
    rng = np.random.default_rng(2)
    x, sigma = np.linspace(0, 1, 20), rng.uniform(0.5, 2, 20)
    y = 3 + 2 * x + sigma * rng.standard_normal(20)
    found = fit(points_in(x, y, errors=sigma), "line")
    coefficients, covariance = np.polyfit(x, y, 1, w=1 / sigma, cov="unscaled")
    np.testing.assert_allclose([found["a1"].value, found["a0"].value], coefficients, rtol=1e-6)
    np.testing.assert_allclose([found["a1"].error, found["a0"].error], np.sqrt(np.diag(covariance)), rtol=1e-6)


def test_what_is_left_out_is_said():
    y = model_named("gaussian").evaluate(MIDDLES, truth("gaussian", "constant"))
    errors, mask = np.ones_like(y), np.zeros(len(y), bool)
    y[3], y[200] = np.nan, 1e9
    mask[200] = True
    errors[5], errors[7] = np.inf, 0.0
    found = fit(points_in(EDGES, y, errors=errors, mask=mask), "gaussian", Wish("constant"))
    told = " ".join(found.notes)
    for words in ("1 bin masked", "1 bin without a finite value", "1 bin without a usable error", "Instead of zero"):
        assert words in told
    assert found["centre"].value == pytest.approx(5, abs=1e-4)


def test_without_errors_they_come_from_the_scatter():
    rng = np.random.default_rng(4)
    y = model_named("gaussian").evaluate(MIDDLES, truth("gaussian", "constant")) + 30 * rng.standard_normal(400)
    plain = fit(points_in(EDGES, y), "gaussian", Wish("constant"))
    known = fit(points_in(EDGES, y, errors=np.full(400, 30.0)), "gaussian", Wish("constant"))
    assert plain.reduced_chi_square is None
    assert plain["centre"].error == pytest.approx(known["centre"].error, rel=0.1)
    assert any("no errors" in note for note in plain.notes)


@pytest.mark.parametrize("model", ["gaussian", "lorentzian", "pseudo_voigt", "voigt", "back_to_back"])
def test_a_peak_one_bin_wide_is_told_of(model):
    y = np.full(400, 10.0)
    y[200] = 1000
    try:
        found = fit(points_in(EDGES, y, errors=np.sqrt(y)), model)
    except FitFailed as error:
        assert "did not converge" in str(error)
    else:
        assert any("its width is that of the bins" in note for note in found.notes)
        assert found["centre"].value == pytest.approx(MIDDLES[200], abs=0.025)


def test_the_fit_of_a_gaussian_one_bin_wide_ends():
    y = np.full(400, 10.0)
    y[200] = 1000
    assert fit(points_in(EDGES, y, errors=np.sqrt(y)), "gaussian")["height"].value > 500


def test_a_fit_that_ends_nowhere_says_so():
    rng = np.random.default_rng(0)
    with pytest.raises(FitFailed, match=r"did not converge in 400 points from 0.51.*Choose a range"):
        fit(points_in(EDGES, 1e-300 * rng.standard_normal(400), errors=np.full(400, 1e-310)), "gaussian")


def test_noise_has_no_peak():
    rng = np.random.default_rng(11)
    y = 100 + rng.standard_normal(400)
    try:
        found = fit(points_in(EDGES, y, errors=np.full(400, 10.0)), "gaussian")
    except FitFailed as error:
        assert "did not converge" in str(error)
    else:
        assert found.notes


def test_what_the_data_do_not_determine_is_said():
    # The peak's tail only: height and place go together.
    x = np.linspace(9.0, 9.2, 6)
    y = model_named("gaussian").evaluate(x, [100, 5, 1.5])
    try:
        found = fit(points_in(x, y, errors=np.full(6, 1.0)), "gaussian", Wish("linear"))
    except FitFailed as error:
        assert str(error)
    else:
        assert found.notes


def test_too_few_points():
    with pytest.raises(FitFailed, match=r"Gaussian has 5 parameters, and 3 points from .* can be used.*wider range"):
        fit(points_in(np.arange(3.0), np.ones(3), errors=np.ones(3)), "gaussian")


def test_too_many_points():
    with pytest.raises(FitFailed, match="rebin"):
        fit(points_in(np.arange(300_000.0), np.ones(300_000)), "line")


def test_a_range_is_kept():
    y = model_named("gaussian").evaluate(MIDDLES, [100, 3, 0.3]) + model_named("gaussian").evaluate(
        MIDDLES, [900, 8, 0.3]
    )
    found = fit(points_in(EDGES, y, errors=np.ones_like(y), between=(4, 2)), "gaussian")
    assert found.range == (2, 4)
    assert (found.x >= 2).all()
    assert (found.x <= 4).all()
    assert found["centre"].value == pytest.approx(3, abs=1e-3)


def test_fixed_parameters_stay_and_count_as_known():
    y = model_named("gaussian").evaluate(MIDDLES, truth("gaussian", "linear"))
    found = fit(points_in(EDGES, y, errors=np.ones_like(y)), "gaussian", Wish(fixed={"fwhm": 0.5}))
    assert (found["fwhm"].value, found["fwhm"].error) == (0.5, 0.0)


def test_laws_of_small_angles_leave_out_zero():
    x = np.linspace(0, 1, 51)
    with np.errstate(divide="ignore"):
        y = np.where(x > 0, 3 / x**4, np.inf)
    found = fit(points_in(x, y, errors=np.ones_like(y)), "porod")
    assert found["constant"].value == pytest.approx(3)


@pytest.mark.parametrize(
    ("model", "wish", "words"),
    [
        ("gausian", Wish(), "no model 'gausian'.*gaussian"),
        ("line", Wish("linear"), "no background 'linear'"),
        ("gaussian", Wish(start={"width": 1}), "no parameter 'width'.*height, centre, fwhm"),
    ],
)
def test_wrong_arguments(model, wish, words):
    with pytest.raises(WrongArgument, match=words):
        fit(points_in(EDGES, np.ones(400)), model, wish)


@pytest.mark.parametrize(
    ("pattern", "x", "y", "unit"),
    [
        ("y x", "Å", "counts", "counts·Å"),
        ("y/x", "µs", "counts/µs", "(counts/µs)/µs"),
        ("1/x", "1/Å", "", "Å"),
        ("1/x", "µs", "", "1/µs"),
        ("y x⁴", "1/Å", "1/cm", "(1/cm)·(1/Å)⁴"),
        ("y", "", "", ""),
    ],
)
def test_units_of_parameters(pattern, x, y, unit):
    assert written(pattern, x, y) == unit


def test_scipps_own_fit_finds_the_same_values_and_scales_its_errors_by_the_scatter():
    rng = np.random.default_rng(9)
    expected = model_named("gaussian").evaluate(MIDDLES, truth("gaussian", "constant"))
    y = rng.poisson(expected).astype(float)
    array = sc.DataArray(
        sc.array(dims=["x"], values=y, variances=y, unit="counts"),
        coords={"x": sc.array(dims=["x"], values=MIDDLES, unit="Å")},
    )

    def gaussian(x, height, centre, fwhm, background):
        return background + height * sc.exp(-4 * np.log(2) * ((x - centre) / fwhm) ** 2)

    start = {
        "height": sc.scalar(3000.0, unit="counts"),
        "centre": sc.scalar(5.1, unit="Å"),
        "fwhm": sc.scalar(0.5, unit="Å"),
        "background": sc.scalar(100.0, unit="counts"),
    }
    theirs, _ = sc.curve_fit(["x"], gaussian, array, p0=start)
    ours = fit(points_in(MIDDLES, y, errors=np.sqrt(y)), "gaussian", Wish("constant"))
    for name in start:
        assert ours[name].value == pytest.approx(theirs[name].value, rel=1e-5)
        scaled = ours[name].error * np.sqrt(ours.reduced_chi_square)
        assert scaled == pytest.approx(np.sqrt(theirs[name].variance), rel=1e-3)


def test_what_is_not_determined_has_no_error():
    """The second column is twice the first, the last one changes nothing; the third stands for itself."""
    slopes = np.random.default_rng(1).standard_normal((20, 4))
    slopes[:, 1] = 2 * slopes[:, 0]
    slopes[:, 3] = 0
    found = np.sqrt(np.diag(covariance_of(slopes)))
    assert np.isnan(found).tolist() == [True, True, False, True]
    alone = slopes[:, [0, 2]]
    assert found[2] == pytest.approx(np.sqrt(np.linalg.inv(alone.T @ alone)[1, 1]))


def test_scales_of_parameters_do_not_matter():
    slopes = np.random.default_rng(2).standard_normal((30, 3))
    scales = np.array([1e-12, 1.0, 1e9])
    np.testing.assert_allclose(
        covariance_of(slopes * scales) * np.outer(scales, scales), np.linalg.inv(slopes.T @ slopes), rtol=1e-9
    )


@pytest.mark.parametrize("model", ["gaussian", "voigt", "guinier", "exponential"])
def test_values_that_are_all_alike_say_nothing(model):
    with pytest.raises(FitFailed, match=r"All 400 values from .* are 3: nothing "):
        fit(points_in(EDGES, np.full(400, 3.0)), model)
    assert fit(points_in(EDGES, np.full(400, 3.0)), "line")["a0"].value == pytest.approx(3.0)


@pytest.mark.parametrize("background", ["linear", "constant"])
@pytest.mark.parametrize("between", [(3.66, 6.34), (1.0, 4.3), (3.9, 8.0)])
def test_a_range_may_begin_or_end_on_the_peak(between, background):
    edges = np.linspace(0, 10, 501)
    expected = model_named("gaussian").evaluate((edges[1:] + edges[:-1]) / 2, [200.0, 4.0, 0.47, 5.0])
    y = np.random.default_rng(1).poisson(expected).astype(float)
    found = fit(points_in(edges, y, errors=np.sqrt(y), between=between), "gaussian", Wish(background))
    assert found["height"].value == pytest.approx(200, rel=0.1)
    assert found["centre"].value == pytest.approx(4.0, abs=0.05)
    assert not any("dip" in note or "χ²" in note for note in found.notes)


def test_a_poor_fit_and_a_dip_are_told_of():
    y = 500 - model_named("lorentzian").evaluate(MIDDLES, [300, 6, 0.5])
    found = fit(points_in(EDGES, y, errors=np.ones_like(y)), "gaussian")
    told = " ".join(found.notes)
    assert "does not describe the data within their errors" in told
    assert "It is a dip" in told
