"""Curves in a view: divided by widths as Mantid does, in other units, normalised, side by side."""

import numpy as np
import pytest
import scipp as sc
import scippneutron as scn
from hypothesis import given
from hypothesis import strategies as st

from mantidlab.frameworks.model import Axis, Histogram
from mantidlab.plots.conversion.flight import Flight
from mantidlab.plots.errors import NoConversion, NoSuchCurve, WrongArgument
from mantidlab.plots.lines.calling import curves
from mantidlab.plots.lines.choice import Choice
from mantidlab.plots.lines.curves import Curve, Energies, curves_of
from mantidlab.plots.lines.scene import Scene, per
from mantidlab.plots.lines.sums import sums
from mantidlab.plots.lines.view import View
from mantidlab.plots.lines.widget import unit_of
from mantidlab.plots.sources import sources_of

EDGES = np.array([1000.0, 2000.0, 4000.0, 8000.0])
COUNTS = np.array([10.0, 40.0, 20.0])


def histogram(**changes):
    axis = Axis("tof", "Time-of-flight", "µs", EDGES, edges=True)
    named = {"values": COUNTS, "errors": np.sqrt(COUNTS), "unit": "counts", "label": "Counts", **changes}
    return Histogram(axis, **named)


def scene(*histograms, framework=""):
    return Scene([Curve(at, f"curve {at}", "data", each, framework) for at, each in enumerate(histograms)])


def measured(rows=2):
    """Two detectors with a beamline, as scippneutron knows it."""
    return sc.DataArray(
        sc.array(dims=["spectrum", "tof"], values=[COUNTS] * rows, variances=[COUNTS] * rows, unit="counts"),
        coords={
            "tof": sc.array(dims=["tof"], values=EDGES, unit="us"),
            "position": sc.vectors(dims=["spectrum"], values=[[1.0, 0, 1.0], [0, 1.0, 2.0]][:rows], unit="m"),
            "source_position": sc.vector([0, 0, -9.0], unit="m"),
            "sample_position": sc.vector([0, 0, 0.0], unit="m"),
        },
    )


@pytest.mark.parametrize(
    ("framework", "changes", "divided"),
    [
        ("mantid", {}, True),
        ("mantid", {"unit": ""}, True),  # Mantid's plots ask for bins and for isDistribution(), nothing else
        ("mantid", {"distribution": True}, False),
        ("scipp", {}, True),
        ("scipp", {"unit": "1/cm"}, False),
        ("nexus", {"distribution": True}, False),
    ],
)
def test_what_is_divided_by_widths_when_nothing_is_said(framework, changes, divided):
    (curve,) = scene(histogram(**changes), framework=framework).curves
    assert curve.divided_by_itself is divided


def test_equal_bins_are_divided_for_mantid_only():
    axis = Axis("tof", "", "µs", np.linspace(0, 3, 4), edges=True)
    even = Histogram(axis, COUNTS, unit="counts")
    assert [Curve(0, "", "", even, framework).divided_by_itself for framework in ("mantid", "scipp")] == [True, False]
    assert Curve(0, "", "", even, "scipp").divisible


def test_dividing_is_what_mantid_does():
    found = scene(histogram()).as_shown
    shown = found(scene(histogram()).curves[0], View(divide_by_width=True))
    np.testing.assert_allclose(shown.values, COUNTS / [1000, 2000, 4000])
    np.testing.assert_allclose(shown.errors, np.sqrt(COUNTS) / [1000, 2000, 4000])
    assert (shown.unit, shown.distribution) == ("counts/µs", True)


def test_nothing_is_copied_where_nothing_changes():
    made = scene(histogram())
    shown = made.shown(made.curves[0], View())
    assert shown.y is COUNTS or np.shares_memory(shown.y, COUNTS)
    assert np.shares_memory(shown.x, EDGES)


def test_units_are_those_of_scippneutron():
    data = measured()
    graph = {**scn.conversion.graph.beamline.beamline(scatter=True), **scn.conversion.graph.tof.elastic("tof")}
    for unit, coord in (("wavelength", "wavelength"), ("d_spacing", "dspacing"), ("Q", "Q"), ("energy", "energy")):
        theirs = data.transform_coords(coord, graph=graph).coords[coord]
        shown = curves(data, unit=unit, divide_by_width=False)
        for row, curve in enumerate(shown):
            wanted = theirs["spectrum", row] if "spectrum" in theirs.dims else theirs
            np.testing.assert_allclose(curve.axis.values, wanted.values, rtol=1e-9)
            np.testing.assert_array_equal(curve.values, COUNTS)


