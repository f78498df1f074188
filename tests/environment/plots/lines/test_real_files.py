"""Real files of ISIS, SNS, ILL and PSI, plotted: they lie in a folder beside the checkout and never in it."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from mantidlab.frameworks import as_data_object
from mantidlab.plots.lines.calling import curves, plot

SHARED = Path(os.environ.get("MANTIDHUB_SHARED_DATA") or Path(__file__).parents[4].parent / "shared" / "data")
pytestmark = pytest.mark.skipif(
    not SHARED.exists(), reason=f"no {SHARED}; name the folder of real files with MANTIDHUB_SHARED_DATA"
)


@pytest.mark.parametrize(
    ("name", "options", "count", "x_unit", "y_unit"),
    [
        ("INTER00013460.nxs", {}, 2, "µs", "counts/µs"),
        ("INTER00013460.nxs", {"part": "monitor_2"}, 1, "µs", "counts/µs"),
        ("LOQ74044.nxs", {"spectra": slice(0, 200)}, 200, "µs", "counts/µs"),
        ("LOQ74044.nxs", {"numbers": [3, 17_000]}, 2, "µs", "counts/µs"),
        ("SANS2D00022048.nxs", {"part": "monitor_2"}, 1, "µs", "counts/µs"),
        ("SANS2D00022048.nxs", {"part": "detector_1 events", "spectra": [30_000, 30_001]}, 2, "µs", "counts/µs"),
        ("TOPAZ_3007_bank_37_20_sec.nxs", {"spectra": [100, 30_000]}, 2, "µs", "counts"),
        ("irs26176_graphite002_red.nxs", {}, 10, "meV", ""),
        ("osi97935_graphite002_sqw.nxs", {}, 17, "meV", ""),
        ("van_gem59378_benchmark-0.nxs", {}, 1, "Å", "counts/Å"),
        ("focus2010n000468.hdf", {}, 375, "µs", "counts"),
        ("GPS5397.NXS", {}, 5, "µs", "counts"),
        ("CNCS_7860_coarse.nxspe", {}, 14, "meV", ""),
    ],
)
def test_spectra_of_real_files(name, options, count, x_unit, y_unit):
    begin = time.process_time()
    made = plot(SHARED / name, **options)
    assert time.process_time() - begin < 10  # of a processor; 0.01 to 0.3 s
    assert (len(made.curves), made.spec["x"]["unit"], made.spec["y"]["unit"]) == (count, x_unit, y_unit)
    low, high = made.first["content"]["full"]["y"]
    assert np.isfinite([low, high]).all()
    assert low < high
    made.view = {**made.view, "normalise": "area"}
    assert len(made.sums()) == count


def test_the_elastic_line_of_osiris_has_the_width_of_its_resolution():
    """25 µeV with the 002 reflection of its graphite analyser, says ISIS of OSIRIS."""
    made = plot(SHARED / "osi97935_graphite002_sqw.nxs", spectra=slice(0, 10))
    for number in made.curves:
        found = made.fit("pseudo_voigt", number, (-0.2, 0.2), background="constant")
        assert abs(found["centre"].value) < 0.002
        assert 0.024 < found["fwhm"].value < 0.030
        assert found["fwhm"].error < 0.001


def test_a_sample_that_moves_broadens_the_line_of_iris_with_the_angle():
    made = plot(SHARED / "irs26176_graphite002_red.nxs", spectra=slice(0, 5))
    widths = [made.fit("lorentzian", number, (-0.2, 0.2), background="constant")["fwhm"] for number in made.curves]
    values = np.array([width.value for width in widths])
    assert (np.diff(values) > 3 * max(width.error for width in widths)).all()


def test_a_real_diffraction_pattern_in_other_units():
    path = SHARED / "van_gem59378_benchmark-0.nxs"
    (spacing,) = curves(path)
    (transfer,) = curves(path, unit="Q")
    np.testing.assert_allclose(transfer.axis.values, 2 * np.pi / spacing.axis.values, rtol=1e-9)
    counts = [np.nansum(one.values * np.abs(np.diff(one.axis.values))) for one in (spacing, transfer)]
    assert counts[0] == pytest.approx(counts[1], rel=1e-9)


def test_a_sample_log_over_time():
    with as_data_object(SHARED / "SANS2D00022048.nxs") as file:
        logs = file.logs()
        series = [
            logs[name]
            for name in logs
            if logs[name].values is not None
            and np.asarray(logs[name].values).dtype.kind in "fi"
            and len(np.asarray(logs[name].values)) > 2
        ]
        assert series
        made = plot(series[:3])
    assert made.spec["x"]["kind"] == "time"
    assert len(made.curves) == min(3, len(series))
