"""The simulated silicon: the lattice parameter that went into it, by places, files and a reference."""

import h5py
import numpy as np
import pytest
import scipp as sc
from ess.powder.conversion import to_dspacing_with_calibration

from mantidlab.archive import find_run
from mantidlab.simulation import truth
from mantidlab.techniques.errors import WrongRun, WrongSetting
from mantidlab.techniques.powder.calibration import Calibration, from_places, read_calibration, save_calibration
from mantidlab.techniques.powder.focusing import Focusing, focus, rings_of
from mantidlab.techniques.powder.patterns import Pattern, cubic_sums, fit_cubic
from mantidlab.techniques.powder_pattern import powder_pattern
from mantidlab.techniques.runs import OpenRun

RUNS = {"sample": 3001, "vanadium": 3002, "empty": 3003}
SILICON = {"cell": "diamond", "lattice": 5.44}


def test_lattice_parameter():
    result = powder_pattern(**RUNS, settings=SILICON).value
    assert abs(result.lattice.value - truth.LATTICE_PARAMETER) < 3 * result.lattice.error
    assert result.lattice.error < 1.2e-4
    assert result.lattice.unit == "Å"
    residuals = (result.pattern.y - result.fitted.y) / result.pattern.errors
    assert 0.7 < np.mean(residuals**2) < 1.3


def test_errors_are_honest(other_archive, monkeypatch):
    pulls = []
    for seed in range(3):
        monkeypatch.setenv("MANTIDHUB_DATA", str(other_archive("SIMPOW", seed)))
        lattice = powder_pattern(**RUNS, settings=SILICON).value.lattice
        pulls.append((lattice.value - truth.LATTICE_PARAMETER) / lattice.error)
    assert np.abs(pulls).max() < 3
    assert abs(np.mean(pulls)) < 1.5


def test_rings_agree_and_a_reference_calibrates_them(tmp_path):
    path = tmp_path / "calibration.h5"
    result = powder_pattern(
        **RUNS, calibration_run=3001, settings={**SILICON, "rings": 2}, save_calibration_to=path
    ).value
    assert len(result.rings) == 2
    assert result.two_theta == pytest.approx((87, 93), abs=0.5)
    for factor in result.calibration:
        assert abs(factor.value - 1) < 4 * factor.error
        assert factor.error < 1e-4
    again = powder_pattern(**RUNS, settings={**SILICON, "calibration": path}).value
    assert again.lattice.value == pytest.approx(result.lattice.value, abs=1e-5)


def test_a_shifted_instrument_is_mended_by_its_reference(archive, tmp_path):
    # The same neutrons, in a file that says that the source is 17.1 m away instead of 17.0.
    wrong = {}
    for name, number in RUNS.items():
        path = tmp_path / f"{name}.nxs"
        path.write_bytes(find_run("SIMPOW", number, archive).read_bytes())
        with h5py.File(path, "r+") as file:
            file["entry/instrument/source/transformations/translation"][...] = -17.1
        wrong[name] = path
    off = powder_pattern(**wrong, settings=SILICON).value.lattice
    assert (off.value - truth.LATTICE_PARAMETER) / off.error < -100
    mended = powder_pattern(**wrong, calibration_run=wrong["sample"], settings=SILICON).value
    assert abs(mended.lattice.value - truth.LATTICE_PARAMETER) < 2 * mended.lattice.error
    assert mended.calibration[0].value == pytest.approx(18.51 / 18.61, abs=2e-4)
    told = powder_pattern(**wrong, settings={**SILICON, "source_distance": 17.0}).value.lattice
    assert abs(told.value - truth.LATTICE_PARAMETER) < 3 * told.error


def test_vanadium_divides_the_spectrum_out():
    # Vanadium over vanadium is one.
    result = powder_pattern(sample=3002, vanadium=3002, empty=3003, settings={"d_step": 0.01}).value.pattern
    assert np.median(result.y) == pytest.approx(1.0, abs=0.01)
    assert np.std(result.y / np.maximum(result.errors, 1e-12) - np.median(result.y / result.errors)) < np.inf
    residuals = (result.y - 1) / result.errors
    assert np.mean(np.abs(residuals) < 2) > 0.85
    bare = powder_pattern(sample=3001, settings={"d_step": 0.01}).value.pattern
    assert bare.histogram.unit == "1/(µAh Å)"


def test_counts_are_neither_lost_nor_made(archive):
    edges = tuple(np.geomspace(0.3, 6.0, 300).tolist())
    focused = focus(find_run("SIMPOW", 3001, archive), edges, Focusing(rings=5))
    with OpenRun(find_run("SIMPOW", 3001, archive)) as run:
        events = run.file.summary().events
    assert focused.counts.values.sum() == events
    assert focused.charge == pytest.approx(640.0)


