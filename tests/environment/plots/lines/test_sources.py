"""Whatever a person gives to plot, and what they are told when it cannot be drawn."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import scipp as sc

from mantidlab.frameworks.model import Axis, Column, FrameworkError, Histogram, Log, Table
from mantidlab.plots.errors import NotPlottable, WrongArgument
from mantidlab.plots.lines.choice import Choice
from mantidlab.plots.lines.curves import MOST_CURVES, Energies, TooMany, curves_of
from mantidlab.plots.sources import sources_of

X, Y = np.linspace(0.0, 4.0, 5), np.array([1.0, 3.0, 2.0, 5.0])


def drawn(*things, part="", **choice):
    return curves_of(sources_of(*things, part=part), Choice(**choice), Energies())[0]


def array(rows=None):
    data = sc.array(dims=["tof"], values=Y, variances=Y, unit="counts")
    if rows is not None:
        data = sc.concat([data * (row + 1.0) for row in range(rows)], "spectrum")
    return sc.DataArray(data, coords={"tof": sc.array(dims=["tof"], values=X * 1000, unit="us")})


@pytest.mark.parametrize(
    ("thing", "names", "marks"),
    [
        (Y, ["data"], ["points"]),
        ([1, 2, 3], ["data"], ["points"]),
        ((X, Y), ["data"], ["steps"]),
        ((X[:-1], Y, Y), ["data"], ["points"]),
        (np.array([Y, 2 * Y]), ["row 0", "row 1"], ["points", "points"]),
        ([(X, Y), (X, Y)], ["data", "data"], ["steps", "steps"]),
        ({"before": (X, Y), "after": Y}, ["before", "after"], ["steps", "points"]),
        (Histogram(Axis("x", "", "", X, edges=True), Y, name="mine"), ["mine"], ["steps"]),
        (array(), ["DataArray"], ["steps"]),
        ({"run 1": array()}, ["run 1"], ["steps"]),
        (array(3), ["spectrum 0", "spectrum 1", "spectrum 2"], ["steps"] * 3),
        ([array(2), array()], ["DataArray: spectrum 0", "DataArray: spectrum 1", "DataArray"], ["steps"] * 3),
        (sc.Dataset({"a": array(), "b": 2 * array()}), ["a", "b"], ["steps", "steps"]),
        (sc.DataGroup({"a": array(), "text": "nothing to draw", "b": array()}), ["a", "b"], ["steps", "steps"]),
        (sc.array(dims=["x"], values=Y, unit="K"), ["DataArray"], ["points"]),
    ],
)
def test_what_can_be_given(thing, names, marks):
    found = drawn(thing)
    assert [curve.name for curve in found] == names
    assert [curve.mark for curve in found] == marks


def test_names_of_curves():
    assert [curve.name for curve in drawn({"a": array(2), "b": array()})] == ["a: spectrum 0", "a: spectrum 1", "b"]
    assert [curve.name for curve in drawn({"a": Y, "b": Y})] == ["a", "b"]


def test_units_and_errors_come_with_scipp():
    (curve,) = drawn(array())
    assert (curve.histogram.axis.unit, curve.histogram.unit) == ("µs", "counts")
    np.testing.assert_array_equal(curve.histogram.errors, np.sqrt(Y))


def test_nothing_is_copied():
    values = np.arange(1000.0)
    assert np.shares_memory(drawn(values)[0].histogram.values, values)
    data = array()
    assert np.shares_memory(drawn(data)[0].histogram.values, data.values)


def test_a_log_runs_along_time():
    times = np.array(["2024-01-01T00:00:00", "2024-01-01T00:10:00"], dtype="datetime64[ns]")
    (curve,) = drawn(Log("temperature", "K", 4.2, times, np.array([4.1, 4.2])))
    assert (curve.name, curve.mark, curve.histogram.unit) == ("temperature", "line", "K")
    with pytest.raises(NotPlottable, match="no series over time"):
        drawn(Log("title", "", "a text"))


def table(**roles):
    columns = {"Q": [0.1, 0.2], "I": [5.0, 4.0], "dI": [0.5, 0.4], "note": np.array(["a", "b"])}
    return Table(tuple(Column(name, "", np.asarray(values), roles.get(name, "")) for name, values in columns.items()))


def test_tables_by_roles_and_by_names():
    (curve,) = drawn(table(Q="x", I="y", dI="y error"))
    assert curve.name == "I"
    np.testing.assert_array_equal(curve.histogram.axis.values, [0.1, 0.2])
    np.testing.assert_array_equal(curve.histogram.errors, [0.5, 0.4])
    assert [each.name for each in drawn(table())] == ["I", "dI"]
    (chosen,) = drawn(table(), columns={"x": "I", "y": "Q", "error": "dI"})
    assert (chosen.name, chosen.histogram.axis.name) == ("Q", "I")
    with pytest.raises(NotPlottable, match=r"no column 'J'.*Q, I, dI, note"):
        drawn(table(), columns={"y": "J"})


def test_spectra_are_chosen_by_place():
    three = array(3)
    assert [curve.place for curve in drawn(three, spectra=1)] == [1]
    assert [curve.place for curve in drawn(three, spectra=[2, -3])] == [2, 0]
    assert [curve.place for curve in drawn(three, spectra=slice(1, None))] == [1, 2]
    assert [curve.place for curve in drawn(three, spectra=np.array([1, 2]))] == [1, 2]
    with pytest.raises(WrongArgument, match=r"3 spectra, from 0 to 2; 7"):
        drawn(three, spectra=[7])
    with pytest.raises(WrongArgument, match=r"takes a whole number, a slice or a list"):
        drawn(three, spectra="all")
    with pytest.raises(WrongArgument, match=r"spectra= and numbers="):
        drawn(three, spectra=1, numbers=2)


def numbered(numbers):
    class Numbered:
        def __len__(self):
            return len(numbers)

        def __getitem__(self, place):
            return Histogram(Axis("x", "", "", X, edges=True), Y, name=f"spectrum {numbers[place]}")

    return Numbered()


@pytest.mark.parametrize("numbers", [list(range(4, 20)), [4, 5, 9, 11]])
def test_spectra_are_chosen_by_number(numbers):
    choice = Choice(numbers=[5, 11])
    found = choice.places(None, numbered(numbers), "run")
    assert [numbers[place] for place in found] == [5, 11]
    with pytest.raises(WrongArgument, match=r"no spectrum 3.*'spectrum 4' to"):
        Choice(numbers=3).places(None, numbered(numbers), "run")


def test_detectors_are_found_behind_spectra():
    data = array(3)
    data.coords["position"] = sc.vectors(dims=["spectrum"], values=[[0, 0, 1], [0, 1, 1], [1, 0, 1.0]], unit="m")
    data.coords["detector_number"] = sc.array(dims=["spectrum"], values=[11, 12, 13])
    assert [curve.place for curve in drawn(data, detectors=[13, 11])] == [2, 0]
    with pytest.raises(WrongArgument, match="no spectrum with the detector 99"):
        drawn(data, detectors=99)


def test_too_many_spectra_are_told_before_any_is_read():
    many = np.zeros((MOST_CURVES + 1, 3))
    with pytest.raises(TooMany) as raised:
        drawn(many)
    assert raised.value.count == MOST_CURVES + 1
    assert len(drawn(many, spectra=slice(0, MOST_CURVES))) == MOST_CURVES


def events():
    counted = sc.DataArray(
        sc.ones(dims=["event"], shape=[100], unit="counts"),
        coords={"tof": sc.linspace("event", 0.0, 1000.0, 100, unit="us")},
    )
    return counted.bin(tof=1)


def test_events_are_counted_into_bins():
    curves, notes = curves_of(sources_of(events()), Choice(), Energies())
    assert curves[0].histogram.values.sum() == 100
    assert curves[0].size > 1
    assert "counted into" in notes[0]
    (five,) = drawn(events(), bins=5)
    assert (five.size, five.histogram.values.sum()) == (5, 100)
    (own,) = drawn(events(), bins=[0.0, 500.0, 2000.0])
    np.testing.assert_array_equal(own.histogram.axis.values, [0.0, 500.0, 2000.0])
    with pytest.raises(WrongArgument, match="no events"):
        drawn(array(), bins=5)


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (object(), "What was given .object. cannot be plotted"),
        ((1, 2, 3, 4), "tuple of 4"),
        ((X, Y[:2]), "x needs 2 .points. or 3 .edges."),
        (np.zeros((2, 2, 2)), "shape .2, 2, 2."),
        ((X, Y, Y[:2]), "Errors of shape .2,. do not belong to y of shape .4,."),
        ((np.array([0, 3, 1, 5, 2.0]), Y), "rise or fall throughout"),
        (np.array(["a", "b"]), "no real numbers"),
        (np.zeros(3, complex), "no real numbers"),
        (sc.DataGroup({"a": "text"}), "nothing that can be drawn"),
    ],
)
def test_what_cannot_be_drawn_is_said(thing, words):
    with pytest.raises((NotPlottable, FrameworkError), match=words):
        drawn(thing)


def test_files_that_are_not_there(tmp_path: Path):
    with pytest.raises(FrameworkError, match=r"nowhere\.nxs"):
        drawn(tmp_path / "nowhere.nxs")


def test_parts_of_a_simulated_run(archive: Path):
    path = next(archive.rglob("*.nxs"))
    curves, notes = curves_of(sources_of(path), Choice(spectra=[0, 1]), Energies())
    assert len(curves) == 2
    assert "part=" in notes[0]
    with pytest.raises(WrongArgument, match=r"has no part 'nothing'\. Parts: "):
        drawn(path, part="nothing")


def test_a_file_is_closed_when_its_curves_are_read(archive: Path, tmp_path: Path):
    path = tmp_path / "run.nxs"
    path.write_bytes(next(archive.rglob("SIMSANS*.nxs")).read_bytes())
    (curve,) = drawn(path, spectra=[3])
    with h5py.File(path, "r+") as file:  # HDF5 refuses to write what the same process has open for reading
        file.attrs["changed"] = True
    assert curve.flight.whole is not None
    assert curve.around.monitor > 0


def test_masked_arrays_keep_their_masks():
    (curve,) = drawn((X, np.ma.masked_greater(Y, 4)))
    assert curve.histogram.mask.tolist() == [False, False, False, True]
    assert drawn(Y)[0].histogram.mask is None


def test_arrays_of_other_libraries(tmp_path: Path):
    with h5py.File(tmp_path / "plain.h5", "w") as file:
        (curve,) = drawn({"plain": file.create_dataset("y", data=Y)})
    assert curve.name == "plain"
    np.testing.assert_array_equal(curve.histogram.values, Y)
