"""Lines of known widths: what is fitted is what went in, within errors that are honest; widths over Q likewise."""

import numpy as np
import pytest

from mantidlab.techniques.errors import WrongRun, WrongSetting
from mantidlab.techniques.quasielastic.diffusion import HBAR, fit_diffusion, half_width
from mantidlab.techniques.quasielastic.lines import GaussianResolution, MeasuredResolution, fit_line
from mantidlab.techniques.quasielastic_widths import quasielastic_widths

EDGES = np.linspace(-0.5, 0.5, 401)
ENERGY = (EDGES[1:] + EDGES[:-1]) / 2
STEP = EDGES[1] - EDGES[0]
NARROW = GaussianResolution(0.0175)
FWHM, SHARE, CENTRE = 0.060, 0.3, 0.002
MEASUREMENTS = 60


def expected(neutrons: float, fwhm: float = FWHM):
    """Return mean counts of a line of so many neutrons on a flat background."""
    line = SHARE * NARROW.line(ENERGY, CENTRE) + (1 - SHARE) * NARROW.lorentzian(ENERGY, CENTRE, fwhm)
    return neutrons * STEP * (line + 0.3)


def resolution(kind: str):
    return NARROW if kind == "gaussian" else MeasuredResolution(EDGES, NARROW.line(ENERGY, 0.0), background=False)


@pytest.mark.parametrize("kind", ["gaussian", "measured"])
@pytest.mark.parametrize("neutrons", [3_000, 30_000])
def test_sixty_measurements_scatter_as_their_errors_say(kind, neutrons):
    rng = np.random.default_rng(11)
    fits = []
    for _ in range(MEASUREMENTS):
        counts = rng.poisson(expected(neutrons)).astype(float)
        fits.append(fit_line(EDGES, counts, np.sqrt(counts), resolution(kind)))
    for name, true in (("fwhm", FWHM), ("share", SHARE), ("centre", CENTRE)):
        pulls = np.array([(getattr(fit, name).value - true) / getattr(fit, name).error for fit in fits])
        # The mean of 60 has a standard error of 0.13, their spread one of 0.09.
        assert abs(pulls.mean()) < 0.45, name
        assert 0.72 < pulls.std() < 1.28, name
    assert abs(np.mean([fit.chi_square for fit in fits]) - 1) < 0.05
    areas = np.array([(fit.elastic.value + fit.quasielastic.value) / (neutrons * STEP) for fit in fits])
    assert areas.mean() == pytest.approx(1.0, abs=0.02)


def test_errors_of_the_data_pull_the_width_where_counts_are_few():
    """Why the errors of the fit are taken: bins that counted too little by chance look too certain."""
    means = {}
    for weights in ("model", "data"):
        rng = np.random.default_rng(12)
        pulls = []
        for _ in range(MEASUREMENTS):
            counts = rng.poisson(expected(3_000)).astype(float)
            fit = fit_line(EDGES, counts, np.sqrt(counts), NARROW, weights=weights)
            pulls.append((fit.fwhm.value - FWHM) / fit.fwhm.error)
        means[weights] = np.mean(pulls)
    assert abs(means["model"]) < abs(means["data"])


@pytest.mark.parametrize("fwhm", [0.005, 0.02, 0.2])
def test_narrow_and_broad_lines(fwhm):
    counts = expected(1e6, fwhm)
    fit = fit_line(EDGES, counts, np.sqrt(counts), NARROW)
    assert fit.fwhm.value == pytest.approx(fwhm, rel=1e-3)
    assert fit.share.value == pytest.approx(SHARE, abs=1e-3)


def test_a_measured_resolution_is_the_gaussian_it_was_made_of():
    measured = resolution("measured")
    for fwhm in (0.0, 0.02, 0.3):
        exact = NARROW.lorentzian(ENERGY, 0.001, fwhm) if fwhm else NARROW.line(ENERGY, 0.001)
        np.testing.assert_allclose(measured.lorentzian(ENERGY, 0.001, fwhm), exact, atol=2e-3 * exact.max())
    assert measured.width() == pytest.approx(0.0175, abs=1.1 * STEP)


def test_without_an_elastic_line():
    counts = 1e5 * STEP * (NARROW.lorentzian(ENERGY, 0.0, 0.08) + 0.1)
    fit = fit_line(EDGES, counts, np.sqrt(counts), NARROW, elastic=False, slope=False)
    assert fit.fwhm.value == pytest.approx(0.08, rel=1e-3)
    assert fit.elastic.value == 0.0


@pytest.mark.parametrize(
    ("model", "first", "second"),
    [("fickian", 0.15, 1.0), ("chudley-elliott", 2.5, 3.0), ("singwi-sjolander", 0.16, 2.0), ("hall-ross", 1.2, 3.0)],
)
def test_models_of_diffusion_are_found_again_with_honest_errors(model, first, second):
    q = np.linspace(0.4, 1.9, 12)
    true = 2 * half_width(model, q, first, second)
    rng = np.random.default_rng(13)
    errors = np.full(12, 0.003)
    coefficient = {
        "fickian": first, "chudley-elliott": first**2 / 6 / second, "singwi-sjolander": first,
        "hall-ross": first**2 / 2 / second,
    }[model] * 10  # fmt: skip
    pulls = []
    for _ in range(MEASUREMENTS):
        found = fit_diffusion(model, q, true + rng.normal(0, errors), errors)
        pulls.append((found.coefficient.value - coefficient) / found.coefficient.error)
    assert abs(np.mean(pulls)) < 0.5
    assert 0.72 < np.std(pulls) < 1.28
    assert found.coefficient.unit == "10⁻⁹ m²/s"


def test_all_models_are_fick_s_law_at_small_q():
    q = np.array([0.01])
    fick = half_width("fickian", q, 0.2, 1.0)
    assert half_width("chudley-elliott", q, np.sqrt(6 * 0.2 * 2.0), 2.0) == pytest.approx(fick, rel=1e-3)
    assert half_width("singwi-sjolander", q, 0.2, 2.0) == pytest.approx(fick, rel=1e-3)
    assert half_width("hall-ross", q, np.sqrt(2 * 0.2 * 2.0), 2.0) == pytest.approx(fick, rel=1e-3)
    assert pytest.approx(0.65821, rel=1e-4) == HBAR


def test_wrong_things_get_sentences():
    with pytest.raises(WrongRun, match="widths are fitted to spectra over energy transfer"):
        quasielastic_widths(sample="SIMPOW3001")
    with pytest.raises(WrongSetting, match="fewer than ten bins with counts"):
        fit_line(EDGES, np.zeros(400), np.zeros(400), NARROW)
    with pytest.raises(WrongSetting, match="no peak"):
        MeasuredResolution(EDGES, np.zeros(400))
    with pytest.raises(WrongSetting, match="too few to fit"):
        fit_diffusion("chudley-elliott", np.array([0.5, 1.0]), np.array([0.1, 0.2]), np.array([0.01, 0.01]))
