"""A picture hides nothing: sums stay, a hot pixel is seen at every zoom, what has no value says why."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mantidlab.frameworks.model import Axis, Image
from mantidlab.plots.reduction.scales import Kind, Scale
from mantidlab.plots.slices.picture import (
    INFINITE,
    MASKED,
    MINUS_INFINITE,
    NOTHING,
    PARTLY_MASKED,
    Drawer,
    Window,
)
from mantidlab.plots.slices.plane import Cut, plane_of
from mantidlab.plots.slices.source import source_of

LINEAR = Scale()


def drawer_of(values, mask=None, x=None, y=None):
    shape = values.shape
    axes = (
        Axis("y", "Y", "", np.arange(shape[0]) if y is None else y, edges=y is not None),
        Axis("x", "X", "", np.arange(shape[1]) if x is None else x, edges=x is not None),
    )
    source = source_of(Image(axes, values, mask=mask))
    return Drawer(plane_of(source, Cut(1, 0, ((0, shape[0]), (0, shape[1])))))


def whole(drawer, width, height, stands="max", scales=(LINEAR, LINEAR)):
    return Window(drawer.plane.x.extent, drawer.plane.y.extent, width, height, stands, scales)


@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40),
        elements=st.one_of(st.floats(-1e6, 1e6), st.sampled_from([np.nan, np.inf, -np.inf])),
    ),
    st.integers(1, 30),
    st.integers(1, 30),
    st.booleans(),
)
def test_sums_over_all_pixels_are_those_of_the_bins(values, width, height, masked):
    mask = np.zeros(values.shape, bool)
    mask[::3, ::2] = masked
    drawer = drawer_of(values, mask)
    drawn = drawer.draw(whole(drawer, width, height, "sum"))
    good = np.isfinite(values) & ~mask
    shown = drawn.values[(drawn.flags & (NOTHING | MASKED | INFINITE | MINUS_INFINITE)) == 0]
    assert shown.sum() == pytest.approx(values[good].sum(), rel=1e-9, abs=1e-6)
    if good.any():
        largest = drawer.draw(whole(drawer, width, height, "max"))
        finite = largest.values[np.isfinite(largest.values)]
        assert finite.max() == values[good].max()


@given(st.integers(0, 1999), st.integers(0, 499), st.integers(1, 60), st.floats(1.0, 300.0), st.data())
def test_a_hot_pixel_is_seen_in_every_window_that_holds_it(row, column, pixels, zoom, data):
    values = np.ones((2000, 500), dtype=np.float32)
    values[row, column] = 1e5
    drawer = drawer_of(values)
    share = data.draw(st.floats(0.0, 1.0))
    windows = []
    for at, count in ((column, 500), (row, 2000)):
        wide = max(1.0, count / zoom)
        low = at + 0.5 - share * wide  # the pixel's edge is within
        windows.append((low - 0.5, low - 0.5 + wide))
    drawn = drawer.draw(Window(windows[0], windows[1], pixels, pixels))
    assert drawn.values.max() == 1e5


def test_groups_never_cut_a_bin_and_keep_uneven_positions():
    edges = np.geomspace(1.0, 1000.0, 101)
    drawer = drawer_of(np.ones((1, 100)), x=edges)
    drawn = drawer.draw(whole(drawer, 20, 10, "sum"))
    assert set(drawn.x) <= set(edges)
    assert drawn.values.sum() == 100
    even = drawer.draw(whole(drawer, 20, 10, "sum", (Scale(Kind.LOG), LINEAR)))
    # On a logarithmic axis these bins are equally wide, so each pixel has five of them.
    assert even.values[0].tolist() == [5.0] * 20


def test_bins_wider_than_a_pixel_are_sent_as_they_are():
    values = np.arange(12.0).reshape(3, 4)
    drawn = drawer_of(values).draw(whole(drawer_of(values), 100, 100))
    assert drawn.values.tolist() == values.tolist()
    assert drawn.bins == (1, 1)


def test_what_has_no_value_says_why():
    values = np.array([[np.nan, 1.0], [np.inf, -np.inf], [2.0, 3.0]])
    mask = np.array([[False, False], [False, False], [True, False]])
    drawer = drawer_of(values, mask)
    drawn = drawer.draw(whole(drawer, 50, 50))
    assert drawn.flags.tolist() == [[NOTHING, 0], [INFINITE, MINUS_INFINITE], [MASKED, 0]]
    assert drawn.values[1].tolist() == [np.inf, -np.inf]
    assert drawer.draw(whole(drawer, 1, 1)).flags.tolist() == [[PARTLY_MASKED]]


def test_limits_of_colours_leave_out_what_is_not_finite():
    drawer = drawer_of(np.array([[np.nan, np.inf, -np.inf, -2.0, 8.0]]))
    window = whole(drawer, 50, 50)
    found = drawer.limits(window, drawer.draw(window))
    assert found.everything == (-2.0, 8.0)
    assert found.positive == 8.0


def test_limits_stay_while_one_magnifies_but_follow_sums():
    values = np.ones((1000, 1000))
    values[0, 0] = 50.0
    drawer = drawer_of(values)
    for stands, expected in (("max", 50.0), ("sum", 1.5)):
        near = Window((500.0, 510.0), (500.0, 510.0), 100, 100, stands)
        assert drawer.limits(near, drawer.draw(near)).everything[1] == expected


def test_values_that_single_precision_cannot_hold_are_sent_divided():
    content, buffers = drawer_of(np.array([[1e300, 2e300]])).draw(Window((-0.5, 1.5), (-0.5, 0.5), 10, 10)).parts()
    sent = np.frombuffer(buffers[2], "<f4").astype(float)
    assert (sent * content["factor"]).tolist() == pytest.approx([1e300, 2e300])


class TestRowsOfTheirOwn:
    def plane(self, mask=None):
        edges = np.array([[0.0, 1.0, 2.0, 3.0], [10.0, 20.0, 30.0, np.nan]])
        values = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, np.nan]])
        image = Image((Axis("s", "S", "", np.arange(2)), Axis("d", "D", "Å", edges, edges=True)), values, mask=mask)
        return source_of(image)

    def test_each_row_lies_at_its_own_positions(self):
        drawer = Drawer(plane_of(self.plane(), Cut(1, 0, ((0, 2), (0, 3)))))
        drawn = drawer.draw(Window((0.0, 30.0), drawer.plane.y.extent, 30, 10))
        assert drawn.values[0, :3].tolist() == [1.0, 2.0, 3.0]
        assert np.isnan(drawn.values[0, 3:]).all()
        assert np.isnan(drawn.values[1, :10]).all()
        assert set(drawn.values[1, 10:20]) == {4.0}
        assert set(drawn.values[1, 20:]) == {5.0}

    def test_turned_it_is_the_same(self):
        upright = Drawer(plane_of(self.plane(), Cut(1, 0, ((0, 2), (0, 3)))))
        turned = Drawer(plane_of(self.plane(), Cut(0, 1, ((0, 2), (0, 3)))))
        a = upright.draw(Window((0.0, 30.0), upright.plane.y.extent, 30, 10))
        b = turned.draw(Window(turned.plane.x.extent, (0.0, 30.0), 10, 30))
        np.testing.assert_array_equal(a.values, b.values.T)

    def test_a_narrow_bin_is_in_sight_in_a_wide_pixel(self):
        drawer = Drawer(plane_of(self.plane(), Cut(1, 0, ((0, 2), (0, 3)))))
        drawn = drawer.draw(Window((0.0, 30.0), drawer.plane.y.extent, 2, 10))
        assert drawn.values[0, 0] == 3.0
