"""I(Q) of the simulated suspension: the radius and the share of the volume that went into it."""

import h5py
import numpy as np
import pytest
from scipy.optimize import curve_fit

from mantidlab.archive import find_run
from mantidlab.simulation import truth
from mantidlab.techniques.detectors.masking import read_mask
from mantidlab.techniques.errors import WrongRun, WrongSetting
from mantidlab.techniques.sans.counts import count_run
from mantidlab.techniques.sans.normalising import over_q, pitch_area
from mantidlab.techniques.sans.resolution import Pinholes, blur_of_angle, moments
from mantidlab.techniques.sans.transmission import Ratio, even, fitted
from mantidlab.techniques.sans_iq import sans_iq

RUNS = {"sample": 1001, "can": 1002, "sample_transmission": 1003, "can_transmission": 1004, "empty_beam": 1005}
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
CONTRAST = 2.89e10  # 1/cm²


def spheres(intensity, start=(8.0, 60.0, 0.1)):
    """Return radius, its error, share of the volume, its error, and χ² for each degree of freedom."""
    q = intensity.x[:, None] + intensity.resolution[:, None] * NODES

    def model(_, forward, radius, background):
        x = q * radius
        return forward * (3 * (np.sin(x) - x * np.cos(x)) / x**3) ** 2 @ (WEIGHTS / WEIGHTS.sum()) + background

    best, covariance = curve_fit(model, intensity.x, intensity.y, p0=start, sigma=intensity.errors, absolute_sigma=True)
    errors = np.sqrt(np.diag(covariance))
    chi_square = np.sum(((intensity.y - model(None, *best)) / intensity.errors) ** 2) / (len(intensity.x) - 3)
    to_share = 1 / (4 / 3 * np.pi * best[1] ** 3 * 1e-24 * CONTRAST**2)
    return best[1], errors[1], best[0] * to_share, errors[0] * to_share, chi_square


@pytest.mark.parametrize("fit", ["none", "log", "polynomial"])
def test_radius_and_share_of_the_volume(fit):
    result = sans_iq(**RUNS, settings={"pulse": 20.0, "transmission_fit": fit}).value
    assert result.absolute
    assert result.intensity.histogram.unit == "1/cm"
    radius, error, share, share_error, chi_square = spheres(result.intensity)
    assert abs(radius - truth.SPHERE_RADIUS) < 3 * error
    assert error < 0.05
    # The beam's own counts limit the scale to some 0.3 %, which the errors of the points leave out.
    assert abs(share / truth.SPHERE_VOLUME_FRACTION - 1) < 0.005
    assert share_error < 1e-4
    assert 0.7 < chi_square < 1.35


def test_errors_are_honest(other_archive, monkeypatch):
    pulls, chi_squares = [], []
    for seed in range(3):
        monkeypatch.setenv("MANTIDHUB_DATA", str(other_archive("SIMSANS", seed)))
        result = sans_iq(**RUNS, settings={"pulse": 20.0}).value
        radius, error, _, _, chi_square = spheres(result.intensity)
        pulls.append((radius - truth.SPHERE_RADIUS) / error)
        chi_squares.append(chi_square)
    assert np.abs(pulls).max() < 3.5
    assert abs(np.mean(chi_squares) - 1) < 4 * np.sqrt(2 / 122 / 3)


def test_without_the_empty_cell_there_is_more_and_without_transmission_less():
    both = sans_iq(**RUNS).value.intensity
    alone = sans_iq(**{**RUNS, "can": None, "can_transmission": None}).value.intensity
    assert (alone.y >= both.y).all()
    assert (alone.y > both.y).mean() > 0.9
    opaque = sans_iq(**{**RUNS, "sample_transmission": None}).value.sample
    through = sans_iq(**RUNS).value.sample
    low = through.x < 0.05
    assert 0.7 < np.median(opaque.y[low] / through.y[low]) < 0.9  # the sample lets some 80 % pass


def test_linear_bins_and_the_scale():
    settings = {"q": (0.01, 0.2), "q_bins": 38, "q_steps": "linear", "scale": 2.0}
    twice = sans_iq(**RUNS, settings=settings).value.intensity
    once = sans_iq(**RUNS, settings={**settings, "scale": 1.0}).value.intensity
    np.testing.assert_allclose(twice.y, 2 * once.y)
    np.testing.assert_allclose(np.diff(twice.x), 0.005, rtol=0.2)


