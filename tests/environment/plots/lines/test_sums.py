"""What a range of a curve amounts to, and with which error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mantidlab.plots.lines import sums as module
from mantidlab.plots.lines.shown import Shown
from mantidlab.plots.lines.sums import area_of, sums

numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


def shown(x, y, errors=None, mask=None, per_width=False):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return Shown(x, y, errors, mask, len(x) == len(y) + 1, per_width)


bins = st.integers(1, 40).flatmap(
    lambda size: st.tuples(
        arrays.arrays(np.float64, size, elements=st.floats(1e-3, 10)), arrays.arrays(np.float64, size, elements=numbers)
    )
)


@given(bins, st.floats(-0.2, 1.2), st.floats(-0.2, 1.2))
def test_parts_of_a_range_add_up(made, first, second):
    widths, y = made
    edges = np.concatenate([[0.0], np.cumsum(widths)])
    curve = shown(edges, y, errors=np.sqrt(np.abs(y)))
    low, middle, high = sorted([first * edges[-1], second * edges[-1], edges[-1] * 0.5])
    left, right, both = (sums(curve, pair) for pair in ((low, middle), (middle, high), (low, high)))
    scale = np.abs(y).sum() + 1
    assert left.sum + right.sum == pytest.approx(both.sum, abs=1e-9 * scale)
    assert left.integral + right.integral == pytest.approx(both.integral, abs=1e-8 * scale * edges[-1])
    parts = [part.sum_error or 0.0 for part in (left, right)]
    assert np.hypot(*parts) == pytest.approx(both.sum_error or 0.0, rel=1e-7, abs=1e-6)


@given(bins)
def test_everything_is_everything(made):
    widths, y = made
    edges = np.concatenate([[0.0], np.cumsum(widths)])
    found = sums(shown(edges, y), (edges[0], edges[-1]))
    assert found.sum == pytest.approx(y.sum(), rel=1e-9, abs=1e-6)
    assert found.integral == pytest.approx((y * np.diff(edges)).sum(), rel=1e-9, abs=1e-6)
    assert found.bins == len(y)
    assert found.maximum == y.max()


@given(bins)
def test_dividing_by_widths_leaves_the_sum_of_counts(made):
    widths, y = made
    edges = np.concatenate([[0.0], np.cumsum(widths)])
    widths = np.diff(edges)
    counts = sums(shown(edges, y, errors=np.sqrt(np.abs(y))), (edges[0], edges[-1]))
    divided = shown(edges, y / widths, errors=np.sqrt(np.abs(y)) / widths, per_width=True)
    density = sums(divided, (edges[0], edges[-1]))
    assert density.sum == pytest.approx(counts.sum, rel=1e-9, abs=1e-6)
    assert density.integral == pytest.approx(counts.sum, rel=1e-9, abs=1e-6)
    assert density.sum_error == pytest.approx(counts.sum_error, rel=1e-9)


def test_a_gaussian_has_its_centroid_and_width_with_the_errors_of_a_simulation():
    rng, edges = np.random.default_rng(5), np.linspace(0, 10, 201)
    middles = (edges[1:] + edges[:-1]) / 2
    expected = 400 * np.exp(-0.5 * ((middles - 4.0) / 0.7) ** 2)
    found = [sums(shown(edges, y := rng.poisson(expected), errors=np.sqrt(y)), (0, 10)) for _ in range(400)]
    for name, truth in (("sum", expected.sum()), ("centroid", 4.0), ("width", 0.7)):
        values = np.array([getattr(each, name) for each in found])
        errors = np.array([getattr(each, f"{name}_error") for each in found])
        assert abs(values.mean() - truth) < 4 * values.std() / 20
        assert errors.mean() == pytest.approx(values.std(), rel=0.12)


def test_points_are_joined_by_trapezia():
    x = np.array([0.0, 1.0, 3.0])
    found = sums(shown(x, [1.0, 2.0, 4.0], errors=np.array([0.1, 0.2, 0.3])), (0, 3))
    assert found.sum == 7.0
    assert found.integral == pytest.approx(np.trapezoid([1, 2, 4], x))
    assert found.integral_error == pytest.approx(np.sqrt((0.5 * 0.1) ** 2 + (1.5 * 0.2) ** 2 + (1.0 * 0.3) ** 2))


def test_masked_and_missing_values_count_nowhere():
    mask = np.array([False, True, False, False])
    found = sums(shown([0, 1, 2, 3, 4.0], [1.0, 100.0, np.nan, 3.0], mask=mask), (0, 4))
    assert (found.sum, found.bins, found.left_out) == (4.0, 2, 2)


@pytest.mark.parametrize("y", [[], [np.nan, np.nan]])
def test_nothing_has_no_centroid(y):
    found = sums(shown(np.arange(len(y) + 1.0), y), (0, 1))
    assert found.sum == 0.0
    assert np.isnan([found.centroid, found.width, found.mean]).all()
    assert found.sum_error is None


def test_falling_axes_give_the_same():
    up = sums(shown([0.0, 1.0, 3.0], [2.0, 5.0]), (0.5, 3.0))
    down = sums(shown([3.0, 1.0, 0.0], [5.0, 2.0]), (0.5, 3.0))
    assert up == down


def test_the_area_normalises():
    curve = shown([0.0, 1.0, 3.0], [2.0, 5.0])
    assert area_of(curve) == 12.0
    assert sums(curve, (0, 3), scale=1 / 12).integral == pytest.approx(1.0)


def test_looking_at_blocks_changes_nothing(monkeypatch):
    rng = np.random.default_rng(1)
    edges, y = np.cumsum(rng.uniform(0.5, 1.5, 1001)), rng.poisson(5, 1000).astype(float)
    curve = shown(edges, y, errors=np.sqrt(y), mask=rng.random(1000) < 0.1)
    whole = sums(curve, (100.3, 700.7))
    monkeypatch.setattr(module, "BLOCK", 64)
    for name, value in vars(sums(curve, (100.3, 700.7))).items():
        assert value == (getattr(whole, name) if name == "name" else pytest.approx(getattr(whole, name), rel=1e-9)), (
            name
        )
