"""What detectors count in a range: the same as adding bins one by one, however the data are kept."""

import numpy as np
import pytest
import scipp as sc
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mantidlab.frameworks import as_data_object
from mantidlab.frameworks.model import Axis, Histogram, Image, NotThere
from mantidlab.plots.instrument.blocksums import BlockSums
from mantidlab.plots.instrument.counting import (
    GridCounts,
    ListedCounts,
    RecountedEvents,
    SeparateCounts,
    add,
    counts_of,
)
from mantidlab.plots.instrument.standouts import find_standouts

SHAPES = st.tuples(st.integers(0, 5), st.integers(1, 200))
FLOATS = st.one_of(st.floats(-1e6, 1e6), st.just(np.nan), st.just(np.inf), st.just(-np.inf), st.just(0.0))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_sums_over_ranges_are_those_of_single_bins(data):
    shape = data.draw(SHAPES)
    values = data.draw(arrays.arrays(np.float64, shape, elements=FLOATS))
    mask = data.draw(st.one_of(st.none(), arrays.arrays(np.bool_, shape)))
    widths = data.draw(st.one_of(st.none(), arrays.arrays(np.float64, shape[1], elements=st.floats(0.1, 10))))
    sums = BlockSums(values, mask, widths)
    good = np.isfinite(values) if mask is None else np.isfinite(values) & ~mask
    plain = np.where(good, values, 0.0) * (1.0 if widths is None else widths)
    first = data.draw(st.integers(0, shape[1]))
    last = data.draw(st.integers(0, shape[1]))
    near = {"rtol": 1e-12, "atol": 1e-12 * (1 + np.abs(plain).sum())}
    np.testing.assert_allclose(sums.within(first, last), plain[:, first:last].sum(axis=1), **near)
    firsts = data.draw(arrays.arrays(np.int64, shape[0], elements=st.integers(0, shape[1])))
    lasts = data.draw(arrays.arrays(np.int64, shape[0], elements=st.integers(0, shape[1])))
    expected = [row[a:b].sum() for row, a, b in zip(plain, firsts, lasts, strict=True)]
    np.testing.assert_allclose(sums.within_each(firsts, lasts), expected, **near)
    assert sums.left_out == np.count_nonzero(~good)


def test_one_huge_value_does_not_spoil_ranges_without_it():
    values = np.full((1, 1000), 0.1)
    values[0, 500] = 1e18
    assert BlockSums(values).within(501, 1000)[0] == pytest.approx(49.9, rel=1e-12)


@pytest.fixture
def image():
    rng = np.random.default_rng(5)
    axis = Axis("TOF", "Time-of-flight", "µs", np.linspace(0, 1000, 101), edges=True)
    rows = Axis("spectrum", "Spectrum", "", np.arange(7))
    values = rng.poisson(3.0, size=(7, 100)).astype(float)
    return Image((rows, axis), values, np.sqrt(values), label="Counts", unit="counts")


def test_a_bin_counts_where_its_middle_is(image):
    counts = GridCounts(image)
    assert np.array_equal(counts.within((100.0, 205.0)), image.values[:, 10:20].sum(axis=1))
    assert np.array_equal(counts.within((100.0, 205.1)), image.values[:, 10:21].sum(axis=1))
    both = counts.within((0.0, 500.0)) + counts.within((500.0, 1000.0))
    assert np.array_equal(both, counts.within(None))


def test_a_range_for_each_spectrum(image):
    counts = GridCounts(image)
    low, high = np.arange(7) * 100.0, np.arange(7) * 100.0 + 200
    expected = [image.values[i, 10 * i : 10 * i + 20].sum() for i in range(7)]
    assert np.array_equal(counts.within((low, high)), expected)


def test_bins_of_their_own(image):
    rows, axis = image.axes
    own = np.stack([axis.values + 10 * i for i in range(7)])
    other = Image((rows, Axis(axis.name, axis.label, axis.unit, own, edges=True)), image.values, image.errors)
    counts = GridCounts(other)
    assert counts.within((300.0, 400.0))[3] == image.values[3, 27:37].sum()
    assert counts.within((300.0, 400.0))[0] == image.values[0, 30:40].sum()
    total = counts.spectrum(np.arange(7))
    assert total.values.sum() == pytest.approx(sum(image.values[i, : 100 - i].sum() for i in range(7)), rel=1e-9)


