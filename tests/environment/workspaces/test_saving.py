"""Workspaces become files that others read again, and no file is lost over it."""

import csv
import errno
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipp as sc
import scippnexus as snx

from mantidlab.frameworks import as_data_object
from mantidlab.frameworks.model import Column, Kind, Table
from mantidlab.plots.arrays import TableOnly
from mantidlab.workspaces import formats, save
from mantidlab.workspaces.aside import write_aside
from mantidlab.workspaces.columns import write_csv
from mantidlab.workspaces.errors import AlreadyThere, CannotSave, NoSuchWorkspace
from mantidlab.workspaces.pages import table_page


def spectra() -> sc.DataArray:
    values = np.arange(12.0).reshape(3, 4)
    return sc.DataArray(
        sc.array(dims=["spectrum", "tof"], values=values, variances=values + 1, unit="counts"),
        coords={
            "tof": sc.linspace("tof", 0.0, 400.0, 5, unit="us"),
            "spectrum": sc.arange("spectrum", 1, 4),
            "title": sc.scalar("a can of water"),
            "temperature": sc.scalar(
                sc.DataArray(
                    sc.array(dims=["time"], values=[4.0, 4.5], unit="K"),
                    coords={"time": sc.datetimes(dims=["time"], values=[10**9, 3 * 10**9], unit="ns")},
                )
            ),
        },
        masks={"noisy": sc.array(dims=["spectrum"], values=[False, True, False])},
    )


def iq() -> sc.DataArray:
    return sc.DataArray(
        sc.array(dims=["Q"], values=[9.0, 4.0, 1.0], variances=[0.09, 0.04, 0.01], unit="1/cm"),
        coords={"Q": sc.array(dims=["Q"], values=[0.01, 0.02, 0.04, 0.08], unit="1/angstrom")},
        masks={"beam": sc.array(dims=["Q"], values=[True, False, False])},
    )


def test_nexus_is_read_again_by_our_reader(tmp_path):
    file = save(spectra(), tmp_path / "water.nxs")
    with as_data_object(file) as again:
        image = again.image()
        assert again.summary().title == "a can of water"
        assert image.values.tolist() == spectra().values.tolist() and image.unit == "counts"
        assert image.errors is not None and np.allclose(image.errors**2, spectra().variances)
        assert (image.axes[1].values.tolist(), image.axes[1].unit) == ([0, 100, 200, 300, 400], "µs")
        log = again.logs()["temperature"]
        assert (log.unit, log.values.tolist()) == ("K", [4.0, 4.5])
        assert log.times.astype(np.int64).tolist() == [10**9, 3 * 10**9]


def test_nexus_is_read_again_by_scippnexus(tmp_path):
    file = save(spectra(), tmp_path / "water")
    assert file.name == "water.nxs"
    with snx.File(file) as opened:
        (found,) = opened["entry"][snx.NXdata].values()
        again = found[()]
    assert sc.allclose(again.data, spectra().data) and again.variances is not None
    assert again.coords["tof"].unit == "us" and again.coords.is_edges("tof")


def test_members_of_a_group_are_data_of_one_entry(tmp_path):
    group = sc.DataGroup({"up": spectra(), "down": spectra() * 2.0, "note": "x", "1st try": iq()})
    with h5py.File(save(group, tmp_path / "both.nxs")) as file:
        assert [name for name in file["entry"] if file["entry"][name].attrs.get("NX_class") == "NXdata"] == [
            "_1st_try", "down", "up",
        ]  # fmt: skip


def test_scipps_own_file_is_the_same_object(tmp_path):
    file = save(spectra(), tmp_path / "water.h5")
    assert sc.identical(sc.io.load_hdf5(file), spectra())


def test_csv_has_units_in_its_header_and_every_number(tmp_path):
    file = save(spectra()["spectrum", 0], tmp_path / "one.csv")
    rows = list(csv.reader(file.open(encoding="utf-8-sig")))
    assert rows[0] == ["tof from (µs)", "tof to (µs)", "value (counts)", "error of value (counts)", "masked"]
    assert rows[2] == ["100.0", "200.0", "1.0", repr(2**0.5), ""]
    many = list(csv.reader(save(spectra(), tmp_path / "all.csv").open(encoding="utf-8-sig")))
    assert len(many) == 1 + 12 and many[0][0] == "spectrum" and many[5][-1] == "1"


def test_csv_of_a_table_has_vectors_in_three_columns(tmp_path):
    table = TableOnly(
        Table(
            (
                Column("name", "", np.array(["a", 'b "quoted", with commas'])),
                Column("place", "m", np.array([[0.0, 1.0, 2.0], [3.0, 4.0, np.nan]])),
            )
        ),
        "places",
    )
    assert table.summary().kind is Kind.TABLE
    write_csv(table, tmp_path / "t.csv")
    assert list(csv.reader((tmp_path / "t.csv").open(encoding="utf-8-sig"))) == [
        ["name", "place x (m)", "place y (m)", "place z (m)"],
        ["a", "0.0", "1.0", "2.0"],
        ['b "quoted", with commas', "3.0", "4.0", "nan"],
    ]


