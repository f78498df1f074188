"""Regions: what lies in them, against another way to find it, and through a camera."""

import numpy as np
import pytest
from matplotlib.path import Path

from mantidlab.frameworks.model import NotThere
from mantidlab.plots.instrument.camera import STANDARD, Camera, first_direction, standard_camera
from mantidlab.plots.instrument.regions import Region, on_screen


@pytest.fixture
def places():
    return np.random.default_rng(3).uniform(-2, 2, size=(20_000, 2))


def test_rectangle_ellipse_and_ring(places):
    u, v = places.T
    box = {"points": [[1.0, -0.5], [-1.0, 1.5]]}
    inside = Region.read({"shape": "rectangle", **box}).holds(places)
    assert np.array_equal(inside, (abs(u) <= 1) & (v >= -0.5) & (v <= 1.5))
    square = u**2 + (v - 0.5) ** 2
    assert np.array_equal(Region.read({"shape": "ellipse", **box}).holds(places), square <= 1)
    ring = Region.read({"shape": "ring", "inner": 0.5, **box}).holds(places)
    assert np.array_equal(ring, (square <= 1) & (square >= 0.25))


@pytest.mark.parametrize("seed", range(12))
def test_polygons_also_those_that_cross_themselves(places, seed):
    corners = np.random.default_rng(seed).uniform(-1.8, 1.8, size=(3 + seed, 2))
    found = Region("polygon", corners).holds(places)
    # matplotlib fills by winding: where a polygon crosses itself, only its triangles can be compared.
    if len(corners) == 3:
        assert np.array_equal(found, Path(corners).contains_points(places))
    crossings = np.zeros(len(places), dtype=int)
    u, v = places.T
    for (u1, v1), (u2, v2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        rises = (v1 <= v) != (v2 <= v)
        crossings += rises & (u < u1 + (v - v1) * (u2 - u1) / (v2 - v1))
    assert np.array_equal(found, crossings % 2 == 1)


def test_corners_and_edges_are_inside():
    square = Region("polygon", np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]))
    on = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 1.0], [1.0, 2.0], [0.0, 1.0], [2.0, 2.0]])
    assert square.holds(on).all()
    assert not square.holds(np.array([[np.nan, 1.0], [2.1, 1.0]])).any()


@pytest.mark.parametrize(
    "told",
    [
        {"shape": "star", "points": [[0, 0], [1, 1]]},
        {"shape": "rectangle", "points": [[0, 0]]},
        {"shape": "polygon", "points": [[0, 0], [1, 1]]},
        {"shape": "rectangle", "points": [[0, 0], [1, float("nan")]]},
        {"shape": "rectangle", "points": "what"},
        {"shape": "ring", "points": [[0, 0], [1, 1]], "inner": 1.0},
    ],
)
def test_what_is_no_region_is_refused_in_words(told):
    with pytest.raises(NotThere):
        Region.read(told)


@pytest.mark.parametrize("perspective", [True, False])
@pytest.mark.parametrize("which", ["", *STANDARD])
def test_a_camera_sees_its_target_in_the_middle_and_the_whole_box(which, perspective):
    low, high = np.array([-1.0, -2.0, 0.5]), np.array([3.0, 2.0, 9.0])
    camera = standard_camera(low, high, np.array([0.0, 0, 1]), np.array([0.0, 1, 0]), which)
    camera = Camera(camera.position, camera.target, camera.up, perspective)
    matrix = camera.matrix(1.6).ravel(order="F")
    middle = on_screen(((low + high) / 2)[None], matrix)
    assert middle == pytest.approx(np.zeros((1, 2)), abs=1e-9)
    corners = np.array(np.meshgrid(*zip(low, high, strict=True))).reshape(3, -1).T
    if perspective:
        assert (np.abs(on_screen(corners, matrix)) <= 1).all()


def test_left_and_up_on_the_screen_from_the_source():
    camera = standard_camera(np.full(3, -1.0), np.full(3, 1.0), np.array([0.0, 0, 1]), np.array([0.0, 1, 0]), "z-")
    seen = on_screen(np.array([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]]), camera.matrix(1.0).ravel(order="F"))
    assert seen[0, 0] < 0  # x is to the left of who looks along the beam
    assert seen[1, 1] > 0


def test_what_is_behind_the_camera_is_not_on_the_screen():
    camera = Camera((0, 0, -5), (0, 0, 0), (0, 1, 0))
    seen = on_screen(np.array([[0.0, 0, -6.0], [0, 0, 1.0]]), camera.matrix(1.0).ravel(order="F"))
    assert np.isnan(seen[0]).all()
    assert np.isfinite(seen[1]).all()
    with pytest.raises(NotThere, match="16 numbers"):
        on_screen(np.zeros((1, 3)), [1.0, 2.0])


@pytest.mark.parametrize("turn", np.radians([0, 35, 80, 125, 200, 290]))
def test_the_first_view_does_not_see_a_flat_bank_edge_on(turn):
    u, v = np.random.default_rng(0).uniform(-1, 1, size=(2, 500))
    bank = np.stack([u * np.cos(turn), v, u * np.sin(turn)], axis=1) + np.array([3.0, 0, 1])
    towards = first_direction(bank, np.array([0.0, 0, 1]), np.array([0.0, 1, 0]))
    assert np.linalg.norm(towards) == pytest.approx(1)
    normal = np.array([-np.sin(turn), 0.0, np.cos(turn)])
    assert abs(towards @ normal) > 0.4


def test_the_first_view_of_a_cylinder_is_from_behind_the_source():
    around = np.linspace(-2.5, 2.5, 400)
    bank = np.stack([np.sin(around), np.linspace(-1, 1, 400), np.cos(around)], axis=1)
    towards = first_direction(bank, np.array([0.0, 0, 1]), np.array([0.0, 1, 0]))
    assert towards[2] < -0.5
