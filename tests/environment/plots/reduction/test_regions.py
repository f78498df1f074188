"""What is inside a region adds up to what is there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantidlab.plots.reduction import Cancelled, Ellipse, Polygon, Rectangle, region_spectrum, region_sums, regions

POSITION = st.floats(-12, 12)
PAIR = st.tuples(POSITION, POSITION)
REGIONS = st.one_of(
    st.builds(Rectangle, PAIR, PAIR),
    st.builds(Ellipse, PAIR, PAIR),
    st.builds(Polygon, st.lists(PAIR, min_size=3, max_size=9).map(tuple)),
)


@given(REGIONS, st.integers(0, 30), st.integers(0, 30), st.integers(0, 2**32 - 1), st.booleans())
def test_sums_profiles_and_errors(region, rows, columns, seed, masked):
    random = np.random.default_rng(seed)
    values = random.normal(size=(rows, columns)).astype(np.float32)
    values[random.random(values.shape) < 0.1] = np.nan
    errors = np.abs(values)
    mask = random.random(values.shape) < 0.2 if masked else None
    x, y = np.linspace(-10, 10, columns), np.linspace(10, -10, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regions, "PIECE", 40)
        found = region_sums(values, region, x, y, errors=errors, mask=mask)
    inside = region.holds(x[None, :], y[:, None])
    usable = inside & np.isfinite(values) & (True if mask is None else ~mask)
    counted = np.where(usable, values, 0).astype(float)
    np.testing.assert_allclose(found.sum, counted.sum(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.error, np.sqrt((counted**2).sum()), rtol=1e-12)
    assert found.count == usable.sum()
    if usable.any():
        assert (found.maximum, found.minimum) == (values[usable].max(), values[usable].min())
    else:
        assert np.isnan([found.maximum, found.minimum]).all()
    for axis, profile, error in (
        (1, found.along_rows, found.along_rows_error),
        (0, found.along_columns, found.along_columns_error),
    ):
        touched = inside.any(axis=axis)
        np.testing.assert_allclose(profile, np.where(touched, counted.sum(axis), np.nan), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(error, np.where(touched, np.sqrt((counted**2).sum(axis)), np.nan), rtol=1e-12)


@given(REGIONS, st.integers(0, 2**32 - 1))
def test_a_spectrum_of_a_region(region, seed):
    random = np.random.default_rng(seed)
    values = random.poisson(2, (12, 15, 7)).astype(float)
    values[random.random(values.shape) < 0.1] = np.inf
    x, y = np.linspace(-10, 10, 15), np.linspace(-10, 10, 12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regions, "PIECE", 21)
        total, count = region_spectrum(values, region, x, y)
    inside = region.holds(x[None, :], y[:, None])
    usable = np.isfinite(values)
    np.testing.assert_allclose(total, np.where(usable, values, 0)[inside].sum(axis=0))
    np.testing.assert_array_equal(count, usable[inside].sum(axis=0))


def test_shapes_hold_what_they_should():
    x, y = np.meshgrid(np.linspace(-2, 2, 401), np.linspace(-2, 2, 401))
    pixel = 0.01**2
    assert Ellipse((0.2, 0.1), (1.0, 0.5)).holds(x, y).sum() * pixel == pytest.approx(np.pi / 2, rel=0.01)
    assert Polygon(((0, 0), (1, 0), (0, 1))).holds(x, y).sum() * pixel == pytest.approx(0.5, rel=0.02)
    # A star drawn in one stroke: the pentagon in its middle is enclosed twice, and so outside.
    star = Polygon(tuple((np.sin(0.8 * np.pi * k), np.cos(0.8 * np.pi * k)) for k in range(5)))
    assert not star.holds(np.array(0.0), np.array(0.0))
    assert star.holds(np.array(0.0), np.array(0.7))


def test_sums_can_be_given_up():
    everything = Rectangle((0, 3), (0, 3))
    with pytest.raises(Cancelled):
        region_sums(np.zeros((3, 3)), everything, np.arange(3.0), np.arange(3.0), cancelled=lambda: True)
