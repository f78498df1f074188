"""A whole entry of a file as scippnexus loads it: what can be drawn is drawn, and what is left out is said."""

import numpy as np
import pytest
import scipp as sc

from mantidlab import instrument, plot, slices
from mantidlab.frameworks import as_data_object
from mantidlab.plots.errors import NotPlottable
from mantidlab.plots.sources import sources_of
from mantidlab.workspaces.pages import table_page


def counts(rows: int, *, placed: bool = False) -> sc.DataArray:
    values = np.arange(rows * 40.0).reshape(rows, 40)
    found = sc.DataArray(
        sc.array(dims=["detector", "tof"], values=values, variances=values, unit="counts"),
        coords={"tof": sc.linspace("tof", 0.0, 20_000.0, 41, unit="us")},
    )
    if placed:
        grid = np.stack([np.arange(rows) * 0.01, np.zeros(rows), np.full(rows, 4.0)], axis=1)
        found.coords["position"] = sc.vectors(dims=["detector"], values=grid, unit="m")
        found.coords["detector_number"] = sc.arange("detector", 1, rows + 1, unit=None)
        found.coords["sample_position"] = sc.vector([0.0, 0.0, 0.0], unit="m")
        found.coords["source_position"] = sc.vector([0.0, 0.0, -10.0], unit="m")
    return found


def log(name: str) -> sc.DataArray:
    times = sc.datetimes(dims=["time"], values=np.arange(900) * 10**9, unit="ns")
    return sc.DataArray(sc.array(dims=["time"], values=np.arange(900.0), unit="K"), coords={"time": times}, name=name)


def entry(*, placed: bool = False) -> sc.DataGroup:
    return sc.DataGroup(
        {
            "title": "silica",
            "instrument": sc.DataGroup(
                {"detector": counts(20, placed=placed), "vetos": sc.DataGroup({}), "distance": sc.scalar(4.0, unit="m")}
            ),
            "monitor": sc.DataGroup({"data": counts(1)["detector", 0]}),
            "selog": sc.DataGroup({"temperature": log("temperature")}),
            "sample": sc.DataGroup({}),
        }
    )


def test_of_a_whole_entry_the_main_data_are_drawn_and_the_rest_is_said():
    (source,) = sources_of({"entry": entry()})
    assert source.name == "instrument/detector"
    assert source.note == (
        "Shown: instrument/detector of entry. Left out: monitor/data, selog/temperature, instrument/vetos, "
        "instrument/distance, sample; part=… shows one of those that hold data."
    )
    assert "Shown: instrument/detector" in plot(entry()).spec["note"]


@pytest.mark.parametrize(("part", "name"), [("monitor/data", "monitor/data"), ("selog", "temperature")])
def test_any_part_can_be_named_by_the_way_to_it(part, name):
    (source,) = sources_of(entry(), part=part)
    assert source.name.endswith(name)


def test_what_is_alike_is_drawn_together():
    alike = sc.DataGroup({"empty": sc.DataGroup({}), "one": counts(1)["detector", 0], "two": counts(1)["detector", 0]})
    assert [source.name for source in sources_of(alike)] == ["one", "two"]
    mixed = sc.DataGroup({**alike, "temperature": log("temperature")["time", :10]})
    assert [source.name for source in sources_of(mixed)] == ["one", "two"]


def test_a_picture_is_made_of_what_has_one():
    shown = slices(entry())
    assert shown.source.name == "instrument/detector"
    assert any("Left out: monitor/data" in remark for remark in shown.source.remarks)


def test_an_instrument_is_drawn_of_what_has_places():
    view = instrument(entry(placed=True))
    assert len(view.geometry.ids) == 20
    with pytest.raises(NotPlottable, match="no coordinate 'position'"):
        instrument(entry())


def test_the_table_of_a_group_says_what_it_holds():
    page = table_page(as_data_object(entry()["instrument"]), 0, 10)
    assert page["columns"] == ["member", "what it is", "size", "unit"]
    assert page["rows"] == [
        ["detector", "spectra", "20 × 40", "counts"],
        ["vetos", "group", "empty", ""],
        ["distance", "table", "one value", "m"],
    ]


def test_a_group_with_nothing_to_draw_names_what_it_holds():
    with pytest.raises(NotPlottable, match="holds distance, sample: nothing that can be drawn"):
        plot(sc.DataGroup({"distance": sc.scalar(4.0, unit="m"), "sample": sc.DataGroup({})}))
