"""Figures on paper: the detectors that the screen shows, where it shows them, in the colours that it gives them."""

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from mantidlab import instrument
from mantidlab.plots import detectors_seen
from mantidlab.plots.instrument.regions import on_screen
from mantidlab.plots.instrument.seen import MOST
from mantidlab.plots.publication import Paper, figure_code

from .test_view import array


def drawn(view):
    code = figure_code(view.describe(), Paper(formats=("png",)))
    names = {"array": array}
    body = code.split("style = {")[0]
    exec(body, names)  # noqa: S102
    import matplotlib

    matplotlib.use("agg")
    seen = eval(view.describe().data.expression, names | {"detectors_seen": detectors_seen})  # noqa: S307
    return names["draw"](seen), code


@pytest.mark.parametrize("shown", ["3d", "cylinder y", "sphere z", "side by side"])
def test_the_cell_draws_the_same_view(shown):
    view = instrument(array(), view=shown, scale="log")
    figure, code = drawn(view)
    axes = figure.axes[0]
    (collection,) = [one for one in axes.collections if isinstance(one, PolyCollection)]
    assert len(collection.get_paths()) == 64
    assert sorted(collection.get_array().compressed()) == sorted(view.counts())
    assert collection.norm.vmin == view.counts().min()
    assert "detectors_seen(array(), " in code
    if shown != "3d":
        extent = view._send_unwrapped({"projection": shown}).content["extent"]
        assert axes.get_xlim()[0] <= extent[0][0] < extent[0][1] <= axes.get_xlim()[1]


def test_in_three_dimensions_outlines_lie_around_the_places_that_the_camera_sees():
    data = array()
    view = instrument(data)
    seen = detectors_seen(data, aspect=1.6)
    camera = view.settings.camera
    places = on_screen(view._scene.detectors.places[seen.indices], camera.matrix(1.6).ravel(order="F")) * [1.6, 1.0]
    assert seen.corners.mean(axis=1) == pytest.approx(places, abs=0.02)
    # The farthest first, so that near ones are drawn over them.
    away = np.linalg.norm(view._scene.detectors.places[seen.indices] - np.array(camera.position), axis=1)
    assert np.corrcoef(np.arange(64), away)[0, 1] < -0.9


def test_masked_detectors_and_zeros_on_a_logarithmic_scale_have_no_colour():
    data = array()
    data.values[0, 0, :] = 0.0
    assert not detectors_seen(data, scale="linear").mask.any()
    seen = detectors_seen(data, scale="log")
    assert seen.indices[seen.mask].tolist() == [0]
    assert instrument(data, scale="log").describe().view.colour.masked is not None


def test_a_hot_detector_among_many_is_on_paper_too():
    data = array(side=600, bins=1)
    data.values[123, 321, 0] = 1e9
    cells = detectors_seen(data, view="cylinder y").corners
    assert np.ptp(cells[:, :, 0], axis=1).min() > 0
    seen = detectors_seen(data, view="cylinder y")
    assert len(seen.values) <= MOST
    assert seen.values.max() == 1e9
    assert seen.values[-1] == 1e9  # and drawn last


def test_only_the_part_that_is_seen():
    data = array()
    view = instrument(data, view="cylinder y", box=((0.0, 20.0), (0.0, 1.0)))
    assert view.describe().view.x.range == (0.0, 20.0)
    seen = detectors_seen(data, view="cylinder y", box=((0.0, 20.0), (0.0, 1.0)))
    assert len(seen.values) == 16
