"""What a picture shows of a curve is what the curve holds."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction import Envelope, Exact, Kind, Line, Scale
from mantidlab.plots.reduction.extremes import BLOCK

ANY_VALUE = st.one_of(
    st.floats(-1e6, 1e6), st.sampled_from([0.0, -0.0, np.nan, np.inf, -np.inf, 1e300, -1e300, 5e-324])
)
SCALES = st.sampled_from([Scale(), Scale(Kind.LOG), Scale(Kind.SYMLOG, 0.5)])


@st.composite
def curves(draw):
    """Bins or points of any widths and order, with gaps, errors and masks, or not."""
    size = draw(st.integers(0, 300))
    y = draw(hnp.arrays(np.float64, size, elements=ANY_VALUE))
    is_bins = draw(st.booleans())
    positions = size + 1 if is_bins else size
    x = draw(hnp.arrays(np.float64, positions, elements=st.floats(-100, 100)))
    order = draw(st.sampled_from(["rising", "falling", "any"]))
    if order != "any" or is_bins:
        x = np.sort(x)
    if order == "falling":
        x = x[::-1]
    broken = draw(st.sampled_from([None, np.nan, np.inf]))
    if broken is not None and positions:
        x = x.copy()
        x[draw(st.integers(0, positions - 1))] = broken
    errors = draw(st.none() | hnp.arrays(np.float64, size, elements=st.floats(0, 1e3) | st.just(np.nan)))
    mask = draw(st.none() | hnp.arrays(bool, size))
    return x, y, errors, mask


def pixel_of_every_value(x, y, errors, mask, boundaries):
    """Say the same in the simplest way: for each column what it holds, one value after the other."""
    is_bins = x.size == y.size + 1
    columns = [[] for _ in boundaries[1:]]
    for i in range(y.size):
        left, right = np.sort(x[i : i + 2]) if is_bins else (x[i], x[i])
        if not (np.isfinite(left) and np.isfinite(right)):
            continue
        for p, (low, high) in enumerate(pairwise(boundaries)):
            last = p == len(columns) - 1
            if (left < high or (last and left <= high)) and (right > low or left >= low):
                columns[p].append(i)
    found = {}
    for p, held in enumerate(columns):
        if held:
            usable = [i for i in held if np.isfinite(y[i]) and not (mask is not None and mask[i])]
            error = {i: 0.0 if errors is None or not np.isfinite(errors[i]) else abs(errors[i]) for i in usable}
            found[p] = (
                len(usable),
                min((y[i] for i in usable), default=np.nan),
                max((y[i] for i in usable), default=np.nan),
                min((y[i] - error[i] for i in usable), default=np.nan),
                max((y[i] + error[i] for i in usable), default=np.nan),
            )
    return found


@given(curves(), st.integers(1, 40), SCALES)
def test_each_column_holds_the_extremes_of_what_lies_in_it(data, pixels, scale):
    x, y, errors, mask = data
    low, high = (0.5, 80.0) if scale.kind is Kind.LOG else (-50.0, 75.0)
    line = Line(x, y, errors=errors, mask=mask)
    drawn = line.window(low, high, pixels, scale=scale)
    expected = pixel_of_every_value(x, y, errors, mask, scale.boundaries(low, high, pixels))
    if isinstance(drawn, Exact):
        assert drawn.bins_per_pixel <= 2
        held = drawn.y[np.isfinite(drawn.y)]
        if mask is not None:
            held = held[~drawn.mask[np.isfinite(drawn.y)]]
        for count, lowest, highest, *_ in expected.values():
            assert count == 0 or (lowest in held and highest in held)
        return
    inside = (drawn.column >= 0) & (drawn.column <= pixels - 1) & (drawn.column % 1 == 0)
    got = {
        int(column): tuple(row)
        for column, *row in zip(
            drawn.column[inside],
            drawn.count[inside],
            drawn.low[inside],
            drawn.high[inside],
            drawn.error_low[inside],
            drawn.error_high[inside],
            strict=True,
        )
    }
    assert got.keys() == expected.keys()
    for column, row in expected.items():
        np.testing.assert_array_equal(got[column], row)


@given(curves())
def test_exact_values_are_found_again_by_their_index(data):
    x, y, errors, mask = data
    drawn = Line(x, y, errors=errors, mask=mask).window(-100.0, 100.0, 1000)
    assert isinstance(drawn, Exact)
    real = drawn.index >= 0
    np.testing.assert_array_equal(drawn.y[real], y[drawn.index[real]])
    assert np.isnan(drawn.y[~real]).all()
    assert drawn.x.size - drawn.y.size == int(x.size > y.size and drawn.y.size > 0)
    assert (np.diff(drawn.x) >= 0).all()


@settings(max_examples=30)
@given(
    st.integers(20 * BLOCK, 40 * BLOCK),
    st.floats(0, 1e-2),
    st.sampled_from([np.float64, np.float32, np.int32, np.uint16]),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_the_coarser_copy_gives_what_the_values_give(size, missing, dtype, seed, with_errors):
    random = np.random.default_rng(seed)
    y = random.integers(0, 1000, size).astype(dtype)
    if y.dtype.kind == "f":
        y[random.random(size) < missing] = random.choice([np.nan, np.inf, -np.inf])
    errors = None
    if with_errors:
        errors = random.normal(size=size)  # their sign means nothing
        errors[random.random(size) < missing] = np.nan
    line = Line(np.arange(size + 1.0), y, errors=errors)
    low, high = np.sort(random.uniform(0, size, 2))
    drawn = line.window(low, high + 1, 3)
    boundaries = np.linspace(low, high + 1, 4)
    expected = pixel_of_every_value(np.arange(size + 1.0), y, errors, None, boundaries)
    if isinstance(drawn, Envelope):
        for i, column in enumerate(drawn.column.astype(int)):
            got = (drawn.count[i], drawn.low[i], drawn.high[i], drawn.error_low[i], drawn.error_high[i])
            np.testing.assert_allclose(got, expected[column], rtol=1e-6)


def test_one_high_bin_among_ten_million_is_seen_at_every_zoom():
    y = np.zeros(10_000_000, np.float32)
    y[7_654_321] = 1e4
    line = Line(np.arange(y.size + 1.0), y)
    for width in (1e7, 1e6, 1e5, 1e4, 1e3, 10):
        begin = max(7_654_321 - 0.3 * width, 0)
        drawn = line.window(begin, min(begin + width, 1e7), 700)
        highest = drawn.high if isinstance(drawn, Envelope) else drawn.y
        assert np.nanmax(highest) == 1e4


def test_joined_points_leave_the_window_where_they_do_without_reduction():
    x = np.linspace(0, 100, 10_001)
    drawn = Line(x, x).window(40.003, 60.003, 10)
    assert isinstance(drawn, Envelope)
    # Column 0 reaches from 40.003 to 42.003; its middle is place 0.5.
    np.testing.assert_allclose(drawn.column[[0, -1]], [-0.5 - 0.003 / 2, 9.5 + 0.007 / 2])
    for values in (drawn.first, drawn.last, drawn.low, drawn.high):
        np.testing.assert_allclose(values[[0, -1]], [40.0, 60.01])
    assert drawn.count[0] == drawn.count[-1] == 1


def test_a_point_at_the_very_end_of_the_window_is_in_it():
    x = np.arange(1001.0)
    drawn = Line(x, x).window(0, 1000, 10)
    assert isinstance(drawn, Envelope)
    np.testing.assert_array_equal(drawn.column, np.arange(10))
    assert drawn.count.sum() == 1001
    assert drawn.high[-1] == 1000


@pytest.mark.parametrize("size", [0, 1])
def test_nearly_nothing_can_be_drawn(size):
    for positions in (size, size + 1):
        line = Line(np.arange(1.0, positions + 1), np.full(size, 7.0))
        assert isinstance(line.window(0, 10, 100), Exact)
        found = line.limits()
        assert np.isnan(found.low) if size == 0 else found.low == found.high == found.positive == 7.0


def test_what_is_masked_whole_has_no_limits():
    line = Line(np.arange(1000.0), np.arange(1000.0), mask=np.ones(1000, bool))
    assert np.isnan([line.limits().low, line.limits().positive]).all()
    drawn = line.window(0, 999, 10)
    assert isinstance(drawn, Envelope)
    assert np.isnan(drawn.high).all() and np.isnan(drawn.first).all() and (drawn.count == 0).all()


def test_a_logarithmic_axis_begins_at_the_smallest_value_above_zero():
    y = np.array([-5.0, 0.0, 3.0, 1e-7, np.inf, np.nan])
    assert Line(np.arange(6.0), y).limits().positive == 1e-7
    assert np.isnan(Line(np.arange(2.0), y[:2]).limits().positive)
    assert Line(np.arange(-2.0, 4.0), y).positive_extent() == (1.0, 3.0)
    assert Line(np.arange(-2.5, 4.0), y).positive_extent() == (0.5, 3.5)


def test_no_window_is_said_to_be_none():
    line = Line(np.arange(3.0), np.arange(3.0))
    for low, high, scale in ((2, 1, Scale()), (0, 1, Scale(Kind.LOG)), (0, np.inf, Scale())):
        with pytest.raises(WrongArgument, match="no window"):
            line.window(low, high, 10, scale=scale)


def test_arrays_that_do_not_belong_together_are_refused():
    with pytest.raises(WrongArgument, match=r"\(4,\).*\(2,\)"):
        Line(np.zeros(4), np.zeros(2))
    with pytest.raises(WrongArgument, match="errors"):
        Line(np.zeros(2), np.zeros(2), errors=np.zeros(3))