def test_charge_for_the_monitor_gives_the_same_shape():
    by_monitor = sans_iq(**RUNS).value.intensity
    by_charge = sans_iq(**RUNS, settings={"monitor": "charge"}).value.intensity
    ratio = by_charge.y / by_monitor.y
    assert abs(np.median(ratio) - 1) < 0.01


def test_without_a_measured_beam_the_scale_is_relative(tmp_path):
    on_monitor = sans_iq(**RUNS, settings={"transmission_on": "monitor_incident"}).value
    assert not on_monitor.absolute
    assert on_monitor.intensity.histogram.unit == ""
    table = tmp_path / "direct.txt"
    np.savetxt(table, np.column_stack([np.linspace(1, 15, 30), np.full(30, 2.0)]))
    by_file = sans_iq(sample=1001, settings={"direct_beam": table}).value
    assert by_file.absolute
    half = sans_iq(sample=1001, settings={"thickness": 0.2}).value
    np.testing.assert_allclose(by_file.intensity.y, half.intensity.y / 2, rtol=1e-9)
    with pytest.raises(WrongSetting, match="reaches from 1 to 15 Å"):
        sans_iq(sample=1001, settings={"direct_beam": table, "wavelength": (2.0, 16.0)})


def test_bins_that_counted_nothing_are_not_certain():
    fine = sans_iq(sample=1002, settings={"q_bins": 3000}).value.intensity
    assert (fine.y == 0).any()
    assert (fine.errors > 0).all()


def test_masks_leave_detectors_out(tmp_path):
    mask = tmp_path / "mask.xml"
    mask.write_text(
        '<?xml version="1.0"?>\n<detector-masking><group><detids>1-128,200</detids></group></detector-masking>'
    )
    assert read_mask(mask).tolist() == [*range(1, 129), 200]
    plain = sans_iq(**RUNS).value
    masked = sans_iq(**RUNS, settings={"mask": mask, "mask_detectors": "300-301"}).value
    assert masked.masked == plain.masked + 128 + 1 + 2
    edged = sans_iq(**RUNS, settings={"edge": 0.02}).value
    assert edged.masked > plain.masked + 4 * 2 * 120


def test_a_beam_that_is_off_centre_is_found(archive, tmp_path):
    # The same neutrons, on a detector that stands 16 mm to the side of where its file says.
    moved = {}
    for name, number in RUNS.items():
        path = tmp_path / f"{name}.nxs"
        path.write_bytes(find_run("SIMSANS", number, archive).read_bytes())
        with h5py.File(path, "r+") as file:
            offsets = file["entry/instrument/detector/x_pixel_offset"]
            offsets[...] = offsets[...] + 0.016
        moved[name] = path
    result = sans_iq(**moved, settings={"pulse": 20.0, "find_centre": True, "centre_ring": (0.06, 0.4)}).value
    assert result.centre[0] == pytest.approx(0.016, abs=0.0015)
    assert result.centre[1] == pytest.approx(0.0, abs=0.0015)
    radius, error, _, _, _ = spheres(result.intensity)
    assert abs(radius - truth.SPHERE_RADIUS) < 4 * error


def test_gravity_moves_q_of_long_wavelengths(archive):
    edges = tuple(np.geomspace(8.0, 13.5, 21).tolist())
    run = count_run(find_run("SIMSANS", 1001, archive), edges, "")
    ones, lit = even(1.0, 20), np.hypot(*run.places.positions[:, :2].T) > 0.045
    q = tuple(np.linspace(0.006, 0.06, 28).tolist())
    level, falling = (over_q(run, ones, ones, lit, q, None, gravity=gravity) for gravity in (False, True))
    # A neutron of 10 Å falls 0.5 g (4 m · λ m/h)² = 0.5 mm on its 4 m: little, and not nothing.
    assert not np.allclose(level.values, falling.values, equal_nan=True)
    np.testing.assert_allclose(level.values, falling.values, rtol=0.05)


