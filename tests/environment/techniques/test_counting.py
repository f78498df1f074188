"""Histograms are shared among new bins without gain or loss, and each event goes into the bin of its own flight."""

import numpy as np
import pytest

from mantidlab.archive import find_run
from mantidlab.plots.conversion.quantities import Quantity
from mantidlab.techniques.counting import _share, count
from mantidlab.techniques.errors import WrongRun
from mantidlab.techniques.runs import OpenRun


def test_histograms_are_shared_in_proportion():
    old = np.array([0.0, 1.0, 2.0, 4.0])
    values = np.array([[10.0, 20.0, 40.0]])
    shared, variances = _share(old, values, values, np.array([[0.5, 1.0, 1.5, 3.0]]))
    np.testing.assert_allclose(shared, [[5, 10, 10 + 20]])
    np.testing.assert_allclose(variances, shared)
    falling, _ = _share(old, values, values, np.array([[3.0, 1.5, 1.0, 0.5]]))
    np.testing.assert_allclose(falling, [[30, 10, 5]])
    beyond, _ = _share(old, values, values, np.array([[-5.0, 0.0, 4.0, 9.0]]))
    np.testing.assert_allclose(beyond, [[0, 70, 0]])


def test_new_bins_within_old_ones_add_up_to_them():
    rng = np.random.default_rng(6)
    old = np.sort(rng.uniform(0, 100, 40))
    values = rng.poisson(50, (3, 39)).astype(float)
    inner = np.sort(rng.uniform(old[0], old[-1], 200))
    wanted = np.tile(np.concatenate([[old[0]], inner, [old[-1]]]), (3, 1))
    shared, _ = _share(old, values, values, wanted)
    np.testing.assert_allclose(shared.sum(axis=1), values.sum(axis=1))


def test_events_have_the_wavelength_of_their_flight(archive):
    with OpenRun(find_run("SIMSANS", 1001, archive)) as run:
        places, events = run.places(), run.part().event_list()
        edges = np.array([2.0, 5.0, 9.0])
        counted = count(run.part(), places, Quantity.WAVELENGTH, edges)
    wavelength = events.positions / (252.7784 * (places.l1 + places.l2[events.rows]))
    for index in range(2):
        inside = (wavelength >= edges[index]) & (wavelength < edges[index + 1])
        assert counted.values[:, index].sum() == pytest.approx(inside.sum(), abs=5)
    pixel = 8230
    own = events.rows == pixel
    assert counted.values[pixel].sum() == pytest.approx(np.sum(own & (wavelength >= 2) & (wavelength < 9)), abs=1)


def test_places_move_together(archive):
    with OpenRun(find_run("SIMSANS", 1001, archive)) as run:
        places = run.places()
    moved = places.moved(5.0, 14.0)
    assert moved.l1 == 14.0
    assert np.median(moved.positions[:, 2]) == pytest.approx(5.0)
    assert moved.two_theta.max() < places.two_theta.max()
    shifted = places.shifted(0.1, 0.0)
    np.testing.assert_allclose(shifted.positions[:, 0], places.positions[:, 0] - 0.1)
    assert places.moved(None, None).l1 == places.l1


def test_what_the_beam_line_says_is_read(archive):
    with OpenRun(find_run("SIMREF", 2003, archive)) as run:
        assert run.setting("NXattenuator", "attenuator_transmission") == 0.005
        assert run.settings("NXslit", "y_gap") == pytest.approx([0.0028, 0.0012])
        assert run.charge() == pytest.approx(6.0)
        assert run.monitor().distance == pytest.approx(16.0)
        assert run.log("No_such_log", "SAMPLE.ROTATION_ANGLE") is None
        with pytest.raises(WrongRun, match="has no diameter of an NXaperture; give it among the settings"):
            run.setting("NXaperture", "diameter")
        with pytest.raises(WrongRun, match="has no 'bank9'; it has events"):
            run.part("bank9")
