"""Mantid's workspaces, as a real Mantid answered, plotted."""

import numpy as np
import pytest

from mantidlab.frameworks.mantid_objects import data_object
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.lines.calling import curves, plot


@pytest.fixture
def workspace(recorded):
    service = recorded.DataService(later=True, judging=True)
    return lambda key, **other: data_object(service._put(key, **other), recorded.keep)


def test_histograms_are_divided_by_widths(workspace):
    made = plot(workspace("hist"), spectra=[0, 1])
    assert made.view["divide_by_width"] is True
    assert (made.spec["y"]["unit"], made.spec["x"]["label"]) == ("counts/µs", "Time-of-flight")
    assert "divided by the widths" in made.spec["note"]
    (plain,) = curves(workspace("hist"), spectra=0, divide_by_width=False)
    (divided,) = curves(workspace("hist"), spectra=0)
    np.testing.assert_allclose(divided.values, plain.values / 200)
    assert list(made.curves.values()) == ["spectrum 1", "spectrum 2"]


@pytest.mark.parametrize("key", ["points", "distribution"])
def test_points_and_distributions_are_not(workspace, key):
    made = plot(workspace(key), spectra=0)
    assert made.view["divide_by_width"] is False
    assert made.spec["curves"][0]["mark"] == ("points" if key == "points" else "steps")
    with pytest.raises(WrongArgument, match="needs counts in bins"):
        plot(workspace(key), spectra=0, divide_by_width=True)


def test_time_of_flight_becomes_mantids_d_spacing(workspace, recorded):
    made = plot(workspace("powder"), spectra=slice(2, 20))
    assert [unit["id"] for unit in made.spec["x"]["units"]] == ["", "wavelength", "d_spacing", "Q", "energy"]
    ours = curves(workspace("powder"), spectra=slice(2, 20), unit="d_spacing", divide_by_width=False)
    theirs = curves(workspace("powder_d_ragged"), spectra=slice(2, 20), divide_by_width=False)
    compared = 0
    for one, other in zip(ours, theirs, strict=True):
        if np.isfinite(other.axis.values).all():
            np.testing.assert_allclose(one.axis.values, other.axis.values, rtol=1e-6)
            np.testing.assert_array_equal(one.values, other.values)
            compared += 1
    assert compared > 10


def test_spectra_without_a_place_are_drawn_as_nothing(workspace):
    """Straight ahead every d-spacing is infinite."""
    made = plot(workspace("powder_d_ragged"), spectra=slice(0, 30))
    drawn = made.first["content"]["curves"]
    straight = [row for row, curve in enumerate(made.histograms()) if not np.isfinite(curve.axis.values).any()]
    assert straight
    assert [curve["n"] == 0 for curve in drawn] == [row in straight for row in range(30)]
    assert np.isfinite(made.first["content"]["full"]["x"]).all()


def test_masked_spectra_are_marked(workspace):
    made = plot(workspace("masked_with_nan"), spectra=slice(0, 6))
    assert [curve["masked"] > 0 for curve in made.spec["curves"]].count(True) >= 1


def test_the_result_of_a_fit_is_drawn_by_its_texts(workspace):
    made = plot(workspace("fit_output_text_axis"))
    assert list(made.curves.values()) == ["Data", "Calc", "Diff"]


def test_groups_are_drawn_together(workspace):
    for member in ("hist", "powder"):
        workspace(member)
    made = plot(workspace("group"), spectra=0)
    assert list(made.curves.values()) == ["hist: spectrum 1", "powder: spectrum 1"]


def test_spectra_by_number_and_by_detector(workspace):
    assert list(plot(workspace("hist"), numbers=[7, 3]).curves.values()) == ["spectrum 7", "spectrum 3"]
    assert list(plot(workspace("hist"), detectors=[100, 101]).curves.values()) == ["spectrum 1", "spectrum 2"]


def test_events_have_their_bins(workspace):
    (one,) = curves(workspace("event"), spectra=0, bins=10, divide_by_width=False)
    assert one.axis.size == 10
    whole = curves(workspace("event"), spectra=0, divide_by_width=False)[0]
    assert one.values.sum() == pytest.approx(whole.values.sum(), rel=0.02)


def test_energy_transfers_are_what_they_are(workspace):
    made = plot(workspace("quasielastic_deltaE"), spectra=0)
    assert (made.spec["x"]["label"], made.spec["x"]["unit"]) == ("Energy transfer", "meV")
    assert [unit["id"] for unit in made.spec["x"]["units"]] == [""]


def test_our_fit_is_mantids(workspace):
    """Mantid fitted a Gaussian on a line to this spectrum; the recording holds the answer."""
    made = plot(workspace("hist"), spectra=0, divide_by_width=False)
    found = made.fit("gaussian")
    recorded_values = workspace("fit_parameters").table().columns
    theirs = dict(zip(recorded_values[0].values, recorded_values[1].values, strict=True))
    errors = dict(zip(recorded_values[0].values, recorded_values[2].values, strict=True))
    assert found["centre"].value == pytest.approx(theirs["f1.PeakCentre"], abs=errors["f1.PeakCentre"])
