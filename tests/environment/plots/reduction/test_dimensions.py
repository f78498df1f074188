"""Two dimensions of many, and sums over ranges of the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mantidlab.plots.errors import WrongArgument
from mantidlab.plots.reduction import Cancelled, plane


@given(hnp.array_shapes(min_dims=2, max_dims=5, min_side=1, max_side=6), st.data())
def test_sums_over_ranges_leave_out_what_is_missing(shape, data):
    random = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    values = random.poisson(3, shape).astype(data.draw(st.sampled_from([np.float32, np.float64, np.int32])))
    if values.dtype.kind == "f":
        values[random.random(shape) < 0.2] = np.nan
    mask = data.draw(st.sampled_from([None, random.random(shape) < 0.3, random.random(shape[-1:]) < 0.3]))
    order = data.draw(st.permutations(range(len(shape))))
    others = {}
    for dimension in order[2:]:
        start = data.draw(st.integers(0, shape[dimension] - 1))
        others[dimension] = data.draw(
            st.just(start) | st.tuples(st.just(start), st.integers(start + 1, shape[dimension]))
        )
    found = plane(values, tuple(order[:2]), others, mask=mask)

    usable = np.isfinite(values)
    if mask is not None:
        usable &= ~np.broadcast_to(mask, shape)
    picked = [slice(None)] * len(shape)
    for dimension, place in others.items():
        picked[dimension] = slice(*place) if isinstance(place, tuple) else slice(place, place + 1)
    axes = tuple(range(2, len(shape)))
    part, counted = (array[tuple(picked)].transpose(order) for array in (np.where(usable, values, 0), usable))
    expected = np.where(counted.sum(axes) > 0, part.sum(axes, dtype=float), np.nan)
    shown = found.values if found.mask is None else np.where(found.mask, np.nan, found.values)
    np.testing.assert_allclose(shown, expected, rtol=1e-12)


def test_one_place_is_a_view():
    values = np.zeros((3, 4, 5))
    found = plane(values, (2, 0), {1: 3})
    assert found.values.shape == (5, 3)
    assert found.values.base is values
    assert found.summed == 1


def test_every_dimension_needs_a_place_that_is_there():
    for others in ({}, {2: 5}, {2: (3, 3)}, {2: -1}, {1: 0}):
        with pytest.raises(WrongArgument, match=r"ha(s|ve)\b"):
            plane(np.zeros((3, 4, 5)), (0, 1), others)


def test_sums_can_be_given_up():
    with pytest.raises(Cancelled):
        plane(np.zeros((3, 4, 5)), (0, 1), {2: (0, 5)}, cancelled=lambda: True)
