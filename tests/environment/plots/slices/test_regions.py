"""What regions hold: every bin whose middle lies within, once, with its error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantidlab.frameworks.model import Axis, Image
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.slices.extraction import hidden_profile, profile_of
from mantidlab.plots.slices.measuring import bins_within, measure
from mantidlab.plots.slices.plane import Cut, plane_of
from mantidlab.plots.slices.regions import Ellipse, Polygon, Rectangle, shape_of
from mantidlab.plots.slices.source import source_of

RANDOM = np.random.default_rng(5)
VALUES = RANDOM.poisson(20, (30, 40)).astype(float)


def plane(values=VALUES, mask=None, distribution=False, x=None):
    axes = (
        Axis("y", "Y", "mm", np.arange(values.shape[0])),
        Axis("x", "X", "mm", np.arange(values.shape[1]) if x is None else x, edges=x is not None),
    )
    image = Image(axes, values, np.sqrt(np.abs(values)), mask, "Counts", "counts", distribution)
    return plane_of(source_of(image), Cut(1, 0, ((0, values.shape[0]), (0, values.shape[1]))))


ranges = st.tuples(st.floats(-3, 45), st.floats(0.1, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(ranges, ranges)
def test_a_rectangle_holds_what_a_loop_over_its_bins_finds(x, y):
    found = measure(plane(), Rectangle(x, y))
    held = [VALUES[j, i] for j in range(30) for i in range(40) if x[0] <= i < x[1] and y[0] <= j < y[1]]
    assert found.bins == len(held)
    assert found.total == pytest.approx(sum(held))
    assert found.error == pytest.approx(np.sqrt(sum(held)))
    assert found.x.sums.sum() == pytest.approx(found.total)
    assert found.y.sums.sum() == pytest.approx(found.total)


@given(st.floats(0, 40), st.floats(0, 30), st.floats(0.5, 15), st.floats(0.5, 15))
def test_an_ellipse_holds_what_a_loop_over_its_bins_finds(cx, cy, rx, ry):
    found = measure(plane(), Ellipse((cx, cy), (rx, ry)))
    held = [VALUES[j, i] for j in range(30) for i in range(40) if ((i - cx) / rx) ** 2 + ((j - cy) / ry) ** 2 < 1]
    assert found.bins == len(held)
    assert found.total == pytest.approx(sum(held))


def test_regions_side_by_side_share_no_bin_and_lose_none():
    left, right = Rectangle((-0.5, 12.0), (-0.5, 29.5)), Rectangle((12.0, 39.5), (-0.5, 29.5))
    assert measure(plane(), left).total + measure(plane(), right).total == VALUES.sum()


def test_a_polygon_around_a_rectangle_is_that_rectangle():
    corners = ((2.5, 3.5), (20.5, 3.5), (20.5, 10.5), (2.5, 10.5))
    a = bins_within(plane(), Polygon(corners))
    b = bins_within(plane(), Rectangle((2.5, 20.5), (3.5, 10.5)))
    np.testing.assert_array_equal(a, b)


def test_what_is_masked_or_not_finite_is_counted_and_left_out():
    values, mask = VALUES.copy(), np.zeros(VALUES.shape, bool)
    values[0, 0], values[0, 1] = np.nan, np.inf
    mask[0, 2] = True
    found = measure(plane(values, mask), Rectangle((-0.5, 3.5), (-0.5, 0.5)))
    assert (found.bins, found.left_out) == (1, 3)
    assert found.total == VALUES[0, 3]


def test_densities_are_integrated_over_the_widths_of_their_bins():
    edges = np.array([0.0, 1.0, 3.0, 7.0])
    counts = np.array([[10.0, 20.0, 40.0], [1.0, 2.0, 4.0]])
    density = plane(counts / np.diff(edges), distribution=True, x=edges)
    found = measure(density, Rectangle((0.0, 7.0), (-0.5, 1.5)))
    assert found.total == pytest.approx(counts.sum())
    assert found.y.sums.tolist() == pytest.approx([70.0, 7.0])
    # Along the axis that they are densities of they stay densities.
    assert found.x.sums.tolist() == pytest.approx([11.0, 11.0, 11.0])
    # Means weigh each bin by its width: 7 wide together.
    assert profile_of(density, found.y, "y", "mean", "").values.tolist() == pytest.approx([10.0, 1.0])
    assert (found.bins, found.mean) == (6, 5.5)


def test_a_profile_along_a_dimension_that_is_not_drawn_adds_up_the_same_bins():
    values = RANDOM.poisson(3, (6, 8, 10)).astype(float)
    image = Image(
        (
            Axis("e", "E", "meV", np.arange(6.0)),
            Axis("y", "Y", "", np.arange(8.0)[::-1]),
            Axis("x", "X", "", np.arange(10.0)),
        ),
        values,
        np.sqrt(values),
        unit="counts",
    )
    source, cut = source_of(image), Cut(2, 1, ((2, 3), (0, 8), (0, 10)))
    shape = Rectangle((1.5, 5.5), (-0.5, 2.5))
    profile = hidden_profile(source, cut, plane_of(source, cut), (shape, "r"), 0, "sum")
    # y falls in the data: positions 0, 1 and 2 are its last three rows.
    expected = values[:, 5:8, 2:6].sum(axis=(1, 2))
    assert profile.values.tolist() == expected.tolist()
    assert profile.errors.tolist() == pytest.approx(np.sqrt(expected).tolist())
    assert measure(plane_of(source, cut), shape).total == expected[2]


@pytest.mark.parametrize(
    "state",
    [
        {"kind": "rectangle", "x": [1, 1], "y": [0, 1]},
        {"kind": "rectangle", "x": [0, np.inf], "y": [0, 1]},
        {"kind": "ellipse", "centre": [0, 0], "radii": [0, 1]},
        {"kind": "polygon", "points": [[0, 0], [1, 1]]},
        {"kind": "star"},
        {"kind": "rectangle"},
        None,
    ],
)
def test_a_region_without_an_extent_is_refused_in_words(state):
    with pytest.raises(WrongArgument, match=r"\.$"):
        shape_of(state)