def test_counts_stay_counts_in_every_unit():
    data = measured()
    made = Scene(curves_of(sources_of(data), Choice(), Energies())[0])
    for unit in ("", "wavelength", "d_spacing", "Q", "energy"):
        for divide in (False, True):
            view = View(unit=unit, divide_by_width=divide)
            for curve in made.curves:
                shown = made.shown(curve, view)
                assert sums(shown, shown.line.extent()).sum == pytest.approx(70.0)


@given(st.sampled_from(["wavelength", "d_spacing", "Q", "energy"]))
def test_a_distribution_keeps_its_integral(unit):
    axis = Axis("tof", "", "µs", EDGES, edges=True)
    density = Histogram(axis, COUNTS / np.diff(EDGES), unit="counts/µs", distribution=True)
    made = Scene([Curve(0, "", "", density, "mantid")])
    object.__setattr__(made.curves[0], "flight", Flight(10.0, 2.0, 1.0))
    shown = made.shown(made.curves[0], View(unit=unit))
    assert sums(shown, shown.line.extent()).integral == pytest.approx(70.0)


def test_units_of_a_distribution_follow_the_axis():
    axis = Axis("tof", "Time-of-flight", "µs", EDGES, edges=True)
    made = Scene([Curve(0, "", "", Histogram(axis, COUNTS, unit="counts/µs", distribution=True), "mantid")])
    assert made.y_unit(View()) == "counts/µs"
    assert made.y_unit(View(unit="wavelength")) == "counts/Å"
    assert per("counts", "1/Å") == "counts·Å"


def test_what_can_be_chosen():
    made = Scene(curves_of(sources_of(measured()), Choice(), Energies())[0])
    assert [unit["id"] for unit in made.units()] == ["", "wavelength", "d_spacing", "Q", "energy"]
    assert unit_of("dspacing", made) == "d_spacing"
    assert unit_of("tof", made) == ""
    with pytest.raises(WrongArgument, match=r"no unit 'parsec'.*wavelength"):
        unit_of("parsec", made)
    with pytest.raises(NoConversion, match="fixed energy"):
        unit_of("energy_transfer", made)


def test_energy_transfer_of_a_direct_instrument():
    made = Scene(curves_of(sources_of(measured()), Choice(), Energies(incident=50.0))[0])
    assert [unit["id"] for unit in made.units()] == ["", "energy_transfer"]
    assert unit_of("energy_transfer", made) == "energy_transfer"


def test_other_units_of_the_same_quantity_share_the_axis():
    in_ns = measured()
    in_ns.coords["tof"] = in_ns.coords["tof"].to(unit="ns")
    first, *_, last = curves([measured(1), in_ns])
    np.testing.assert_allclose(last.axis.values, first.axis.values)


def test_what_cannot_share_an_axis_is_said():
    temperature = Histogram(Axis("T", "Temperature", "K", EDGES, edges=True), COUNTS)
    with pytest.raises(WrongArgument, match=r"along Temperature in K, and .* along Time-of-flight in µs"):
        scene(histogram(), temperature).check_axes()
    scene(histogram(), Histogram(Axis("x", "", "", EDGES, edges=True), COUNTS)).check_axes()


@pytest.mark.parametrize(("how", "is_one"), [("maximum", lambda one: one.values.max()), ("area", None)])
def test_normalising(how, is_one):
    for one in curves(measured(), normalise=how, divide_by_width=False):
        found = is_one(one) if is_one else (one.values * np.diff(one.axis.values)).sum()
        assert found == pytest.approx(1.0)
        np.testing.assert_allclose(one.errors / one.values, 1 / np.sqrt(COUNTS))


def test_normalising_by_what_nobody_knows():
    with pytest.raises(WrongArgument, match=r"cannot be normalised by monitor.*do not tell"):
        curves(measured(), normalise="monitor")


def test_proton_charge_comes_from_the_logs():
    data = measured(1)
    data.coords["proton_charge"] = sc.scalar(4.0, unit="uA*h")
    (one,) = curves(data, normalise="charge", divide_by_width=False)
    np.testing.assert_allclose(one.values, COUNTS / 4)


def test_names_and_ids():
    made = scene(histogram(), histogram())
    assert made.named("curve 1").id == made.named(1).id == 1
    with pytest.raises(NoSuchCurve, match="no curve is called 'nobody'"):
        made.named("nobody")
    made.remove([0])
    assert [curve.id for curve in made.curves] == [1]
    with pytest.raises(NoSuchCurve, match="no curve 0"):
        made.remove([0])
