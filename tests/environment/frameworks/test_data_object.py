"""One function takes whatever a person has; the model refuses what does not fit."""

import re
import sys
from pathlib import Path
from types import ModuleType

import h5py
import numpy as np
import pytest
import scipp as sc

from mantidlab.archive import VARIABLE
from mantidlab.frameworks import as_data_object
from mantidlab.frameworks.model import (
    Axis,
    Column,
    DataObject,
    DoesNotFit,
    Histogram,
    Image,
    Log,
    NotThere,
    Table,
    Unreadable,
)

DOCUMENT = Path(__file__).parents[3] / "docs" / "data-model.md"


class Handle:
    """A workspace as Mantid's C++ classes look: told by the module of the class."""

    def getTitle(self):  # noqa: N802  (Mantid's name)
        return "a run"

    def getMemorySize(self):  # noqa: N802
        return 8

    def id(self):
        return "Unheard"

    def name(self):
        return "odd"


Handle.__module__ = "mantid.api._api"


@pytest.fixture
def nexus(tmp_path):
    path = tmp_path / "small.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        data = entry.create_group("data")
        entry.attrs["NX_class"], data.attrs["NX_class"] = "NXentry", "NXdata"
        data["counts"] = np.arange(3)
    return path


def test_scipps_objects_mantids_handles_and_files_are_told_apart(nexus):
    for thing, framework in (
        (sc.arange("x", 3.0), "scipp"),
        (sc.DataGroup(a=sc.scalar(1)), "scipp"),
        (Handle(), "mantid"),
        (nexus, "nexus"),
        (str(nexus), "nexus"),
    ):
        found = as_data_object(thing)
        assert isinstance(found, DataObject)
        assert found.summary().framework == framework
        assert as_data_object(found) is found
    assert as_data_object(sc.arange("x", 3.0), "mine").summary().name == "mine"


def test_anything_else_is_refused_in_a_sentence(tmp_path):
    for thing in ([1, 2], np.arange(3), None, b"small.nxs", ModuleType("mantid")):
        with pytest.raises(NotThere, match="path of a NeXus file"):
            as_data_object(thing)
    with pytest.raises(NotThere, match="'x' is a list"):
        as_data_object([1], "x")
    with pytest.raises(Unreadable, match="is not there"):
        as_data_object(tmp_path / "nothing.nxs")


def test_a_text_is_a_workspace_where_mantid_has_one_of_that_name(nexus, monkeypatch):
    class Service:
        @staticmethod
        def retrieve(name):
            if name != "run":
                raise KeyError(name)
            return Handle()

        @staticmethod
        def getObjectNames():  # noqa: N802
            return ["run"]

    parts = {name: ModuleType(f"mantid.{name}") for name in ("kernel", "api", "geometry", "dataobjects", "simpleapi")}
    parts["api"].AnalysisDataService = Service
    for name, module in parts.items():
        monkeypatch.setitem(sys.modules, f"mantid.{name}", module)
    monkeypatch.setitem(sys.modules, "mantid", ModuleType("mantid"))
    assert as_data_object("run").summary().framework == "mantid"
    assert as_data_object(str(nexus)).summary().framework == "nexus"
    with pytest.raises(Unreadable, match="walk is not there"):
        as_data_object("walk")


def test_what_the_documentation_shows_runs(archive, monkeypatch, capsys):
    monkeypatch.setenv(VARIABLE, str(archive))
    array, file, *_ = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    exec(array, {})  # noqa: S102  (our own page)
    assert capsys.readouterr().out.splitlines() == re.findall(r"print\(.*\)  # (.*)", array)
    exec(file, {})  # noqa: S102
    assert "Time-of-flight µs" in capsys.readouterr().out


POINTS = Axis("x", "x", "m", np.arange(3.0))
EDGES = Axis("x", "x", "m", np.arange(4.0), edges=True)


def test_a_histogram_has_as_many_values_as_its_axis():
    for axis in (POINTS, EDGES):
        assert Histogram(axis, np.zeros(3), np.zeros(3), np.zeros(3, bool)).axis.size == 3
        for arrays in (
            (np.zeros(4),),
            (np.zeros((1, 3)),),
            (np.zeros(3), np.zeros(2)),
            (np.zeros(3), None, np.zeros(4, bool)),
        ):
            with pytest.raises(DoesNotFit, match=r"of a histogram have shape \(.*\) where \(3,\) belongs"):
                Histogram(axis, *arrays)


def test_an_image_has_an_axis_for_each_dimension():
    rows = Axis("y", "y", "", np.arange(2.0))
    own = Axis("x", "x", "", np.zeros((2, 4)), edges=True)
    for axis in (POINTS, EDGES, own):
        assert Image((rows, axis), np.zeros((2, 3))).values.size == 6
    for axes, arrays in (
        ((rows,), (np.zeros((2, 3)),)),
        ((POINTS, rows), (np.zeros((2, 3)),)),
        ((rows, EDGES), (np.zeros((2, 3)), np.zeros((3, 2)))),
        ((rows, EDGES), (np.zeros((2, 3)), None, np.zeros(3, bool))),
        ((rows, Axis("x", "x", "", np.zeros((5, 3)))), (np.zeros((2, 3)),)),
    ):
        with pytest.raises(DoesNotFit, match="of an image"):
            Image(axes, *arrays)


def test_a_table_has_columns_of_one_length_and_a_log_as_many_times_as_values():
    columns = Column("a", "", np.zeros(3)), Column("b", "m", np.zeros((3, 3)))
    assert Table(columns).rows == 3
    with pytest.raises(DoesNotFit, match="a 3, c 2"):
        Table((columns[0], Column("c", "", np.zeros(2))))
    times = np.zeros(2, "datetime64[ns]")
    assert Log("t", "K", 1.0, times, np.zeros(2)).times is times
    with pytest.raises(DoesNotFit, match="times of the log t"):
        Log("t", "K", 1.0, times, np.zeros(3))