def test_a_mask_leaves_detectors_out(archive, tmp_path):
    mask = tmp_path / "mask.xml"
    mask.write_text("<detector-masking><group><detids>1-640</detids></group></detector-masking>")
    edges = tuple(np.geomspace(0.3, 6.0, 300).tolist())
    path = find_run("SIMPOW", 3001, archive)
    whole, half = (focus(path, edges, Focusing(mask=chosen)).counts.values.sum() for chosen in (None, mask))
    assert half == pytest.approx(whole / 2, rel=0.05)


def test_calibration_is_the_quadratic_and_agrees_with_ess():
    rows = np.zeros(4, dtype=int)
    one = Calibration(np.array([7]), np.array([5000.0]), np.array([-3.0]), np.array([12.0]), np.array([True]))
    spacing = np.array([0.5, 1.0, 2.0, 3.0])
    times = one.times(spacing, rows)
    np.testing.assert_allclose(times, -3 * spacing**2 + 5000 * spacing + 12)
    np.testing.assert_allclose(one.spacings(times, rows), spacing, rtol=1e-12)
    tiny = Calibration(one.numbers, one.difc, np.array([-1e-9]), one.tzero, one.usable)
    np.testing.assert_allclose(tiny.spacings(tiny.times(spacing, rows), rows), spacing, rtol=1e-12)

    length = sc.scalar(18.5, unit="m")
    wavelength = sc.array(dims=["x"], values=times, unit="us") * (
        sc.constants.h / sc.constants.m_n / length
    )  # fmt: skip
    data = sc.DataArray(
        sc.ones(dims=["x"], shape=[4]), coords={"wavelength": wavelength.to(unit="angstrom"), "Ltotal": length}
    )
    table = sc.Dataset(
        {
            "difc": sc.scalar(5000.0, unit="us/angstrom"),
            "difa": sc.scalar(-3.0, unit="us/angstrom**2"),
            "tzero": sc.scalar(12.0, unit="us"),
        }
    )
    theirs = to_dspacing_with_calibration(data, table).coords["dspacing"].to(unit="angstrom").values
    np.testing.assert_allclose(theirs, spacing, rtol=1e-9)


def test_calibrations_are_kept_by_detector(archive, tmp_path):
    path = tmp_path / "cal.h5"
    with OpenRun(find_run("SIMPOW", 3001, archive)) as run:
        places = run.places()
    made = from_places(places)
    first = made.difc[0]
    expected = 252.778 * (17 + places.l2[0]) * 2 * np.sin(places.two_theta[0] / 2)
    assert first == pytest.approx(expected, rel=1e-5)
    ring = rings_of(places, 4)
    assert set(ring.tolist()) == {0, 1, 2, 3}
    changed = made.stretched(1 + 0.001 * ring)
    save_calibration(changed, path, "SIMPOW")
    read = read_calibration(path, places)
    np.testing.assert_array_equal(read.difc, changed.difc)
    with h5py.File(path, "r+") as file:
        file["calibration/detid"][...] = file["calibration/detid"][...] + 1_000_000
    with pytest.raises(WrongSetting, match="calibrates none of the detectors"):
        read_calibration(path, places)


def test_cubic_planes():
    assert cubic_sums("diamond", 24).tolist() == [3, 8, 11, 16, 19, 24]
    assert cubic_sums("face-centred", 12).tolist() == [3, 4, 8, 11, 12]
    assert cubic_sums("body-centred", 8).tolist() == [2, 4, 6, 8]
    assert cubic_sums("primitive", 6).tolist() == [1, 2, 3, 4, 5, 6]


def test_a_pattern_of_another_cell_is_found():
    # Two lines of vanadium's body-centred cell, drawn here: a = 3.024 Å.
    d = np.geomspace(1.0, 2.4, 1500)
    rng = np.random.default_rng(2)
    counts = 20 + sum(4000 * np.exp(-0.5 * ((d / (3.024 / np.sqrt(n)) - 1) / 1.6e-3) ** 2) for n in (2, 4, 6, 8))
    ones = np.ones_like(d)
    found = fit_cubic(Pattern(d, rng.poisson(counts).astype(float), ones, 0 * ones), "body-centred", 3.03)
    # The moment of emission makes peaks lean; these do not, so that rise and decay are as short as they may be.
    assert found.lattice.value == pytest.approx(3.024, rel=2e-4)


def test_wrong_things_get_sentences(tmp_path):
    with pytest.raises(WrongSetting, match="a fit needs two"):
        powder_pattern(**RUNS, settings={"d": (2.0, 2.5), "cell": "diamond"})
    with pytest.raises(WrongSetting, match="Vanadium counts no more than the empty instrument"):
        powder_pattern(sample=3001, vanadium=3003, empty=3003)
    with pytest.raises(WrongRun, match="no counts from 20 to 30"):
        powder_pattern(sample=3001, settings={"d": (20, 30)})
    text = tmp_path / "calibration.h5"
    text.write_text("no HDF5")
    with pytest.raises(WrongSetting, match="cannot be read as a calibration"):
        powder_pattern(sample=3001, settings={"calibration": text})