def test_resolution_follows_apertures():
    narrow, wide = (
        blur_of_angle(Pinholes(radius, 0.004, 4.0, 0.008), np.array([[4.0]]), np.array([6.0]))
        for radius in (0.01, 0.02)
    )
    expected = (2 * np.pi / 6) ** 2 * ((0.01 / 4) ** 2 / 4 + 0.004**2 / 4 * (1 / 4 + 1 / 4) ** 2 + 0.008**2 / 12 / 16)
    assert narrow[0, 0] == pytest.approx(expected)
    assert wide[0, 0] > 2 * narrow[0, 0]
    assert pitch_area(np.array([[0, 0, 4], [0.01, 0, 4], [0, 0.02, 4], [0.01, 0.02, 4.0]])) == pytest.approx(2e-4)


def test_blurring_a_ring_moves_it_outwards():
    """Neutrons scattered at Q and blurred by s in two directions are seen at √(Q² + 2 s²) in the mean square."""
    rng = np.random.default_rng(8)
    true, blur = rng.uniform(0.0, 0.06, 2_000_000), 0.002
    angle = rng.uniform(0, 2 * np.pi, len(true))
    weights = true  # even in two dimensions
    seen = np.hypot(
        true * np.cos(angle) + rng.normal(0, blur, len(true)), true * np.sin(angle) + rng.normal(0, blur, len(true))
    )
    inside = (seen > 0.0199) & (seen < 0.0201)
    drawn = np.average(true[inside], weights=weights[inside])
    spread = np.sqrt(np.average((true[inside] - drawn) ** 2, weights=weights[inside]))
    q = np.array([[0.02]])
    mean, width = moments(q, np.full((1, 1), blur**2), np.zeros((1, 1)), np.ones((1, 1)), np.array([0.0199, 0.0201]))
    assert mean[0] == pytest.approx(drawn, abs=6e-5)
    assert mean[0] - 0.02 == pytest.approx(blur**2 / 0.04, rel=1e-9)
    assert width[0] == pytest.approx(spread, rel=0.05)


def test_a_fitted_transmission_is_the_law_of_beer_and_lambert():
    edges = np.linspace(2, 12, 41)
    wavelength = (edges[1:] + edges[:-1]) / 2
    law = np.exp(-0.05 - 0.02 * wavelength)
    rng = np.random.default_rng(3)
    pulls = []
    for _ in range(60):
        noisy = Ratio(law + rng.normal(0, 0.01, 40), np.full(40, 1e-4))
        found = fitted(noisy, edges, "log")
        pulls.append((found.values[20] - law[20]) / np.sqrt(found.variances[20]))
    assert abs(np.mean(pulls)) < 3 / np.sqrt(60)
    assert 0.75 < np.std(pulls) < 1.3


def test_saved_as_nxcansas(tmp_path):
    path = tmp_path / "spheres.h5"
    result = sans_iq(**RUNS, save=path).value
    with h5py.File(path) as file:
        data = file["sasentry01/sasdata01"]
        assert data.attrs["canSAS_class"] == "SASdata"
        assert data["Q"].attrs["units"] == "1/angstrom"
        np.testing.assert_allclose(data["I"][...], result.intensity.y)
        np.testing.assert_allclose(data["Qdev"][...], result.intensity.resolution)
        assert file["sasentry01/run"][()].decode() == "1001"


def test_changing_q_does_not_count_again():
    sans_iq(**RUNS)
    steps = {(step.name, step.cached) for step in sans_iq(**RUNS, settings={"q_bins": 60}).provenance.steps}
    assert steps == {("count_run", True), ("over_q", False)}


def test_wrong_things_get_sentences(archive):
    with pytest.raises(WrongSetting, match="give the empty beam as well"):
        sans_iq(sample=1001, sample_transmission=1003)
    with pytest.raises(WrongSetting, match="masks leave no detector"):
        sans_iq(sample=1001, settings={"beam_stop": 2.0})
    with pytest.raises(WrongRun, match="has no monitor '7'; it has monitor_incident"):
        sans_iq(sample=1001, settings={"monitor": "7"})
    with pytest.raises(WrongRun, match="no counts within 1 mm"):
        sans_iq(**{**RUNS, "sample_transmission": 1002, "empty_beam": 1001}, settings={"transmission_radius": 0.001})
