"""Where bins are drawn, whatever the axis of the data is like."""

import numpy as np
import pytest

from mantidlab.frameworks.model import Axis
from mantidlab.plots.slices.axes import between, bounds_in, places_of


def axis(values, edges=False):
    return Axis("x", "X", "mm", np.asarray(values), edges=edges)


def test_points_get_edges_halfway_between_them():
    assert places_of(axis([1.0, 2.0, 4.0])).edges.tolist() == [0.5, 1.5, 3.0, 5.0]


def test_a_point_alone_has_a_bin_of_width_one():
    assert between(np.array([7.0])).tolist() == [6.5, 7.5]


def test_falling_edges_are_drawn_rising_and_numbered_as_in_the_data():
    places = places_of(axis([5.0, 3.0, 0.0], edges=True))
    assert places.edges.tolist() == [0.0, 3.0, 5.0]
    assert places.backward
    assert places.in_data(places.bin_at(4.0)) == 0


@pytest.mark.parametrize("values", [[1.0, np.nan, 3.0], [1.0, np.inf, 3.0], [1.0, 3.0, 2.0], [1.0, 1.0, 2.0]])
def test_positions_without_order_are_drawn_by_number_and_this_is_said(values):
    places = places_of(axis(values))
    assert places.edges.tolist() == [-0.5, 0.5, 1.5, 2.5]
    assert "drawn by number" in places.remark


def test_named_positions_keep_their_names():
    places = places_of(axis(["Data", "Calc", "Diff"]))
    assert places.names == ("Data", "Calc", "Diff")
    assert places.bin_at(1.2) == 1


def test_moments_count_seconds_since_the_first():
    places = places_of(axis(np.array(["2024-01-01T00:00:00", "2024-01-01T00:01:00"], dtype="datetime64[ns]")))
    assert places.label == "X since 2024-01-01T00:00:00 UTC"
    assert places.unit == "s"
    assert places.edges.tolist() == [-30.0, 30.0, 90.0]


def test_the_last_edge_belongs_to_the_last_bin_and_nothing_lies_beyond():
    places = places_of(axis([0.0, 1.0, 2.0], edges=True))
    assert [places.bin_at(at) for at in (-0.1, 0.0, 1.0, 2.0, 2.1)] == [None, 0, 1, 1, None]


def test_a_window_takes_the_bins_that_it_touches():
    places = places_of(axis([0.0, 1.0, 2.0, 3.0, 4.0], edges=True))
    assert bounds_in(places, 0.5, 2.0) == (0, 2)
    assert bounds_in(places, 1.0, 2.5) == (1, 3)
    assert bounds_in(places, -9.0, 99.0) == (0, 4)


def test_rows_with_positions_of_their_own_are_searched_row_by_row():
    places = places_of(axis([[0.0, 1.0, 2.0], [10.0, 20.0, np.nan]], edges=True))
    assert places.own_rows
    assert places.bin_at(1.5, row=0) == 1
    assert places.bin_at(15.0, row=1) == 0
    assert places.bin_at(25.0, row=1) is None
    assert places.extent == (0.0, 20.0)
