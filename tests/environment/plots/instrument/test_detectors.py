"""Detectors as they are drawn: sizes and turns from the data, or from the distances where the data name none."""

import numpy as np
import pytest

from mantidlab.frameworks.index_lists import IndexLists, one_each
from mantidlab.frameworks.model import Shape
from mantidlab.plots.instrument.detectors import BOX, CYLINDER, EMPTY, MASKED, MONITOR, NONE, NOWHERE, make_detectors
from mantidlab.plots.instrument.extents import inferred_grid, matrices, quaternions

from .conftest import COLUMNS, ROWS, make_geometry


def test_quaternions_and_matrices_are_each_others_inverse():
    turns = np.random.default_rng(0).normal(size=(500, 4))
    turns /= np.linalg.norm(turns, axis=1, keepdims=True)
    back = quaternions(matrices(turns))
    assert np.abs(np.abs((turns * back).sum(axis=1)) - 1).max() < 1e-12


def test_detectors_of_a_grid_touch_and_face_along_it(geometry):
    whole = make_detectors(geometry, None)
    edges = whole.axes(slice(0, ROWS * COLUMNS))
    assert whole.guessed
    # One edge is a step along the row, one a step from row to row, whatever they are called.
    lengths = np.sort(np.linalg.norm(edges, axis=1), axis=1)
    assert lengths[:, 1:] == pytest.approx(np.tile([0.1, 0.1], (24, 1)))
    normals = np.abs(edges[:, :, 2]) / np.linalg.norm(edges[:, :, 2], axis=1, keepdims=True)
    assert normals == pytest.approx(np.tile([0.0, 0, 1], (24, 1)), abs=1e-9)


def test_sizes_of_the_data_are_kept_and_missing_ones_guessed(geometry):
    sizes = np.tile([0.01, 0.02, 0.03], (len(geometry.ids), 1))
    sizes[3] = np.nan
    whole = make_detectors(make_geometry(sizes=sizes), None)
    assert whole.guessed
    assert whole.extents.sizes[4].tolist() == [0.01, 0.02, 0.03]
    assert np.isfinite(whole.extents.sizes).all()
    whole = make_detectors(make_geometry(sizes=np.tile([0.01, 0.02, 0.03], (len(geometry.ids), 1))), None)
    assert not whole.guessed
    assert whole.usual_sides() == (0.02, 0.03)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_cylinder_is_drawn_along_its_own_y(geometry, axis):
    high = np.full(3, 0.004)
    high[axis] = 0.5
    shape = Shape("cylinder", tuple(-high), tuple(high))
    count = len(geometry.ids)
    turns = np.random.default_rng(axis).normal(size=(count, 4))
    turns /= np.linalg.norm(turns, axis=1, keepdims=True)
    whole = make_detectors(
        make_geometry(
            shapes=(shape,),
            shape_of=np.zeros(count, dtype=int),
            sizes=np.tile(2 * high, (count, 1)),
            rotations=turns,
        ),
        None,
    )
    assert (whole.extents.kinds == CYLINDER).all()
    assert whole.extents.sizes[:, 1] == pytest.approx(1.0)
    along = matrices(turns)[:, :, axis]
    assert np.abs(np.abs((matrices(whole.extents.rotations)[:, :, 1] * along).sum(axis=1)) - 1).max() < 1e-12


def test_a_shape_beside_its_origin_is_drawn_where_it_is(geometry):
    count = len(geometry.ids)
    shape = Shape("cuboid", (0.0, 0.0, 0.0), (0.2, 0.0, 0.0))
    quarter = np.tile([np.sqrt(0.5), 0, 0, np.sqrt(0.5)], (count, 1))  # x becomes y
    other = make_geometry(shapes=(shape,), shape_of=np.zeros(count, dtype=int), rotations=quarter)
    moved = make_detectors(other, None).places - make_detectors(geometry, None).places
    assert moved == pytest.approx(np.tile([0.0, 0.1, 0.0], (count, 1)))
    assert (make_detectors(other, None).extents.kinds == BOX).all()


def test_flags_say_what_does_not_count(geometry):
    positions = geometry.positions.copy()
    positions[0] = np.nan
    masked = np.zeros(len(positions), dtype=bool)
    masked[1] = True
    lists = [np.array([index]) for index in range(len(positions)) if index != 2]
    whole = make_detectors(make_geometry(positions=positions, masked=masked), lists)
    assert [int(flag) for flag in whole.flags[:4]] == [NOWHERE, MASKED, EMPTY, 0]
    assert whole.flags[-1] == MONITOR
    assert np.count_nonzero(whole.counting()) == 45


def test_spectra_of_several_detectors_by_lists_of_any_kind(geometry):
    lists = [np.array([0, 1, 2]), np.array([], dtype=int), np.array([2, 5])]
    one_by_one = make_detectors(geometry, lists)
    at_once = make_detectors(geometry, IndexLists(np.array([0, 3, 3]), np.array([3, 0, 2]), np.array([0, 1, 2, 2, 5])))
    assert one_by_one.spectrum_of[:6].tolist() == [0, 0, 0, NONE, NONE, 2]
    assert np.array_equal(one_by_one.spectrum_of, at_once.spectrum_of)


def test_lists_give_the_same_one_by_one_and_all_at_once():
    lists = IndexLists(np.array([4, 0, 9]), np.array([2, 0, 3]))
    flat, rows = lists.flat()
    assert flat.tolist() == [4, 5, 9, 10, 11]
    assert rows.tolist() == [0, 0, 2, 2, 2]
    assert [one.tolist() for one in lists] == [[4, 5], [], [9, 10, 11]]
    assert [one.tolist() for one in one_each(np.array([3, 1]))] == [[3], [1]]


def test_tubes_are_rows_of_banks(geometry):
    whole = make_detectors(geometry, None)
    assert whole.tube(COLUMNS + 1) == ("ahead, row 2", pytest.approx(np.arange(COLUMNS, 2 * COLUMNS)))
    name, some = whole.bank(30)
    assert (name, some[0], some[-1]) == ("aside", 24, 47)
    assert whole.tube(48)[0] == "detector -1"


def test_rows_are_seen_in_a_list_that_jumps_after_each_of_them(geometry):
    named = make_detectors(geometry, None)
    nameless = make_detectors(make_geometry(banks=()), None)
    some = slice(0, 24)
    assert inferred_grid(named.places[some]) == (ROWS, COLUMNS)
    long = np.array([(0.02 * row, 0.001 * column, 1.0) for row in range(5) for column in range(60)])
    assert inferred_grid(long) == (5, 60)
    assert inferred_grid(long[:-1]) is None
    assert inferred_grid(long[:60]) is None
    assert nameless.extents.sizes.shape == named.extents.sizes.shape
    whole = make_detectors(
        make_geometry(
            ids=np.arange(300),
            positions=long,
            sample=np.zeros(3),
            monitor=np.zeros(300, dtype=bool),
            masked=np.zeros(300, dtype=bool),
            banks=(),
        ),
        None,
    )
    assert whole.usual_sides() == pytest.approx((0.001, 0.02))
    assert np.sort(whole.extents.sizes[:, :2], axis=1) == pytest.approx(np.tile([0.001, 0.02], (300, 1)))
