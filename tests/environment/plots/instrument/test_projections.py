"""Unwrapped views: angles as they are counted, sizes as they are seen, banks that do not lie over one another."""

import numpy as np
import pytest

from mantidlab.frameworks.model import Bank, NotThere
from mantidlab.plots.instrument.detectors import Detectors, make_detectors
from mantidlab.plots.instrument.projections import PROJECTIONS, unwrap

from .conftest import make_geometry


def detectors_at(*places, **other) -> Detectors:
    count = len(places)
    geometry = make_geometry(
        ids=np.arange(count),
        positions=np.array(places, dtype=float),
        monitor=np.zeros(count, dtype=bool),
        masked=np.zeros(count, dtype=bool),
        sample=np.zeros(3),
        banks=(),
        **other,
    )
    return make_detectors(geometry, None)


@pytest.mark.parametrize(
    ("projection", "place", "expected"),
    [
        # Who stands at the sample and looks along z, with y up, has x to the left.
        ("cylinder y", (0, 0.3, 2), (0, 0.3)),
        ("cylinder y", (-2, 0.3, 2), (45, 0.3)),
        ("cylinder y", (2, 0.3, 2), (-45, 0.3)),
        ("sphere y", (0, 2, 2), (0, 45)),
        ("sphere y", (-1, 0, 0), (90, 0)),
        # About the beam: the azimuth from x towards y, and 2θ.
        ("sphere z", (1, 0, 0), (0, 90)),
        ("sphere z", (0, 1, 1), (90, 45)),
        ("cylinder z", (0, 1, 5), (90, 5)),
        ("cylinder x", (0.4, 1, 1), (45, 0.4)),
    ],
)
def test_angles_and_heights(projection, place, expected):
    found = unwrap(detectors_at(place, (0.0, 0.1, 1.0), (0.1, 0.0, 1.0)), projection).uv[0]
    assert (found[0] - expected[0]) % 360 == pytest.approx(0, abs=1e-9) or (
        found[0] - expected[0]
    ) % 360 == pytest.approx(360)
    assert found[1] == pytest.approx(expected[1])


@pytest.mark.parametrize("projection", [one for one in PROJECTIONS if one != "side by side"])
def test_half_extents_are_those_of_the_projected_box(projection):
    rng = np.random.default_rng(7)
    places = rng.normal(size=(40, 3)) + np.array([0.3, 0.2, 3.0])
    turns = rng.normal(size=(40, 4))
    turns /= np.linalg.norm(turns, axis=1, keepdims=True)
    sizes = np.abs(rng.normal(size=(40, 3))) * 1e-4 + 1e-5
    whole = detectors_at(*places, sizes=sizes, rotations=turns)
    flat = unwrap(whole, projection)
    for corner in np.array(np.meshgrid(*([-0.5, 0.5],) * 3)).reshape(3, -1).T:
        moved = places + np.einsum("nij,j->ni", whole.axes(slice(None)), corner)
        there = unwrap(detectors_at(*moved), projection).uv
        away = np.abs((there - flat.uv + 180) % 360 - 180)
        assert (away <= flat.half * 1.01 + 1e-9).all()
    assert (flat.half < 1).all()


def test_the_seam_lies_in_the_widest_gap_and_zero_in_the_view():
    angles = np.radians(np.arange(-150, 20, 2.0))
    flat = unwrap(detectors_at(*np.stack([-np.sin(angles), 0 * angles, np.cos(angles)], axis=1)), "cylinder y")
    assert flat.uv[:, 0].min() == pytest.approx(-150)
    assert flat.uv[:, 0].max() == pytest.approx(18)


def test_banks_side_by_side_keep_their_shape_and_their_distance(geometry):
    flat = unwrap(make_detectors(geometry, None), "side by side")
    boxes = []
    for bank in geometry.banks:
        some = slice(bank.first, bank.last)
        boxes.append(((flat.uv - flat.half)[some].min(axis=0), (flat.uv + flat.half)[some].max(axis=0)))
        wide, high = np.ptp(flat.uv[some], axis=0)
        assert (wide, high) == pytest.approx((0.5, 0.3))
    (low_a, high_a), (low_b, high_b) = boxes
    assert high_a[0] < low_b[0] or high_b[0] < low_a[0] or high_a[1] < low_b[1] or high_b[1] < low_a[1]
    assert [name.text for name in flat.names] == ["ahead", "aside"]
    assert np.isnan(flat.uv[-1]).all()  # the monitor is in no bank


def test_a_bank_seen_from_the_sample_has_its_left_to_the_left(geometry):
    flat = unwrap(make_detectors(geometry, None), "side by side")
    ahead = geometry.positions[:24, 0]
    assert np.corrcoef(ahead, flat.uv[:24, 0])[0, 1] == pytest.approx(-1)


def test_a_bank_that_lies_flat_is_laid_out(geometry):
    places = [(x, -1.0, z) for x in (0.0, 0.1) for z in (1.0, 1.1, 1.2)]
    flat = unwrap(detectors_at(*places), "side by side")
    assert sorted(np.ptp(flat.uv, axis=0)) == pytest.approx([0.1, 0.2])


def test_other_names_are_refused_with_those_that_there_are():
    with pytest.raises(NotThere, match=r"cylinder x.*side by side"):
        unwrap(detectors_at((0, 0, 1)), "cone")


def test_detectors_without_a_place_are_not_laid_out():
    whole = detectors_at((np.nan, 0, 1), (0, 0.1, 1))
    for projection in PROJECTIONS:
        assert np.isfinite(unwrap(whole, projection).uv).all(axis=1).tolist() == [False, True]


def test_a_bank_of_one_detector():
    whole = detectors_at((0, 0, 1))
    assert np.isfinite(unwrap(whole, "side by side").uv).all()
    assert Bank("x", 0, 1).shape == ()
