"""What a picture shows of an image is what the image holds: sums stay, no maximum is lost."""

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction import (
    Cancelled,
    ImageReducer,
    Kind,
    Scale,
    by_index,
    by_position,
    images,
    levels,
)

TYPES = st.sampled_from(["<f4", "<f8", ">f4", ">f8", "i4", "u1", "i8", "?", "f2"])


@st.composite
def arrays(draw):
    """Images of any type and layout, with a mask or not."""
    shape = draw(hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=60))
    dtype = np.dtype(draw(TYPES))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = random.poisson(3, shape).astype(dtype)
    if dtype.kind == "f" and draw(st.booleans()):
        values[random.random(shape) < draw(st.sampled_from([0.02, 0.5, 1.0]))] = draw(
            st.sampled_from([np.nan, np.inf, -np.inf, -3.5, 0.0])
        )
    layout = draw(st.sampled_from(["rows", "transposed", "strided", "flipped"]))
    if layout == "transposed":
        values = values.T
    elif layout == "strided":
        values = values[::2, ::3]
    elif layout == "flipped":
        values = values[::-1]
    mask = draw(
        st.sampled_from(
            [None, random.random(values.shape) < 0.3, random.random((values.shape[0], 1)) < 0.5, np.ones((1, 1), bool)]
        )
    )
    return values, mask


