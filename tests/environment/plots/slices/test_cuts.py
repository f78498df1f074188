"""Values along lines: bins as they are, each once."""

import numpy as np
import pytest

from mantidlab.frameworks.model import Axis, Image
from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.slices.cuts import line_cut
from mantidlab.plots.slices.plane import Cut, plane_of
from mantidlab.plots.slices.source import source_of


def plane(values, unit="mm", errors=None, mask=None):
    image = Image(
        (
            Axis("y", "Y", unit, np.arange(values.shape[0] + 1.0), edges=True),
            Axis("x", "X", "mm", np.arange(values.shape[1] + 1.0), edges=True),
        ),
        values,
        errors,
        mask,
    )
    return plane_of(source_of(image), Cut(1, 0, ((0, values.shape[0]), (0, values.shape[1]))))


VALUES = np.arange(20.0).reshape(4, 5)


def test_a_cut_along_a_row_is_the_row():
    cut = line_cut(plane(VALUES), (0.0, 2.5), (5.0, 2.5))
    assert cut.values.tolist() == VALUES[2].tolist()
    assert cut.distances.tolist() == [0, 1, 2, 3, 4, 5]
    assert cut.unit == "mm"


def test_a_diagonal_takes_each_bin_that_it_crosses():
    cut = line_cut(plane(VALUES), (0.0, 0.0), (4.0, 4.0))
    assert cut.values.tolist() == [0, 6, 12, 18]
    assert cut.distances[-1] == pytest.approx(np.hypot(4, 4))


def test_a_steep_line_changes_bins_where_it_crosses_their_edges():
    cut = line_cut(plane(VALUES), (0.5, 0.0), (1.5, 4.0))
    # It enters column 1 halfway, where it also enters row 2.
    assert cut.values.tolist() == [0, 5, 11, 16]


def test_a_width_takes_the_mean_over_bins_on_both_sides_and_its_error():
    errors = np.full(VALUES.shape, 2.0)
    cut = line_cut(plane(VALUES, errors=errors), (0.0, 1.5), (5.0, 1.5), width=3.0)
    assert cut.values.tolist() == VALUES[0:3].mean(axis=0).tolist()
    assert cut.errors.tolist() == pytest.approx([2.0 / np.sqrt(3)] * 5)
    assert cut.bins == 3


def test_outside_and_under_a_mask_there_is_no_value():
    mask = np.zeros(VALUES.shape, bool)
    mask[0, 1] = True
    cut = line_cut(plane(VALUES, mask=mask), (-1.0, 0.5), (3.0, 0.5))
    np.testing.assert_array_equal(cut.values, [np.nan, 0.0, np.nan, 2.0])


def test_axes_of_different_units_have_no_distance():
    cut = line_cut(plane(VALUES, unit="meV"), (0.0, 2.5), (5.0, 2.5))
    assert cut.unit == ""
    assert cut.distances.tolist() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])


def test_a_line_without_length_is_refused():
    with pytest.raises(WrongArgument, match="two different ends"):
        line_cut(plane(VALUES), (1.0, 1.0), (1.0, 1.0))
