"""Sums of many spectra over a range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction import Cancelled, RangeSums, ranges


@given(
    st.integers(0, 20),
    st.integers(0, 60),
    st.integers(-5, 65),
    st.integers(-5, 65),
    st.sampled_from([np.float32, np.float64, np.int32, np.uint16]),
    st.integers(0, 2**32 - 1),
)
def test_sums_of_bins(spectra, bins, start, stop, dtype, seed):
    random = np.random.default_rng(seed)
    values = random.poisson(3, (spectra, bins)).astype(dtype)
    if values.dtype.kind == "f":
        values[random.random(values.shape) < 0.05] = np.nan
    mask = random.choice([None, 1]) and random.random((spectra, 1)) < 0.5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "BLOCK", 8)
        patch.setattr(ranges, "PIECE", 100)
        sums = RangeSums(values, mask)
        found = sums.between(start, stop)
        again = sums.between(start, stop)
    usable = np.isfinite(values) & (True if mask is None else ~mask)
    part = np.where(usable, values, 0)[:, max(start, 0) : max(stop, start, 0)]
    np.testing.assert_allclose(found, part.sum(axis=1, dtype=float), rtol=1e-12)
    np.testing.assert_array_equal(again, found)


@given(
    st.lists(st.floats(0.01, 5), min_size=1, max_size=40),
    st.tuples(st.floats(-1, 60), st.floats(-1, 60), st.floats(-1, 60)),
    st.booleans(),
)
def test_neighbouring_ranges_of_positions_add_up(widths, at, falling):
    edges = np.cumsum([0.0, *widths])
    values = np.random.default_rng(1).random((3, len(widths)))
    if falling:
        edges, values = edges[::-1], values[:, ::-1]
    low, middle, high = sorted(at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "BLOCK", 4)
        sums = RangeSums(values)
        parts = sums.over(edges, low, middle) + sums.over(edges, middle, high)
        np.testing.assert_allclose(parts, sums.over(edges, low, high), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(sums.over(edges, -100, 100), values.sum(axis=1))


def test_a_cut_bin_counts_with_the_part_that_is_inside():
    sums = RangeSums(np.array([[10.0, 100.0, 1000.0]]))
    edges = np.array([0.0, 1.0, 3.0, 4.0])
    assert sums.over(edges, 0.75, 2.0)[0] == pytest.approx(2.5 + 50)
    assert sums.over(edges, 1.5, 2.5)[0] == pytest.approx(50)
    assert sums.over(edges, 9, 10)[0] == 0
    assert sums.over(edges, 2, 1)[0] == 0


def test_edges_that_are_not_finite_count_nothing():
    sums = RangeSums(np.array([[10.0, 100.0, 1000.0]]))
    assert sums.over(np.array([0.0, 1.0, 2.0, np.inf]), -10, 1e9)[0] == 110
    assert sums.over(np.array([np.nan, 1.0, 2.0, 3.0]), -10, 1e9)[0] == 1100


def test_edges_must_fit_and_have_an_order():
    sums = RangeSums(np.zeros((1, 3)))
    with pytest.raises(WrongArgument, match="3 edges"):
        sums.over(np.arange(3.0), 0, 1)
    with pytest.raises(WrongArgument, match="neither rise nor fall"):
        sums.over(np.array([0.0, 2.0, 1.0, 3.0]), 0, 1)


def test_progress_is_told_and_work_given_up():
    told = []
    sums = RangeSums(np.ones((100_000, 200), np.float32))
    assert (sums.between(0, 200, progress=told.append) == 200).all()
    assert max(told) == 1.0 and len(told) > 10
    stopped = RangeSums(np.ones((100_000, 200), np.float32))
    with pytest.raises(Cancelled):
        stopped.between(0, 200, cancelled=lambda: len(told) > 0)
    # What was given up half way is not kept.
    assert (stopped.between(0, 200) == 200).all()
