"""What the browser is sent: nothing but JSON and arrays, and nothing lost on the way."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mantidlab.frameworks.model import Axis, Histogram
from mantidlab.plots.lines.curves import Curve
from mantidlab.plots.lines.picture import picture
from mantidlab.plots.lines.readout import readout, table
from mantidlab.plots.lines.scene import Scene
from mantidlab.plots.lines.specification import specification
from mantidlab.plots.lines.view import View
from mantidlab.plots.reduction.scales import Kind, Scale
from mantidlab.plots.reduction.working import Cancelled

DTYPES = {"float64": np.float64, "float32": np.float32, "uint8": np.uint8}


def scene(x, y, **parts):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    axis = Axis("x", "Place", "mm", x, edges=len(x) == len(y) + 1)
    return Scene([Curve(0, "one", "data", Histogram(axis, y, **parts))])


def received(content, buffers):
    """Read an answer as the browser does."""
    json.dumps(content, allow_nan=False)
    found, at = [], 0
    for curve in content["curves"]:
        arrays_of = {}
        for part in curve["parts"]:
            array = np.frombuffer(buffers[at], DTYPES[part["dtype"]])
            shifted = part["name"] not in ("x", "column", "mask")
            arrays_of[part["name"]] = array.astype(np.float64) + curve["base"] if shifted else array
            at += 1
        found.append((curve, arrays_of))
    assert at == len(buffers)
    return found


@given(
    arrays.arrays(
        np.float64,
        st.integers(0, 3000),
        elements=st.one_of(st.floats(-1e6, 1e6, width=32), st.just(np.nan), st.just(np.inf)),
    ),
    st.booleans(),
    st.sampled_from(list(Kind)),
)
@settings(deadline=None, max_examples=60)
def test_any_data_make_a_picture(y, bins, kind):
    x = np.linspace(-1.0, 5.0, len(y) + bins)
    if len(x) == 0:
        x = np.zeros(int(bins))
    made = scene(x, y, errors=np.abs(np.nan_to_num(y, posinf=1.0)))
    view = View(x=Scale(kind), errors="bars")
    content, buffers = picture(made, view, None, 400)
    json.dumps(specification(made, view, "", ""), allow_nan=False)
    for curve, parts in received(content, buffers):
        values = parts["y" if curve["mode"] == "exact" else "high"]
        if kind is Kind.LINEAR and np.isfinite(y).any():
            assert np.nanmax(values) == pytest.approx(y[np.isfinite(y)].max(), rel=1e-6)
    low, high = content["x"]
    assert low < high


def test_few_bins_are_sent_as_they_are():
    y, errors = np.array([1.0, 4.0, np.nan, 9.0]), np.array([1.0, 2.0, 0.0, 3.0])
    made = scene([0, 1, 2, 3, 4], y, errors=errors, mask=np.array([False, True, False, False]))
    ((curve, parts),) = received(*picture(made, View(errors="bars"), None, 1000))
    assert curve["mode"] == "exact"
    np.testing.assert_array_equal(parts["x"], [0, 1, 2, 3, 4])
    np.testing.assert_array_equal(parts["y"], y)
    np.testing.assert_array_equal(parts["low"], y - errors)
    np.testing.assert_array_equal(parts["mask"], [0, 1, 0, 0])
    ((_, without),) = received(*picture(made, View(errors="none"), None, 1000))
    assert "low" not in without


def test_many_bins_keep_their_spikes_and_their_masked_ones():
    y, mask = np.full(100_000, 5.0), np.zeros(100_000, bool)
    y[77_777], y[50_000], mask[50_000] = 500.0, 9000.0, True
    made = scene(np.arange(100_001), y, mask=mask)
    (plain, parts), (masked, of_masked) = received(*picture(made, View(), None, 800))
    assert (plain["mode"], masked["masked"]) == ("envelope", True)
    assert np.nanmax(parts["high"]) == 500.0
    assert np.nanmax(of_masked["high"]) == 9000.0
    assert plain["bins_per_pixel"] == 125


@pytest.mark.parametrize("offset", [0.0, 1e9])
def test_single_precision_loses_nothing_that_can_be_seen(offset):
    y = offset + np.sin(np.linspace(0, 20, 500))
    made = scene(np.arange(500), y)
    ((_, parts),) = received(*picture(made, View(), None, 1000))
    np.testing.assert_allclose(parts["y"], y, atol=2e-6, rtol=0 if offset else 1e-6)


@pytest.mark.parametrize("size", [1e300, 1e-300])
def test_values_beyond_single_precision_are_sent_in_double(size, recwarn):
    made = scene(np.arange(4), np.array([1.0, -2.0, 3.0]) * size)
    ((_, parts),) = received(*picture(made, View(), None, 1000))
    np.testing.assert_allclose(parts["y"], np.array([1.0, -2.0, 3.0]) * size)
    assert not recwarn.list


def test_small_values_beside_large_ones_are_there_on_a_logarithmic_axis():
    y = np.array([1.0, 1e-300, 1e300])
    ((_, parts),) = received(*picture(scene(np.arange(4), y), View(), None, 1000))
    np.testing.assert_array_equal(parts["y"], y)


def test_a_picture_nobody_waits_for_is_given_up():
    with pytest.raises(Cancelled):
        picture(scene([0, 1], [1.0]), View(), None, 100, cancelled=lambda: True)


def test_windows_below_zero_on_logarithmic_axes():
    made = scene([-2, -1, 1, 2], [1.0, 2.0, 3.0])
    content, _ = picture(made, View(x=Scale(Kind.LOG)), (-1.0, 2.0), 100)
    assert 0 < content["x"][0] < content["x"][1] == 2.0


def test_read_outs_are_exact():
    y = np.array([1.0, 1 / 3, 7.0])
    made = scene([0, 1, 2, 4], y, errors=np.sqrt(y), mask=np.array([False, True, False]))
    found = readout(made, View(), 0, 1.5)
    assert (found["index"], found["y"], found["error"], found["masked"]) == (1, 1 / 3, np.sqrt(1 / 3), True)
    assert (found["x_low"], found["x_high"]) == (1, 2)
    assert readout(made, View(), 0, 4.0)["index"] == 2
    assert readout(made, View(), 0, 5.0)["index"] is None
    points = scene([0, 1, 3], y)
    assert readout(points, View(), 0, 1.9)["index"] == 1
    assert readout(points, View(), 0, 2.1)["index"] == 2


def test_read_outs_tell_the_place_in_the_data_of_falling_axes():
    found = readout(scene([4, 2, 1, 0], [7.0, 5.0, 3.0]), View(), 0, 0.5)
    assert (found["index"], found["y"]) == (2, 3.0)


def test_tables_have_pages():
    y = np.arange(10.0)
    made = scene(np.arange(11), y, errors=np.sqrt(y), mask=y == 9)
    found = table(made, View(), 0, 8, 5)
    assert found["columns"] == ["Place (mm), from", "to", "y", "Error", "Masked"]
    assert (found["start"], found["total"]) == (8, 10)
    assert found["rows"] == [[8.0, 9.0, 8.0, np.sqrt(8.0), ""], [9.0, 10.0, 9.0, 3.0, "yes"]]
    assert table(made, View(), 0, 50, 5)["rows"] == []
