"""Logs and values as the panel of workspaces shows them."""

import json

import numpy as np
import scipp as sc

from mantidlab.frameworks import as_data_object
from mantidlab.workspaces.pages import POINTS, logs_page, plain, table_page, thinned


def measured() -> sc.DataArray:
    times = sc.datetimes(dims=["time"], values=np.arange(5000) * 10**9, unit="ns")
    values = np.sin(np.arange(5000) / 300)
    values[1234] = 40.0
    values[7] = np.nan
    series = sc.DataArray(sc.array(dims=["time"], values=values, unit="K"), coords={"time": times})
    return sc.DataArray(
        sc.array(dims=["tof"], values=[1.0, np.nan], variances=[1.0, 1.0], unit="counts"),
        coords={
            "tof": sc.array(dims=["tof"], values=[0.0, 1.0, 2.0], unit="us"),
            "Temperature": sc.scalar(series),
            "title": sc.scalar("water"),
            "position": sc.vector([0.0, 1.0, 2.0], unit="m"),
        },
        masks={"noisy": sc.array(dims=["tof"], values=[False, True])},
    )


def test_logs_are_sorted_and_keep_their_extremes():
    page = logs_page(as_data_object(measured()))
    json.dumps(page, allow_nan=False)
    assert [log["name"] for log in page["logs"]] == ["position", "Temperature", "title"]
    temperature = page["logs"][1]
    assert (temperature["most"], temperature["entries"], temperature["unit"]) == (40.0, 5000, "K")
    assert [1234, 40.0] in temperature["points"] and len(temperature["points"]) <= POINTS
    assert temperature["from"] == "1970-01-01T00:00:00Z"
    assert page["logs"][2]["value"] == "water"


def test_a_page_of_a_spectrum_has_edges_errors_and_masks():
    page = table_page(as_data_object(measured(), "m"), 1, 10)
    json.dumps(page, allow_nan=False)
    assert page["columns"] == ["tof from (µs)", "tof to (µs)", "value (counts)", "error of value (counts)", "masked"]
    assert page["rows"] == [[1.0, 2.0, "nan", 1.0, True]]
    assert (page["total"], page["spectra"], page["start"]) == (2, 1, 1)


def test_a_place_beyond_the_end_is_an_empty_page():
    page = table_page(as_data_object(measured(), "m"), 100, 10, spectrum=9)
    assert (page["rows"], page["spectrum"]) == ([], 0)


def test_few_points_are_left_as_they_are():
    where, values = thinned(np.arange(5.0), np.arange(5.0))
    assert where.tolist() == values.tolist() == [0, 1, 2, 3, 4]


def test_values_are_what_json_holds():
    told = [
        plain(value) for value in (np.int32(3), np.float64("inf"), np.str_("a"), np.datetime64("2026-01-01"), [1, 2])
    ]
    assert told == [3, "inf", "a", "2026-01-01", "1, 2"]