def test_a_dataset_of_one_dimension_is_a_table(tmp_path):
    columns = sc.Dataset({"angle": sc.arange("row", 2.0, unit="deg")}, coords={"run": sc.arange("row", 7, 9)})
    rows = list(csv.reader(save(columns, tmp_path / "runs.csv").open(encoding="utf-8-sig")))
    assert rows == [["run", "angle (°)"], ["7", "0.0"], ["8", "1.0"]]
    assert table_page(as_data_object(columns), 1, 5)["rows"] == [[8, 1.0]]
    with pytest.raises(CannotSave, match="cannot be saved"):
        save(sc.DataGroup({"a": iq()}), tmp_path / "group.csv")


def test_nxcansas_has_what_its_definition_asks_for(tmp_path):
    with h5py.File(save(iq(), tmp_path / "iq.h5", "nxcansas")) as file:
        entry = file["sasentry01"]
        assert entry.attrs["canSAS_class"] == "SASentry" and entry.attrs["version"] in ("1.0", "1.1")
        assert entry["definition"].asstr()[()] == "NXcanSAS"
        assert {"title", "run"} <= set(entry)
        data = entry["sasdata01"]
        assert (data.attrs["canSAS_class"], data.attrs["signal"], data.attrs["I_axes"]) == ("SASdata", "I", "Q")
        assert data.attrs["Q_indices"].tolist() == [0]
        assert (data["Q"].attrs["units"], data["I"].attrs["units"]) == ("1/angstrom", "1/cm")
        # The masked point is left out; edges became middles.
        assert data["Q"][()].tolist() == pytest.approx([0.03, 0.06])
        assert data["I"][()].tolist() == [4.0, 1.0]
        assert data[data["I"].attrs["uncertainties"]][()].tolist() == pytest.approx([0.2, 0.1])
        assert data["Idev"].attrs["units"] == data["I"].attrs["units"]


def test_nxcansas_is_read_again_by_scippnexus_and_ours(tmp_path):
    file = save(iq(), tmp_path / "iq.h5", "nxcansas")
    with snx.File(file, definitions=snx.base_definitions()) as opened:
        assert opened["sasentry01/sasdata01"][()].values.tolist() == [4.0, 1.0]
    with as_data_object(file) as again:
        assert again.spectra()[0].axis.unit == "1/Å"


def test_what_fits_is_offered(tmp_path):
    assert [each.name for each in formats(spectra())] == ["nexus", "scipp", "csv"]
    assert [each.name for each in formats(iq())] == ["nexus", "scipp", "csv", "nxcansas"]
    with pytest.raises(CannotSave, match=r"cannot be saved as nxcansas. What fits it: nexus"):
        save(spectra(), tmp_path / "x.h5", "nxcansas")
    with pytest.raises(CannotSave, match=r"There is no format 'word'"):
        save(spectra(), tmp_path / "x.doc", "word")
    with pytest.raises(CannotSave, match=r"files that end with '.doc'"):
        save(spectra(), tmp_path / "x.doc")
    with pytest.raises(NoSuchWorkspace):
        save(object(), tmp_path / "x.nxs")
    with pytest.raises(NoSuchWorkspace, match="There is nothing called 'nope': no variable"):
        save("nope", tmp_path / "x.nxs")


def test_a_file_that_is_there_stays_unless_it_may_go(tmp_path):
    file = save(iq(), tmp_path / "iq.csv")
    file.write_text("mine")
    with pytest.raises(AlreadyThere, match="replace=True"):
        save(iq(), file)
    assert file.read_text() == "mine"
    save(iq(), file, replace=True)
    assert "Q from" in file.read_text(encoding="utf-8-sig")
    assert [each.name for each in tmp_path.iterdir()] == ["iq.csv"]


def test_a_broken_off_file_is_never_found_under_its_name(tmp_path):
    def fill(path: Path) -> None:
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    kept = tmp_path / "kept.nxs"
    kept.write_text("whole")
    with pytest.raises(CannotSave, match="no room left"):
        write_aside(kept, fill, replace=True)
    assert kept.read_text() == "whole" and len(list(tmp_path.iterdir())) == 1


def test_bad_places_are_told_in_sentences(tmp_path):
    with pytest.raises(CannotSave, match="There is no folder"):
        save(iq(), tmp_path / "nowhere" / "iq.nxs")
    (tmp_path / "folder.nxs").mkdir()
    with pytest.raises(CannotSave, match="is a folder"):
        save(iq(), tmp_path / "folder.nxs")
    with pytest.raises(CannotSave, match=r"Nothing may be written in /proc|could not be written|no folder"):
        save(iq(), "/proc/self/iq.csv")