@contextlib.contextmanager
def pyramid_wherever_possible():
    """Take a pyramid of small cells even for small images."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "FEW", 0)
        patch.setattr(images, "MANY", 0)
        patch.setattr(levels, "CELL", 4)
        patch.setattr(levels, "COARSEST", 2)
        patch.setattr(levels, "PIECE", 64)
        yield


WAYS = (contextlib.nullcontext, pyramid_wherever_possible)


def usable_values(values, mask):
    numbers = values.astype(np.float64)
    usable = np.isfinite(numbers)
    if mask is not None:
        usable &= ~np.broadcast_to(mask, values.shape)
    return np.where(usable, numbers, 0), usable


@given(data=arrays(), rows=st.integers(1, 70), columns=st.integers(1, 70))
def test_sums_before_and_after_agree(data, rows, columns):
    values, mask = data
    numbers, usable = usable_values(values, mask)
    for way in WAYS:
        with way():
            found = ImageReducer(values, mask).whole(rows, columns)
        np.testing.assert_allclose(found.total, numbers.sum(), rtol=1e-12, atol=1e-9)
        own = ~found.rows.repeated[:, None] & ~found.columns.repeated[None, :]
        assert found.count.sum(where=own) == usable.sum()
        if usable.any():
            assert np.nanmax(found.maximum) == numbers[usable].max()
            assert np.nanmin(found.minimum) == numbers[usable].min()
        else:
            assert np.isnan(found.sum).all() and np.isnan(found.maximum).all()


@given(data=arrays(), seed=st.integers(0, 2**32 - 1), pixels=st.tuples(st.integers(1, 30), st.integers(1, 30)))
def test_each_pixel_of_any_window_is_its_bins(data, seed, pixels):
    values, mask = data
    numbers, usable = usable_values(values, mask)
    random = np.random.default_rng(seed)
    chosen = []
    for size, count in zip(values.shape, pixels, strict=True):
        low, high = np.sort(random.uniform(-5, size + 5, 2))
        chosen.append(by_index(low, high + 0.1, count, size))
    for way in WAYS:
        with way():
            found = ImageReducer(values, mask).picture(*chosen)
        for row in range(pixels[0]):
            for column in range(pixels[1]):
                where = (
                    slice(found.rows.start[row], found.rows.stop[row]),
                    slice(found.columns.start[column], found.columns.stop[column]),
                )
                assert found.count[row, column] == usable[where].sum()
                if not usable[where].any():
                    assert np.isnan([found.sum[row, column], found.maximum[row, column]]).all()
                    continue
                np.testing.assert_allclose(found.sum[row, column], numbers[where].sum(), rtol=1e-12, atol=1e-9)
                assert found.maximum[row, column] == numbers[where][usable[where]].max()
                assert found.minimum[row, column] == numbers[where][usable[where]].min()


@pytest.fixture(scope="module")
def hot():
    """One hot pixel among 10⁵ × 10³."""
    values = np.ones((100_000, 1000), np.float32)
    values[31_415, 926] = 1e6
    return ImageReducer(values)


@pytest.mark.parametrize("zoom", [1, 2, 3, 5, 10, 31, 100, 1000, 10_000])
@pytest.mark.parametrize("both", [True, False])
def test_a_hot_pixel_is_visible_at_every_zoom(hot, zoom, both):
    windows = []
    for at, size, zoomed in ((31_415, 100_000, True), (926, 1000, both)):
        width = size / zoom if zoomed else size
        low = min(max(at + 0.5 - 0.37 * width, 0), size - width)
        windows.append((low, low + width))
    rows, columns = (
        by_index(*window, pixels, size) for window, pixels, size in zip(windows, (700, 900), hot.shape, strict=True)
    )
    found = hot.picture(rows, columns)
    shown = np.argwhere(found.maximum == 1e6)
    assert shown.size
    for pixel, (low, high), at, count in zip(shown[len(shown) // 2], windows, (31_415, 926), (700, 900), strict=True):
        place = (at + 0.5 - low) / (high - low) * count
        assert abs(place - (pixel + 0.5)) <= 0.5 + max(0.5, 0.5 * count / (high - low))


def test_a_large_image_takes_the_pyramid_and_little_memory(hot):
    picture = hot.whole(700, 900)
    assert picture.grain != (1, 1)
    assert 0 < hot.bytes < 0.12 * 100_000 * 1000 * 4
    assert picture.total == 1e8 - 1 + 1e6
    assert picture.bins_per_pixel[0] == pytest.approx(100_000 / 700, rel=0.3)


def test_grains_move_boundaries_by_half_a_grain_at_most(hot):
    rows = by_index(123.4, 98_765.4, 700, 100_000)
    found = hot.picture(rows, by_index(0, 1000, 900, 1000))
    assert np.abs(found.rows.start - rows.start).max() <= found.grain[0] / 2
    assert found.grain[0] <= rows.bins_per_pixel


@given(
    st.lists(st.floats(0.001, 100), min_size=1, max_size=80),
    st.integers(1, 60),
    st.booleans(),
    st.sampled_from([Scale(), Scale(Kind.LOG), Scale(Kind.SYMLOG, 1.0)]),
    st.floats(0, 1),
    st.booleans(),
)
def test_bins_of_any_width_belong_to_one_pixel_each(widths, pixels, falling, scale, begin, whole):
    edges = np.cumsum([0.5, *widths])
    low, high = edges[0], edges[-1]
    if not whole:
        low, high = low + begin * 0.7 * (high - low), high - begin * 0.2 * (high - low)
    order = slice(None, None, -1) if falling else slice(None)
    found = by_position(edges[order], low, high, pixels, edges=True, scale=scale)
    own = np.zeros(len(widths), int)
    for start, stop, repeated in zip(found.start, found.stop, found.repeated, strict=True):
        if not repeated:
            own[start:stop] += 1
    assert own.max() <= 1
    if whole:
        assert (own == 1).all()
        assert (found.stop > found.start).all()


def test_positions_that_are_not_finite_belong_to_no_pixel():
    edges = np.array([np.nan, 1.0, 2.0, 3.0, np.inf])
    found = by_position(edges, 0.0, 4.0, 4, edges=True)
    np.testing.assert_array_equal(found.stop - found.start, [0, 1, 1, 0])
    np.testing.assert_array_equal(found.start[1:3], [1, 2])
    with pytest.raises(WrongArgument, match="order"):
        by_position(np.array([1.0, np.nan, 2.0, 3.0]), 0, 4, 4, edges=True)
    with pytest.raises(WrongArgument, match="neither rise nor fall"):
        by_position(np.array([1.0, 3.0, 2.0]), 0, 4, 4, edges=True)


def test_points_own_the_space_half_way_to_their_neighbours():
    found = by_position(np.array([1.0, 2.0, 10.0]), 0.5, 14.0, 27, edges=False)
    np.testing.assert_array_equal(found.start, [0] * 2 + [1] * 9 + [2] * 16)


def test_work_that_nobody_waits_for_is_given_up():
    asked = []
    reducer = ImageReducer(np.ones((50_000, 1000), np.float32))
    with pytest.raises(Cancelled):
        reducer.whole(700, 900, cancelled=lambda: asked.append(1) or len(asked) > 5)
    assert reducer.bytes == 0  # what was given up half way is not kept
    assert reducer.whole(700, 900).total == 5e7


def test_what_is_no_image_is_refused():
    for values in (np.zeros(3), np.zeros((2, 2), complex), np.array([["a"]])):
        with pytest.raises(WrongArgument, match="two dimensions"):
            ImageReducer(values)


def test_a_file_in_memory_is_read_where_it_is(tmp_path):
    values = np.memmap(tmp_path / "values", np.float32, "w+", shape=(300, 200))
    values[:] = np.arange(60_000).reshape(300, 200) % 977
    found = ImageReducer(np.memmap(tmp_path / "values", np.float32, "r", shape=(300, 200))).whole(30, 20)
    assert found.total == values.sum(dtype=float)