def test_the_spectrum_of_several_adds_squares_of_errors(image):
    found = GridCounts(image).spectrum(np.array([1, 4]))
    assert np.array_equal(found.values, image.values[[1, 4]].sum(axis=0))
    np.testing.assert_allclose(found.errors, np.sqrt(image.values[[1, 4]].sum(axis=0)))


def test_distributions_are_multiplied_by_the_width_of_their_bins(image):
    rows, _ = image.axes
    axis = Axis("TOF", "Time-of-flight", "µs", np.geomspace(1, 1000, 101), edges=True)
    spread = Image((rows, axis), image.values / np.diff(axis.values), distribution=True)
    np.testing.assert_allclose(GridCounts(spread).within(None), image.values.sum(axis=1))


def test_spectra_of_different_lengths():
    one = Histogram(Axis("TOF", "t", "µs", np.array([0.0, 10, 20]), edges=True), np.array([1.0, 2.0]))
    two = Histogram(Axis("TOF", "t", "µs", np.array([0.0, 5, 10, 20]), edges=True), np.array([4.0, 8.0, np.nan]))
    counts = SeparateCounts([one, two])
    assert counts.within(None).tolist() == [3.0, 12.0]
    assert counts.within((0.0, 10.0)).tolist() == [1.0, 12.0]
    assert counts.spectrum(np.array([0, 1])).values.tolist() == [13.0, 2.0]


def test_nothing_chosen_and_points_apart_are_told():
    points = [Histogram(Axis("x", "x", "", np.array([0.0, at])), np.ones(2)) for at in (1.0, 2.0)]
    with pytest.raises(NotThere, match="different positions"):
        add(points)
    with pytest.raises(NotThere, match="Nothing is chosen"):
        add([])


@pytest.fixture
def events():
    rng = np.random.default_rng(11)
    count = 5000
    table = sc.DataArray(
        sc.ones(sizes={"event": count}, unit="counts", with_variances=True),
        coords={
            "tof": sc.array(dims=["event"], values=rng.uniform(0, 100, count), unit="us"),
            "det": sc.array(dims=["event"], values=rng.integers(0, 12, count)),
        },
    )
    array = table.group(sc.arange("det", 12)).fold("det", sizes={"y": 3, "x": 4})
    array.coords["position"] = sc.vectors(dims=["y", "x"], values=rng.normal(size=(3, 4, 3)), unit="m")
    return array


@pytest.mark.parametrize("arrange", [lambda a: a, lambda a: a.bin(tof=7), lambda a: a.bin(tof=7).transpose().copy()])
def test_events_in_memory_count_as_their_owner_counts(events, arrange):
    thing = as_data_object(arrange(events), "events")
    counts = counts_of(thing)
    assert isinstance(counts, ListedCounts)
    expected = thing.binned([20.0, 55.0]).image().values.reshape(-1)
    assert np.array_equal(counts.within((20.0, 55.0)), expected)
    assert np.array_equal(RecountedEvents(thing).within((20.0, 55.0)), expected)
    assert counts.within(None).sum() == 5000
    spectrum = counts.spectrum(np.arange(counts.rows))
    assert spectrum.values.sum() == 5000
    assert spectrum.axis.size >= 10


def test_masked_events_count_nowhere(events):
    events.bins.masks["bad"] = events.bins.coords["tof"] < sc.scalar(50.0, unit="us")
    counts = counts_of(as_data_object(events, "events"))
    kept = int((events.bins.constituents["data"].coords["tof"].values >= 50).sum())
    assert counts.within(None).sum() == kept


def test_one_hot_detector_in_a_hundred_thousand_stands_out():
    values = np.random.default_rng(1).poisson(4.0, 100_000).astype(float)
    assert len(find_standouts(values, np.ones(len(values), dtype=bool))) == 0
    values[54_321] = 1000.0
    assert find_standouts(values, np.ones(len(values), dtype=bool)).tolist() == [54_321]
    assert len(find_standouts(values, np.arange(len(values)) != 54_321)) == 0  # masked


def test_a_peak_of_many_neighbours_does_not_stand_out():
    where = np.arange(100_000)
    smooth = 1e5 * np.exp(-(((where - 50_000) / 300) ** 2))
    counted = np.random.default_rng(2).poisson(smooth + 2).astype(float)
    assert len(find_standouts(counted, np.ones(len(counted), dtype=bool))) == 0


def test_no_values_and_few_detectors_have_none():
    assert len(find_standouts(np.full(100, np.nan), np.ones(100, dtype=bool))) == 0
    assert len(find_standouts(np.array([1.0, 100.0]), np.ones(2, dtype=bool))) == 0
